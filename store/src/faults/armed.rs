//! The build for tests.

use std::sync::{Arc, Mutex, PoisonError};

use super::CrashPoint;
use crate::StoreError;

/// What is wrong with the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fault {
    /// Nothing.
    #[default]
    None,
    /// Each commit fails as if the disk were full.
    DiskFull,
    /// Nothing can be submitted, and what was is not kept.
    Down,
}

/// The switches of one store.
#[derive(Clone, Debug, Default)]
pub struct Faults(Arc<Mutex<Switches>>);

#[derive(Debug, Default)]
struct Switches {
    fault: Fault,
    ack_before_commit: bool,
    crash: Option<(CrashPoint, u64)>,
}

impl Faults {
    /// Sets the fault from the next commit on.
    pub fn set(&self, fault: Fault) {
        self.with(|switches| switches.fault = fault);
    }

    /// The planted bug `ack-before-commit`: callers are answered before their group is durable.
    pub fn ack_before_commit(&self, on: bool) {
        self.with(|switches| switches.ack_before_commit = on);
    }

    /// Aborts the process when it passes `point` for the `nth` time from now, counted from one.
    pub fn crash_at(&self, point: CrashPoint, nth: u64) {
        self.with(|switches| switches.crash = Some((point, nth)));
    }

    pub(crate) fn refusal(&self) -> Option<StoreError> {
        self.with(|switches| (switches.fault == Fault::Down).then_some(StoreError::Down))
    }

    pub(crate) fn disk_is_full(&self) -> bool {
        self.with(|switches| switches.fault == Fault::DiskFull)
    }

    pub(crate) fn answers_before_commit(&self) -> bool {
        self.with(|switches| switches.ack_before_commit)
    }

    pub(crate) fn pass(&self, point: CrashPoint) {
        let crash = self.with(|switches| match &mut switches.crash {
            Some((armed, left)) if *armed == point => {
                *left = left.saturating_sub(1);
                *left == 0
            }
            Some(_) | None => false,
        });
        if crash {
            std::process::abort();
        }
    }

    fn with<R>(&self, look: impl FnOnce(&mut Switches) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
