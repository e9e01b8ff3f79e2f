//! What can go wrong with the database, and what to do about it.

use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use thiserror::Error;

/// Why something was not stored. Everybody in a failed group gets a copy, so it can be cloned.
#[derive(Clone, Debug, Error)]
#[non_exhaustive]
pub enum StoreError {
    /// Another process has this database open.
    #[error("the database `{0}` is open in another process; stop that one, or talk to it instead")]
    Locked(PathBuf),
    /// The file is no database.
    #[error("the file `{0}` is not a database of SQLite, or it is damaged; restore a backup")]
    NotADatabase(PathBuf),
    /// The file could not be opened.
    #[error("the database `{path}` could not be opened: {source}")]
    Open {
        /// The database file.
        path: PathBuf,
        /// Why.
        source: Arc<sqlx::Error>,
    },
    /// The bounded lane is full: try later.
    #[error("too much is waiting to be stored; try again later")]
    Busy,
    /// No room on the disk. Nothing of the group was kept; later groups may pass again.
    #[error("the disk is full; nothing of this group was kept")]
    Full,
    /// The database cannot be used for now (only injected by tests).
    #[error("the database is not reachable")]
    Down,
    /// The outcome of a commit is not known, or stored bytes are not what was committed. The store
    /// answers nothing from here on; start the program anew, which recovers from the file.
    #[error("the database failed and is no longer used; start again to recover from its file")]
    Failed,
    /// The store was closed.
    #[error("the database is closed")]
    Closed,
    /// The SQLite in this program can corrupt files in WAL mode (before 3.51.3).
    #[error("SQLite {found} is too old: versions before 3.51.3 can lose commits in WAL mode")]
    Version {
        /// What `sqlite_version()` says.
        found: String,
    },
    /// A setting that durability rests on was not taken.
    #[error("SQLite answers `{found}` for `{setting}`, not `{wanted}`")]
    Setting {
        /// The pragma.
        setting: &'static str,
        /// The value durability rests on.
        wanted: &'static str,
        /// The value read back.
        found: String,
    },
    /// The schema could not be brought up to date.
    #[error("the database `{path}` could not be brought up to date: {source}")]
    Migration {
        /// The database file.
        path: PathBuf,
        /// What the migrator says: a newer program wrote the file, or a migration was changed.
        source: Arc<sqlx::migrate::MigrateError>,
    },
    /// A file beside the database could not be used.
    #[error("the file `{path}` could not be used: {source}")]
    File {
        /// Which file.
        path: PathBuf,
        /// Why.
        source: Arc<io::Error>,
    },
    /// The reserve file has no room for this frame.
    #[error("the reserve file is full")]
    ReserveFull,
    /// A statement failed. It names tables and columns, never values.
    #[error("a statement failed: {0}")]
    Sql(Arc<sqlx::Error>),
    /// A job or stage gave up for a reason of its own crate.
    #[error("{0}")]
    Stage(Arc<dyn std::error::Error + Send + Sync>),
}

/// `SQLITE_IOERR`, `SQLITE_CORRUPT` and `SQLITE_NOTADB`: the file itself is in doubt.
const FILE_IN_DOUBT: [i32; 3] = [10, 11, 26];
/// `SQLITE_FULL`.
const FULL: i32 = 13;

impl StoreError {
    /// Wraps the error of a job or stage.
    pub fn stage(error: impl std::error::Error + Send + Sync + 'static) -> Self {
        Self::Stage(Arc::new(error))
    }

    pub(crate) fn file(path: &Path, source: io::Error) -> Self {
        Self::File {
            path: path.to_owned(),
            source: Arc::new(source),
        }
    }

    /// Whether it undoes the whole group and not only the job that met it; if so, as what.
    pub(crate) fn of_group(&self) -> Option<Self> {
        match self {
            Self::Full | Self::Failed | Self::Down => Some(self.clone()),
            Self::Sql(error) => match primary_code(error) {
                Some(FULL) => Some(Self::Full),
                Some(code) if FILE_IN_DOUBT.contains(&code) => Some(Self::Failed),
                Some(_) => None,
                // No answer from SQLite: its thread is gone, and with it the transaction.
                None if matches!(**error, sqlx::Error::WorkerCrashed) => Some(Self::Failed),
                None => None,
            },
            Self::Locked(_)
            | Self::NotADatabase(_)
            | Self::Open { .. }
            | Self::Busy
            | Self::Closed
            | Self::Version { .. }
            | Self::Setting { .. }
            | Self::Migration { .. }
            | Self::File { .. }
            | Self::ReserveFull
            | Self::Stage(_) => None,
        }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        Self::Sql(Arc::new(error))
    }
}

/// The result code of SQLite without its extension bits.
pub(crate) fn primary_code(error: &sqlx::Error) -> Option<i32> {
    let code = error.as_database_error()?.code()?;
    Some(code.parse::<i32>().ok()? & 0xff)
}
