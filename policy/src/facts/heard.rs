//! What was heard about a choice, from everywhere that a purpose reads it from.

use crate::ast::{Reading, SignalName};
use crate::situation::{Heard, Situation};

/// What each source that was present says; `our_record` stands for our records.
pub(super) fn from_all(
    reading: &Reading,
    our_record: Option<Heard>,
    situation: &Situation,
) -> Vec<Heard> {
    let said = |name: &SignalName| {
        if *name == SignalName::OurRecords {
            our_record
        } else {
            situation.signals.get(name).copied()
        }
    };
    reading
        .sources
        .iter()
        .filter_map(|source| said(&source.node))
        .collect()
}
