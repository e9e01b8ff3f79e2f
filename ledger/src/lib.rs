//! The append-only record: it gives entries their place, keeps what may be erased beside them,
//! holds what is still to be sent, signs checkpoints and exports.
//!
//! What is recorded, its deletable sidecar and the body to be sent become durable in one
//! transaction of the store's writer. A body comes back only as [`Recorded`], which shows nothing
//! of it until a fresh permit was given: no retry and no restart sends on an old decision.
//!
//! It does not decide, and it sends nothing. It knows no person: an [`Owner`] is a pseudonym that
//! somebody else made. What a stranger needs to check it is in the crate `proof`.

mod bundle;
mod checkpoint;
mod draft;
mod error;
mod export;
mod group;
mod keyring;
mod ledger;
mod outbox;
mod pending;
mod random;
mod read;
mod recorded;
mod seal;
mod sequencer;
mod walk;

pub use draft::{Draft, Owner, Receipt};
pub use error::LedgerError;
pub use ledger::Ledger;
pub use outbox::{Outbox, Settled, Waiting};
pub use read::Stored;
pub use recorded::{Meta, Mismatch, Outgoing, Recorded, Released, Ticket};
