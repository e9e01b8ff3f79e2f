//! The stage that gives entries their place.
//!
//! Crash order: entries, sidecars and outbox rows of a group are one transaction. If we crash
//! before `COMMIT` returns, nobody was answered: the group is there whole or not at all, and
//! clients send again. If we crash after it, the next start delivers from the outbox. Either way
//! recipients dedupe by message id.

use std::sync::{Arc, Mutex, PoisonError};

use proof::merkle::Frontier;
use store::{BoxFuture, Clock, Stage, StoreError, Tx};
use tokio::sync::oneshot;

use crate::LedgerError;
use crate::group::Group;
use crate::keyring::Keyring;
use crate::outbox::book::Book;
use crate::pending::{Inbox, Kept, Waiting};

/// The durable end of the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub(crate) tree: Frontier,
    /// The second of the last row; no later row has an earlier one.
    pub(crate) second: u64,
}

/// What the writer and the handles both see: only what is durable.
pub(crate) struct Durable {
    pub(crate) head: Mutex<Head>,
    pub(crate) book: Mutex<Book>,
}

impl Durable {
    pub(crate) fn head(&self) -> Head {
        self.with_head(|head| head.clone())
    }

    pub(crate) fn with_head<R>(&self, look: impl FnOnce(&mut Head) -> R) -> R {
        look(&mut self.head.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn with_book<R>(&self, look: impl FnOnce(&mut Book) -> R) -> R {
        look(&mut self.book.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

pub(crate) struct Sequencer {
    pub(crate) inbox: Arc<Inbox>,
    pub(crate) durable: Arc<Durable>,
    pub(crate) keys: Keyring,
    pub(crate) clock: Clock,
    /// The group that is being committed, and who waits for it.
    pub(crate) open: Option<(Group, Vec<Reply>)>,
}

/// Whom to tell what.
type Reply = (oneshot::Sender<Vec<Kept>>, Vec<Kept>);

impl Sequencer {
    async fn write(&mut self, tx: &mut Tx) -> Result<(), LedgerError> {
        let Waiting { entries, settlings } = self.inbox.take();
        if entries.is_empty() && settlings.is_empty() {
            return Ok(());
        }
        let items = entries.iter().flat_map(|pending| &pending.items);
        let owners: Vec<_> = items
            .filter_map(|item| item.aside.as_ref()?.owner)
            .collect();
        self.keys.provide(tx, owners.into_iter()).await?;
        let mut group = Group::new(self.durable.head(), self.clock.now_ms());
        let mut replies = Vec::with_capacity(entries.len());
        for pending in entries {
            let kept = pending
                .items
                .into_iter()
                .map(|item| group.add(item, &self.keys))
                .collect::<Result<Vec<_>, _>>()?;
            let receipts: Vec<_> = kept.iter().map(|kept| kept.receipt).collect();
            (pending.also)(&receipts);
            replies.push((pending.reply, kept));
        }
        self.durable.with_book(|book| group.settle(book, settlings));
        for (_, kept) in &mut replies {
            group.give_tickets(kept);
        }
        group.add_losses(&self.keys)?;
        group.write(tx).await?;
        self.open = Some((group, replies));
        Ok(())
    }
}

impl Stage for Sequencer {
    fn before_commit<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move { self.write(tx).await.map_err(LedgerError::into_group) })
    }

    fn after_commit(&mut self) {
        let Some((group, replies)) = self.open.take() else {
            return;
        };
        self.durable.with_head(|head| *head = group.head());
        self.durable.with_book(|book| group.enter(book));
        for (reply, kept) in replies {
            // A caller that has gone away does not want its receipts.
            reply.send(kept).ok();
        }
    }

    fn after_rollback(&mut self) {
        // Callers see their reply dropped, and get the error from the store.
        drop(self.inbox.take());
        self.open = None;
        self.keys.forget();
    }
}
