//! Opening the file: alone, durable, and with the SQLite we mean.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::Arc;
use std::time::Duration;

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Row as _, SqliteConnection, SqlitePool};

use crate::StoreError;
use crate::error::primary_code;

/// The first version without the WAL-reset corruption.
const SQLITE_MIN: (u32, u32, u32) = (3, 51, 3);
/// Reads of the console and of checkpoints; the data path never reads here.
const READERS: u32 = 4;
/// What durability rests on, and what SQLite must answer.
const SETTINGS: [(&str, &str); 3] = [
    ("PRAGMA journal_mode", "wal"),
    ("PRAGMA synchronous", "2"),
    ("PRAGMA wal_autocheckpoint", "0"),
];
/// `SQLITE_NOTADB`.
const NOT_A_DATABASE: i32 = 26;

/// Takes the lock file beside `path`; it is let go with the returned file.
pub(crate) fn lock(path: &Path) -> Result<File, StoreError> {
    let lock_path = beside(path, ".lock");
    let unusable = |source| StoreError::file(&lock_path, source);
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(&lock_path)
        .map_err(unusable)?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(StoreError::Locked(path.to_owned())),
        Err(TryLockError::Error(source)) => Err(unusable(source)),
    }
}

/// The one connection that writes.
pub(crate) async fn writer(path: &Path) -> Result<SqliteConnection, StoreError> {
    let mut connection = options(path)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        // Said, because some builds of SQLite lower the default in WAL mode.
        .synchronous(SqliteSynchronous::Full)
        // The writer checkpoints between groups, so that no commit stalls on it.
        .pragma("wal_autocheckpoint", "0")
        // What is erased is overwritten, not only unlinked.
        .pragma("secure_delete", "ON")
        .connect()
        .await
        .map_err(|error| unreadable(path, error))?;
    check_version(&mut connection).await?;
    for (setting, wanted) in SETTINGS {
        check_setting(&mut connection, setting, wanted).await?;
    }
    Ok(connection)
}

/// Connections that cannot write.
pub(crate) async fn readers(path: &Path) -> Result<SqlitePool, StoreError> {
    let pool = SqlitePoolOptions::new()
        .max_connections(READERS)
        .connect_with(options(path).pragma("query_only", "ON"))
        .await?;
    Ok(pool)
}

/// Makes the names of newly created files durable.
pub(crate) fn sync_folder(path: &Path) -> Result<(), StoreError> {
    let folder = match path.parent() {
        Some(folder) if folder != Path::new("") => folder,
        Some(_) | None => Path::new("."),
    };
    File::open(folder)
        .and_then(|folder| folder.sync_all())
        .map_err(|source| StoreError::file(folder, source))
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .disable_statement_logging()
}

fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    name.into()
}

fn unreadable(path: &Path, error: sqlx::Error) -> StoreError {
    if primary_code(&error) == Some(NOT_A_DATABASE) {
        StoreError::NotADatabase(path.to_owned())
    } else {
        StoreError::Open {
            path: path.to_owned(),
            source: Arc::new(error),
        }
    }
}

async fn check_version(connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let found: String = sqlx::query_scalar("SELECT sqlite_version()")
        .fetch_one(connection)
        .await?;
    match version(&found) {
        Some(version) if version >= SQLITE_MIN => Ok(()),
        Some(_) | None => Err(StoreError::Version { found }),
    }
}

fn version(text: &str) -> Option<(u32, u32, u32)> {
    let mut numbers = text.split('.').map(u32::from_str);
    let mut next = || numbers.next()?.ok();
    Some((next()?, next()?, next()?))
}

/// Asks back what durability rests on.
async fn check_setting(
    connection: &mut SqliteConnection,
    setting: &'static str,
    wanted: &'static str,
) -> Result<(), StoreError> {
    let row = sqlx::query(setting).fetch_one(connection).await?;
    // Unchecked: some answers are numbers, and SQLite writes them out.
    let found: String = row.try_get_unchecked(0)?;
    if found == wanted {
        Ok(())
    } else {
        Err(StoreError::Setting {
            setting,
            wanted,
            found,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::{SQLITE_MIN, version};

    #[test]
    fn versions_compare_by_number() {
        assert!(version("3.51.2").unwrap() < SQLITE_MIN);
        assert!(version("3.9.9").unwrap() < SQLITE_MIN);
        assert!(version("3.51.3").unwrap() >= SQLITE_MIN);
        assert!(version("4.0.0").unwrap() >= SQLITE_MIN);
        assert_eq!(version("3.51"), None);
        assert_eq!(version("three"), None);
    }
}
