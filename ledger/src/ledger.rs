//! The handle that crates hold.

use std::fmt;
use std::sync::{Arc, Mutex};

use proof::Size;
use proof::note::{SigningKey, VerifyingKey};
use store::{Clock, Lane, Store, StoreError};
use tokio::sync::oneshot;

use crate::checkpoint::{self, Checked};
use crate::draft::{Draft, Receipt};
use crate::keyring::Keyring;
use crate::outbox::{self, NoBody, Outbox};
use crate::pending::{Inbox, Item, Kept, Pending};
use crate::recorded::{Meta, Outgoing, Recorded};
use crate::sequencer::{Durable, Head, Sequencer};
use crate::walk::Walk;
use crate::{LedgerError, pending};

#[cfg(test)]
mod tests;

/// The one ledger of a database. Cloning is cheap.
#[derive(Clone)]
pub struct Ledger(pub(crate) Arc<Inner>);

pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) key: SigningKey,
    pub(crate) clock: Clock,
    pub(crate) durable: Arc<Durable>,
    pub(crate) checked: tokio::sync::Mutex<Checked>,
    inbox: Arc<Inbox>,
}

impl Ledger {
    /// Takes up the ledger in `store`, or starts one under the name of `key`. Reads every stored
    /// entry, and refuses a ledger whose bytes do not lead to its stored roots and checkpoint. From
    /// then on a checkpoint is signed every second in which the ledger grew.
    ///
    /// # Errors
    /// [`LedgerError::OtherKey`], [`LedgerError::Damaged`], [`LedgerError::OutboxRow`],
    /// [`LedgerError::Store`].
    pub async fn open(store: &Store, key: SigningKey, clock: Clock) -> Result<Self, LedgerError> {
        let keys = take_up(store, key.vkey()).await?;
        let (head, checked) = recover(store, key.vkey()).await?;
        let book = outbox::read_book(store.readers()).await?;
        let inbox = Arc::new(Inbox::default());
        let durable = Arc::new(Durable {
            head: Mutex::new(head),
            book: Mutex::new(book),
        });
        let sequencer = Sequencer {
            inbox: Arc::clone(&inbox),
            durable: Arc::clone(&durable),
            keys,
            clock: clock.clone(),
            open: None,
        };
        store.register(Box::new(sequencer)).await?;
        let inner = Arc::new(Inner {
            store: store.clone(),
            key,
            clock,
            durable,
            checked: tokio::sync::Mutex::new(checked),
            inbox,
        });
        tokio::spawn(checkpoint::every_second(Arc::downgrade(&inner)));
        Ok(Self(inner))
    }

    /// Records `drafts` in one group commit, in their order; the receipts come in that order, after
    /// the commit. If the caller goes away meanwhile, they are recorded nevertheless.
    ///
    /// # Errors
    /// [`LedgerError::Entry`], [`LedgerError::Sidecar`], [`LedgerError::Store`]: nothing of it was
    /// recorded, unless the store has failed, which leaves it open.
    pub async fn append(
        &self,
        lane: Lane,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Receipt>, LedgerError> {
        self.append_with(lane, drafts, |_| ()).await
    }

    /// As [`Ledger::append`]; `also` runs on the writer inside the same group, once the entries
    /// have their places and before stages that were registered later write. So a caller's rows,
    /// which are in the same transaction, can name their entries.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub async fn append_with(
        &self,
        lane: Lane,
        drafts: Vec<Draft>,
        also: impl FnOnce(&[Receipt]) + Send + 'static,
    ) -> Result<Vec<Receipt>, LedgerError> {
        let items = drafts
            .into_iter()
            .map(|draft| Item::new::<NoBody>(draft, None))
            .collect::<Result<_, _>>()?;
        let kept = self.keep(lane, items, also).await?;
        Ok(kept.into_iter().map(|kept| kept.receipt).collect())
    }

    /// Records decisions and puts what is to be sent into the outbox, in one group commit on
    /// [`Lane::Data`]. `also` runs on the writer inside the same group.
    ///
    /// # Errors
    /// As [`Ledger::append`].
    pub async fn record<T: Outgoing>(
        &self,
        decisions: Vec<(Draft, Option<T>)>,
        also: impl FnOnce() + Send + 'static,
    ) -> Result<Vec<(Receipt, Option<Recorded<T>>)>, LedgerError> {
        let mut items = Vec::with_capacity(decisions.len());
        let mut values = Vec::with_capacity(decisions.len());
        for (draft, value) in decisions {
            let policy = pending::decided_by(&draft.body);
            items.push(Item::new(draft, value.as_ref())?);
            values.push((policy, value));
        }
        let kept = self.keep(Lane::Data, items, |_| also()).await?;
        let recorded = kept
            .into_iter()
            .zip(values)
            .map(|(kept, (policy, value))| {
                let recorded = value.zip(kept.ticket).map(|(value, ticket)| Recorded {
                    meta: Meta {
                        event: value.event(),
                        recipient: value.recipient().to_owned(),
                        index: kept.receipt.index,
                        ticket,
                        recorded_ms: kept.recorded_ms,
                        policy,
                    },
                    value,
                });
                (kept.receipt, recorded)
            })
            .collect();
        Ok(recorded)
    }

    /// What is still to be sent.
    #[must_use]
    pub fn outbox(&self) -> Outbox {
        Outbox {
            store: self.0.store.clone(),
            inbox: Arc::clone(&self.0.inbox),
            durable: Arc::clone(&self.0.durable),
        }
    }

    /// How many entries are durable.
    #[must_use]
    pub fn size(&self) -> Size {
        self.0.durable.with_head(|head| head.tree.size())
    }

    /// The public key a stranger checks with.
    #[must_use]
    pub fn vkey(&self) -> &VerifyingKey {
        self.0.key.vkey()
    }

    async fn keep(
        &self,
        lane: Lane,
        items: Vec<Item>,
        also: impl FnOnce(&[Receipt]) + Send + 'static,
    ) -> Result<Vec<Kept>, LedgerError> {
        let (reply, kept) = oneshot::channel();
        let inbox = Arc::clone(&self.0.inbox);
        let pending = Pending {
            items,
            also: Box::new(also),
            reply,
        };
        let push = move || inbox.push(pending);
        self.0.store.stage(lane, push).await?;
        Ok(kept.await.map_err(|_| StoreError::Failed)?)
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger")
            .field("vkey", self.vkey())
            .field("size", &self.size())
            .finish_non_exhaustive()
    }
}

/// Sees whose ledger it is, and takes up the keys.
async fn take_up(store: &Store, vkey: &VerifyingKey) -> Result<Keyring, LedgerError> {
    let given = vkey.to_string();
    let ours = given.clone();
    let (stored, keys) = store
        .submit(Lane::House, |tx| {
            Box::pin(async move {
                sqlx::query(
                    "INSERT INTO ledger_meta (one, vkey) VALUES (1, $1) ON CONFLICT DO NOTHING",
                )
                .bind(ours)
                .execute(&mut **tx)
                .await?;
                let stored: String = sqlx::query_scalar("SELECT vkey FROM ledger_meta")
                    .fetch_one(&mut **tx)
                    .await?;
                let keys = Keyring::open(tx).await.map_err(LedgerError::into_group)?;
                Ok((stored, keys))
            })
        })
        .await?;
    if stored == given {
        Ok(keys)
    } else {
        Err(LedgerError::OtherKey { stored, given })
    }
}

/// Rebuilds the tree from the stored entries, past the last signed checkpoint to the end.
async fn recover(store: &Store, vkey: &VerifyingKey) -> Result<(Head, Checked), LedgerError> {
    let mut checked = checkpoint::last(store.readers(), vkey).await?;
    let mut walk = Walk::new(store.readers(), Checked::start(), Size::new(u64::MAX));
    let mut second = 0;
    checked.meet(walk.tree())?;
    while let Some(row) = walk.next().await? {
        second = u64::try_from(row.second).unwrap_or(0);
        checked.meet(walk.tree())?;
    }
    let tree = walk.tree().clone();
    Ok((Head { tree, second }, checked.met()?))
}
