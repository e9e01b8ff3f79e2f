//! Checkpoints: signed only after the stored bytes were read back and led to the same root.
//!
//! One flipped bit between memory and disk has ended public logs: they had signed a root that
//! their stored entries did not have. Here the second path is another connection and the tree as
//! it stood at the checkpoint before.

use std::sync::Weak;
use std::time::Duration;

use proof::Index;
use proof::checkpoint::Checkpoint;
use proof::merkle::Frontier;
use proof::note::VerifyingKey;
use sqlx::SqlitePool;
use store::{Lane, State};
use tokio::time::MissedTickBehavior;
use tracing::error;

use crate::ledger::Inner;
use crate::walk::{Walk, as_sql};
use crate::{Ledger, LedgerError};

/// How often, if the ledger grew.
const PERIOD: Duration = Duration::from_secs(1);

/// The tree at the last checkpoint, as read from what is stored.
pub(crate) struct Checked {
    tree: Frontier,
    note: Option<String>,
}

/// The last stored checkpoint, until the stored entries are seen to lead to it.
pub(crate) struct Claimed {
    last: Option<(Checkpoint, String)>,
    met: Checked,
}

impl Ledger {
    /// The signed note of a checkpoint over everything durable when this was called.
    ///
    /// Before it is signed, the stored rows are read back through another connection and their
    /// root is compared with ours. If it differs nothing is signed and the store fails for ever.
    ///
    /// # Errors
    /// [`LedgerError::Damaged`], [`LedgerError::Store`].
    pub async fn checkpoint(&self) -> Result<String, LedgerError> {
        let inner = &self.0;
        let mut checked = inner.checked.lock().await;
        let tree = inner.durable.head().tree;
        if let Some(note) = &checked.note
            && checked.tree == tree
        {
            return Ok(note.clone());
        }
        let read = self.read_back(checked.tree.clone(), &tree).await;
        if let Err(LedgerError::Damaged { .. }) = read {
            inner.store.fail();
        }
        read?;
        let checkpoint = Checkpoint {
            origin: inner.key.name().to_owned(),
            size: tree.size(),
            root: tree.root(),
        };
        let note = checkpoint.sign(&inner.key)?;
        let (size, at, stored) = (
            as_sql(tree.size().get()),
            inner.clock.now_ms(),
            note.clone(),
        );
        inner
            .store
            .submit(Lane::House, move |tx| {
                Box::pin(async move {
                    sqlx::query("INSERT INTO checkpoint (size, at, note) VALUES ($1, $2, $3)")
                        .bind(size)
                        .bind(at)
                        .bind(stored)
                        .execute(&mut **tx)
                        .await?;
                    Ok(())
                })
            })
            .await?;
        *checked = Checked {
            tree,
            note: Some(note.clone()),
        };
        Ok(note)
    }

    /// The signed note of the last checkpoint, if there is one yet.
    pub async fn last_checkpoint(&self) -> Option<String> {
        self.0.checked.lock().await.note.clone()
    }

    /// Whether the rows stored since `from` lead to `tree`.
    async fn read_back(&self, from: Frontier, tree: &Frontier) -> Result<(), LedgerError> {
        let index = Index::new(from.size().get());
        let mut walk = Walk::new(self.0.store.readers(), from, tree.size());
        while walk.next().await?.is_some() {}
        if walk.tree() == tree {
            Ok(())
        } else {
            Err(LedgerError::Damaged {
                index,
                what: "the stored entries do not lead to the root that was committed",
            })
        }
    }
}

/// Signs a checkpoint a second while the ledger grows and lives.
pub(crate) async fn every_second(inner: Weak<Inner>) {
    let mut ticks = tokio::time::interval(PERIOD);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        ticks.tick().await;
        let Some(inner) = inner.upgrade() else {
            return;
        };
        if inner.store.state() == State::Failed {
            return;
        }
        let ledger = Ledger(inner);
        if ledger.size().get() == 0 {
            continue;
        }
        // A full disk passes; the next second tries again.
        if let Err(cause) = ledger.checkpoint().await {
            error!(%cause, "no checkpoint was signed");
        }
    }
}

/// The last stored checkpoint, if this key has signed it.
pub(crate) async fn last(
    readers: &SqlitePool,
    vkey: &VerifyingKey,
) -> Result<Claimed, LedgerError> {
    let note: Option<String> =
        sqlx::query_scalar("SELECT note FROM checkpoint ORDER BY size DESC LIMIT 1")
            .fetch_optional(readers)
            .await?;
    let last = match note {
        Some(note) => Some((Checkpoint::open(&note, vkey)?, note)),
        None => None,
    };
    let met = Checked {
        tree: Checked::start(),
        note: None,
    };
    Ok(Claimed { last, met })
}

impl Checked {
    /// Where every walk from the start begins.
    pub(crate) fn start() -> Frontier {
        Frontier::empty()
    }
}

impl Claimed {
    /// Compares the checkpoint with the tree when it has that size.
    pub(crate) fn meet(&mut self, tree: &Frontier) -> Result<(), LedgerError> {
        match &self.last {
            Some((checkpoint, note)) if checkpoint.size == tree.size() => {
                if checkpoint.root != tree.root() {
                    return Err(LedgerError::Damaged {
                        index: Index::new(0),
                        what: "the stored entries do not lead to the last signed checkpoint",
                    });
                }
                self.met = Checked {
                    tree: tree.clone(),
                    note: Some(note.clone()),
                };
                self.last = None;
                Ok(())
            }
            Some(_) | None => Ok(()),
        }
    }

    /// What was met, unless the entries ended before the checkpoint.
    pub(crate) fn met(self) -> Result<Checked, LedgerError> {
        match self.last {
            None => Ok(self.met),
            Some((checkpoint, _)) => Err(LedgerError::Damaged {
                index: Index::new(checkpoint.size.get()),
                what: "entries are missing that a signed checkpoint covers",
            }),
        }
    }
}
