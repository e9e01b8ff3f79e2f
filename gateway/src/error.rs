//! What can go wrong with the gateway itself. What goes wrong with an event is a refusal, not an
//! error.

use std::io;

use consent::ConsentError;
use ledger::LedgerError;
use store::StoreError;
use thiserror::Error;

/// Why the gateway cannot start or do what an operator asks.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum GatewayError {
    /// The configuration does not fit the policy; `config::validate` says why.
    #[error("the configuration has {0} faults")]
    Config(usize),
    /// An edit of the policy needs a key that was not given.
    #[error("the policy needs the key `{0}`, which was not given")]
    Key(String),
    /// The policy names a place that cannot be looked up in an event.
    #[error("the policy's path `{0}` cannot be followed")]
    Path(String, #[source] crate::json::PathError),
    /// The listener cannot be opened.
    #[error("cannot listen on {0}")]
    Listen(std::net::SocketAddr, #[source] io::Error),
    /// The ledger failed.
    #[error("the ledger failed")]
    Ledger(#[from] LedgerError),
    /// The store failed.
    #[error("the store failed")]
    Store(#[from] StoreError),
    /// The consent view failed.
    #[error("the consent view failed")]
    Consent(#[from] ConsentError),
    /// There is no such recipient, source or purpose in the policy.
    #[error("the policy knows no such {0}")]
    Unknown(&'static str),
    /// Somebody resumes what is not stopped.
    #[error("it is not stopped")]
    NotStopped,
    /// Randomness failed.
    #[error("the system gives no random bytes")]
    Random,
}
