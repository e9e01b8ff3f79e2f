//! Tokens to sentences.

use crate::diagnostic::{Diagnostic, registry};
use crate::lex::{Token, TokenKind};
use crate::text::Span;

/// A token that the grammar sees.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'t> {
    pub(super) kind: TokenKind,
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// Its index among all tokens.
    pub(super) token: usize,
}

impl Piece<'_> {
    pub(super) fn is_word(&self) -> bool {
        self.kind == TokenKind::Word
    }
}

/// From the first word to the full stop.
#[derive(Debug)]
pub(super) struct Sentence<'t> {
    /// `A1`, where the sentence is numbered.
    pub(super) label: Option<Piece<'t>>,
    /// Its words and marks, without number and final full stop.
    pub(super) pieces: Vec<Piece<'t>>,
    /// Its tokens: from inclusive, to exclusive.
    pub(super) tokens: (usize, usize),
    /// The full stop, or the empty place where it is missing.
    pub(super) end: Span,
}

/// Words that open a sentence of their own at the start of a line. Where one stands there and the
/// sentence before has not ended, its full stop is missing.
const OPENERS: &[&str] = &[
    "category",
    "policy",
    "prove",
    "purpose",
    "recipient",
    "source",
    "test",
];

/// Verbs of numbered clauses.
pub(super) const VERBS: &[&str] = &["allow", "block", "keep", "never"];

/// Cuts a text's tokens into sentences, and says which full stops and quotation marks are missing.
pub(super) fn split<'t>(
    text: &'t str,
    tokens: &[Token],
    found: &mut Vec<Diagnostic>,
) -> Vec<Sentence<'t>> {
    let mut sentences = Vec::new();
    let mut open: Vec<Piece<'t>> = Vec::new();
    let pieces = pieces(text, tokens);
    for (at, piece) in pieces.iter().enumerate() {
        let after = pieces.get(at + 1..).unwrap_or_default();
        let space = space_before(text, tokens, piece.token);
        if !open.is_empty() && opens_a_line(space, piece, after) {
            miss_stop(&open, found);
            sentences.extend(finish(&mut open, None));
        }
        match piece.kind {
            TokenKind::Stop if !is_label_stop(&open, after) => {
                sentences.extend(finish(&mut open, Some(piece)));
            }
            TokenKind::OpenQuote => {
                found.push(open_quote(piece));
                open.push(*piece);
                // The full stop at the end of the line is most likely inside what was never closed.
                if piece.text.trim_end().ends_with('.') {
                    sentences.extend(finish(&mut open, None));
                }
            }
            TokenKind::Stop
            | TokenKind::Comma
            | TokenKind::Comment
            | TokenKind::Quote
            | TokenKind::Semicolon
            | TokenKind::Space
            | TokenKind::Word => open.push(*piece),
        }
    }
    if !open.is_empty() {
        miss_stop(&open, found);
        sentences.extend(finish(&mut open, None));
    }
    sentences
}

fn pieces<'t>(text: &'t str, tokens: &[Token]) -> Vec<Piece<'t>> {
    let grammatical = tokens
        .iter()
        .enumerate()
        .filter(|(_, token)| !token.kind.is_trivia());
    grammatical
        .map(|(at, token)| {
            let range = token.span.start as usize..token.span.end as usize;
            let text = text.get(range).unwrap_or_default();
            Piece {
                kind: token.kind,
                text,
                span: token.span,
                token: at,
            }
        })
        .collect()
}

/// Whether the full stop after the only word so far belongs to a clause's number: `A1. allow`.
fn is_label_stop(open: &[Piece<'_>], after: &[Piece<'_>]) -> bool {
    let [only] = open else { return false };
    let is_verb = after.first().is_some_and(|next| VERBS.contains(&next.text));
    only.is_word() && (is_label(only.text) || is_verb)
}

/// A short word of letters and then digits: `A1`, `NY12`, `B2a`.
pub(super) fn is_label(word: &str) -> bool {
    let digits = word.trim_start_matches(|letter: char| letter.is_ascii_alphabetic());
    let rest = digits.trim_start_matches(|letter: char| letter.is_ascii_digit());
    (1..=3).contains(&(word.len() - digits.len()))
        && (1..=4).contains(&(digits.len() - rest.len()))
        && (rest.is_empty()
            || rest.len() == 1 && rest.bytes().all(|byte| byte.is_ascii_lowercase()))
}

/// Whether a sentence begins here for certain: a clause's number and verb at the start of a line,
/// or an opener at its very left.
fn opens_a_line(space: Option<&str>, piece: &Piece<'_>, after: &[Piece<'_>]) -> bool {
    let Some(space) = space.filter(|space| piece.is_word() && space.contains('\n')) else {
        return false;
    };
    let is_numbered = match after {
        [stop, verb, ..] => stop.kind == TokenKind::Stop && VERBS.contains(&verb.text),
        _ => false,
    };
    is_numbered && is_label(piece.text) || space.ends_with('\n') && OPENERS.contains(&piece.text)
}

/// The white space right before a token.
fn space_before<'t>(text: &'t str, tokens: &[Token], at: usize) -> Option<&'t str> {
    let before = tokens.get(at.checked_sub(1)?)?;
    let range = before.span.start as usize..before.span.end as usize;
    text.get(range).filter(|_| before.kind == TokenKind::Space)
}

fn finish<'t>(open: &mut Vec<Piece<'t>>, stop: Option<&Piece<'t>>) -> Option<Sentence<'t>> {
    let mut pieces = std::mem::take(open);
    let first = pieces.first().or(stop)?;
    let last = stop.or_else(|| pieces.last())?;
    let tokens = (first.token, last.token + 1);
    let end = stop.map_or(
        Span {
            start: last.span.end,
            end: last.span.end,
        },
        |stop| stop.span,
    );
    let label = match pieces.as_slice() {
        [label, dot, ..] if dot.kind == TokenKind::Stop => Some(*label),
        _ => None,
    };
    if label.is_some() {
        pieces.drain(..2);
    }
    Some(Sentence {
        label,
        pieces,
        tokens,
        end,
    })
}

/// What was written, short enough for a message.
pub(super) fn shown(text: &str) -> String {
    let visible = |letter: char| {
        if letter.is_control() {
            char::REPLACEMENT_CHARACTER
        } else {
            letter
        }
    };
    let short: String = text.chars().take(60).map(visible).collect();
    if text.chars().nth(60).is_some() {
        format!("{short}...")
    } else {
        short
    }
}

fn miss_stop(open: &[Piece<'_>], found: &mut Vec<Diagnostic>) {
    let Some(last) = open.last().filter(|last| last.kind != TokenKind::OpenQuote) else {
        return;
    };
    found.push(
        Diagnostic::new(
            registry::MISSING_STOP,
            last.span,
            format!("the sentence has no full stop after `{}`", shown(last.text)),
        )
        .replace_with("end the sentence", format!("{}.", last.text)),
    );
}

fn open_quote(piece: &Piece<'_>) -> Diagnostic {
    Diagnostic::new(
        registry::OPEN_QUOTE,
        piece.span,
        "this quotation mark is never closed",
    )
    .help("close it with `\"` on the same line")
}
