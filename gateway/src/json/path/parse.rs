//! The text of a path.

use std::fmt;

use super::Step;

/// Why a text is not a path. A path is written by who writes the policy, and so may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PathError {
    /// The offset of the byte at fault, counted from 0.
    pub at: usize,
    /// What is wrong there.
    pub kind: PathErrorKind,
}

/// See [`PathError`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PathErrorKind {
    /// It does not begin with `$`.
    NoRoot,
    /// Neither `.` nor `[` where a step begins.
    NoStep,
    /// No name after `.`, or a name that must be quoted.
    BadName,
    /// A quoted name that does not end.
    OpenQuote,
    /// A `\` before something other than a quote or a `\`.
    BadEscape,
    /// Not `*`, a quoted name or an index in brackets.
    BadBracket,
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let why = match self.kind {
            PathErrorKind::NoRoot => "a path begins with `$`",
            PathErrorKind::NoStep => "expected `.` or `[`",
            PathErrorKind::BadName => "expected a name; quote unusual ones, as in `$['odd name']`",
            PathErrorKind::OpenQuote => "this name does not end",
            PathErrorKind::BadEscape => "a `\\` goes before a quote or another `\\`",
            PathErrorKind::BadBracket => "expected `[*]`, `[0]` or `['name']`",
        };
        write!(f, "{why}, at byte {}", self.at)
    }
}

impl std::error::Error for PathError {}

/// The steps of a path.
pub(super) fn steps(text: &str) -> Result<Vec<Step>, PathError> {
    let mut reader = Reader { text, at: 0 };
    if !reader.eat('$') {
        return Err(reader.error(PathErrorKind::NoRoot));
    }
    let mut steps = Vec::new();
    while !reader.rest().is_empty() {
        let step = if reader.eat('.') {
            Step::Member(reader.plain_name()?.into())
        } else if reader.eat('[') {
            reader.bracket()?
        } else {
            return Err(reader.error(PathErrorKind::NoStep));
        };
        steps.push(step);
    }
    Ok(steps)
}

/// Whether a name needs no quotes.
pub(super) fn is_plain_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(is_name_char)
}

fn is_name_char(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-')
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn plain_name(&mut self) -> Result<&'t str, PathError> {
        let name = self.take_while(is_name_char);
        if name.is_empty() {
            Err(self.error(PathErrorKind::BadName))
        } else {
            Ok(name)
        }
    }

    fn bracket(&mut self) -> Result<Step, PathError> {
        let start = self.at;
        let step = match self.rest().chars().next() {
            Some('*') => {
                self.at += 1;
                Step::Every
            }
            Some(quote @ ('\'' | '"')) => {
                self.at += 1;
                Step::Member(self.quoted_name(quote)?)
            }
            Some(_) | None => {
                let digits = self.take_while(|character| character.is_ascii_digit());
                let bad = PathError {
                    at: start,
                    kind: PathErrorKind::BadBracket,
                };
                // RFC 9535 section 2.3.3 forbids leading zeros.
                if digits.len() > 1 && digits.starts_with('0') {
                    return Err(bad);
                }
                Step::Index(digits.parse().map_err(|_| bad)?)
            }
        };
        if self.eat(']') {
            Ok(step)
        } else {
            Err(self.error(PathErrorKind::BadBracket))
        }
    }

    fn quoted_name(&mut self, quote: char) -> Result<Box<str>, PathError> {
        let opened = self.at - 1;
        let mut name = String::new();
        loop {
            name.push_str(self.take_while(|character| character != quote && character != '\\'));
            if self.eat(quote) {
                return Ok(name.into());
            }
            if !self.eat('\\') {
                return Err(PathError {
                    at: opened,
                    kind: PathErrorKind::OpenQuote,
                });
            }
            match self.rest().chars().next() {
                Some(escaped @ ('\\' | '\'' | '"')) => name.push(escaped),
                Some(_) | None => return Err(self.error(PathErrorKind::BadEscape)),
            }
            self.at += 1;
        }
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let length = rest
            .find(|character| !wanted(character))
            .unwrap_or(rest.len());
        self.at += length;
        rest.get(..length).unwrap_or_default()
    }

    fn eat(&mut self, character: char) -> bool {
        let found = self.rest().starts_with(character);
        if found {
            self.at += character.len_utf8();
        }
        found
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn error(&self, kind: PathErrorKind) -> PathError {
        PathError { at: self.at, kind }
    }
}
