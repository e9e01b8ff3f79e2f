//! Text to tokens. Nothing is lost: joined together, the tokens are the text.
//!
//! A full stop ends a sentence only where white space, a comment or the end follows, so that
//! `user.contact.email`, `3.0` and `$.a.b` stay whole; the one of `Art. 6` does not count either.
//! What words mean is not known here.

use crate::text::Span;

/// A piece of the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Where it stands.
    pub span: Span,
}

/// Kinds of token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// `,`
    Comma,
    /// `-- to the end of the line`
    Comment,
    /// A quotation that its line does not close.
    OpenQuote,
    /// `"in quotation marks"`
    Quote,
    /// `;`
    Semicolon,
    /// White space, line ends and a byte order mark.
    Space,
    /// The full stop that ends a sentence or a clause's number.
    Stop,
    /// Everything else up to white space or a mark: words, numbers, dates, paths, keys.
    Word,
}

impl TokenKind {
    /// Whether the grammar does not see it.
    #[must_use]
    pub fn is_trivia(self) -> bool {
        matches!(self, Self::Comment | Self::Space)
    }
}

/// Words whose full stop belongs to them where a number follows: `Art. 6(1)(a)`, `No. 5`.
const ABBREVIATIONS: &[&str] = &["Art", "Arts", "Rec", "Sec", "No", "para", "lit", "ch", "pt"];

/// Cuts a text into tokens that cover it without a gap.
#[must_use]
pub fn lex(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut start = 0;
    while let Some(rest) = text.get(start..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = first_token(rest);
        // INVARIANT: every token takes at least one character, so this ends.
        let end = start + length;
        tokens.push(Token {
            kind,
            span: Span {
                start: offset(start),
                end: offset(end),
            },
        });
        start = end;
    }
    tokens
}

fn first_token(rest: &str) -> (TokenKind, usize) {
    let first = rest.chars().next().unwrap_or(' ');
    match first {
        ',' => (TokenKind::Comma, 1),
        ';' => (TokenKind::Semicolon, 1),
        '"' => quote(rest),
        '.' if ends_here(rest) => (TokenKind::Stop, 1),
        '-' if rest.starts_with("--") => {
            (TokenKind::Comment, rest.find('\n').unwrap_or(rest.len()))
        }
        _ if is_space(first) => (
            TokenKind::Space,
            rest.find(|letter| !is_space(letter)).unwrap_or(rest.len()),
        ),
        _ => (TokenKind::Word, word_length(rest)),
    }
}

fn quote(rest: &str) -> (TokenKind, usize) {
    let closing = rest
        .char_indices()
        .skip(1)
        .find(|(_, letter)| matches!(letter, '"' | '\n'));
    match closing {
        Some((at, '"')) => (TokenKind::Quote, at + 1),
        Some((at, _)) => (TokenKind::OpenQuote, at),
        None => (TokenKind::OpenQuote, rest.len()),
    }
}

fn word_length(rest: &str) -> usize {
    let is_path = rest.starts_with('$');
    let mut is_quoted = false;
    for (at, letter) in rest.char_indices().skip(1) {
        // A key in a path may hold anything: `$['odd name.']`.
        is_quoted ^= is_path && letter == '\'';
        if is_quoted && letter != '\n' {
            continue;
        }
        let tail = rest.get(at..).unwrap_or_default();
        let is_end = match letter {
            ',' | ';' | '"' => true,
            '.' => ends_here(tail) && !is_abbreviation(rest.get(..at).unwrap_or_default(), tail),
            _ => is_space(letter),
        };
        if is_end {
            return at;
        }
    }
    rest.len()
}

/// Whether the full stop that `tail` begins with ends something.
fn ends_here(tail: &str) -> bool {
    let after = tail.get(1..).unwrap_or_default();
    after.is_empty() || after.starts_with(is_space) || after.starts_with("--")
}

fn is_abbreviation(word: &str, tail: &str) -> bool {
    let next = tail
        .get(1..)
        .unwrap_or_default()
        .trim_start_matches([' ', '\t']);
    ABBREVIATIONS.contains(&word)
        && next.starts_with(|letter: char| letter.is_ascii_digit() || letter == '(')
}

fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{feff}'
}

/// A place in a text; `parse` refuses texts past 1 MiB long before this could saturate.
fn offset(bytes: usize) -> u32 {
    u32::try_from(bytes).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
