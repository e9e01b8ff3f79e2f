//! P0312: a cap, a period or a step of zero.

use super::Checked;
use crate::ast::{Edit, Period};
use crate::diagnostic::{Diagnostic, registry};
use crate::text::{Span, Spanned};

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let file = policy.file;
    for allow in policy.allows() {
        for cap in &allow.caps {
            if cap.node.events == 0 {
                zero(cap.span, "a cap of zero lets nothing pass", found);
            }
        }
        for edit in &allow.edits {
            if let Edit::Round(step) = &edit.edit.node
                && !step.bytes().any(|byte| (b'1'..=b'9').contains(&byte))
            {
                zero(edit.edit.span, "nothing can be rounded to zero", found);
            }
        }
        period(allow.deletes_within.as_ref(), found);
    }
    for purpose in &file.purposes {
        period(
            purpose
                .consent
                .as_ref()
                .and_then(|consent| consent.lasts.as_ref()),
            found,
        );
    }
    for keep in &file.keeps {
        period(Some(&keep.period), found);
    }
}

fn period(period: Option<&Spanned<Period>>, found: &mut Vec<Diagnostic>) {
    if let Some(period) = period.filter(|period| period.node.count == 0) {
        zero(period.span, "a period of zero never lasts", found);
    }
}

fn zero(span: Span, message: &str, found: &mut Vec<Diagnostic>) {
    found.push(Diagnostic::new(registry::ZERO, span, message).help("write a number above zero"));
}
