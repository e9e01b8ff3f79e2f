//! What crates bring to a group commit.

use std::fmt;
use std::future::Future;
use std::ops::{Deref, DerefMut};
use std::pin::Pin;

use sqlx::SqliteConnection;

use crate::StoreError;

/// A boxed future that may move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// The transaction of a group. Use it as an executor: `&mut **tx`. Never begin or commit on it.
pub struct Tx(pub(crate) SqliteConnection);

impl Deref for Tx {
    type Target = SqliteConnection;

    fn deref(&self) -> &SqliteConnection {
        &self.0
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut SqliteConnection {
        &mut self.0
    }
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tx")
    }
}

/// Something that writes once a group, whatever number of callers it speaks for.
///
/// Callers push what they want written through [`crate::Store::stage`]; the stage writes all of it
/// in few statements. Stages are called in the order they were registered.
pub trait Stage: Send {
    /// Writes what is pending. An error undoes the whole group; so check what callers bring before
    /// it gets here.
    ///
    /// # Errors
    /// Whatever forbids this group.
    fn before_commit<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>>;

    /// The group is durable: hand out what callers wait for.
    fn after_commit(&mut self);

    /// The group is undone: forget what was pending. Callers get the error from the store.
    fn after_rollback(&mut self);
}
