//! What a policy that could be read gets wrong: one file a rule, each a function from the policy to
//! findings.
//!
//! Rules do not know each other. Where a sentence could not be read, nothing else is blamed for its
//! absence.

mod conditions;
mod edits;
mod forbidden;
mod grounds;
mod header;
mod hosts;
mod labels;
mod names;
mod paths;
mod places;
mod signals;
mod transfers;
mod unused;
mod words;
mod zero;

use std::collections::BTreeMap;

use crate::ast::{Allow, Block, Category, Day, File, Never, Purpose, Uses};
use crate::diagnostic::Diagnostic;
use crate::vocabulary::is_below;

/// Everything wrong with a policy beyond reading it. `text` is what it was read from.
#[must_use]
pub fn check(file: &File, text: &str) -> Vec<Diagnostic> {
    let policy = Checked {
        file,
        text,
        categories: file
            .categories
            .iter()
            .map(|category| (category.name.node.as_str(), category))
            .collect(),
    };
    let mut found = Vec::new();
    for rule in RULES {
        rule(&policy, &mut found);
    }
    found
}

type Rule = fn(&Checked<'_>, &mut Vec<Diagnostic>);

const RULES: &[Rule] = &[
    conditions::check,
    edits::check,
    forbidden::check,
    grounds::check,
    header::check,
    hosts::check,
    labels::check,
    names::check,
    paths::check,
    places::check,
    signals::check,
    transfers::check,
    unused::check,
    words::check,
    zero::check,
];

/// A policy under examination, with the questions that several rules ask.
#[derive(Debug)]
struct Checked<'f> {
    file: &'f File,
    text: &'f str,
    categories: BTreeMap<&'f str, &'f Category>,
}

impl<'f> Checked<'f> {
    /// Whether a sentence of this name or number could not be read, or one that adds to it.
    fn is_broken(&self, name: &str) -> bool {
        self.file.broken.iter().any(|broken| broken.node == name)
    }

    /// Whether every sentence could be read: only then does the absence of something mean anything.
    fn is_whole(&self) -> bool {
        self.file.broken.is_empty()
    }

    fn category(&self, name: &str) -> Option<&'f Category> {
        self.categories.get(name).copied()
    }

    fn purpose(&self, name: &str) -> Option<&'f Purpose> {
        self.file
            .purposes
            .iter()
            .find(|purpose| purpose.name.node == name)
    }

    /// Whether a clause about `uses` is about a purpose.
    fn is_used_for(&self, uses: &Uses, purpose: &str) -> bool {
        match uses {
            Uses::All => true,
            Uses::Named(name) => name == purpose,
            Uses::Word(key) => self
                .purpose(purpose)
                .is_some_and(|purpose| is_below(&purpose.word.node, key)),
        }
    }

    /// The day on which groups of places are taken: the first one on which the policy holds.
    fn day(&self) -> Day {
        let from = self
            .file
            .header
            .as_ref()
            .and_then(|header| header.from.as_ref());
        from.map_or(
            Day {
                year: 2026,
                month: 1,
                day: 1,
            },
            |from| from.node,
        )
    }

    fn allows(&self) -> impl Iterator<Item = &'f Allow> {
        self.file.allows.iter()
    }

    fn blocks(&self) -> impl Iterator<Item = &'f Block> {
        self.file.blocks.iter()
    }

    fn nevers(&self) -> impl Iterator<Item = &'f Never> {
        self.file.nevers.iter()
    }
}

#[cfg(test)]
mod tests;
