//! What the kept record of one purpose means for one recipient.

use crate::ast::Period;
use crate::calendar;
use crate::situation::{Choice, ChoiceState, Heard, Millis, Record};

/// The act that counts for a recipient: one for this recipient only, if it came later than the
/// general one.
///
/// Of two acts at the same instant the one that permits less counts.
pub(super) fn for_recipient<'record>(
    record: &'record Record,
    recipient: &str,
) -> Option<&'record Choice> {
    latest(acts(record, recipient))
}

/// What the record says of opting out for a recipient, if anything: that the person is out, or that
/// they were and opted in again.
///
/// An opt-out puts them out, and so does a refusal or withdrawal in force: who says no to a purpose
/// means no wherever they are, also where nobody has to ask first. Opting in again takes back all
/// of it (11 CCR 7028(a)), a later consent the refusal only.
pub(super) fn opts_out(record: &Record, recipient: &str, at: Millis) -> Option<Heard> {
    let said_no = record.opt_out.max(refused(record, recipient, at))?;
    Some(match opted_in(record, recipient, at) {
        Some(again) if again > said_no => Heard::Grants,
        Some(_) | None => Heard::Refuses,
    })
}

/// Whether this act is a consent that holds at an instant: not before it was given, not after it
/// lapsed (`lasts`).
pub(super) fn is_consent(choice: &Choice, lasts: Option<Period>, at: Millis) -> bool {
    let lapsed = |period| calendar::plus(choice.since, period).is_none_or(|end| end <= at);
    choice.state == ChoiceState::Given && choice.since <= at && !lasts.is_some_and(lapsed)
}

/// Since when a refusal or withdrawal is in force for a recipient.
fn refused(record: &Record, recipient: &str, at: Millis) -> Option<Millis> {
    // A consent that is still to come does not yet take a refusal back.
    let so_far = |act: &&Choice| act.state != ChoiceState::Given || act.since <= at;
    let in_force = latest(acts(record, recipient).filter(so_far))?;
    match in_force.state {
        ChoiceState::Refused | ChoiceState::Withdrawn => Some(in_force.since),
        ChoiceState::Given | ChoiceState::Expired => None,
    }
}

/// The latest act of opting in that holds for a recipient at an instant.
fn opted_in(record: &Record, recipient: &str, at: Millis) -> Option<Millis> {
    let own = record.opt_ins.get(recipient).copied();
    let acts = own.into_iter().chain(record.opt_in);
    acts.filter(|since| *since <= at).max()
}

fn acts<'record>(
    record: &'record Record,
    recipient: &str,
) -> impl Iterator<Item = &'record Choice> + use<'record> {
    let own = record.recipients.get(recipient);
    own.into_iter().chain(&record.general)
}

/// Of two at the same instant the one that permits less.
fn latest<'record>(acts: impl Iterator<Item = &'record Choice>) -> Option<&'record Choice> {
    let permits_less = |state| match state {
        ChoiceState::Given => 0,
        ChoiceState::Expired => 1,
        ChoiceState::Refused | ChoiceState::Withdrawn => 2,
    };
    acts.max_by_key(|act| (act.since, permits_less(act.state)))
}
