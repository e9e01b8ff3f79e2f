//! Gates: what must be in order before any event goes. One that was not fed is closed.

use crate::ast::Period;
use crate::calendar;
use crate::situation::{Millis, Situation};

/// The name under which the instant of the last passed bias audit is fed.
pub(crate) const BIAS_AUDIT: &str = "bias audit";

/// The instant lies in the days on which the policy is in force.
pub(super) fn in_force(from: Option<Millis>, until: Option<Millis>, situation: &Situation) -> bool {
    from.is_none_or(|from| from <= situation.at) && until.is_none_or(|until| situation.at < until)
}

/// The assessment is on file and its date still to come (GDPR Art. 35).
pub(super) fn dpia_on_file(id: &str, situation: &Situation) -> bool {
    situation
        .gates
        .get(id)
        .is_some_and(|until| situation.at < *until)
}

/// The last audit was passed before this instant, and at most this long ago.
pub(super) fn audit_fresh(every: Period, situation: &Situation) -> bool {
    situation.gates.get(BIAS_AUDIT).is_some_and(|since| {
        let stale = calendar::plus(*since, every);
        *since <= situation.at && stale.is_some_and(|stale| situation.at <= stale)
    })
}
