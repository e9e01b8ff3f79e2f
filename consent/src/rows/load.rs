//! Reading the rows back: all of them at the start, one person's when asked.

use std::collections::HashMap;

use policy::situation::Millis;
use sqlx::sqlite::SqliteRow;
use sqlx::{FromRow, Row as _, SqlitePool};

use super::{CapRow, FactRow};
use crate::act::{Act, ActId, ActKind, ConsentRecord, Notice};
use crate::caps::Window;
use crate::facts::FactUpdate;
use crate::{ConsentError, SubjectId};

/// How many records are read at a time.
const PAGE: i64 = 4096;

const RECORDS: ConsentError = ConsentError::Damaged {
    what: "a consent record",
};
const FACTS: ConsentError = ConsentError::Damaged { what: "a fact" };
const CAPS: ConsentError = ConsentError::Damaged { what: "a count" };

struct RecordRow {
    record: i64,
    act: Vec<u8>,
    purpose: String,
    recipient: Option<String>,
    kind: i64,
    at_ms: i64,
    since_ms: i64,
    expires_ms: Option<i64>,
    notice_version: Option<String>,
    notice_hash: Option<Vec<u8>>,
    mechanism: String,
    recorded_ms: i64,
    entry: i64,
}

impl FromRow<'_, SqliteRow> for RecordRow {
    fn from_row(row: &SqliteRow) -> Result<Self, sqlx::Error> {
        Ok(Self {
            record: row.try_get("record")?,
            act: row.try_get("act")?,
            purpose: row.try_get("purpose")?,
            recipient: row.try_get("recipient")?,
            kind: row.try_get("kind")?,
            at_ms: row.try_get("at_ms")?,
            since_ms: row.try_get("since_ms")?,
            expires_ms: row.try_get("expires_ms")?,
            notice_version: row.try_get("notice_version")?,
            notice_hash: row.try_get("notice_hash")?,
            mechanism: row.try_get("mechanism")?,
            recorded_ms: row.try_get("recorded_ms")?,
            entry: row.try_get("entry")?,
        })
    }
}

impl RecordRow {
    fn read(self, subjects: Vec<SubjectId>) -> Result<ConsentRecord, ConsentError> {
        let notice = match (self.notice_version, self.notice_hash) {
            (Some(version), Some(hash)) => Some(Notice {
                version,
                hash: hash.try_into().map_err(|_| RECORDS)?,
            }),
            (None, None) => None,
            (Some(_), None) | (None, Some(_)) => return Err(RECORDS),
        };
        let kind = u8::try_from(self.kind)
            .ok()
            .and_then(ActKind::from_code)
            .ok_or(RECORDS)?;
        Ok(ConsentRecord {
            act: Act {
                id: ActId(self.act.try_into().map_err(|_| RECORDS)?),
                subjects,
                purpose: self.purpose,
                recipient: self.recipient,
                kind,
                at: Millis(self.at_ms),
                notice,
                mechanism: self.mechanism,
                expires: self.expires_ms.map(Millis),
            },
            since: Millis(self.since_ms),
            recorded: Millis(self.recorded_ms),
            entry: Some(u64::try_from(self.entry).map_err(|_| RECORDS)?),
        })
    }
}

/// Hands out every record, in the order of keeping.
pub(crate) async fn records(
    readers: &SqlitePool,
    mut each: impl FnMut(ConsentRecord),
) -> Result<(), ConsentError> {
    let mut after = i64::MIN;
    loop {
        let rows: Vec<RecordRow> = sqlx::query_as(
            "SELECT * FROM consent_record WHERE record > $1 ORDER BY record LIMIT $2",
        )
        .bind(after)
        .bind(PAGE)
        .fetch_all(readers)
        .await?;
        let Some(last) = rows.last().map(|row| row.record) else {
            return Ok(());
        };
        let people: Vec<(i64, Vec<u8>)> = sqlx::query_as(
            "SELECT record, subject FROM consent_subject WHERE record > $1 AND record <= $2 \
             ORDER BY record, place",
        )
        .bind(after)
        .bind(last)
        .fetch_all(readers)
        .await?;
        let mut people = by_record(people)?;
        for row in rows {
            let subjects = people.remove(&row.record).ok_or(RECORDS)?;
            each(row.read(subjects)?);
        }
        after = last;
    }
}

/// The records of one person under one identifier, oldest first.
pub(crate) async fn records_of(
    readers: &SqlitePool,
    subject: SubjectId,
) -> Result<Vec<ConsentRecord>, ConsentError> {
    let rows: Vec<RecordRow> = sqlx::query_as(
        "SELECT consent_record.* FROM consent_record \
         JOIN consent_subject USING (record) WHERE subject = $1 ORDER BY since_ms, record",
    )
    .bind(subject.as_bytes().as_slice())
    .fetch_all(readers)
    .await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let subjects = subjects_of(readers, row.record).await?;
        found.push(row.read(subjects)?);
    }
    Ok(found)
}

/// The record of an act, if it is kept.
pub(crate) async fn kept_as(
    readers: &SqlitePool,
    act: ActId,
) -> Result<Option<ConsentRecord>, ConsentError> {
    let row: Option<RecordRow> = sqlx::query_as("SELECT * FROM consent_record WHERE act = $1")
        .bind(act.0.as_slice())
        .fetch_optional(readers)
        .await?;
    let Some(row) = row else {
        return Ok(None);
    };
    let subjects = subjects_of(readers, row.record).await?;
    row.read(subjects).map(Some)
}

/// List, subject, since, until, salt and entry.
type ListingRow = (String, Vec<u8>, i64, Option<i64>, Vec<u8>, i64);

/// Every gate and listing, as the change that would make it.
pub(crate) async fn facts(readers: &SqlitePool) -> Result<Vec<FactRow>, ConsentError> {
    let gates: Vec<(String, i64, Vec<u8>, i64)> =
        sqlx::query_as("SELECT name, at_ms, salt, entry FROM consent_gate")
            .fetch_all(readers)
            .await?;
    let listings: Vec<ListingRow> = sqlx::query_as(
        "SELECT list, subject, since_ms, until_ms, salt, entry FROM consent_listing",
    )
    .fetch_all(readers)
    .await?;
    let row = |update, since, salt: Vec<u8>, entry| {
        Ok(FactRow {
            update,
            since: Millis(since),
            salt: salt.try_into().map_err(|_| FACTS)?,
            entry: u64::try_from(entry).map_err(|_| FACTS)?,
        })
    };
    let gates = gates.into_iter().map(|(name, at, salt, entry)| {
        row(
            FactUpdate::Gate {
                name,
                at: Some(Millis(at)),
            },
            at,
            salt,
            entry,
        )
    });
    let listings = listings
        .into_iter()
        .map(|(list, person, since, until, salt, entry)| {
            let subjects = vec![subject(person).ok_or(FACTS)?];
            row(
                FactUpdate::Listed {
                    list,
                    subjects,
                    until: until.map(Millis),
                },
                since,
                salt,
                entry,
            )
        });
    gates.chain(listings).collect()
}

/// Every count of a window that starts on `oldest` or later.
pub(crate) async fn caps(
    readers: &SqlitePool,
    oldest: i64,
) -> Result<Vec<(CapRow, u32)>, ConsentError> {
    let rows: Vec<(Vec<u8>, String, i64, i64, i64)> = sqlx::query_as(
        "SELECT subject, clause, start_day, days, taken FROM consent_cap WHERE start_day >= $1",
    )
    .bind(oldest)
    .fetch_all(readers)
    .await?;
    let read = |(person, clause, start_day, days, taken): (Vec<u8>, String, i64, i64, i64)| {
        let row = CapRow {
            subject: subject(person).ok_or(CAPS)?,
            clause: clause.into(),
            window: Window::from_row(start_day, days).ok_or(CAPS)?,
        };
        Ok((row, u32::try_from(taken).unwrap_or(u32::MAX)))
    };
    rows.into_iter().map(read).collect()
}

async fn subjects_of(readers: &SqlitePool, record: i64) -> Result<Vec<SubjectId>, ConsentError> {
    let people: Vec<(i64, Vec<u8>)> = sqlx::query_as(
        "SELECT record, subject FROM consent_subject WHERE record = $1 ORDER BY place",
    )
    .bind(record)
    .fetch_all(readers)
    .await?;
    by_record(people)?.remove(&record).ok_or(RECORDS)
}

fn by_record(people: Vec<(i64, Vec<u8>)>) -> Result<HashMap<i64, Vec<SubjectId>>, ConsentError> {
    let mut found: HashMap<i64, Vec<SubjectId>> = HashMap::new();
    for (record, person) in people {
        found
            .entry(record)
            .or_default()
            .push(subject(person).ok_or(RECORDS)?);
    }
    Ok(found)
}

fn subject(bytes: Vec<u8>) -> Option<SubjectId> {
    bytes.try_into().ok().map(SubjectId::from_bytes)
}
