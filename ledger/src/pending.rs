//! What waits for the next group: checked, so that no caller can spoil it for the others.

use std::sync::{Mutex, PoisonError};

use policy::verdict::EventId;
use proof::entry::{Body, Entry, EntryId};
use proof::sidecar::{Commitment, Opening, Sidecar, commit, commit_sent};
use proof::{Hash, Index};
use tokio::sync::oneshot;

use crate::LedgerError;
use crate::draft::{Draft, Owner, Receipt};
use crate::outbox::Settled;
use crate::random::random;
use crate::recorded::{Outgoing, Ticket};

/// An entry to be, with all that does not depend on its place.
pub(crate) struct Item {
    pub(crate) id: EntryId,
    pub(crate) body: Body,
    pub(crate) aside: Option<Aside>,
    pub(crate) out: Option<Out>,
}

/// What will be sealed beside it.
pub(crate) struct Aside {
    pub(crate) owner: Option<Owner>,
    salt: [u8; 32],
    sidecar: Sidecar,
}

/// What will be in the outbox.
pub(crate) struct Out {
    pub(crate) event: EventId,
    pub(crate) recipient: String,
    pub(crate) policy: Option<Hash>,
    pub(crate) row: Vec<u8>,
}

/// What a caller is told of one entry.
pub(crate) struct Kept {
    pub(crate) receipt: Receipt,
    pub(crate) ticket: Option<Ticket>,
    pub(crate) recorded_ms: i64,
}

/// What a caller wants done in the same group.
pub(crate) type Also = Box<dyn FnOnce(&[Receipt]) + Send>;

/// One caller's entries.
pub(crate) struct Pending {
    pub(crate) items: Vec<Item>,
    /// Runs once they have their places.
    pub(crate) also: Also,
    pub(crate) reply: oneshot::Sender<Vec<Kept>>,
}

/// Tickets to settle.
pub(crate) struct Settling {
    pub(crate) tickets: Vec<Ticket>,
    pub(crate) outcome: Settled,
}

/// What callers have pushed since the last group.
#[derive(Default)]
pub(crate) struct Inbox(Mutex<Waiting>);

#[derive(Default)]
pub(crate) struct Waiting {
    pub(crate) entries: Vec<Pending>,
    pub(crate) settlings: Vec<Settling>,
}

impl Inbox {
    pub(crate) fn push(&self, pending: Pending) {
        self.with(|waiting| waiting.entries.push(pending));
    }

    pub(crate) fn settle(&self, settling: Settling) {
        self.with(|waiting| waiting.settlings.push(settling));
    }

    pub(crate) fn take(&self) -> Waiting {
        self.with(std::mem::take)
    }

    fn with<R>(&self, look: impl FnOnce(&mut Waiting) -> R) -> R {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Item {
    /// Checks a draft as an entry, outside the writer.
    pub(crate) fn new<T: Outgoing>(draft: Draft, value: Option<&T>) -> Result<Self, LedgerError> {
        let policy = decided_by(&draft.body);
        let aside = match draft.sidecar {
            Some(mut sidecar) => {
                let salt = random()?;
                if let Some(bytes) = value.and_then(Outgoing::sent) {
                    sidecar.sent = Some(commit_sent(&salt, bytes));
                }
                sidecar.encode()?;
                Some(Aside {
                    owner: draft.owner,
                    salt,
                    sidecar,
                })
            }
            None => None,
        };
        let item = Self {
            id: EntryId::from_bytes(random()?),
            body: draft.body,
            aside,
            out: value.map(|value| Out {
                event: value.event(),
                recipient: value.recipient().to_owned(),
                policy,
                row: value.to_row(),
            }),
        };
        item.clone_entry(0, None).encode()?;
        Ok(item)
    }

    /// The entry in its place. Moves the body out: an item is recorded once.
    pub(crate) fn into_entry(self, second: u64, commitment: Option<Commitment>) -> Entry {
        Entry {
            second,
            id: self.id,
            commitment,
            body: self.body,
        }
    }

    fn clone_entry(&self, second: u64, commitment: Option<Commitment>) -> Entry {
        Entry {
            second,
            id: self.id,
            commitment,
            body: self.body.clone(),
        }
    }
}

impl Aside {
    /// What is committed to and sealed. `reference` names the owner in it.
    pub(crate) fn open(
        mut self,
        reference: Option<[u8; 16]>,
    ) -> Result<(Commitment, Opening), LedgerError> {
        self.sidecar.owner = reference;
        let opening = Opening {
            salt: self.salt,
            payload: self.sidecar.encode()?,
        };
        Ok((commit(&opening.salt, &opening.payload), opening))
    }
}

impl Kept {
    pub(crate) fn new(id: EntryId, index: Index, leaf: Hash, recorded_ms: i64) -> Self {
        Self {
            receipt: Receipt { index, id, leaf },
            ticket: None,
            recorded_ms,
        }
    }
}

/// The policy text that decided, if the entry is a decision.
pub(crate) fn decided_by(body: &Body) -> Option<Hash> {
    match body {
        Body::Decision { policy, .. } => Some(*policy),
        Body::Policy { .. }
        | Body::Rights { .. }
        | Body::Start { .. }
        | Body::Switch { .. }
        | Body::Delivery { .. }
        | Body::Facts { .. }
        | Body::Export { .. } => None,
    }
}
