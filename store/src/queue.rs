//! The lanes: what waits for the writer, people's rights in front.

use std::sync::{Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

use crate::job::Job;
use crate::{Lane, StoreError};

/// Three lanes; only the one for data is bounded.
pub(crate) struct Queue {
    lanes: Mutex<Lanes>,
    wake: Notify,
    data_max: usize,
}

#[derive(Default)]
struct Lanes {
    rights: Vec<Box<dyn Job>>,
    house: Vec<Box<dyn Job>>,
    data: Vec<Box<dyn Job>>,
    closed: Option<StoreError>,
}

impl Queue {
    pub(crate) fn new(data_max: usize) -> Self {
        Self {
            lanes: Mutex::default(),
            wake: Notify::new(),
            data_max,
        }
    }

    /// Lines a job up.
    pub(crate) fn push(&self, lane: Lane, job: Box<dyn Job>) -> Result<(), StoreError> {
        let mut lanes = self.lanes();
        if let Some(error) = &lanes.closed {
            return Err(error.clone());
        }
        match lane {
            // Never turned away, whatever the load (DESIGN invariant I5).
            Lane::Rights => lanes.rights.push(job),
            Lane::House => lanes.house.push(job),
            Lane::Data if lanes.data.len() >= self.data_max => return Err(StoreError::Busy),
            Lane::Data => lanes.data.push(job),
        }
        drop(lanes);
        self.wake.notify_one();
        Ok(())
    }

    /// All that waits, in the order of the lanes; `None` once closed and empty.
    pub(crate) async fn next_group(&self) -> Option<Vec<Box<dyn Job>>> {
        loop {
            let woken = self.wake.notified();
            {
                let mut lanes = self.lanes();
                let mut group = std::mem::take(&mut lanes.rights);
                group.append(&mut lanes.house);
                group.append(&mut lanes.data);
                if !group.is_empty() {
                    return Some(group);
                }
                if lanes.closed.is_some() {
                    return None;
                }
            }
            woken.await;
        }
    }

    /// Turns later jobs away with `error`. What waits already is still served.
    pub(crate) fn close(&self, error: StoreError) {
        self.lanes().closed.get_or_insert(error);
        self.wake.notify_one();
    }

    /// Turns everything away with `error`, now. Callers see their job dropped.
    pub(crate) fn abandon(&self, error: StoreError) {
        let dropped = {
            let mut lanes = self.lanes();
            lanes.closed = Some(error);
            let lanes = &mut *lanes;
            [&mut lanes.rights, &mut lanes.house, &mut lanes.data].map(std::mem::take)
        };
        drop(dropped);
        self.wake.notify_one();
    }

    fn lanes(&self) -> MutexGuard<'_, Lanes> {
        self.lanes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
