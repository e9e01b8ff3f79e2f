//! The emergency brake: nothing of a recipient, a source or a purpose passes while it is stopped.
//!
//! A stop is effective before it is acknowledged, also for what is being sent. Resuming takes two
//! people, so that nobody opens alone what somebody closed in an emergency.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use ledger::{Draft, Ledger};
use proof::Hash;
use proof::entry::{Body, SwitchState, SwitchWhat};
use store::{Clock, Lane, Store};
use tokio::time::timeout;

use crate::error::GatewayError;
use crate::queue::Queue;

/// What is stopped, and how to stop and resume.
#[derive(Debug)]
pub struct Stops {
    store: Store,
    ledger: Ledger,
    clock: Clock,
    queues: Vec<Arc<Queue>>,
    send_timeout: Duration,
    stopped: RwLock<BTreeMap<(SwitchWhat, String), Stopped>>,
    /// One change at a time, so that view and database agree.
    changing: tokio::sync::Mutex<()>,
}

/// A stop in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stopped {
    /// Since when: Unix milliseconds.
    pub since_ms: i64,
    /// Who first asked to resume, if anybody did.
    pub resumed_by: Option<String>,
}

/// What came of asking to resume.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Resume {
    /// Somebody else has to ask too.
    AnotherPerson,
    /// The policy alone decides again.
    Resumed,
}

impl Stops {
    /// Loads the stops in force.
    pub(crate) async fn open(
        store: Store,
        ledger: Ledger,
        clock: Clock,
        queues: Vec<Arc<Queue>>,
        send_timeout: Duration,
    ) -> Result<Self, GatewayError> {
        let rows: Vec<(i64, String, i64, Option<String>)> =
            sqlx::query_as("SELECT what, name, stopped_ms, resumed_by FROM gateway_switch")
                .fetch_all(store.readers())
                .await
                .map_err(store::StoreError::from)?;
        let stopped = rows
            .into_iter()
            .filter_map(|(what, name, since_ms, resumed_by)| {
                let what = SwitchWhat::from_code(u64::try_from(what).ok()?)?;
                Some((
                    (what, name),
                    Stopped {
                        since_ms,
                        resumed_by,
                    },
                ))
            });
        let stopped = RwLock::new(stopped.collect());
        let changing = tokio::sync::Mutex::default();
        Ok(Self {
            store,
            ledger,
            clock,
            queues,
            send_timeout,
            stopped,
            changing,
        })
    }

    /// What is stopped.
    #[must_use]
    pub fn list(&self) -> Vec<(SwitchWhat, String, Stopped)> {
        let stopped = self.stopped.read().unwrap_or_else(PoisonError::into_inner);
        let rows = stopped.iter();
        rows.map(|((what, name), stopped)| (*what, name.clone(), stopped.clone()))
            .collect()
    }

    /// Whether a flow is stopped.
    pub(crate) fn holds(&self, source: &str, recipient: &str, purpose: &str) -> bool {
        let stopped = self.stopped.read().unwrap_or_else(PoisonError::into_inner);
        stopped.keys().any(|(what, name)| {
            let named = match what {
                SwitchWhat::Recipient => recipient,
                SwitchWhat::Source => source,
                SwitchWhat::Purpose => purpose,
            };
            name == named
        })
    }

    /// Stops something. When this returns, nothing of it is under way and nothing will be.
    ///
    /// # Errors
    /// [`GatewayError::Store`] or [`GatewayError::Ledger`]: it is stopped in this process, but
    /// would not be after a restart.
    pub async fn stop(
        &self,
        what: SwitchWhat,
        name: &str,
        because: &str,
    ) -> Result<(), GatewayError> {
        let _changing = self.changing.lock().await;
        let since_ms = self.clock.now_ms();
        let stop = Stopped {
            since_ms,
            resumed_by: None,
        };
        self.stopped
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((what, name.to_owned()), stop);
        let kept = self.keep(what, name, since_ms, because).await;
        self.wait_for_sends().await;
        kept
    }

    async fn keep(
        &self,
        what: SwitchWhat,
        name: &str,
        since_ms: i64,
        because: &str,
    ) -> Result<(), GatewayError> {
        let row = (code(what), name.to_owned(), since_ms);
        self.store
            .submit(Lane::Rights, move |tx| {
                Box::pin(async move {
                    sqlx::query(
                        "INSERT INTO gateway_switch (what, name, stopped_ms) VALUES ($1, $2, $3) \
                         ON CONFLICT (what, name) DO UPDATE SET resumed_by = NULL",
                    )
                    .bind(row.0)
                    .bind(row.1)
                    .bind(row.2)
                    .execute(&mut **tx)
                    .await?;
                    Ok(())
                })
            })
            .await?;
        self.entry(what, name, SwitchState::Stopped, because).await
    }

    /// Asks to resume on behalf of `owner`, the name of an admin key's owner. The second, different
    /// owner completes it.
    ///
    /// # Errors
    /// [`GatewayError::NotStopped`], [`GatewayError::Store`], [`GatewayError::Ledger`]: it stays
    /// stopped.
    pub async fn resume(
        &self,
        what: SwitchWhat,
        name: &str,
        owner: &str,
        because: &str,
    ) -> Result<Resume, GatewayError> {
        let _changing = self.changing.lock().await;
        let key = (what, name.to_owned());
        let stop = self
            .stopped
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&key)
            .cloned();
        let stop = stop.ok_or(GatewayError::NotStopped)?;
        if stop
            .resumed_by
            .as_deref()
            .is_none_or(|first| first == owner)
        {
            self.keep_asked(what, name, owner).await?;
            let stop = Stopped {
                resumed_by: Some(owner.to_owned()),
                ..stop
            };
            self.stopped
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .insert(key, stop);
            return Ok(Resume::AnotherPerson);
        }
        // The entry first: nothing passes again that the ledger does not explain.
        self.entry(what, name, SwitchState::Resumed, because)
            .await?;
        let row = (code(what), name.to_owned());
        self.store
            .submit(Lane::House, move |tx| {
                Box::pin(async move {
                    sqlx::query("DELETE FROM gateway_switch WHERE what = $1 AND name = $2")
                        .bind(row.0)
                        .bind(row.1)
                        .execute(&mut **tx)
                        .await?;
                    Ok(())
                })
            })
            .await?;
        self.stopped
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&key);
        Ok(Resume::Resumed)
    }

    async fn keep_asked(
        &self,
        what: SwitchWhat,
        name: &str,
        owner: &str,
    ) -> Result<(), GatewayError> {
        let row = (code(what), name.to_owned(), owner.to_owned());
        self.store
            .submit(Lane::House, move |tx| {
                Box::pin(async move {
                    sqlx::query(
                        "UPDATE gateway_switch SET resumed_by = $3 WHERE what = $1 AND name = $2",
                    )
                    .bind(row.0)
                    .bind(row.1)
                    .bind(row.2)
                    .execute(&mut **tx)
                    .await?;
                    Ok(())
                })
            })
            .await?;
        Ok(())
    }

    async fn entry(
        &self,
        what: SwitchWhat,
        name: &str,
        state: SwitchState,
        because: &str,
    ) -> Result<(), GatewayError> {
        let reason_hash = Hash::of(because.as_bytes());
        let body = Body::Switch {
            what,
            name: name.to_owned(),
            state,
            reason_hash,
        };
        self.ledger
            .append(Lane::Rights, vec![Draft::new(body)])
            .await?;
        Ok(())
    }

    /// Every send that began before the stop was seen is over, or its connection is dropped, within
    /// the send timeout.
    async fn wait_for_sends(&self) {
        for queue in &self.queues {
            // A send never lasts longer; should it, the stop is acknowledged late rather than
            // never.
            let patience = self.send_timeout.saturating_mul(2);
            drop(timeout(patience, queue.sending.lock()).await);
        }
    }
}

/// Codes of entries serve as codes of rows.
fn code(what: SwitchWhat) -> i64 {
    i64::try_from(what.code()).unwrap_or(i64::MAX)
}
