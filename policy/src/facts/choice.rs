//! What the kept record of one purpose means for one recipient.

use crate::ast::Period;
use crate::calendar;
use crate::situation::{Choice, ChoiceState, Millis, Record};

/// The act that counts for a recipient: one for this recipient only, if it came later than the
/// general one.
///
/// Of two acts at the same instant the one that is not a consent counts.
pub(super) fn for_recipient<'record>(
    record: &'record Record,
    recipient: &str,
) -> Option<&'record Choice> {
    let own = record.recipients.get(recipient);
    let general = record.general.as_ref();
    own.into_iter()
        .chain(general)
        .max_by_key(|choice| (choice.since, choice.state != ChoiceState::Given))
}

/// Whether this act is a consent that holds at an instant: not before it was given, not after it
/// lapsed (`lasts`).
pub(super) fn is_consent(choice: &Choice, lasts: Option<Period>, at: Millis) -> bool {
    let lapsed = |period| calendar::plus(choice.since, period).is_none_or(|end| end <= at);
    choice.state == ChoiceState::Given && choice.since <= at && !lasts.is_some_and(lapsed)
}

/// Whether a kept opt-out was followed by opting in again to this one recipient (11 CCR 7028(a)).
pub(super) fn opted_in_again(record: &Record, recipient: &str, at: Millis) -> bool {
    let again = record.recipients.get(recipient);
    record.opt_out.zip(again).is_some_and(|(opt_out, again)| {
        again.state == ChoiceState::Given && opt_out < again.since && again.since <= at
    })
}
