//! P0301: header missing. P0302: version 0. P0303: a policy that ends before it begins. P0408:
//! controller missing.

use super::Checked;
use crate::diagnostic::{Diagnostic, registry};
use crate::text::Span;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let Some(header) = &policy.file.header else {
        if policy.is_whole() {
            found.push(
                Diagnostic::new(
                    registry::HEADER_MISSING,
                    Span::default(),
                    "the policy has no header",
                )
                .help("begin with `policy \"...\" version 1.`"),
            );
        }
        return;
    };
    if header.version.node == 0 {
        found.push(
            Diagnostic::new(
                registry::VERSION_ZERO,
                header.version.span,
                "there is no version 0",
            )
            .replace_with("begin with 1", "1"),
        );
    }
    if let (Some(from), Some(until)) = (&header.from, &header.until)
        && until.node < from.node
    {
        let message = format!(
            "the policy ends on {} but begins on {}",
            until.node, from.node
        );
        found.push(
            Diagnostic::new(registry::DATES_REVERSED, until.span, message)
                .help("swap the two dates"),
        );
    }
    if header.controller.is_none() && policy.is_whole() {
        found.push(
            Diagnostic::new(
                registry::NO_CONTROLLER,
                header.name.span,
                "the policy names no controller",
            )
            .help("add `controller \"...\".` after this sentence"),
        );
    }
}
