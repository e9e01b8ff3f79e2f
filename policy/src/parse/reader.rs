//! Reads sentence after sentence into one file, and knows what each may add to.

use super::cursor::{Cursor, Parsed};
use super::names::{self, Names, Sort};
use super::part::{Part, unknown_sentence};
use super::split::{self, Piece, Sentence, shown};
use super::{allow, block, category, header, keep, later, never, purpose, recipient, source, test};
use crate::ast::{File, Name};
use crate::diagnostic::{Diagnostic, registry};
use crate::lex;
use crate::text::Spanned;
use crate::tree::{Kind, Mark};

/// What the next sentence may add to.
#[derive(Debug, Default)]
enum Owner {
    Allow,
    Header,
    /// A test whose body has not come yet.
    Test(Spanned<String>),
    Purpose,
    Source,
    /// A sentence that could not be read: what adds to it is read and dropped.
    Broken,
    #[default]
    Nobody,
}

#[derive(Debug, Default)]
pub(super) struct Reader {
    pub(super) file: File,
    pub(super) diagnostics: Vec<Diagnostic>,
    pub(super) marks: Vec<Mark>,
    owner: Owner,
}

impl Reader {
    /// A reader that goes on with what was found so far.
    pub(super) fn new(diagnostics: Vec<Diagnostic>) -> Self {
        Self {
            diagnostics,
            ..Self::default()
        }
    }

    pub(super) fn sentence(&mut self, sentence: &Sentence<'_>, names: &Names) {
        let mut c = Cursor::new(sentence, names);
        let read = self.one(sentence, &mut c).and_then(|kind| {
            if c.is_done() {
                Ok(kind)
            } else {
                Err(c.expected(&["the end of the sentence"]))
            }
        });
        self.diagnostics.append(&mut c.found);
        let (from, to) = sentence.tokens;
        let kind = match read {
            Ok(kind) => {
                self.marks.append(&mut c.marks);
                kind
            }
            Err(found) => {
                // An open quotation mark was reported already, and is why the sentence could not be
                // read.
                let is_known = sentence
                    .pieces
                    .iter()
                    .any(|piece| piece.kind == lex::TokenKind::OpenQuote);
                if !is_known {
                    self.diagnostics.push(*found);
                }
                self.broken(sentence);
                Kind::Broken
            }
        };
        self.marks.push(Mark { kind, from, to });
    }

    fn one(&mut self, sentence: &Sentence<'_>, c: &mut Cursor<'_>) -> Parsed<Kind> {
        if let Some(label) = &sentence.label {
            self.close_test();
            return self.clause(label, c);
        }
        let head = c.peek_text();
        match head {
            "category" | "policy" | "purpose" | "recipient" | "source" | "test" => {
                self.close_test();
                self.declaration(head, c)
            }
            verb if split::VERBS.contains(&verb) => Err(Box::new(
                c.fault(registry::NO_LABEL, "this clause has no number")
                    .replace_with("number it, such as `A1.`", format!("A1. {verb}")),
            )),
            _ => {
                if let Some((_, what)) = later::SENTENCES.iter().find(|(words, _)| c.sees(words)) {
                    self.close_test();
                    return Err(later::not_yet(c, what));
                }
                self.addition(c)
            }
        }
    }

    /// A sentence that declares something.
    fn declaration(&mut self, head: &str, c: &mut Cursor<'_>) -> Parsed<Kind> {
        match head {
            "policy" => {
                let twice = c.fault(registry::SAID_TWICE, "a second header");
                let header = header::header(c)?;
                self.owner = Owner::Header;
                if self.file.header.replace(header).is_some() {
                    c.found
                        .push(twice.help("one file is one policy; leave one header out"));
                }
                Ok(Kind::Header)
            }
            "category" => {
                self.file.categories.push(category::category(c)?);
                self.owner = Owner::Nobody;
                Ok(Kind::Category)
            }
            "purpose" => {
                self.file.purposes.push(purpose::purpose(c)?);
                self.owner = Owner::Purpose;
                Ok(Kind::Purpose)
            }
            "source" => {
                self.file.sources.push(source::source(c)?);
                self.owner = Owner::Source;
                Ok(Kind::Source)
            }
            "recipient" => {
                self.file.recipients.push(recipient::recipient(c)?);
                self.owner = Owner::Nobody;
                Ok(Kind::Recipient)
            }
            _ => {
                self.owner = Owner::Test(test::name(c)?);
                Ok(Kind::Test)
            }
        }
    }

    /// A numbered sentence.
    fn clause(&mut self, label: &Piece<'_>, c: &mut Cursor<'_>) -> Parsed<Kind> {
        c.marks.push(Mark {
            kind: Kind::Label,
            from: label.token,
            to: label.token + 1,
        });
        if !split::is_label(label.text) {
            let message = format!("`{}` is not a clause number", shown(label.text));
            let found = Diagnostic::new(registry::BAD_LABEL, label.span, message);
            c.found
                .push(found.help("write letters and then digits: `A1`"));
        }
        let name = Name::new(label.text.to_owned(), label.span);
        self.owner = Owner::Nobody;
        match c.peek_text() {
            "allow" => {
                self.file.allows.push(allow::allow(c, name)?);
                self.owner = Owner::Allow;
                Ok(Kind::Allow)
            }
            "block" => {
                self.file.blocks.push(block::block(c, name)?);
                Ok(Kind::Block)
            }
            "never" => {
                self.file.nevers.push(never::never(c, name)?);
                Ok(Kind::Never)
            }
            "keep" => {
                self.file.keeps.push(keep::keep(c, name)?);
                Ok(Kind::Keep)
            }
            _ => Err(c.expected(split::VERBS)),
        }
    }

    /// A sentence that adds to the one before it.
    fn addition(&mut self, c: &mut Cursor<'_>) -> Parsed<Kind> {
        let Some(part) = Part::of(c) else {
            return Err(unknown_sentence(c));
        };
        let file = &mut self.file;
        let owner = std::mem::take(&mut self.owner);
        match (part, &owner) {
            (Part::Test, Owner::Test(name)) => {
                // Kept in case the body cannot be read.
                file.broken.push(name.clone());
                file.tests.push(test::body(c, name.clone())?);
                file.broken.pop();
                return Ok(Kind::TestBody);
            }
            (_, Owner::Broken) => while c.take().is_some() {},
            (Part::Allow, Owner::Allow)
            | (Part::Header, Owner::Header)
            | (Part::Purpose, Owner::Purpose)
            | (Part::Source, Owner::Source) => {
                self.owner = owner;
                return part.read(c, file);
            }
            (
                _,
                Owner::Allow
                | Owner::Header
                | Owner::Test(_)
                | Owner::Purpose
                | Owner::Source
                | Owner::Nobody,
            ) => {
                self.owner = owner;
                let word = part.word();
                return Err(Box::new(
                    c.fault(
                        registry::NO_OWNER,
                        &format!("this sentence belongs to {word}"),
                    )
                    .help(format!("put it right after {word}")),
                ));
            }
        }
        self.owner = owner;
        Ok(Kind::Broken)
    }

    /// Remembers a sentence that could not be read, so that nothing else is blamed for what it
    /// would have said.
    fn broken(&mut self, sentence: &Sentence<'_>) {
        if let Some(label) = &sentence.label {
            self.file
                .broken
                .push(Name::new(label.text.to_owned(), label.span));
            self.owner = Owner::Broken;
            return;
        }
        let Some((head, rest)) = sentence.pieces.split_first() else {
            return;
        };
        let is_named = rest
            .get(names::length(rest))
            .is_some_and(|piece| piece.text == "is");
        let is_declaration =
            head.text == "policy" || head.text == "test" || Sort::of(head.text).is_some();
        // A mistyped `category` declares its name all the same.
        if is_declaration || is_named && Part::ALL.iter().all(|part| !part.begins(head.text)) {
            let name: Vec<&str> = rest
                .iter()
                .take(names::length(rest))
                .map(|piece| piece.text)
                .collect();
            self.file.broken.push(Name::new(name.join(" "), head.span));
            self.owner = Owner::Broken;
            return;
        }
        let file = &mut self.file;
        let owner = match self.owner {
            Owner::Allow => file.allows.last().map(|allow| allow.label.clone()),
            Owner::Purpose => file.purposes.last().map(|purpose| purpose.name.clone()),
            Owner::Source => file.sources.last().map(|source| source.name.clone()),
            Owner::Header | Owner::Test(_) | Owner::Broken | Owner::Nobody => None,
        };
        file.broken
            .push(owner.unwrap_or_else(|| Name::new(String::new(), head.span)));
    }

    /// Says so where a test has a name but no body.
    pub(super) fn close_test(&mut self) {
        if let Owner::Test(name) = std::mem::take(&mut self.owner) {
            self.diagnostics.push(
                Diagnostic::new(
                    registry::TEST_INCOMPLETE,
                    name.span,
                    "this test has no `given` sentence",
                )
                .help("say `given ..., when ..., expect ....` right after it"),
            );
            self.file.broken.push(name);
        }
    }
}
