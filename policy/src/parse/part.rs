//! Sentences that add to the one before them.

use super::cursor::{Cursor, Parsed};
use super::split::{self, shown};
use super::{allow, header, purpose, source};
use crate::ast::File;
use crate::diagnostic::{Diagnostic, registry};
use crate::tree::Kind;

/// What a sentence that adds to another belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Allow,
    Header,
    Purpose,
    Source,
    Test,
}

impl Part {
    pub(super) const ALL: [Self; 5] = [
        Self::Allow,
        Self::Header,
        Self::Purpose,
        Self::Source,
        Self::Test,
    ];

    /// How its sentences begin.
    fn starts(self) -> &'static [&'static str] {
        match self {
            Self::Allow => allow::MORE,
            Self::Header => header::MORE,
            Self::Purpose => purpose::MORE,
            Self::Source => source::MORE,
            Self::Test => &["given"],
        }
    }

    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Allow => "an `allow` clause",
            Self::Header => "the header",
            Self::Purpose => "a `purpose`",
            Self::Source => "a `source`",
            Self::Test => "a `test`",
        }
    }

    /// By the whole beginning if it is right, else by its first word, so that the fault is found in
    /// the rest.
    pub(super) fn of(c: &Cursor<'_>) -> Option<Self> {
        let whole = |part: &Self| part.starts().iter().any(|words| c.sees(words));
        let first = |part: &Self| part.begins(c.peek_text());
        Self::ALL
            .into_iter()
            .find(whole)
            .or_else(|| Self::ALL.into_iter().find(first))
    }

    pub(super) fn begins(self, word: &str) -> bool {
        self.starts()
            .iter()
            .any(|words| words.split(' ').next() == Some(word))
    }

    pub(super) fn read(self, c: &mut Cursor<'_>, file: &mut File) -> Parsed<Kind> {
        match self {
            Self::Allow => {
                if let Some(allow) = file.allows.last_mut() {
                    allow::more(c, allow)?;
                }
                Ok(Kind::AllowMore)
            }
            Self::Header => {
                if let Some(header) = file.header.as_mut() {
                    header::more(c, header)?;
                }
                Ok(Kind::HeaderMore)
            }
            Self::Purpose => {
                if let Some(purpose) = file.purposes.last_mut() {
                    purpose::more(c, purpose)?;
                }
                Ok(Kind::PurposeMore)
            }
            Self::Source => {
                if let Some(source) = file.sources.last_mut() {
                    source::more(c, source)?;
                }
                Ok(Kind::SourceMore)
            }
            Self::Test => Ok(Kind::TestBody),
        }
    }
}

/// Words that sentences begin with.
fn starts() -> impl Iterator<Item = &'static str> {
    let parts = Part::ALL.into_iter().flat_map(Part::starts).copied();
    let heads = [
        "category",
        "policy",
        "purpose",
        "recipient",
        "source",
        "test",
    ];
    heads
        .into_iter()
        .chain(split::VERBS.iter().copied())
        .chain(parts)
}

pub(super) fn unknown_sentence(c: &Cursor<'_>) -> Box<Diagnostic> {
    let head = c.peek_text();
    let message = match c.peek() {
        None => "a full stop without a sentence".to_owned(),
        Some(_) => format!("no sentence begins with `{}`", shown(head)),
    };
    let found = c.fault(registry::UNKNOWN_SENTENCE, &message);
    let first = starts().map(|words| words.split(' ').next().unwrap_or(words));
    Box::new(found.did_you_mean(head, first).or_help(
        "begin with `category`, `purpose`, `source`, `recipient`, `test` or a clause number",
    ))
}
