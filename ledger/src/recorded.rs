//! Bodies that were recorded, and may leave only on a fresh permit.

use std::fmt;
use std::ops::Deref;

use policy::Permit;
use policy::verdict::EventId;
use proof::{Hash, Index};
use thiserror::Error;

#[cfg(test)]
mod tests;

/// Something that may be sent once it is recorded: a sanitised event for one recipient.
pub trait Outgoing: Send + 'static {
    /// The event, for this one recipient.
    fn event(&self) -> EventId;

    /// The recipient's name in the policy.
    fn recipient(&self) -> &str;

    /// What the outbox keeps of it; [`Outgoing::from_row`] must understand it after a restart.
    fn to_row(&self) -> Vec<u8>;

    /// Reads what [`Outgoing::to_row`] wrote.
    fn from_row(row: &[u8]) -> Option<Self>
    where
        Self: Sized;

    /// What deciding again needs to know: facts and pseudonyms, never a byte of the body.
    fn facts(&self) -> &[u8] {
        &[]
    }

    /// The bytes the recipient gets. If given, the entry's sidecar commits to them with its salt.
    fn sent(&self) -> Option<&[u8]> {
        None
    }
}

/// Names one body in the outbox until it is settled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket {
    pub(crate) row: i64,
    pub(crate) place: u32,
}

/// What may be known of a recorded body without a permit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meta {
    /// The event, for this recipient.
    pub event: EventId,
    /// The recipient's name in the policy.
    pub recipient: String,
    /// The entry that recorded the decision.
    pub index: Index,
    /// Its place in the outbox.
    pub ticket: Ticket,
    /// When it was recorded: Unix milliseconds.
    pub recorded_ms: i64,
    /// The policy text that decided then; none if the entry was no decision.
    pub policy: Option<Hash>,
}

/// A body whose entry is durable.
///
/// Made only by [`crate::Ledger::record`] after the commit and by [`crate::Outbox::load`]. It
/// yields nothing of `T`: only [`Recorded::redecide`] does, for a permit given just now.
#[must_use]
pub struct Recorded<T> {
    pub(crate) value: T,
    pub(crate) meta: Meta,
}

/// A recorded body together with the fresh permit to send it. This is what egress takes.
#[must_use]
pub struct Released<T> {
    value: T,
    meta: Meta,
    permit: Permit,
}

/// The permit was given for another event. The body is handed back, still closed.
#[derive(Error)]
#[error("the permit is for another event")]
pub struct Mismatch<T>(Box<Recorded<T>>);

impl<T: Outgoing> Recorded<T> {
    /// What may be known without a permit.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// What deciding again needs to know; see [`Outgoing::facts`].
    pub fn facts(&self) -> &[u8] {
        self.value.facts()
    }

    /// Opens the body for a permit that was given for this very event.
    ///
    /// # Errors
    /// [`Mismatch`], with the body still closed in it.
    pub fn redecide(self, permit: Permit) -> Result<Released<T>, Mismatch<T>> {
        if permit.event() != self.meta.event {
            return Err(Mismatch(Box::new(self)));
        }
        Ok(Released {
            value: self.value,
            meta: self.meta,
            permit,
        })
    }
}

impl<T> Released<T> {
    /// What is known of it beside the body.
    pub fn meta(&self) -> &Meta {
        &self.meta
    }

    /// The permit it goes out on.
    pub fn permit(&self) -> &Permit {
        &self.permit
    }

    /// Closes it again, to be tried later: the permit is used up.
    pub fn retain(self) -> Recorded<T> {
        Recorded {
            value: self.value,
            meta: self.meta,
        }
    }
}

impl<T> Deref for Released<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T> Mismatch<T> {
    /// The body, still closed.
    pub fn into_recorded(self) -> Recorded<T> {
        *self.0
    }
}

impl<T> fmt::Debug for Recorded<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recorded")
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Released<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Released")
            .field("meta", &self.meta)
            .finish_non_exhaustive()
    }
}

impl<T> fmt::Debug for Mismatch<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Mismatch").field(&self.0.meta).finish()
    }
}
