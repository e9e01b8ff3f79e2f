//! What waits for one recipient, in the order of its entries. The durable copy is the ledger's
//! outbox.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use ledger::Recorded;
use proof::Index;
use tokio::sync::Notify;

use crate::sanitize::Sanitized;

/// One recipient's queue.
#[derive(Debug)]
pub(crate) struct Queue {
    pub(crate) recipient: String,
    held: Mutex<BTreeMap<Index, Held>>,
    /// Bytes of what was put in and is not yet settled, also while it is being sent.
    bytes: AtomicUsize,
    /// Events of all queues that are not yet settled.
    open: Arc<Open>,
    arrived: Notify,
    /// Held while something is being sent: who takes it knows that nothing is in flight.
    pub(crate) sending: tokio::sync::Mutex<()>,
}

/// How many events are not yet settled, over all recipients.
#[derive(Debug, Default)]
pub(crate) struct Open {
    events: AtomicUsize,
    none: Notify,
}

/// One event that waits.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) recorded: Recorded<Sanitized>,
    pub(crate) bytes: usize,
    /// What was kept about its people when it was decided; none after a restart.
    pub(crate) generation: Option<u64>,
    /// Whether the decision counted it as edited; none where it was counted before a restart.
    pub(crate) edited: Option<bool>,
    pub(crate) attempts: u32,
    #[cfg(feature = "controls")]
    pub(crate) stale: Option<crate::facts::Facts>,
}

impl Queue {
    pub(crate) fn new(recipient: String, open: Arc<Open>) -> Self {
        Self {
            recipient,
            held: Mutex::default(),
            bytes: AtomicUsize::new(0),
            open,
            arrived: Notify::new(),
            sending: tokio::sync::Mutex::new(()),
        }
    }

    /// Puts in what is new.
    pub(crate) fn push(&self, held: Held) {
        self.bytes.fetch_add(held.bytes, Ordering::Relaxed);
        self.open.begin();
        self.put(held);
        self.arrived.notify_one();
    }

    /// Puts back what was taken and is to be tried again.
    pub(crate) fn put_back(&self, held: impl IntoIterator<Item = Held>) {
        held.into_iter().for_each(|held| self.put(held));
    }

    /// Takes the first events, at most `max` and only as long as `same` holds between the first one
    /// and the next; waits until there is one.
    pub(crate) async fn take(&self, max: usize, same: impl Fn(&Held, &Held) -> bool) -> Vec<Held> {
        loop {
            let arrived = self.arrived.notified();
            let taken = self.take_now(max, &same);
            if !taken.is_empty() {
                return taken;
            }
            arrived.await;
        }
    }

    fn take_now(&self, max: usize, same: &impl Fn(&Held, &Held) -> bool) -> Vec<Held> {
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let mut taken: Vec<Held> = Vec::new();
        while taken.len() < max {
            let Some(next) = held.first_entry() else {
                break;
            };
            if taken.first().is_some_and(|first| !same(first, next.get())) {
                break;
            }
            taken.push(next.remove());
        }
        taken
    }

    /// Says that these are over, whatever became of them.
    pub(crate) fn settled<'h>(&self, held: impl IntoIterator<Item = &'h Held>) {
        held.into_iter().for_each(|held| self.over(held.bytes));
    }

    /// Says that one event of so many bytes is over.
    pub(crate) fn over(&self, bytes: usize) {
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
        self.open.end();
    }

    /// Bytes that wait.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes.load(Ordering::Relaxed)
    }

    /// When the oldest was recorded, in Unix milliseconds.
    pub(crate) fn oldest_ms(&self) -> Option<i64> {
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        held.first_key_value()
            .map(|(_, held)| held.recorded.meta().recorded_ms)
    }

    fn put(&self, held: Held) {
        let index = held.recorded.meta().index;
        self.held
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(index, held);
    }
}

/// Counts as open until it is dropped.
#[derive(Debug)]
pub(crate) struct OpenOne(Arc<Open>);

impl Drop for OpenOne {
    fn drop(&mut self) {
        self.0.end();
    }
}

impl Open {
    /// One more, until what is returned is dropped.
    pub(crate) fn one(self: &Arc<Self>) -> OpenOne {
        self.begin();
        OpenOne(Arc::clone(self))
    }

    fn begin(&self) {
        self.events.fetch_add(1, Ordering::AcqRel);
    }

    fn end(&self) {
        if self.events.fetch_sub(1, Ordering::AcqRel) == 1 {
            self.none.notify_waiters();
        }
    }

    /// How many.
    pub(crate) fn events(&self) -> usize {
        self.events.load(Ordering::Acquire)
    }

    /// Waits until there is none.
    pub(crate) async fn none(&self) {
        loop {
            let none = self.none.notified();
            tokio::pin!(none);
            none.as_mut().enable();
            if self.events() == 0 {
                return;
            }
            none.await;
        }
    }
}
