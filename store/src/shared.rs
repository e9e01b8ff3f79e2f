//! What the handles and the writer both hold.

use std::fs::File;
use std::sync::{Mutex, PoisonError};

use sqlx::SqlitePool;
use tokio::sync::watch;

use crate::faults::Faults;
use crate::queue::Queue;
use crate::stage::Stage;
use crate::{State, StoreError};

pub(crate) struct Shared {
    pub(crate) queue: Queue,
    pub(crate) faults: Faults,
    pub(crate) readers: SqlitePool,
    pub(crate) state: watch::Sender<State>,
    /// Turns true when the writer has ended and the file is unlocked.
    pub(crate) ended: watch::Sender<bool>,
    /// Stages that the writer has not taken over yet.
    arriving: Mutex<Vec<Box<dyn Stage>>>,
    /// Held for as long as this process may write.
    lock: Mutex<Option<File>>,
}

impl Shared {
    pub(crate) fn new(queue: Queue, readers: SqlitePool, lock: File) -> Self {
        Self {
            queue,
            faults: Faults::default(),
            readers,
            state: watch::Sender::new(State::Ready),
            ended: watch::Sender::new(false),
            arriving: Mutex::default(),
            lock: Mutex::new(Some(lock)),
        }
    }

    pub(crate) fn arrive(&self, stage: Box<dyn Stage>) {
        let mut arriving = self.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        arriving.push(stage);
    }

    pub(crate) fn arrived(&self) -> Vec<Box<dyn Stage>> {
        let mut arriving = self.arriving.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *arriving)
    }

    /// Notes the state after a group. A failed store stays failed.
    pub(crate) fn enter(&self, next: State) {
        self.state.send_if_modified(|state| {
            let changes = *state != State::Failed && *state != next;
            if changes {
                *state = next;
            }
            changes
        });
    }

    /// Stops for ever. Nobody gets an answer that says something was kept.
    pub(crate) fn fail(&self) {
        self.enter(State::Failed);
        self.queue.abandon(StoreError::Failed);
    }

    /// What to tell a caller whose job was dropped.
    pub(crate) fn gone(&self) -> StoreError {
        match *self.state.borrow() {
            State::Failed => StoreError::Failed,
            State::Ready | State::Full => StoreError::Closed,
        }
    }

    /// Lets other processes open the database.
    pub(crate) fn unlock(&self) {
        drop(
            self.lock
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
        self.ended.send_replace(true);
    }
}
