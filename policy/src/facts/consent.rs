//! Consent as a ground (GDPR Art. 6(1)(a), 7): what the signals and records that a purpose names
//! say together.

use crate::ast::{Join, Purpose, Reading, SignalName};
use crate::facts::{Known, Truth, choice, heard};
use crate::situation::{Heard, Situation};

/// Whether consent to a purpose, for a recipient, is there. A purpose that reads it from nowhere
/// has none.
pub(super) fn given(purpose: &Purpose, recipient: &str, situation: &Situation) -> Known {
    let Some(reading) = &purpose.consent else {
        return Known::of(Truth::No);
    };
    let record = our_record(purpose, reading, recipient, situation);
    let heard = heard::from_all(reading, record, situation);
    let truth = joined(reading.join, &heard);
    let refused_by_us = record == Some(Heard::Refuses) && reading.join == Join::AllPresent;
    let by_us_alone = refused_by_us || heard.len() == 1 && record.is_some();
    Known {
        truth,
        by_own_record: truth == Truth::No && by_us_alone,
    }
}

/// What our own record says, if the purpose listens to it and there is one: a lapsed or later
/// consent is not a yes.
fn our_record(
    purpose: &Purpose,
    reading: &Reading,
    recipient: &str,
    situation: &Situation,
) -> Option<Heard> {
    reading
        .sources
        .iter()
        .find(|source| source.node == SignalName::OurRecords)?;
    let record = situation.records.get(&purpose.name.node)?;
    let choice = choice::for_recipient(record, recipient)?;
    let lasts = reading.lasts.as_ref().map(|period| period.node);
    let consents = choice::is_consent(choice, lasts, situation.at);
    Some(if consents {
        Heard::Grants
    } else {
        Heard::Refuses
    })
}

fn joined(join: Join, heard: &[Heard]) -> Truth {
    let says = |wanted: Heard| heard.contains(&wanted);
    if says(Heard::Unreadable) {
        return Truth::Unreadable;
    }
    let met = match join {
        Join::AllPresent => says(Heard::Grants) && !says(Heard::Refuses),
        Join::One => says(Heard::Grants),
    };
    met.into()
}
