//! Walks over one sentence: what every rule of the grammar is written with.

use super::names::{Names, RESERVED, Sort};
use super::split::{Piece, Sentence, shown};
use crate::ast::Name;
use crate::diagnostic::{Diagnostic, registry};
use crate::lex::TokenKind;
use crate::text::{Span, Spanned};
use crate::tree::{Kind, Mark};

/// What a rule of the grammar gives: what was read, or the one finding that stopped this sentence.
pub(super) type Parsed<T> = Result<T, Box<Diagnostic>>;

/// A place within one sentence.
#[derive(Debug)]
pub(super) struct Cursor<'t> {
    pieces: &'t [Piece<'t>],
    end: Span,
    names: &'t Names,
    at: usize,
    /// Findings that do not stop the sentence.
    pub(super) found: Vec<Diagnostic>,
    /// Phrases read so far.
    pub(super) marks: Vec<Mark>,
}

impl<'t> Cursor<'t> {
    pub(super) fn new(sentence: &'t Sentence<'t>, names: &'t Names) -> Self {
        Self {
            pieces: &sentence.pieces,
            end: sentence.end,
            names,
            at: 0,
            found: Vec::new(),
            marks: Vec::new(),
        }
    }

    /// What is left of the sentence.
    pub(super) fn rest(&self) -> &'t [Piece<'t>] {
        self.pieces.get(self.at..).unwrap_or_default()
    }

    /// The next piece.
    pub(super) fn peek(&self) -> Option<&'t Piece<'t>> {
        self.rest().first()
    }

    /// The next piece's text, empty at the end.
    pub(super) fn peek_text(&self) -> &'t str {
        self.peek().map_or("", |piece| piece.text)
    }

    /// Takes the next piece.
    pub(super) fn take(&mut self) -> Option<&'t Piece<'t>> {
        let piece = self.peek()?;
        self.at += 1;
        Some(piece)
    }

    /// Whether the sentence goes on with these words.
    pub(super) fn sees(&self, words: &str) -> bool {
        let mut rest = self.rest().iter();
        words
            .split(' ')
            .all(|word| rest.next().is_some_and(|piece| piece.text == word))
    }

    /// Takes these words if the sentence goes on with them.
    pub(super) fn eat(&mut self, words: &str) -> bool {
        let is_there = self.sees(words);
        if is_there {
            self.at += words.split(' ').count();
        }
        is_there
    }

    /// Takes the first of several phrases that is there.
    pub(super) fn eat_any<T: Copy>(&mut self, phrases: &[(&str, T)]) -> Option<T> {
        phrases
            .iter()
            .find(|(words, _)| self.eat(words))
            .map(|(_, meaning)| *meaning)
    }

    /// Takes these words, or says that they are missing.
    pub(super) fn expect(&mut self, words: &str) -> Parsed<()> {
        if self.eat(words) {
            Ok(())
        } else {
            Err(self.expected(&[words]))
        }
    }

    /// Takes a comma if one is there.
    pub(super) fn comma(&mut self) -> bool {
        self.eat(",")
    }

    /// Whether the sentence is read to its end.
    pub(super) fn is_done(&self) -> bool {
        self.peek().is_none()
    }

    /// Says what could have stood here instead of what does.
    pub(super) fn expected(&self, phrases: &[&str]) -> Box<Diagnostic> {
        let wanted = one_of(phrases);
        let Some(piece) = self.peek() else {
            let before = self.pieces.last().map_or(self.end, |last| last.span);
            let message = format!("the sentence ends where {wanted} should stand");
            let found = Diagnostic::new(registry::ENDS_EARLY, before, message);
            return Box::new(found.help(format!("write {wanted} before the full stop")));
        };
        let written = self.written(phrases.iter().map(|words| words.split(' ').count()).max());
        let message = format!("expected {wanted}, found `{}`", shown(piece.text));
        let found = Diagnostic::new(registry::UNEXPECTED, piece.span, message);
        let plain = phrases
            .iter()
            .copied()
            .filter(|words| !words.starts_with("a "));
        let close = |text: &str, span| {
            let near = crate::vocabulary::closest(
                text,
                plain.clone().chain(SINGLE_WORDS.iter().copied()),
            )?;
            plain
                .clone()
                .any(|words| words == near)
                .then(|| (near, span, text.to_owned()))
        };
        let near = close(&written.0, written.1).or_else(|| {
            let count = phrases.first().map(|words| words.split(' ').count());
            let (text, span) = self.written(count);
            close(&text, span)
        });
        Box::new(match near {
            Some((near, span, text)) => {
                let message = format!("expected {wanted}, found `{}`", shown(&text));
                Diagnostic {
                    span,
                    message,
                    ..found
                }
                .replace_with(format!("did you mean `{near}`?"), near)
            }
            None => found.help(format!("write {wanted} here")),
        })
    }

    /// The next words as one text, with their place.
    fn written(&self, count: Option<usize>) -> (String, Span) {
        let pieces: Vec<_> = self.rest().iter().take(count.unwrap_or(1)).collect();
        let text: Vec<&str> = pieces.iter().map(|piece| piece.text).collect();
        let start = pieces.first().map_or(self.end, |piece| piece.span);
        let end = pieces.last().map_or(self.end, |piece| piece.span);
        (
            text.join(" "),
            Span {
                start: start.start,
                end: end.end,
            },
        )
    }

    /// A finding about the next piece.
    pub(super) fn fault(&self, code: crate::diagnostic::Code, message: &str) -> Diagnostic {
        let span = self.peek().map_or(self.end, |piece| piece.span);
        Diagnostic::new(code, span, message)
    }

    /// Reads something and keeps where it stood, also as a node of the tree.
    pub(super) fn spanned<T>(
        &mut self,
        kind: Kind,
        read: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Parsed<Spanned<T>> {
        let from = self.at;
        let node = read(self)?;
        Ok(self.mark(kind, from, node))
    }

    /// Where the next piece is; for [`Cursor::mark`].
    pub(super) fn here(&self) -> usize {
        self.at
    }

    /// Keeps that everything since `from` is `node`.
    pub(super) fn mark<T>(&mut self, kind: Kind, from: usize, node: T) -> Spanned<T> {
        let read = self.pieces.get(from..self.at).unwrap_or_default();
        let (Some(first), Some(last)) = (read.first(), read.last()) else {
            return Spanned::new(
                node,
                Span {
                    start: self.end.start,
                    end: self.end.start,
                },
            );
        };
        self.marks.push(Mark {
            kind,
            from: first.token,
            to: last.token + 1,
        });
        Spanned::new(
            node,
            Span {
                start: first.span.start,
                end: last.span.end,
            },
        )
    }

    /// `ITEM, ITEM and ITEM`. After a comma the list only goes on where no other phrase of the
    /// sentence begins.
    pub(super) fn list<T>(
        &mut self,
        mut item: impl FnMut(&mut Self) -> Parsed<T>,
    ) -> Parsed<Vec<T>> {
        let mut items = vec![item(self)?];
        while self.next_item() {
            items.push(item(self)?);
        }
        Ok(items)
    }

    /// Steps over `,`, `and` or `, and` if another item follows.
    pub(super) fn next_item(&mut self) -> bool {
        let before = self.at;
        let is_comma = self.comma();
        let is_and = self.eat("and");
        let is_other = is_comma && !is_and && AFTER_LISTS.contains(&self.peek_text());
        if is_other {
            self.at = before;
        }
        (is_comma || is_and) && !is_other
    }

    /// A name of this sort: the longest declared one, else the words up to the next reserved word
    /// or mark.
    pub(super) fn name(&mut self, sort: Sort) -> Parsed<Name> {
        let from = self.at;
        if let Some((name, count)) = self.names.longest(sort, self.rest()) {
            self.at += count;
            return Ok(self.mark(Kind::Name, from, name));
        }
        let is_part = |piece: &&Piece<'_>| {
            let ends = RESERVED.contains(&piece.text) || AFTER_NAMES.contains(&piece.text);
            piece.is_word() && !ends
        };
        let words: Vec<&str> = self
            .rest()
            .iter()
            .take_while(is_part)
            .map(|piece| piece.text)
            .collect();
        if words.is_empty() {
            return Err(self.expected(&[&format!("a {}", sort.word())]));
        }
        self.at += words.len();
        Ok(self.mark(Kind::Name, from, words.join(" ")))
    }

    /// Whether a declared name of this sort comes next.
    pub(super) fn sees_name(&self, sort: Sort) -> bool {
        self.names.longest(sort, self.rest()).is_some()
    }

    /// `"in quotation marks"`, without the marks.
    pub(super) fn quote(&mut self, what: &str) -> Parsed<Spanned<String>> {
        let is_quote = self
            .peek()
            .is_some_and(|piece| piece.kind == TokenKind::Quote);
        if !is_quote {
            return Err(self.expected(&[what]));
        }
        self.spanned(Kind::Text, |c| {
            let text = c.take().map_or("", |piece| piece.text);
            Ok(text.trim_matches('"').to_owned())
        })
    }

    /// One word that is no mark.
    pub(super) fn word(&mut self, what: &str) -> Parsed<&'t Piece<'t>> {
        match self.peek() {
            Some(piece) if piece.is_word() => {
                self.at += 1;
                Ok(piece)
            }
            Some(_) | None => Err(self.expected(&[what])),
        }
    }
}

/// Words that end a name that is not declared, though a declared one may hold them.
const AFTER_NAMES: &[&str] = &["after", "as", "into", "on", "sends"];

/// Words that may follow a list's comma without being its next item.
const AFTER_LISTS: &[&str] = &[
    "because", "even", "except", "expect", "first", "for", "if", "in", "then", "to", "under",
    "unless", "when",
];

/// Words that are right elsewhere, so that a longer phrase is not suggested for them.
const SINGLE_WORDS: &[&str] = &["and", "at", "for", "if", "in", "is", "to", "when"];

fn one_of(phrases: &[&str]) -> String {
    let shown: Vec<String> = phrases
        .iter()
        .map(|words| {
            if words.starts_with("a ") || words.starts_with("an ") {
                (*words).to_owned()
            } else {
                format!("`{words}`")
            }
        })
        .collect();
    match shown.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} or {last}", others.join(", ")),
        None => String::new(),
    }
}
