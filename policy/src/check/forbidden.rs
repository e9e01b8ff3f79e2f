//! P0309: an allow lists what a never forbids. P0402: a special category leaves.

use super::Checked;
use crate::ast::{Allow, Category, Ground, Name, Never, NeverWhat, Sensitivity};
use crate::diagnostic::{Diagnostic, registry};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    for allow in policy.allows() {
        for listed in &allow.categories {
            let Some(category) = policy.category(&listed.node) else {
                continue;
            };
            let never = policy
                .nevers()
                .find(|never| forbids(policy, never, allow, category));
            match never {
                Some(never) => found.push(contradiction(allow, listed, never)),
                None if category.is_special() => found.extend(special(policy, allow, listed)),
                None => {}
            }
        }
    }
}

/// Whether a never about data always stops this category on this allow's flows. (One for some
/// places only stops it there.)
fn forbids(policy: &Checked<'_>, never: &Never, allow: &Allow, category: &Category) -> bool {
    let is_meant = match &never.what.node {
        NeverWhat::Categories(names) => names.iter().any(|name| name.node == category.name.node),
        NeverWhat::SpecialCategories => category.is_special(),
        NeverWhat::SensitiveData => category
            .sensitivity
            .iter()
            .any(|said| matches!(said.node, Sensitivity::Sensitive(_))),
        NeverWhat::PersonMayBeUnder(_) | NeverWhat::PersonOnList(_) => false,
    };
    let is_to = |never: &Never| {
        never.recipients.is_empty()
            || never
                .recipients
                .iter()
                .any(|to| allow.recipients.iter().any(|own| own.node == to.node))
    };
    is_meant
        && never.places.is_empty()
        && is_to(never)
        && policy.is_used_for(&never.uses.node, &allow.purpose.node)
}

fn contradiction(allow: &Allow, listed: &Name, never: &Never) -> Diagnostic {
    let (own, other) = (&allow.label.node, &never.label.node);
    let message = format!("{own} lets `{}` leave, which {other} forbids", listed.node);
    let law = never
        .law
        .as_ref()
        .map_or(String::new(), |law| format!(" ({})", law.0));
    Diagnostic::new(registry::ALLOWS_FORBIDDEN, listed.span, message)
        .because(format!(
            "an allow can never override a never: {other}{law} holds whatever {own} says"
        ))
        .help(format!(
            "take `{}` out of {own}, or change {other}",
            listed.node
        ))
}

/// Explicit consent everywhere is the one condition of Art. 9(2) that marketing can meet.
fn special(policy: &Checked<'_>, allow: &Allow, listed: &Name) -> Option<Diagnostic> {
    let purpose = policy.purpose(&allow.purpose.node)?;
    let is_asked = purpose
        .bases
        .iter()
        .all(|basis| basis.node.ground == Ground::Consent);
    let message = format!(
        "`{}` is of a special category, and {} lets it leave",
        listed.node, allow.label.node
    );
    let help = if is_asked {
        "make sure that the consent is explicit and names this data (Art. 9(2)(a))"
    } else {
        "take it out, or rest the purpose on explicit consent"
    };
    Some(Diagnostic::new(registry::SPECIAL_ALLOWED, listed.span, message).help(help))
}
