//! The schema, version by version. The files are in `migrations/sqlite`, one owner each.

use std::path::Path;
use std::sync::Arc;

use sqlx::SqlSafeStr as _;
use sqlx::SqliteConnection;
use sqlx::migrate::{Migration, MigrationType, Migrator};

use crate::StoreError;

/// Version, name and text. Append only: a file once released is never changed.
const MIGRATIONS: &[(i64, &str, &str)] = &[
    (
        1,
        "ledger_record",
        include_str!("../../migrations/sqlite/0001_ledger_record.sql"),
    ),
    (
        2,
        "ledger_outbox",
        include_str!("../../migrations/sqlite/0002_ledger_outbox.sql"),
    ),
    (
        10,
        "consent_records",
        include_str!("../../migrations/sqlite/0010_consent_records.sql"),
    ),
    (
        11,
        "consent_facts",
        include_str!("../../migrations/sqlite/0011_consent_facts.sql"),
    ),
    (
        12,
        "consent_caps",
        include_str!("../../migrations/sqlite/0012_consent_caps.sql"),
    ),
    (
        20,
        "gateway_switch",
        include_str!("../../migrations/sqlite/0020_gateway_switch.sql"),
    ),
];

/// Brings the schema up to date.
pub(crate) async fn run(path: &Path, connection: &mut SqliteConnection) -> Result<(), StoreError> {
    let migrations = MIGRATIONS
        .iter()
        .map(|(version, name, text)| {
            Migration::new(
                *version,
                (*name).into(),
                MigrationType::Simple,
                text.into_sql_str(),
                false,
            )
        })
        .collect();
    Migrator::with_migrations(migrations)
        .run(connection)
        .await
        .map_err(|source| StoreError::Migration {
            path: path.to_owned(),
            source: Arc::new(source),
        })
}
