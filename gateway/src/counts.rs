//! Counts since the start. A decision is counted once, by its last verdict.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use crate::decide::Why;

/// Counts since the start.
///
/// `sent + refused = decisions`; `edited` is within `sent`. `Debug` shows numbers and policy names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Events collected, unreadable ones included.
    pub events: u64,
    /// One event to one recipient for one purpose is one decision.
    pub decisions: u64,
    /// Decisions whose last verdict lets the event go.
    pub sent: u64,
    /// Those of them where something was changed, removed or left out.
    pub edited: u64,
    /// Decisions whose last verdict does not.
    pub refused: u64,
    /// Events that a recipient took.
    pub delivered: u64,
    /// Sent events that were given up, each accounted for in the ledger.
    pub lost: u64,
    /// Requests to recipients that failed and are tried again.
    pub retries: u64,
    /// Events that lack what many clauses ask for.
    pub lacking: Lacking,
    /// Last verdicts, by recipient and word (`sent`, `edited`, `refused`).
    pub verdicts: BTreeMap<(String, &'static str), u64>,
    /// Refusals, by the first clause that failed (empty where none speaks) and the reason's word.
    pub reasons: BTreeMap<(String, &'static str), u64>,
    /// Requests of clients, by the status they were answered with.
    pub answers: BTreeMap<u16, u64>,
}

/// Events that lack what many clauses ask for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lacking {
    /// No identifier at all.
    pub person: u64,
    /// No place, or origins that disagree.
    pub place: u64,
    /// No age.
    pub age: u64,
    /// Neither a kept choice nor a signal.
    pub consent: u64,
}

/// How a decision is counted.
#[derive(Clone, Debug)]
pub(crate) enum Tally {
    Sent { edited: bool },
    Refused { clause: String, why: Why },
}

/// Counts that are being added to.
#[derive(Debug, Default)]
pub(crate) struct Counters(Mutex<Counts>);

impl Counters {
    pub(crate) fn read(&self) -> Counts {
        self.with(|counts| counts.clone())
    }

    pub(crate) fn answered(&self, status: u16) {
        self.with(|counts| *counts.answers.entry(status).or_default() += 1);
    }

    pub(crate) fn collected(&self, events: u64, lacking: Lacking) {
        self.with(|counts| {
            counts.events += events;
            counts.lacking.person += lacking.person;
            counts.lacking.place += lacking.place;
            counts.lacking.age += lacking.age;
            counts.lacking.consent += lacking.consent;
        });
    }

    pub(crate) fn decided<'t>(
        &self,
        recipient: &str,
        tallies: impl IntoIterator<Item = &'t Tally>,
    ) {
        self.with(|counts| {
            for tally in tallies {
                counts.decisions += 1;
                match tally {
                    Tally::Sent { edited } => counts.add_sent(recipient, *edited),
                    Tally::Refused { clause, why } => counts.add_refused(recipient, clause, *why),
                }
            }
        });
    }

    /// The last verdict of a decision that was counted as sent is: refused.
    pub(crate) fn refused_later(&self, recipient: &str, edited: bool, clause: &str, why: Why) {
        self.with(|counts| {
            counts.sent = counts.sent.saturating_sub(1);
            counts.edited = counts.edited.saturating_sub(u64::from(edited));
            let word = if edited { "edited" } else { "sent" };
            if let Some(count) = counts.verdicts.get_mut(&(recipient.to_owned(), word)) {
                *count = count.saturating_sub(1);
            }
            counts.add_refused(recipient, clause, why);
        });
    }

    pub(crate) fn delivered(&self, events: u64) {
        self.with(|counts| counts.delivered += events);
    }

    pub(crate) fn lost(&self, events: u64) {
        self.with(|counts| counts.lost += events);
    }

    pub(crate) fn retried(&self) {
        self.with(|counts| counts.retries += 1);
    }

    fn with<R>(&self, act: impl FnOnce(&mut Counts) -> R) -> R {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Counts {
    fn add_sent(&mut self, recipient: &str, edited: bool) {
        self.sent += 1;
        self.edited += u64::from(edited);
        let word = if edited { "edited" } else { "sent" };
        *self
            .verdicts
            .entry((recipient.to_owned(), word))
            .or_default() += 1;
    }

    fn add_refused(&mut self, recipient: &str, clause: &str, why: Why) {
        self.refused += 1;
        *self
            .verdicts
            .entry((recipient.to_owned(), "refused"))
            .or_default() += 1;
        *self
            .reasons
            .entry((clause.to_owned(), why.word()))
            .or_default() += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{Counters, Tally};
    use crate::decide::Why;

    #[test]
    fn a_decision_is_counted_once_by_its_last_verdict() {
        let counters = Counters::default();
        counters.decided(
            "Ads",
            [
                &Tally::Sent { edited: true },
                &Tally::Sent { edited: false },
            ],
        );
        counters.refused_later("Ads", true, "B1", Why::Stopped);
        let counts = counters.read();
        assert_eq!(
            (counts.decisions, counts.sent, counts.edited, counts.refused),
            (2, 1, 0, 1)
        );
        assert_eq!(counts.verdicts[&("Ads".to_owned(), "edited")], 0);
        assert_eq!(counts.reasons[&("B1".to_owned(), "stopped")], 1);
    }
}
