//! Caps: at most so many events a person in a window.
//!
//! Memory is where it is counted, and the database keeps the counts: loaded at the start, written
//! in the same commit as the entry of the decision. Nothing is ever given back.

mod window;

use std::collections::{BTreeMap, HashMap};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use policy::ast::CapWindow;
use policy::situation::Millis;
use thiserror::Error;

use crate::SubjectId;
use crate::rows::{CapRow, Pending};
pub(crate) use window::{Window, oldest_kept};

#[cfg(test)]
mod tests;

/// The durable counters. Cloning is cheap.
#[derive(Clone, Debug)]
pub struct Caps(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    /// By window, so that old ones go together.
    taken: Mutex<BTreeMap<Window, Counts>>,
    pending: Arc<Pending>,
}

type Counts = HashMap<(Arc<str>, SubjectId), u32>;

/// One event counted for each of its people. It becomes durable with the entry of the decision.
#[must_use]
pub struct CapTicket {
    rows: Vec<CapRow>,
    pending: Arc<Pending>,
}

/// Why an event may not be counted.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum CapReached {
    /// One of its people has had as many as the clause allows.
    #[error("the cap is reached")]
    Reached,
    /// The event names nobody, so nothing shows that the cap is not reached.
    #[error("the event names nobody to count for")]
    Nobody,
}

impl Caps {
    pub(crate) fn new(pending: Arc<Pending>, kept: Vec<(CapRow, u32)>) -> Self {
        let mut taken: BTreeMap<Window, Counts> = BTreeMap::new();
        for (row, count) in kept {
            taken
                .entry(row.window)
                .or_default()
                .insert((row.clause, row.subject), count);
        }
        Self(Arc::new(Inner {
            taken: Mutex::new(taken),
            pending,
        }))
    }

    /// Counts one event for each of `subjects` (pseudonyms of one event), for a clause, in the
    /// window that `now` lies in: the UTC day, or the ISO 8601 week (from Monday, UTC).
    ///
    /// It counts at once and gives nothing back, whatever becomes of the event: a cap is never
    /// passed, at worst it is reached early.
    ///
    /// # Errors
    /// [`CapReached`]; then nothing was counted.
    pub fn try_take(
        &self,
        subjects: &[SubjectId],
        clause: &str,
        per: CapWindow,
        limit: u32,
        now: Millis,
    ) -> Result<CapTicket, CapReached> {
        if subjects.is_empty() {
            return Err(CapReached::Nobody);
        }
        let window = Window::of(per, now);
        let clause: Arc<str> = clause.into();
        let mut people = subjects.to_vec();
        people.sort_unstable();
        people.dedup();

        let mut taken = self.0.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if !taken.contains_key(&window) {
            taken.retain(|window, _| window.start_day() >= oldest_kept(now));
        }
        let counts = taken.entry(window).or_default();
        let key = |subject: SubjectId| (Arc::clone(&clause), subject);
        let full = |subject: &SubjectId| counts.get(&key(*subject)).is_some_and(|n| *n >= limit);
        if limit == 0 || people.iter().any(full) {
            return Err(CapReached::Reached);
        }
        for subject in &people {
            *counts.entry(key(*subject)).or_default() += 1;
        }
        drop(taken);

        let row = |subject| CapRow {
            subject,
            clause: Arc::clone(&clause),
            window,
        };
        Ok(CapTicket {
            rows: people.into_iter().map(row).collect(),
            pending: Arc::clone(&self.0.pending),
        })
    }
}

impl CapTicket {
    /// Writes the count in the group that is being committed: call it from the `also` of
    /// [`ledger::Ledger::record`], and nowhere else.
    pub fn commit(self) {
        self.pending.push_caps(self.rows);
    }
}

impl fmt::Debug for CapTicket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CapTicket")
            .field("people", &self.rows.len())
            .finish_non_exhaustive()
    }
}
