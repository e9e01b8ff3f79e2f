//! P0201: a name declared twice. P0202: a name that nothing declares.

use std::collections::BTreeSet;

use super::Checked;
use crate::ast::{Condition, Given, KeepWhat, Name, NeverWhat, Uses};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::{Span, Spanned};
use crate::vocabulary::USE_WORDS;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let file = policy.file;
    let declared = Declared {
        policy,
        categories: file
            .categories
            .iter()
            .map(|category| &category.name)
            .collect(),
        purposes: file.purposes.iter().map(|purpose| &purpose.name).collect(),
        recipients: file
            .recipients
            .iter()
            .map(|recipient| &recipient.name)
            .collect(),
        sources: file.sources.iter().map(|source| &source.name).collect(),
    };
    for names in [
        &declared.categories,
        &declared.purposes,
        &declared.recipients,
        &declared.sources,
    ] {
        twice(&names.names, found);
    }
    declared.in_allows(found);
    declared.in_blocks(found);
    declared.in_nevers(found);
    declared.in_keeps(found);
    declared.in_tests(found);
}

/// The declared names of one sort.
struct Known<'f> {
    names: Vec<&'f Name>,
    words: BTreeSet<&'f str>,
}

impl<'f> FromIterator<&'f Name> for Known<'f> {
    fn from_iter<I: IntoIterator<Item = &'f Name>>(names: I) -> Self {
        let names: Vec<_> = names.into_iter().collect();
        let words = names.iter().map(|name| name.node.as_str()).collect();
        Self { names, words }
    }
}

struct Declared<'f> {
    policy: &'f Checked<'f>,
    categories: Known<'f>,
    purposes: Known<'f>,
    recipients: Known<'f>,
    sources: Known<'f>,
}

impl Declared<'_> {
    fn in_allows(&self, found: &mut Vec<Diagnostic>) {
        for allow in self.policy.allows() {
            self.all(&allow.sources, &self.sources, "source", found);
            self.all(&allow.categories, &self.categories, "category", found);
            self.all(&allow.recipients, &self.recipients, "recipient", found);
            self.one(
                &allow.purpose.node,
                allow.purpose.span,
                &self.purposes,
                "purpose",
                found,
            );
            for edit in &allow.edits {
                self.all(
                    std::slice::from_ref(&edit.category),
                    &self.categories,
                    "category",
                    found,
                );
            }
            self.conditions(&allow.conditions, found);
        }
    }

    fn in_blocks(&self, found: &mut Vec<Diagnostic>) {
        for block in self.policy.blocks() {
            self.uses(&block.uses, found);
            self.all(&block.recipients, &self.recipients, "recipient", found);
            self.conditions(&block.when, found);
            for except in &block.except {
                self.conditions(except, found);
            }
        }
    }

    fn in_nevers(&self, found: &mut Vec<Diagnostic>) {
        for never in self.policy.nevers() {
            self.uses(&never.uses, found);
            self.all(&never.recipients, &self.recipients, "recipient", found);
            if let NeverWhat::Categories(names) = &never.what.node {
                self.all(names, &self.categories, "category", found);
            }
        }
    }

    fn in_keeps(&self, found: &mut Vec<Diagnostic>) {
        for keep in &self.policy.file.keeps {
            if let KeepWhat::Category(name) = &keep.what.node {
                self.one(name, keep.what.span, &self.categories, "category", found);
            }
        }
    }

    fn in_tests(&self, found: &mut Vec<Diagnostic>) {
        for test in &self.policy.file.tests {
            let when = &test.when;
            self.one(
                &when.source.node,
                when.source.span,
                &self.sources,
                "source",
                found,
            );
            self.one(
                &when.recipient.node,
                when.recipient.span,
                &self.recipients,
                "recipient",
                found,
            );
            self.one(
                &when.purpose.node,
                when.purpose.span,
                &self.purposes,
                "purpose",
                found,
            );
            for field in &test.fields {
                self.one(
                    &field.category.node,
                    field.category.span,
                    &self.categories,
                    "category",
                    found,
                );
            }
            for given in &test.given {
                if let Given::Choice {
                    purpose, recipient, ..
                } = &given.node
                {
                    self.one(
                        &purpose.node,
                        purpose.span,
                        &self.purposes,
                        "purpose",
                        found,
                    );
                    self.all(recipient.as_slice(), &self.recipients, "recipient", found);
                }
                if let Given::Data { category, .. } = &given.node {
                    self.one(
                        &category.node,
                        category.span,
                        &self.categories,
                        "category",
                        found,
                    );
                }
            }
        }
    }

    fn conditions(&self, conditions: &[Spanned<Condition>], found: &mut Vec<Diagnostic>) {
        for condition in conditions {
            if let Condition::OptsInAfter(name) = &condition.node {
                self.one(name, condition.span, &self.recipients, "recipient", found);
            }
        }
    }

    fn uses(&self, uses: &Spanned<Uses>, found: &mut Vec<Diagnostic>) {
        if let Uses::Named(name) = &uses.node {
            self.one(name, uses.span, &self.purposes, "purpose", found);
        }
    }

    fn all(&self, names: &[Name], known: &Known<'_>, sort: &str, found: &mut Vec<Diagnostic>) {
        for name in names {
            self.one(&name.node, name.span, known, sort, found);
        }
    }

    fn one(
        &self,
        name: &str,
        span: Span,
        known: &Known<'_>,
        sort: &str,
        found: &mut Vec<Diagnostic>,
    ) {
        if known.words.contains(name) || self.policy.is_broken(name) {
            return;
        }
        // A policy with that many unknown names needs no help with each of them.
        if found.len() > SUGGESTED_MAX {
            found.push(Diagnostic::new(
                registry::UNKNOWN_NAME,
                span,
                format!("no {sort} is called `{name}`"),
            ));
            return;
        }
        let words = USE_WORDS
            .iter()
            .map(|(word, _)| *word)
            .filter(|_| sort == "purpose");
        let near = known.words.iter().copied().chain(words);
        found.push(
            Diagnostic::new(
                registry::UNKNOWN_NAME,
                span,
                format!("no {sort} is called `{name}`"),
            )
            .did_you_mean(name, near)
            .or_help(format!("declare it: `{sort} {name} is ...`")),
        );
    }
}

const SUGGESTED_MAX: usize = 200;

fn twice(names: &[&Name], found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for name in names {
        if !seen.insert(&name.node) {
            let message = format!("`{}` is declared twice", name.node);
            found.push(
                Diagnostic::new(registry::DUPLICATE_NAME, name.span, message)
                    .help("join the two sentences, or give one another name"),
            );
        }
    }
}
