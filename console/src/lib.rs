//! The operators' door: an admin API with keys, and one page that shows how the gateway stands.
//!
//! Consents and withdrawals come in here, facts and stops are set here, decisions are looked up
//! here. Identifiers of people travel in bodies only, and no answer, page, metric or log line
//! repeats one.
//!
//! It decides nothing and keeps nothing: every call is handed to `consent`, `ledger` or `gateway`.
//! It is not for consumers, and it reads no file: keys and the reloading of policies are given.

mod api;
mod keys;
mod page;
mod record;
mod respond;
mod routes;

use std::fmt;
use std::future::Future;
use std::io;
use std::pin::Pin;
use std::sync::Arc;

use consent::{Consent, Pseudonyms};
use gateway::Gateway;
use ledger::Ledger;
use store::{Clock, Store};
use tokio::net::TcpListener;

pub use keys::AdminKey;
pub use record::entry_json;

/// Everything the admin API hands its calls to.
#[derive(Clone)]
pub struct Admin {
    /// Counts, recent decisions, stops.
    pub gateway: Arc<Gateway>,
    /// Choices and facts.
    pub consent: Consent,
    /// Decisions by entry, checkpoints.
    pub ledger: Ledger,
    /// Whether anything can be kept.
    pub store: Store,
    /// Turns identifiers into pseudonyms, at once.
    pub pseudonyms: Arc<Pseudonyms>,
    /// Who may ask.
    pub keys: Arc<[AdminKey]>,
    /// The time.
    pub clock: Clock,
    /// Reads the policy again.
    pub reload: Reload,
}

/// Reads the policy again and makes it the active one: says which, or why the old one stays.
pub type Reload = Arc<dyn Fn() -> ReloadFuture + Send + Sync>;

/// What [`Reload`] is waiting for.
pub type ReloadFuture = Pin<Box<dyn Future<Output = Result<String, String>> + Send>>;

impl fmt::Debug for Admin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Admin")
            .field("keys", &self.keys)
            .finish_non_exhaustive()
    }
}

/// Serves the admin API until `stop` resolves; requests that have begun are finished.
///
/// # Errors
/// The listener's own.
pub async fn serve(
    listener: TcpListener,
    admin: Admin,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    axum::serve(listener, routes::router(admin))
        .with_graceful_shutdown(stop)
        .await
}

#[cfg(test)]
mod tests;
