//! P0207: a key that fideslang does not have. P0401: a special category that is not marked as one.

use super::Checked;
use crate::ast::Sensitivity;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Spanned;
use crate::vocabulary::{DATA_CATEGORIES, DATA_USES, is_special};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for category in &policy.file.categories {
        known(&category.word, DATA_CATEGORIES, "data category", found);
        let is_marked = category
            .sensitivity
            .iter()
            .any(|said| matches!(said.node, Sensitivity::Special(_)));
        if is_special(&category.word.node) && !is_marked {
            let message = format!("`{}` is of a special category", category.name.node);
            found.push(
                Diagnostic::new(registry::SPECIAL_UNMARKED, category.word.span, message)
                    .help("add `; special category under GDPR Art. 9(1)` before the full stop"),
            );
        }
    }
    for purpose in &policy.file.purposes {
        known(&purpose.word, DATA_USES, "data use", found);
    }
}

fn known(word: &Spanned<String>, keys: &[&'static str], sort: &str, found: &mut Vec<Diagnostic>) {
    if keys.contains(&word.node.as_str()) {
        return;
    }
    let message = format!("`{}` is not a {sort} of fideslang", word.node);
    found.push(
        Diagnostic::new(registry::UNKNOWN_WORD, word.span, message)
            .did_you_mean(&word.node, keys.iter().copied())
            .or_help(format!(
                "choose one of its keys, such as `{}`",
                example(keys)
            )),
    );
}

fn example(keys: &[&'static str]) -> &'static str {
    let example = [
        "user.contact.email",
        "marketing.advertising.third_party.targeted",
    ];
    example
        .into_iter()
        .find(|key| keys.contains(key))
        .unwrap_or("user")
}
