//! Opting out (CCPA 1798.120, 1798.135): of a purpose, by the signals and records it names.

use crate::ast::{Join, Purpose, SignalName};
use crate::facts::{Known, Truth, choice, heard};
use crate::situation::{Heard, Situation};

/// Whether the person opts out of a purpose. One that names no sources listens to our records.
pub(super) fn opts_out(purpose: &Purpose, recipient: &str, situation: &Situation) -> Known {
    let record = situation.records.get(&purpose.name.node);
    let record = record.and_then(|kept| choice::opts_out(kept, recipient, situation.at));
    let (heard, join, listens_to_us) = match &purpose.opt_out {
        None => (record.into_iter().collect(), Join::One, true),
        Some(reading) => {
            let heard = heard::from_all(reading, record, situation);
            let is_ours = |name: &SignalName| *name == SignalName::OurRecords;
            (
                heard,
                reading.join,
                reading.sources.iter().any(|source| is_ours(&source.node)),
            )
        }
    };
    let truth = joined(join, &heard);
    let by_us = listens_to_us && record == Some(Heard::Refuses);
    Known {
        truth,
        by_own_record: truth == Truth::Yes && by_us,
    }
}

fn joined(join: Join, heard: &[Heard]) -> Truth {
    let says = |wanted: Heard| heard.contains(&wanted);
    let out = match join {
        Join::One => says(Heard::Refuses),
        Join::AllPresent => {
            says(Heard::Refuses) && !says(Heard::Grants) && !says(Heard::Unreadable)
        }
    };
    if out {
        Truth::Yes
    } else if says(Heard::Unreadable) {
        Truth::Unreadable
    } else {
        Truth::No
    }
}
