//! P0315: a condition in the wrong clause. P0415, P0416: a condition on what is read from nowhere.

use super::Checked;
use crate::ast::{Condition, NeverWhat};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::{Span, Spanned};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for allow in policy.allows() {
        for condition in &allow.conditions {
            in_allow(condition, found);
        }
    }
    for block in policy.blocks() {
        let opts_out = |condition: &Spanned<Condition>| condition.node == Condition::OptsOut;
        let is_opt_out = block.when.iter().any(opts_out);
        for condition in &block.when {
            in_block(condition, found);
        }
        for condition in block.except.iter().flatten() {
            if matches!(condition.node, Condition::OptsInAfter(_)) && !is_opt_out {
                let message = "this clause knows no opt-out that an opt-in could follow";
                found.push(
                    Diagnostic::new(registry::MISPLACED_CONDITION, condition.span, message)
                        .help("say `when the person opts out` before the exception"),
                );
            }
        }
    }
    sources(policy, found);
}

fn in_allow(condition: &Spanned<Condition>, found: &mut Vec<Diagnostic>) {
    let words = match condition.node {
        Condition::LawfulBasisMet
        | Condition::NotKnownUnder(_)
        | Condition::KnownAtLeast(_)
        | Condition::In(_)
        | Condition::OptsInAfter(_) => return,
        Condition::MayBeUnder(_) => {
            "an allow says `unless known to be under 18` or `if known to be 18 or older`"
        }
        Condition::OptsOut | Condition::Objects | Condition::OnList(_) => {
            "write it as a block: `B1. block ... when ...`"
        }
    };
    let message = "this condition stops, so it belongs into a block";
    found.push(Diagnostic::new(registry::MISPLACED_CONDITION, condition.span, message).help(words));
}

fn in_block(condition: &Spanned<Condition>, found: &mut Vec<Diagnostic>) {
    let words = match condition.node {
        Condition::LawfulBasisMet | Condition::KnownAtLeast(_) | Condition::NotKnownUnder(_) => {
            "write it into an allow: `A1. allow ... if ...`"
        }
        Condition::OptsInAfter(_) => "write it after `except when`",
        Condition::MayBeUnder(_)
        | Condition::In(_)
        | Condition::OptsOut
        | Condition::Objects
        | Condition::OnList(_) => return,
    };
    let message = "this condition allows, so it stops nothing here";
    found.push(Diagnostic::new(registry::MISPLACED_CONDITION, condition.span, message).help(words));
}

/// Conditions on age and place, where no source says where these are read from.
fn sources(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    if policy.file.sources.is_empty() || !policy.is_whole() {
        return;
    }
    if policy
        .file
        .sources
        .iter()
        .all(|source| source.age.is_empty())
        && let Some(span) = asks_age(policy)
    {
        found.push(
            Diagnostic::new(
                registry::NO_AGE_SOURCE,
                span,
                "no source says where age is read from",
            )
            .help("add `age is read from ...` after the source"),
        );
    }
    for source in policy
        .file
        .sources
        .iter()
        .filter(|source| source.place.is_empty())
    {
        let is_local = policy.blocks().any(|block| !block.places.is_empty())
            || policy.nevers().any(|never| !never.places.is_empty())
            || policy
                .file
                .purposes
                .iter()
                .flat_map(|purpose| &purpose.bases)
                .any(|basis| !basis.node.places.is_empty());
        if is_local {
            let message = format!(
                "nothing says where the people of `{}` are",
                source.name.node
            );
            found.push(
                Diagnostic::new(registry::NO_PLACE_SOURCE, source.name.span, message)
                    .help("add `place is read from ...` after this sentence"),
            );
        }
    }
}

fn asks_age(policy: &Checked<'_>) -> Option<Span> {
    let is_age = |condition: &&Spanned<Condition>| {
        matches!(
            condition.node,
            Condition::NotKnownUnder(_) | Condition::KnownAtLeast(_) | Condition::MayBeUnder(_)
        )
    };
    let in_allows = policy
        .allows()
        .flat_map(|allow| &allow.conditions)
        .find(is_age);
    let in_blocks = policy.blocks().flat_map(|block| &block.when).find(is_age);
    let in_nevers = policy
        .nevers()
        .find(|never| matches!(never.what.node, NeverWhat::PersonMayBeUnder(_)))
        .map(|never| never.what.span);
    in_allows
        .or(in_blocks)
        .map(|condition| condition.span)
        .or(in_nevers)
}
