//! P0406: a recipient outside the EEA without a transfer tool. P0412: a tool that ends before the
//! policy does.

use super::Checked;
use crate::ast::PlaceWord;
use crate::diagnostic::{Diagnostic, registry};
use crate::places::covers;

pub(super) fn check(policy: &Checked<'_>, found: &mut Vec<Diagnostic>) {
    let day = policy.day();
    let eea = PlaceWord("EEA".to_owned());
    let header = policy.file.header.as_ref();
    for recipient in &policy.file.recipients {
        if let (Some(place), None) = (&recipient.place, &recipient.transfer)
            && !covers(&eea, &place.node, day)
        {
            let message = format!(
                "`{}` is outside the EEA, and no transfer tool is named",
                recipient.name.node
            );
            found.push(
                Diagnostic::new(registry::NO_TRANSFER, place.span, message).help(
                    "add `by adequacy decision`, `by certification \"...\" until DATE`, `by \
                    SCCs` or `by BCRs`",
                ),
            );
        }
        let Some(transfer) = &recipient.transfer else {
            continue;
        };
        let Some(until) = transfer.node.until else {
            continue;
        };
        let last = header
            .and_then(|header| header.until.as_ref())
            .map(|until| until.node);
        if until < last.unwrap_or(day) {
            let message = format!("after {until} nothing goes to `{}`", recipient.name.node);
            found.push(
                Diagnostic::new(registry::TRANSFER_ENDED, transfer.span, message)
                    .help("renew it, and write the new date"),
            );
        }
    }
}
