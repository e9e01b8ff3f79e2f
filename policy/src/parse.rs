//! Text to syntax: a lossless tree, the policy it says, and every fault of reading it.
//!
//! Hand-written recursive descent over one sentence at a time, without recursion that input could
//! deepen. A sentence that cannot be read is passed over to its full stop, so it never hides
//! another's faults. What names mean is `check`'s business.

mod allow;
mod block;
mod category;
mod condition;
mod cursor;
mod declared;
mod edit;
mod header;
mod keep;
mod later;
mod names;
mod never;
mod part;
mod purpose;
mod reader;
mod recipient;
mod signal;
mod source;
mod split;
mod test;
mod values;

use crate::ast::File;
use crate::diagnostic::{Diagnostic, registry};
use crate::lex;
use crate::text::Span;
use crate::tree::{self, Node};
use names::Names;
use reader::Reader;

/// Longest text that is read, in bytes.
pub const TEXT_MAX: usize = 1 << 20;

/// Most sentences that are read.
pub const SENTENCES_MAX: usize = 10_000;

/// What a text says.
#[derive(Clone, Debug)]
pub struct Syntax {
    /// The lossless tree.
    pub tree: Node,
    /// The policy.
    pub file: File,
    /// What is wrong with the sentences themselves.
    pub diagnostics: Vec<Diagnostic>,
}

/// Reads a policy. Its file holds every sentence that could be read.
#[must_use]
pub fn parse(text: &str) -> (File, Vec<Diagnostic>) {
    let syntax = syntax(text);
    (syntax.file, syntax.diagnostics)
}

/// Reads a policy, with its tree.
#[must_use]
pub fn syntax(text: &str) -> Syntax {
    if text.len() > TEXT_MAX {
        let found = Diagnostic::new(
            registry::TEXT_TOO_LONG,
            Span::default(),
            "this text is too long",
        )
        .help("split the policy in two");
        let tree = tree::build("", &[], Vec::new());
        return Syntax {
            tree,
            file: File::default(),
            diagnostics: vec![found],
        };
    }
    let tokens = lex::lex(text);
    let mut diagnostics = Vec::new();
    let sentences = split::split(text, &tokens, &mut diagnostics);
    if let Some(first) = sentences.get(SENTENCES_MAX) {
        let span = first.pieces.first().map_or(first.end, |piece| piece.span);
        let found = Diagnostic::new(
            registry::TOO_MANY_SENTENCES,
            span,
            "too many sentences up to here",
        );
        diagnostics.push(found.help("split the policy in two"));
        let tree = tree::build(text, &tokens, Vec::new());
        return Syntax {
            tree,
            file: File::default(),
            diagnostics,
        };
    }
    let names = Names::collect(&sentences);
    let mut reader = Reader::new(diagnostics);
    for sentence in &sentences {
        reader.sentence(sentence, &names);
    }
    reader.close_test();
    let tree = tree::build(text, &tokens, reader.marks);
    Syntax {
        tree,
        file: reader.file,
        diagnostics: reader.diagnostics,
    }
}

#[cfg(test)]
mod tests;
