//! Guards: who is being sent something right now, so that a withdrawal can wait for it.
//!
//! Taking a guard never waits, for nobody. That a withdrawal misses no send follows from the order
//! of steps: a sender takes its guard, then decides; a withdrawal denies, then looks for guards. A
//! guard it does not find is taken later, and that sender's decision sees the denial.

use std::collections::HashMap;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;

use crate::person::SubjectId;

#[cfg(test)]
mod tests;

/// How many parts people are spread over.
const SHARDS: usize = 256;

/// All guards that are held.
#[derive(Debug)]
pub(crate) struct Guards {
    shards: Box<[Shard]>,
    next: AtomicU64,
}

#[derive(Debug, Default)]
struct Shard {
    held: Mutex<HashMap<SubjectId, Vec<Ticket>>>,
    released: Notify,
}

/// Names one guard in this process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Ticket(u64);

/// Held while something about its people is on its way out.
///
/// Take it *before* the decision at send time, and drop it when the recipient has answered or the
/// connection is gone; count the send timeout from when it was taken. A withdrawal waits for the
/// guards of its person that were taken before it, and for nobody else's.
#[must_use]
pub struct SendGuard {
    guards: Arc<Guards>,
    subjects: Vec<SubjectId>,
    ticket: Ticket,
}

/// Guards that were held at one moment.
#[derive(Debug)]
pub(crate) struct Held {
    guards: Vec<(SubjectId, Ticket)>,
    at: Instant,
}

impl Held {
    /// No guard at all.
    pub(crate) fn none() -> Self {
        Self::now(Vec::new())
    }

    fn now(guards: Vec<(SubjectId, Ticket)>) -> Self {
        Self {
            guards,
            at: Instant::now(),
        }
    }
}

impl Guards {
    pub(crate) fn new() -> Arc<Self> {
        let shards = (0..SHARDS).map(|_| Shard::default()).collect();
        Arc::new(Self {
            shards,
            next: AtomicU64::new(0),
        })
    }

    pub(crate) fn take(self: &Arc<Self>, subjects: &[SubjectId]) -> SendGuard {
        let ticket = Ticket(self.next.fetch_add(1, Ordering::Relaxed));
        let mut subjects = subjects.to_vec();
        subjects.sort_unstable();
        subjects.dedup();
        for subject in &subjects {
            self.shard(*subject)
                .lock()
                .entry(*subject)
                .or_default()
                .push(ticket);
        }
        SendGuard {
            guards: Arc::clone(self),
            subjects,
            ticket,
        }
    }

    /// The guards of these people that are held now.
    pub(crate) fn held(&self, subjects: &[SubjectId]) -> Held {
        let of = |subject: &SubjectId| {
            let held = self.shard(*subject).lock();
            let tickets = held.get(subject).cloned().unwrap_or_default();
            tickets
                .into_iter()
                .map(|ticket| (*subject, ticket))
                .collect::<Vec<_>>()
        };
        Held::now(subjects.iter().flat_map(of).collect())
    }

    /// Everybody's guards that are held now.
    pub(crate) fn held_by_all(&self) -> Held {
        let of = |shard: &Shard| {
            let held = shard.lock();
            let one = |(subject, tickets): (&SubjectId, &Vec<Ticket>)| {
                tickets
                    .iter()
                    .map(|ticket| (*subject, *ticket))
                    .collect::<Vec<_>>()
            };
            held.iter().flat_map(one).collect::<Vec<_>>()
        };
        Held::now(self.shards.iter().flat_map(of).collect())
    }

    /// Waits until all of `held` are dropped, but no longer than `patience` since they were looked
    /// up. Says how many were not.
    pub(crate) async fn dropped(&self, held: &Held, patience: Duration) -> usize {
        let deadline = held.at + patience;
        let mut overdue = 0;
        for (subject, ticket) in &held.guards {
            let gone = self.gone(*subject, *ticket);
            if tokio::time::timeout_at(deadline, gone).await.is_err() {
                overdue += 1;
            }
        }
        overdue
    }

    async fn gone(&self, subject: SubjectId, ticket: Ticket) {
        let shard = self.shard(subject);
        loop {
            let released = shard.released.notified();
            tokio::pin!(released);
            // Listens first and looks then: a release between the two is not missed.
            released.as_mut().enable();
            if !shard.holds(subject, ticket) {
                return;
            }
            released.await;
        }
    }

    fn release(&self, subject: SubjectId, ticket: Ticket) {
        let shard = self.shard(subject);
        let mut held = shard.lock();
        if let Some(tickets) = held.get_mut(&subject) {
            tickets.retain(|other| *other != ticket);
            if tickets.is_empty() {
                held.remove(&subject);
            }
        }
        drop(held);
        shard.released.notify_waiters();
    }

    /// A pseudonym is a keyed hash, so its first byte is as good as any.
    #[expect(
        clippy::indexing_slicing,
        reason = "a byte is below the number of shards"
    )]
    fn shard(&self, subject: SubjectId) -> &Shard {
        let [first, ..] = *subject.as_bytes();
        &self.shards[usize::from(first)]
    }
}

impl Shard {
    fn lock(&self) -> MutexGuard<'_, HashMap<SubjectId, Vec<Ticket>>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn holds(&self, subject: SubjectId, ticket: Ticket) -> bool {
        self.lock()
            .get(&subject)
            .is_some_and(|tickets| tickets.contains(&ticket))
    }
}

impl Drop for SendGuard {
    fn drop(&mut self) {
        for subject in &self.subjects {
            self.guards.release(*subject, self.ticket);
        }
    }
}

impl fmt::Debug for SendGuard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SendGuard")
            .field("people", &self.subjects.len())
            .finish_non_exhaustive()
    }
}
