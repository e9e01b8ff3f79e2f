//! The handle that crates hold.

use std::fmt;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::SqlitePool;
use tokio::sync::oneshot;

use crate::job::{Job, PushJob, SqlJob};
use crate::queue::Queue;
use crate::shared::Shared;
use crate::stage::{BoxFuture, Stage, Tx};
use crate::writer::Writer;
use crate::{StoreError, connect, migrations};

#[cfg(test)]
mod tests;

/// Who is served first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lane {
    /// People's rights. First in every group, and never turned away.
    Rights,
    /// What the program needs for itself: outbox, checkpoints.
    House,
    /// Events. Bounded: [`StoreError::Busy`] when full.
    Data,
}

/// Whether the store can be written to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It can.
    Ready,
    /// The last group found no room (or a test says the database is down). It may pass again.
    Full,
    /// It never will again in this process: stop answering and exit.
    Failed,
}

/// How a store behaves.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many jobs may wait in [`Lane::Data`].
    pub queue: usize,
    /// Waited before each commit, so that figures measured where flushing is nearly free say
    /// something about disks where it is not. Zero in production.
    pub commit_delay: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            queue: 4096,
            commit_delay: Duration::ZERO,
        }
    }
}

/// The database. Cloning is cheap; the writer ends, and the file is unlocked, with the last clone.
#[derive(Clone)]
pub struct Store(Arc<Handle>);

struct Handle(Arc<Shared>);

impl Drop for Handle {
    fn drop(&mut self) {
        self.0.queue.close(StoreError::Closed);
    }
}

impl Store {
    /// Opens the database, creates it if it is missing, and brings its schema up to date.
    ///
    /// # Errors
    /// [`StoreError::Locked`], [`StoreError::NotADatabase`], [`StoreError::Open`],
    /// [`StoreError::Version`], [`StoreError::Setting`], [`StoreError::Migration`],
    /// [`StoreError::File`] or [`StoreError::Sql`].
    pub async fn open(path: &Path, options: Options) -> Result<Self, StoreError> {
        // Before SQLite looks at the file: recovery must not run beside a living process.
        let lock = connect::lock(path)?;
        let mut connection = connect::writer(path).await?;
        migrations::run(path, &mut connection).await?;
        connect::sync_folder(path)?;
        let readers = connect::readers(path).await?;
        let shared = Arc::new(Shared::new(Queue::new(options.queue), readers, lock));
        let writer = Writer::new(Tx(connection), options.commit_delay, Arc::clone(&shared));
        tokio::spawn(writer.run());
        Ok(Self(Arc::new(Handle(shared))))
    }

    /// Adds a stage to every group from now on, after those already there.
    ///
    /// # Errors
    /// As [`Store::submit`].
    pub async fn register(&self, stage: Box<dyn Stage>) -> Result<(), StoreError> {
        self.shared().arrive(stage);
        self.stage(Lane::House, || ()).await
    }

    /// Runs `push` on the writer, inside the next group; resolves when that group is durable.
    ///
    /// # Errors
    /// As [`Store::submit`].
    pub async fn stage(
        &self,
        lane: Lane,
        push: impl FnOnce() + Send + 'static,
    ) -> Result<(), StoreError> {
        let (reply, answer) = oneshot::channel();
        self.answered(lane, Box::new(PushJob::new(push, reply)), answer)
            .await
    }

    /// Runs `job` in the next group, inside a savepoint of its own; resolves when the group is
    /// durable. If the caller goes away meanwhile, the job still runs.
    ///
    /// # Errors
    /// The job's own error, which undoes only the job; [`StoreError::Busy`], [`StoreError::Full`],
    /// [`StoreError::Failed`] or [`StoreError::Closed`].
    pub async fn submit<R, J>(&self, lane: Lane, job: J) -> Result<R, StoreError>
    where
        R: Send + 'static,
        J: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R, StoreError>> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.answered(lane, Box::new(SqlJob::new(job, reply)), answer)
            .await
    }

    /// Connections that can only read. They see what is committed.
    #[must_use]
    pub fn readers(&self) -> &SqlitePool {
        &self.shared().readers
    }

    /// Whether it can be written to.
    #[must_use]
    pub fn state(&self) -> State {
        let state = *self.shared().state.borrow();
        match (state, self.shared().faults.refusal()) {
            (State::Ready, Some(_)) => State::Full,
            (state, _) => state,
        }
    }

    /// Resolves when the store has failed for ever. `cli` exits with 3 then.
    pub async fn failed(&self) {
        let mut states = self.shared().state.subscribe();
        // The sender lives in this handle, so the channel does not close meanwhile.
        states.wait_for(|state| *state == State::Failed).await.ok();
    }

    /// Stops for ever, because a caller found that stored bytes are not what was committed.
    pub fn fail(&self) {
        self.shared().fail();
    }

    /// Finishes what is queued, moves the WAL into the database and unlocks it.
    ///
    /// # Errors
    /// [`StoreError::Failed`]: the file stays locked until the process ends.
    pub async fn close(&self) -> Result<(), StoreError> {
        self.shared().queue.close(StoreError::Closed);
        let mut ended = self.shared().ended.subscribe();
        ended.wait_for(|ended| *ended).await.ok();
        match self.state() {
            State::Failed => Err(StoreError::Failed),
            State::Ready | State::Full => Ok(()),
        }
    }

    /// The switches of injected faults.
    #[cfg(feature = "controls")]
    #[must_use]
    pub fn faults(&self) -> crate::Faults {
        self.shared().faults.clone()
    }

    async fn answered<R>(
        &self,
        lane: Lane,
        job: Box<dyn Job>,
        answer: oneshot::Receiver<Result<R, StoreError>>,
    ) -> Result<R, StoreError> {
        if let Some(refusal) = self.shared().faults.refusal() {
            return Err(refusal);
        }
        self.shared().queue.push(lane, job)?;
        answer.await.unwrap_or_else(|_| Err(self.shared().gone()))
    }

    fn shared(&self) -> &Shared {
        &self.0.0
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store")
            .field("state", &self.state())
            .finish_non_exhaustive()
    }
}
