//! Protective acts that the database could not take, until it can.

use std::sync::{Mutex, MutexGuard, PoisonError};

use store::{Reserve, StoreError};

use super::Inner;
use crate::act::{ActId, ConsentRecord};
use crate::{ConsentError, frame, rows};

/// The reserve file, and what is in it.
#[derive(Debug)]
pub(crate) struct Reserved {
    file: Reserve,
    records: Mutex<Vec<ConsentRecord>>,
    /// Frames in the file: also those of acts that are in the database by now.
    turn: tokio::sync::Mutex<()>,
}

impl Reserved {
    /// Reads the file.
    pub(crate) async fn open(file: Reserve) -> Result<Self, ConsentError> {
        let reading = file.clone();
        let frames = blocking(move || reading.replay()).await?;
        let damaged = ConsentError::Damaged {
            what: "a frame of the reserve file",
        };
        let records: Option<Vec<_>> = frames.iter().map(|bytes| frame::read(bytes)).collect();
        let records = Mutex::new(records.ok_or(damaged)?);
        Ok(Self {
            file,
            records,
            turn: tokio::sync::Mutex::default(),
        })
    }

    /// Adds an act; it is durable when this returns.
    pub(crate) async fn append(&self, record: ConsentRecord) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let (file, bytes) = (self.file.clone(), frame::write(&record));
        blocking(move || file.append(&bytes)).await?;
        self.lock().push(record);
        Ok(())
    }

    pub(crate) fn find(&self, id: ActId) -> Option<ConsentRecord> {
        self.lock()
            .iter()
            .find(|record| record.act.id == id)
            .cloned()
    }

    /// What is in the file and not known to be in the database, in order.
    pub(crate) fn records(&self) -> Vec<ConsentRecord> {
        self.lock().clone()
    }

    /// Forgets everything, if there is no more than `frames` by now.
    async fn clear(&self, frames: usize) -> Result<(), StoreError> {
        let _turn = self.turn.lock().await;
        let file = self.file.clone();
        if blocking(move || file.clear(frames)).await? {
            self.lock().clear();
        }
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, Vec<ConsentRecord>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Inner {
    /// Brings the acts in the reserve file into the database, then empties the file. Doing it
    /// twice does no harm: an act that is in the database already is passed over.
    pub(crate) async fn replay(&self) -> Result<(), ConsentError> {
        let records = self.reserved.records();
        let frames = records.len();
        if frames == 0 {
            return Ok(());
        }
        for record in records {
            if rows::kept_as(self.store.readers(), record.act.id)
                .await?
                .is_none()
            {
                self.write(record).await?;
            }
        }
        self.reserved.clear(frames).await?;
        tracing::info!(frames, "acts from the reserve file are in the database");
        Ok(())
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, StoreError> + Send + 'static,
) -> Result<T, StoreError> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| StoreError::Closed)?
}
