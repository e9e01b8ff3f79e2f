//! The handle that other crates hold.

use std::fmt;
use std::sync::atomic::AtomicI64;
#[cfg(feature = "controls")]
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use ledger::Ledger;
use policy::Situation;
use policy::situation::{Age, Millis, Place};
use store::{Clock, Lane, Reserve, Store, StoreError};
use tokio::sync::Mutex;

use crate::caps::{Caps, oldest_kept};
use crate::facts::Facts;
use crate::guard::Guards;
use crate::kept::{Inner, Reserved, TURNS};
use crate::rows::{self, Pending, Rows};
use crate::view::View;
use crate::{Act, ActId, ConsentError, ConsentRecord, SendGuard, SubjectId};

#[cfg(test)]
mod tests;

/// What people chose. Cloning is cheap.
#[derive(Clone)]
pub struct Consent(Arc<Inner>);

/// How it behaves.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// The longest anybody may take to send under a [`SendGuard`]: the gateway's send timeout. A
    /// withdrawal is acknowledged after twice this at the latest, whatever holds a guard up.
    pub send_timeout: Duration,
    /// How often acts in the reserve file are tried on the database again.
    pub retry: Duration,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            send_timeout: Duration::from_secs(10),
            retry: Duration::from_secs(1),
        }
    }
}

/// That an act is effective and will not be forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// It is in the database, and this is the index of its entry in the ledger.
    Kept {
        /// The index.
        entry: u64,
    },
    /// The database was not there: it is in the reserve file, and gets its entry later.
    Reserved,
}

/// What kept records say of a person beside choices. Nothing is kept of it yet: all unknown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// Where the person is.
    pub place: Option<Place>,
    /// How old the person is.
    pub age: Age,
}

impl Consent {
    /// Brings the reserve file into the database, then loads what is kept. A reserve file that the
    /// database cannot take now is effective all the same, and is tried again later.
    ///
    /// # Errors
    /// [`ConsentError::Store`], [`ConsentError::Damaged`].
    pub async fn open(
        store: &Store,
        ledger: &Ledger,
        reserve: Reserve,
        clock: Clock,
        options: Options,
    ) -> Result<Self, ConsentError> {
        let pending = Arc::new(Pending::default());
        store.register(Box::new(Rows(Arc::clone(&pending)))).await?;
        let oldest = oldest_kept(Millis(clock.now_ms()));
        let counts = rows::caps(store.readers(), oldest).await?;
        let inner = Arc::new(Inner {
            store: store.clone(),
            ledger: ledger.clone(),
            clock,
            options,
            view: View::new(),
            guards: Guards::new(),
            caps: Caps::new(Arc::clone(&pending), counts),
            pending,
            reserved: Reserved::open(reserve).await?,
            turns: [const { Mutex::const_new(()) }; TURNS],
            facts_turn: Mutex::default(),
            latest: AtomicI64::new(i64::MIN),
            #[cfg(feature = "controls")]
            ack_before_deny: AtomicBool::new(false),
        });
        if let Err(error) = inner.replay().await {
            tracing::warn!(%error, "the reserve file waits for the database");
        }
        inner.load().await?;
        forget_old_caps(store, oldest).await?;
        tokio::spawn(retry(Arc::downgrade(&inner), options.retry));
        Ok(Self(inner))
    }

    /// Keeps an act. Safe to call again with the same act: it is acknowledged again, and nothing
    /// else happens.
    ///
    /// A protective act (all but given and opted in) is effective in memory at once, then durable
    /// in the database or else the reserve file, then waits for what is being sent about its
    /// people, and is acknowledged then. It overrides every permissive act kept before it, even if
    /// it claims to be older: who says no now, means no. A permissive act is durable first.
    ///
    /// # Errors
    /// [`ConsentError::Malformed`], [`ConsentError::IdTaken`]; for permissive acts
    /// [`ConsentError::Unavailable`]; for protective ones [`ConsentError::Unkept`].
    pub async fn record(&self, act: Act) -> Result<Acknowledgement, ConsentError> {
        act.check()?;
        let inner = Arc::clone(&self.0);
        // A task of its own: what was begun is finished, even if the caller goes away.
        tokio::spawn(inner.keep(act))
            .await
            .map_err(|_| ConsentError::Stopping)?
    }

    /// Writes into `situation` what is kept about the people of one event, as of `at`: records by
    /// purpose (the most protective of all identifiers), lists and gates, and `at` itself.
    pub fn fill(&self, subjects: &[SubjectId], at: Millis, situation: &mut Situation) {
        self.0.view.fill(subjects, at, situation);
    }

    /// The kept acts that count for these people about a purpose and a recipient, as of `at`: what a decision
    /// relied on, for its sidecar.
    #[must_use]
    pub fn relied_on(
        &self,
        subjects: &[SubjectId],
        purpose: &str,
        recipient: &str,
        at: Millis,
    ) -> Vec<ActId> {
        self.0.view.relied_on(subjects, purpose, recipient, at)
    }

    /// Says that something about these people is on its way out, from now until it is dropped.
    pub fn guard(&self, subjects: &[SubjectId]) -> SendGuard {
        self.0.guards.take(subjects)
    }

    /// A number that changes whenever something changes that is kept about any of these people,
    /// or about everybody.
    #[must_use]
    pub fn generation(&self, subjects: &[SubjectId]) -> u64 {
        self.0.view.generation(subjects)
    }

    /// What is known of a person beside choices.
    #[must_use]
    pub fn known(&self, subjects: &[SubjectId]) -> Known {
        let _ = subjects;
        Known::default()
    }

    /// Now. Unlike the clock it never goes backwards, nor behind an act that is kept already: use
    /// it for decisions, so that a clock set back does not hide a withdrawal.
    #[must_use]
    pub fn now(&self) -> Millis {
        self.0.now()
    }

    /// The counters behind `at most ... per person`.
    #[must_use]
    pub fn caps(&self) -> Caps {
        self.0.caps.clone()
    }

    /// Gates and lists.
    #[must_use]
    pub fn facts(&self) -> Facts {
        Facts(Arc::clone(&self.0))
    }

    /// All acts kept of a person under one identifier, oldest first.
    ///
    /// # Errors
    /// [`ConsentError::Store`], [`ConsentError::Damaged`].
    pub async fn show(&self, subject: SubjectId) -> Result<Vec<ConsentRecord>, ConsentError> {
        let mut records = rows::records_of(self.0.store.readers(), subject).await?;
        for reserved in self.0.reserved.records() {
            let kept = records
                .iter()
                .any(|record| record.act.id == reserved.act.id);
            if !kept && reserved.act.subjects.contains(&subject) {
                records.push(reserved);
            }
        }
        records.sort_by_key(|record| record.since);
        Ok(records)
    }

    /// How many acts are only in the reserve file, as far as is known.
    #[must_use]
    pub fn reserved(&self) -> usize {
        self.0.reserved.records().len()
    }

    /// The switches of planted bugs.
    #[cfg(feature = "controls")]
    #[must_use]
    pub fn controls(&self) -> Controls {
        Controls(Arc::clone(&self.0))
    }
}

impl Inner {
    /// Makes visible what the database and the reserve file hold.
    async fn load(&self) -> Result<(), ConsentError> {
        let mut latest = Millis(i64::MIN);
        let mut show = |record: ConsentRecord| {
            latest = latest.max(record.since);
            self.view.keep(&record.act, record.since);
        };
        rows::records(self.store.readers(), &mut show).await?;
        for record in self.reserved.records() {
            // Seen twice if it is in the database, too: that changes nothing it says.
            show(record);
        }
        self.latest
            .fetch_max(latest.0, std::sync::atomic::Ordering::Relaxed);
        for row in rows::facts(self.store.readers()).await? {
            self.show_fact(&row.update, row.since);
        }
        Ok(())
    }
}

/// Tries the reserve file on the database again and again, as long as somebody holds a handle.
async fn retry(inner: Weak<Inner>, every: Duration) {
    loop {
        tokio::time::sleep(every).await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        if let Err(error) = inner.replay().await {
            tracing::debug!(%error, "the reserve file still waits for the database");
        }
    }
}

/// A window that is over is never counted in again. No room for this is no reason not to start.
async fn forget_old_caps(store: &Store, oldest: i64) -> Result<(), ConsentError> {
    let forgotten = store
        .submit(Lane::House, move |tx| {
            Box::pin(async move {
                sqlx::query("DELETE FROM consent_cap WHERE start_day < $1")
                    .bind(oldest)
                    .execute(&mut **tx)
                    .await?;
                Ok(())
            })
        })
        .await;
    match forgotten {
        Ok(()) | Err(StoreError::Full | StoreError::Down) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

impl fmt::Debug for Consent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Consent(..)")
    }
}

/// Planted bugs, each behind a switch of its own, so that a test shows it can fail.
#[cfg(feature = "controls")]
#[derive(Clone)]
pub struct Controls(Arc<Inner>);

#[cfg(feature = "controls")]
impl Controls {
    /// Acknowledges a withdrawal before it is visible, and without waiting for guards.
    pub fn ack_before_deny(&self, on: bool) {
        self.0.ack_before_deny.store(on, Ordering::Relaxed);
    }
}

#[cfg(feature = "controls")]
impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Controls(..)")
    }
}
