//! One caller's part of a group.

use tokio::sync::oneshot;

use crate::StoreError;
use crate::stage::{BoxFuture, Tx};

/// What the writer does for one caller, whatever that caller's type of answer.
pub(crate) trait Job: Send {
    /// Whether it runs SQL, and so needs a savepoint of its own.
    fn is_sql(&self) -> bool;

    /// Does the work. The answer is kept until [`Job::answer`].
    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Tells the caller how the work, or else the whole group, ended.
    fn answer(self: Box<Self>, group: Result<(), StoreError>);
}

/// SQL of a caller.
pub(crate) struct SqlJob<R, J> {
    job: Option<J>,
    answer: Option<Result<R, StoreError>>,
    reply: oneshot::Sender<Result<R, StoreError>>,
}

impl<R, J> SqlJob<R, J> {
    pub(crate) fn new(job: J, reply: oneshot::Sender<Result<R, StoreError>>) -> Self {
        Self {
            job: Some(job),
            answer: None,
            reply,
        }
    }
}

impl<R, J> Job for SqlJob<R, J>
where
    R: Send + 'static,
    J: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<R, StoreError>> + Send + 'static,
{
    fn is_sql(&self) -> bool {
        true
    }

    fn run<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let Some(job) = self.job.take() else {
                return Ok(());
            };
            let answer = job(tx)
                .await
                .map_err(|error| error.of_group().unwrap_or(error));
            let outcome = answer.as_ref().map(|_| ()).map_err(StoreError::clone);
            self.answer = Some(answer);
            outcome
        })
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        let answer = match (group, self.answer) {
            (Ok(()), Some(answer)) => answer,
            (Err(_), Some(Err(own))) => Err(own),
            (Err(error), _) => Err(error),
            (Ok(()), None) => Err(StoreError::Closed),
        };
        // A caller that has gone away does not want the answer.
        self.reply.send(answer).ok();
    }
}

/// A push into some stage's list of what is pending.
pub(crate) struct PushJob<P> {
    push: Option<P>,
    reply: oneshot::Sender<Result<(), StoreError>>,
}

impl<P> PushJob<P> {
    pub(crate) fn new(push: P, reply: oneshot::Sender<Result<(), StoreError>>) -> Self {
        Self {
            push: Some(push),
            reply,
        }
    }
}

impl<P: FnOnce() + Send + 'static> Job for PushJob<P> {
    fn is_sql(&self) -> bool {
        false
    }

    fn run<'a>(&'a mut self, _tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>> {
        if let Some(push) = self.push.take() {
            push();
        }
        Box::pin(std::future::ready(Ok(())))
    }

    fn answer(self: Box<Self>, group: Result<(), StoreError>) {
        // A caller that has gone away does not want the answer.
        self.reply.send(group).ok();
    }
}
