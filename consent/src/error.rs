//! What can go wrong with a person's choice.

use ledger::LedgerError;
use store::StoreError;
use thiserror::Error;

/// Why an act or fact was not acknowledged.
///
/// An error of a protective act does not undo its denial in memory: until the process ends,
/// nothing leaves under it, although it was not acknowledged.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum ConsentError {
    /// A field is empty, too long, or contradicts another. The field is named, never its content.
    #[error("the {0} cannot be as given")]
    Malformed(&'static str),
    /// Another act was kept under the same id.
    #[error("another act has this id")]
    IdTaken,
    /// The act would widen what may be sent, and cannot be kept now: try again later.
    #[error("this cannot be kept now; try again later")]
    Unavailable(#[source] LedgerError),
    /// A protective act could be kept neither in the database nor in the reserve file.
    #[error("neither the database nor the reserve file can keep this; nothing is sent under it")]
    Unkept(#[source] StoreError),
    /// The ledger does not take it.
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    /// The store does not answer.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A stored row or frame does not say what this program can read.
    #[error("{what} in the database or reserve file cannot be read")]
    Damaged {
        /// What sort of thing.
        what: &'static str,
    },
    /// The task that kept it ended early: the program is stopping.
    #[error("the program is stopping")]
    Stopping,
}

impl From<sqlx::Error> for ConsentError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}
