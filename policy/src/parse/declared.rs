//! `category NAME is`: a name where it is declared.

use super::cursor::{Cursor, Parsed};
use super::names::{self, RESERVED, Sort};
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, registry};
use crate::tree::Kind;

/// A name where it is declared: the words before `is`.
pub(super) fn declared(c: &mut Cursor<'_>, sort: Sort) -> Parsed<Name> {
    let from = c.here();
    let length = names::length(c.rest());
    if length == 0 {
        return Err(c.expected(&[&format!("a name for the {}", sort.word())]));
    }
    let mut words = Vec::new();
    for piece in c.rest().iter().take(length) {
        if RESERVED.contains(&piece.text) {
            let message = format!("`{}` cannot be part of a name", piece.text);
            let found = Diagnostic::new(registry::RESERVED_IN_NAME, piece.span, message);
            c.found.push(found.help("choose a name without this word"));
        }
        words.push(piece.text);
        c.take();
    }
    if !c.sees("is") {
        return Err(c.expected(&["is"]));
    }
    if words.len() > names::MOST_WORDS {
        let span = c.mark(Kind::Name, from, ()).span;
        let found = Diagnostic::new(
            registry::RESERVED_IN_NAME,
            span,
            "this name has more than six words",
        );
        return Err(Box::new(
            found
                .because("a name that long is mostly a sentence that went wrong")
                .help("choose a shorter name"),
        ));
    }
    Ok(c.mark(Kind::Name, from, words.join(" ")))
}
