//! Consent's part of every group commit: rows that stand or fall with their ledger entries.

mod load;

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use policy::situation::Millis;
use store::{BoxFuture, Stage, StoreError, Tx};

use crate::SubjectId;
use crate::act::{ActKind, ConsentRecord};
use crate::caps::Window;
use crate::facts::FactUpdate;
pub(crate) use load::{caps, facts, kept_as, records, records_of};

/// What callers want written in the group that is being committed.
#[derive(Default)]
pub(crate) struct Pending(Mutex<Batch>);

#[derive(Default)]
struct Batch {
    records: Vec<ConsentRecord>,
    facts: Vec<FactRow>,
    caps: Vec<CapRow>,
}

/// One change of a fact.
#[derive(Clone)]
pub(crate) struct FactRow {
    pub(crate) update: FactUpdate,
    pub(crate) since: Millis,
    pub(crate) salt: [u8; 32],
    pub(crate) entry: u64,
}

/// One event counted for one person.
pub(crate) struct CapRow {
    pub(crate) subject: SubjectId,
    pub(crate) clause: Arc<str>,
    pub(crate) window: Window,
}

// All of these are called on the writer only, from within a group.
impl Pending {
    pub(crate) fn push_records(&self, records: impl IntoIterator<Item = ConsentRecord>) {
        self.lock().records.extend(records);
    }

    pub(crate) fn push_fact(&self, row: FactRow) {
        self.lock().facts.push(row);
    }

    pub(crate) fn push_caps(&self, rows: Vec<CapRow>) {
        self.lock().caps.extend(rows);
    }

    fn take(&self) -> Batch {
        std::mem::take(&mut *self.lock())
    }

    fn lock(&self) -> MutexGuard<'_, Batch> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Pending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pending(..)")
    }
}

/// The stage that writes them.
pub(crate) struct Rows(pub(crate) Arc<Pending>);

impl Stage for Rows {
    fn before_commit<'a>(&'a mut self, tx: &'a mut Tx) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let batch = self.0.take();
            for record in &batch.records {
                write_record(tx, record).await?;
            }
            for row in &batch.facts {
                write_fact(tx, row).await?;
            }
            for row in &batch.caps {
                write_cap(tx, row).await?;
            }
            Ok(())
        })
    }

    fn after_commit(&mut self) {}

    fn after_rollback(&mut self) {
        drop(self.0.take());
    }
}

async fn write_record(tx: &mut Tx, record: &ConsentRecord) -> Result<(), StoreError> {
    let act = &record.act;
    let notice = act.notice.as_ref();
    // An act that is there already was acknowledged before a crash, and stays as it is.
    let inserted: Option<i64> = sqlx::query_scalar(
        "INSERT INTO consent_record (act, purpose, recipient, kind, at_ms, since_ms, expires_ms, \
         notice_version, notice_hash, mechanism, recorded_ms, entry) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
         ON CONFLICT (act) DO NOTHING RETURNING record",
    )
    .bind(act.id.0.as_slice())
    .bind(&act.purpose)
    .bind(&act.recipient)
    .bind(act.kind.code())
    .bind(act.at.0)
    .bind(record.since.0)
    .bind(act.expires.map(|expires| expires.0))
    .bind(notice.map(|notice| &notice.version))
    .bind(notice.map(|notice| notice.hash.as_slice()))
    .bind(&act.mechanism)
    .bind(record.recorded.0)
    .bind(record.entry.and_then(|entry| i64::try_from(entry).ok()))
    .fetch_optional(&mut **tx)
    .await?;
    let Some(number) = inserted else {
        return Ok(());
    };
    for (place, subject) in (0_i64..).zip(&act.subjects) {
        sqlx::query(
            "INSERT INTO consent_subject (subject, record, place) VALUES ($1, $2, $3) \
             ON CONFLICT (subject, record) DO NOTHING",
        )
        .bind(subject.as_bytes().as_slice())
        .bind(number)
        .bind(place)
        .execute(&mut **tx)
        .await?;
    }
    Ok(())
}

async fn write_fact(tx: &mut Tx, row: &FactRow) -> Result<(), StoreError> {
    let entry = i64::try_from(row.entry).ok();
    match &row.update {
        FactUpdate::Gate { name, at: Some(at) } => {
            sqlx::query(
                "INSERT INTO consent_gate (name, at_ms, salt, entry) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (name) DO UPDATE SET at_ms = excluded.at_ms, salt = excluded.salt, \
                 entry = excluded.entry",
            )
            .bind(name)
            .bind(at.0)
            .bind(row.salt.as_slice())
            .bind(entry)
            .execute(&mut **tx)
            .await?;
        }
        FactUpdate::Gate { name, at: None } => {
            sqlx::query("DELETE FROM consent_gate WHERE name = $1")
                .bind(name)
                .execute(&mut **tx)
                .await?;
        }
        FactUpdate::Listed {
            list,
            subjects,
            until,
        } => {
            for subject in subjects {
                sqlx::query(
                    "INSERT INTO consent_listing (list, subject, since_ms, until_ms, salt, entry) \
                     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (list, subject) DO UPDATE SET \
                     until_ms = excluded.until_ms, salt = excluded.salt, entry = excluded.entry",
                )
                .bind(list)
                .bind(subject.as_bytes().as_slice())
                .bind(row.since.0)
                .bind(until.map(|until| until.0))
                .bind(row.salt.as_slice())
                .bind(entry)
                .execute(&mut **tx)
                .await?;
            }
        }
        FactUpdate::Unlisted { list, subjects } => {
            for subject in subjects {
                sqlx::query("DELETE FROM consent_listing WHERE list = $1 AND subject = $2")
                    .bind(list)
                    .bind(subject.as_bytes().as_slice())
                    .execute(&mut **tx)
                    .await?;
            }
        }
    }
    Ok(())
}

async fn write_cap(tx: &mut Tx, row: &CapRow) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO consent_cap (subject, clause, start_day, days, taken) \
         VALUES ($1, $2, $3, $4, 1) ON CONFLICT (subject, clause, start_day, days) \
         DO UPDATE SET taken = taken + 1",
    )
    .bind(row.subject.as_bytes().as_slice())
    .bind(row.clause.as_ref())
    .bind(row.window.start_day())
    .bind(row.window.days())
    .execute(&mut **tx)
    .await?;
    Ok(())
}

impl ActKind {
    /// The number in rows and frames. Never given a second meaning.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Given => 1,
            Self::Refused => 2,
            Self::Withdrawn => 3,
            Self::OptedOut => 4,
            Self::OptedIn => 5,
            Self::Objected => 6,
        }
    }

    pub(crate) fn from_code(code: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
