//! The one task that writes.
//!
//! Nothing else touches the write connection, and nothing cancels this task: a transaction is
//! never left half open by a client that went away.

use std::sync::Arc;
use std::time::Duration;

use sqlx::Connection as _;
use tracing::{error, warn};

use crate::faults::CrashPoint;
use crate::job::Job;
use crate::shared::Shared;
use crate::stage::{Stage, Tx};
use crate::{State, StoreError};

/// The WAL is moved into the database when it holds more than this.
const WAL_BYTES_MAX: i64 = 4 * 1024 * 1024;
/// A page of the database and its frame header in the WAL.
const WAL_FRAME_BYTES: i64 = 4096 + 24;

pub(crate) struct Writer {
    tx: Tx,
    stages: Vec<Box<dyn Stage>>,
    commit_delay: Duration,
    shared: Arc<Shared>,
}

impl Writer {
    pub(crate) fn new(tx: Tx, commit_delay: Duration, shared: Arc<Shared>) -> Self {
        Self {
            tx,
            stages: Vec::new(),
            commit_delay,
            shared,
        }
    }

    /// Commits group after group until the queue is closed or the store has failed.
    pub(crate) async fn run(mut self) {
        let _guard = PanicGuard(Arc::clone(&self.shared));
        // No timer: a group is what queued while the last commit ran.
        while let Some(jobs) = self.shared.queue.next_group().await {
            self.stages.append(&mut self.shared.arrived());
            self.group(jobs).await;
            if *self.shared.state.borrow() == State::Failed {
                return self.abandon();
            }
        }
        self.close().await;
    }

    /// One group, from its first job to the last answer.
    async fn group(&mut self, mut jobs: Vec<Box<dyn Job>>) {
        let faults = self.shared.faults.clone();
        faults.pass(CrashPoint::BeforeBegin);
        let mut outcome = self.write(&mut jobs).await;
        if outcome.is_ok() && faults.answers_before_commit() {
            // The planted bug: what is said here may never become true.
            self.answer(std::mem::take(&mut jobs), &outcome);
            // As slow as a disk: the answer is out before the truth is known.
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        if outcome.is_ok() {
            outcome = self.commit().await;
        }
        match &outcome {
            Ok(()) => self.shared.enter(State::Ready),
            Err(StoreError::Failed) => {
                error!("the database failed: nothing is acknowledged any more");
                self.shared.fail();
            }
            Err(cause) => {
                warn!(%cause, "a group was undone");
                self.roll_back().await;
                if matches!(cause, StoreError::Full | StoreError::Down) {
                    self.shared.enter(State::Full);
                }
            }
        }
        self.answer(jobs, &outcome);
        if outcome.is_ok() {
            self.checkpoint_wal().await;
        }
    }

    /// Opens the transaction and lets jobs and stages write. An error is the whole group's.
    async fn write(&mut self, jobs: &mut [Box<dyn Job>]) -> Result<(), StoreError> {
        if let Some(refusal) = self.shared.faults.refusal() {
            return Err(refusal);
        }
        self.execute("BEGIN IMMEDIATE").await?;
        for job in jobs {
            self.job(job.as_mut()).await?;
        }
        for stage in &mut self.stages {
            stage
                .before_commit(&mut self.tx)
                .await
                .map_err(|error| error.of_group().unwrap_or(error))?;
        }
        self.shared.faults.pass(CrashPoint::AfterStages);
        Ok(())
    }

    /// Runs one job so that its failure undoes nobody else's work.
    async fn job(&mut self, job: &mut dyn Job) -> Result<(), StoreError> {
        if !job.is_sql() {
            return job.run(&mut self.tx).await;
        }
        self.execute("SAVEPOINT job").await?;
        if let Err(error) = job.run(&mut self.tx).await {
            if let Some(error) = error.of_group() {
                return Err(error);
            }
            self.execute("ROLLBACK TO job").await?;
        }
        self.execute("RELEASE job").await
    }

    /// Makes the group durable.
    ///
    /// Crash order: entries, sidecars, outbox rows, choices and caps of one group are one
    /// transaction. If we crash before `COMMIT` returns, nobody was answered: the group is there
    /// whole or not at all, clients send again, and recipients dedupe by message id. If we crash
    /// after it, recovery delivers from the outbox, and recipients dedupe by message id.
    async fn commit(&mut self) -> Result<(), StoreError> {
        if !self.commit_delay.is_zero() {
            tokio::time::sleep(self.commit_delay).await;
        }
        self.shared.faults.pass(CrashPoint::BeforeCommit);
        if self.shared.faults.disk_is_full() {
            return Err(StoreError::Full);
        }
        match self.execute("COMMIT").await {
            // The commit record is the last thing written: if it did not fit, it is not there.
            Err(StoreError::Full) => Err(StoreError::Full),
            // After a failed flush the page cache may show what the disk does not have. So the
            // outcome is unknown, and reading it back would prove nothing.
            Err(_) => Err(StoreError::Failed),
            Ok(()) => {
                self.shared.faults.pass(CrashPoint::AfterCommit);
                Ok(())
            }
        }
    }

    async fn roll_back(&mut self) {
        // SQLite has rolled back by itself where it says that no transaction is active.
        if let Err(StoreError::Failed) = self.execute("ROLLBACK").await {
            self.shared.fail();
        }
    }

    /// Tells the stages, then the callers, how it ended.
    fn answer(&mut self, jobs: Vec<Box<dyn Job>>, outcome: &Result<(), StoreError>) {
        for stage in &mut self.stages {
            match outcome {
                Ok(()) => stage.after_commit(),
                Err(_) => stage.after_rollback(),
            }
        }
        if outcome.is_ok() {
            self.shared.faults.pass(CrashPoint::BeforeAnswer);
        }
        for job in jobs {
            job.answer(outcome.clone());
        }
    }

    /// Moves the WAL into the database when it has grown, while nobody waits for a commit.
    async fn checkpoint_wal(&mut self) {
        let frames = match self.wal_frames("PRAGMA wal_checkpoint(NOOP)").await {
            Ok((frames, moved)) if moved < frames => frames,
            Ok(_) => return,
            Err(cause) => return warn!(%cause, "the size of the WAL is not known"),
        };
        if frames.saturating_mul(WAL_FRAME_BYTES) <= WAL_BYTES_MAX {
            return;
        }
        match self.wal_frames("PRAGMA wal_checkpoint(PASSIVE)").await {
            Ok(_) => {}
            Err(StoreError::Failed) => self.shared.fail(),
            // Nothing is lost: the WAL holds it all, and the next group tries again.
            Err(cause) => warn!(%cause, "the WAL could not be moved into the database"),
        }
    }

    /// Frames in the WAL, and how many of them are in the database already.
    async fn wal_frames(&mut self, pragma: &'static str) -> Result<(i64, i64), StoreError> {
        let row: (i64, i64, i64) = sqlx::query_as(pragma)
            .fetch_one(&mut *self.tx)
            .await
            .map_err(of_group)?;
        Ok((row.1, row.2))
    }

    async fn execute(&mut self, statement: &'static str) -> Result<(), StoreError> {
        sqlx::query(statement)
            .execute(&mut *self.tx)
            .await
            .map_err(of_group)?;
        Ok(())
    }

    /// An orderly end: all of it in one file.
    async fn close(mut self) {
        self.shared.readers.close().await;
        if let Err(cause) = self.wal_frames("PRAGMA wal_checkpoint(TRUNCATE)").await {
            warn!(%cause, "the WAL could not be moved into the database; the next start reads it");
        }
        if let Err(cause) = self.tx.0.close().await {
            warn!(%cause, "the database was not closed in order; the next start recovers it");
        }
        self.shared.unlock();
    }

    /// The end of a failed store. Closing the connection would make SQLite copy the WAL, whose
    /// pages may not be what is on the disk: so it is left as it is until the process ends.
    fn abandon(self) {
        std::mem::forget(self.tx);
        self.shared.ended.send_replace(true);
    }
}

/// An error of the write connection, as the whole group's where it is one.
fn of_group(error: sqlx::Error) -> StoreError {
    let error = StoreError::from(error);
    error.of_group().unwrap_or(error)
}

/// A panic in a job or stage leaves a transaction of unknown content: nothing goes on after it.
struct PanicGuard(Arc<Shared>);

impl Drop for PanicGuard {
    fn drop(&mut self) {
        if std::thread::panicking() {
            self.0.fail();
            self.0.ended.send_replace(true);
        }
    }
}
