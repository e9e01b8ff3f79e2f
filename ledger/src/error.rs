//! What can go wrong with the ledger, and whether it can go on.

use proof::checkpoint::CheckpointError;
use proof::entry::EntryError;
use proof::merkle::MerkleError;
use proof::pack::PackError;
use proof::sidecar::SidecarError;
use proof::{Index, Size};
use store::StoreError;
use thiserror::Error;

/// Why the ledger did not do what it was asked.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum LedgerError {
    /// The store did not keep it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A draft is no entry: nothing of this call was recorded.
    #[error(transparent)]
    Entry(#[from] EntryError),
    /// A draft's sidecar is none: nothing of this call was recorded.
    #[error(transparent)]
    Sidecar(#[from] SidecarError),
    /// Randomness could not be had from the system.
    #[error("the system gave no random bytes")]
    Random,
    /// A sidecar could not be sealed, or a stored key is none.
    #[error("a sidecar could not be sealed: its key is missing or damaged")]
    Seal,
    /// The database belongs to another ledger.
    #[error("the database is the ledger of `{stored}`, but the key given signs for `{given}`")]
    OtherKey {
        /// The key the ledger was made with.
        stored: String,
        /// The key given.
        given: String,
    },
    /// What is stored is not what was committed. Fatal: restore a backup, and find out who.
    #[error("the stored ledger is damaged at entry {index}: {what}; do not use this database")]
    Damaged {
        /// The first entry of the row at fault.
        index: Index,
        /// What does not hold.
        what: &'static str,
    },
    /// A row of the outbox cannot be read, so what it holds cannot be sent.
    #[error("row {row} of the outbox cannot be read: {what}")]
    OutboxRow {
        /// Which row.
        row: i64,
        /// What does not hold.
        what: &'static str,
    },
    /// There is no such entry.
    #[error("there is no entry {index}: the ledger has {size}")]
    NoEntry {
        /// The entry asked for.
        index: Index,
        /// How many there are.
        size: Size,
    },
    /// A checkpoint could not be made or read.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// A proof could not be made.
    #[error(transparent)]
    Merkle(#[from] MerkleError),
    /// A pack could not be written.
    #[error(transparent)]
    Pack(#[from] PackError),
}

impl LedgerError {
    /// As the error of the group that met it.
    pub(crate) fn into_group(self) -> StoreError {
        if let Self::Store(error) = self {
            error
        } else {
            StoreError::stage(self)
        }
    }
}

impl From<sqlx::Error> for LedgerError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
