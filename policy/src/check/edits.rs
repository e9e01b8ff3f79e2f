//! P0310: an edit of data that the clause does not list. P0311: one that does not fit the data.
//! P0313: two of one category. P0314: age bands that overlap. P0403: a hash without a key.

use std::collections::BTreeSet;

use super::Checked;
use crate::ast::{Allow, Band, Edit, KeepWhat};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;
use crate::vocabulary::is_below;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for allow in policy.allows() {
        listed(allow, found);
        for edit in &allow.edits {
            fitting(policy, &edit.category.node, &edit.edit, found);
            if edit.edit.node == Edit::Sha256 {
                let message = format!("`{}` leaves as a hash without a key", edit.category.node);
                found.push(
                    Diagnostic::new(registry::UNKEYED_HASH, edit.edit.span, message).help(
                        "where the recipient only counts, say `with key \"...\"`; where it \
                        matches on the hash, this is how",
                    ),
                );
            }
        }
    }
    for keep in &policy.file.keeps {
        if let (KeepWhat::Category(name), Some(edit)) = (&keep.what.node, &keep.then) {
            fitting(policy, name, edit, found);
        }
    }
}

fn listed(allow: &Allow, found: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    for edit in &allow.edits {
        let name = &edit.category.node;
        if !allow.categories.iter().any(|listed| listed.node == *name) {
            let message = format!("{} does not let `{name}` leave", allow.label.node);
            found.push(
                Diagnostic::new(registry::EDIT_NOT_LISTED, edit.category.span, message)
                    .did_you_mean(
                        name,
                        allow.categories.iter().map(|listed| listed.node.as_str()),
                    )
                    .or_help("list it after `to send`, or leave the edit out"),
            );
        }
        if !seen.insert(name) {
            let message = format!("`{name}` is edited twice in {}", allow.label.node);
            found.push(
                Diagnostic::new(registry::EDIT_TWICE, edit.edit.span, message)
                    .help("leave one of the two out"),
            );
        }
    }
}

fn fitting(policy: &Checked<'_>, name: &str, edit: &Spanned<Edit>, found: &mut Vec<Diagnostic>) {
    if let Edit::Band(bands) = &edit.node
        && !are_in_order(bands)
    {
        found.push(
            Diagnostic::new(
                registry::BANDS,
                edit.span,
                "these bands overlap or are out of order",
            )
            .help("write them from young to old, each beginning above the one before"),
        );
    }
    let Some(category) = policy.category(name) else {
        return;
    };
    let Some(wanted) = unfit(&edit.node, &category.word.node) else {
        return;
    };
    let message = format!("`{name}` is no {wanted}");
    found.push(
        Diagnostic::new(registry::EDIT_UNFIT, edit.span, message).help(format!(
            "this edit is for {wanted}s; choose another one for `{}`",
            category.word.node
        )),
    );
}

fn are_in_order(bands: &[Band]) -> bool {
    bands
        .iter()
        .all(|band| band.to.is_none_or(|to| band.from <= to))
        && bands.windows(2).all(|pair| match pair {
            [first, second] => first.to.is_some_and(|to| to < second.from),
            _ => true,
        })
}

/// What an edit is for, where data of this fideslang key is something else.
fn unfit(edit: &Edit, word: &str) -> Option<&'static str> {
    let is_one = |keys: &[&str]| keys.iter().any(|key| is_below(word, key));
    let is_identity = is_one(&[
        "user.contact",
        "user.demographic",
        "user.device",
        "user.name",
        "user.unique_id",
    ]);
    match edit {
        Edit::ShortenIp { .. } => (word != "user.device.ip_address").then_some("IP address"),
        Edit::Band(_) => (!is_one(&["user.demographic"])).then_some("age or birth date"),
        Edit::Round(_) => is_identity.then_some("number"),
        Edit::TruncateTime(_) => is_identity.then_some("time"),
        Edit::OnlyPath => (is_identity && word != "user.contact.url").then_some("web address"),
        Edit::KeyedHash(_) | Edit::Sha256 => None,
    }
}
