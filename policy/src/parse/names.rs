//! Names that the policy declares, found before anything else is read, so that clauses can use them
//! as they are.

use std::collections::BTreeSet;

use super::split::{Piece, Sentence};
use crate::lex::TokenKind;

/// What a name stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Category,
    Purpose,
    Recipient,
    Source,
}

impl Sort {
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Purpose => "purpose",
            Self::Recipient => "recipient",
            Self::Source => "source",
        }
    }

    pub(super) fn of(word: &str) -> Option<Self> {
        [Self::Category, Self::Purpose, Self::Recipient, Self::Source]
            .into_iter()
            .find(|sort| sort.word() == word)
    }
}

/// More words are no name but a sentence that went wrong.
pub(super) const MOST_WORDS: usize = 6;

/// Words that part sentences, and so cannot be part of names.
pub(super) const RESERVED: &[&str] = &[
    "and", "at", "because", "except", "expect", "first", "for", "if", "in", "is", "or", "then",
    "to", "under", "unless", "when", "who", "with",
];

/// The declared names.
#[derive(Debug, Default)]
pub(super) struct Names {
    declared: BTreeSet<(Sort, String)>,
}

impl Names {
    /// Collects `category NAME is`, `purpose NAME is` and so on, from sentences that may be broken
    /// further on.
    pub(super) fn collect(sentences: &[Sentence<'_>]) -> Self {
        let mut names = Self::default();
        for sentence in sentences {
            let Some((head, rest)) = sentence.pieces.split_first() else {
                continue;
            };
            let Some(sort) = Sort::of(head.text) else {
                continue;
            };
            let name: Vec<&str> = rest
                .iter()
                .take(length(rest))
                .map(|piece| piece.text)
                .collect();
            if (1..=MOST_WORDS).contains(&name.len()) {
                names.declared.insert((sort, name.join(" ")));
            }
        }
        names
    }

    /// The longest declared name that `pieces` begin with: the name and how many words it takes.
    pub(super) fn longest(&self, sort: Sort, pieces: &[Piece<'_>]) -> Option<(String, usize)> {
        let words = pieces
            .iter()
            .take(MOST_WORDS)
            .take_while(|piece| piece.kind == TokenKind::Word);
        let mut words: Vec<&str> = words.map(|piece| piece.text).collect();
        while !words.is_empty() {
            let key = (sort, words.join(" "));
            if self.declared.contains(&key) {
                return Some((key.1, words.len()));
            }
            words.pop();
        }
        None
    }
}

/// How many words the name takes that a declaration begins with: those before `is`, or before what
/// is a mistyped `is`, or before the first key of a standard.
pub(super) fn length(pieces: &[Piece<'_>]) -> usize {
    let words: Vec<&str> = pieces
        .iter()
        .take_while(|piece| piece.is_word())
        .map(|piece| piece.text)
        .collect();
    let at = |is_it: fn(&&str) -> bool| words.iter().position(is_it);
    at(|word| *word == "is")
        .or_else(|| {
            at(|word| {
                matches!(
                    *word,
                    "iss" | "si" | "as" | "are" | "si:" | "is:" | "=" | ":"
                )
            })
        })
        .or_else(|| at(|word| word.contains(['.', '$'])))
        .unwrap_or(words.len())
}
