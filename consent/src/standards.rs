//! Signals heard with an event: one file a standard, each pure.
//!
//! *Absent*, *unreadable* and *refused* differ everywhere: a standard answers `None` where it is
//! silent, and never guesses what a broken signal may have meant.

pub mod gpc;
pub mod segment;
pub mod unread;

use std::collections::BTreeMap;

use policy::ast::SignalName;
use policy::situation::Heard;

/// Everything an event and its request carried that may be a signal.
#[derive(Clone, Debug, Default)]
pub struct Carried<'a> {
    /// Each `Sec-GPC` header field value, in order.
    pub gpc: Vec<&'a [u8]>,
    /// The event's own consent stamp.
    pub segment: segment::Stamp<'a>,
    /// Which standards, not yet read here, have material in the request or event.
    pub unread: unread::Seen,
}

/// What was heard, for the signals that a policy listens to. A signal that is not in the answer
/// was absent. `our records` is none of these: records are kept, not heard.
#[must_use]
pub fn heard<'s>(
    carried: &Carried<'_>,
    signals: impl IntoIterator<Item = &'s SignalName>,
) -> BTreeMap<SignalName, Heard> {
    signals
        .into_iter()
        .filter_map(|signal| Some((signal.clone(), one(carried, signal)?)))
        .collect()
}

fn one(carried: &Carried<'_>, signal: &SignalName) -> Option<Heard> {
    match signal {
        SignalName::OurRecords => None,
        SignalName::GlobalPrivacyControl => gpc::heard(&carried.gpc),
        SignalName::Segment(category) => segment::heard(&carried.segment, category),
        SignalName::Tcf(_) | SignalName::Gpp(_) | SignalName::ConsentMode(_) => {
            carried.unread.heard(signal)
        }
    }
}

#[cfg(test)]
mod tests;
