use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU32, Ordering};

use policy::verdict::EventId;
use proof::entry::{Body, DeliveryOutcome, Stage, Verdict};
use proof::note::SigningKey;
use proof::sidecar::Sidecar;
use proof::tlog_proof::TlogProof;
use proof::{Hash, Index, Size, pack};
use store::{Clock, Fault, Lane, Options, State, Store, StoreError};

use crate::{Draft, Ledger, LedgerError, Outgoing, Owner, Settled, Waiting};

const MARK: &str = "a-clause-that-must-stay-sealed";
const ALICE: Owner = Owner([0xA1; 16]);
const BOB: Owner = Owner([0xB0; 16]);

struct Scratch(tempfile::TempDir);

impl Scratch {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("sluice.db")
    }

    async fn open(&self) -> (Store, Ledger) {
        let store = Store::open(&self.path(), Options::default()).await.unwrap();
        let clock = Clock::fixed(1_700_000_000_123);
        let ledger = Ledger::open(&store, key(), clock).await.unwrap();
        (store, ledger)
    }

    /// Changes the closed database as somebody with the file could.
    async fn tamper(&self, sql: &'static str) {
        let store = Store::open(&self.path(), Options::default()).await.unwrap();
        tamper(&store, sql).await;
        store.close().await.unwrap();
    }

    async fn reopen_error(&self) -> LedgerError {
        let store = Store::open(&self.path(), Options::default()).await.unwrap();
        let clock = Clock::fixed(0);
        Ledger::open(&store, key(), clock).await.unwrap_err()
    }

    fn bytes(&self) -> Vec<u8> {
        let mut bytes = std::fs::read(self.path()).unwrap();
        bytes.extend(std::fs::read(self.0.path().join("sluice.db-wal")).unwrap_or_default());
        bytes
    }
}

async fn tamper(store: &Store, sql: &'static str) {
    store
        .submit(Lane::House, move |tx| {
            Box::pin(async move {
                for sql in [
                    "DROP TRIGGER IF EXISTS batch_is_never_changed",
                    "DROP TRIGGER IF EXISTS batch_is_never_removed",
                    sql,
                ] {
                    sqlx::query(sql).execute(&mut **tx).await?;
                }
                Ok(())
            })
        })
        .await
        .unwrap();
}

fn key() -> SigningKey {
    SigningKey::from_seed("example.com/ledger", &[1; 32]).unwrap()
}

fn decision(owner: Option<Owner>) -> Draft {
    Draft {
        body: Body::Decision {
            stage: Stage::Collect,
            policy: Hash::of(b"policy"),
            source: "Web shop".into(),
            recipient: "Mailer".into(),
            purpose: "advertising".into(),
            verdict: Verdict::Edited,
            clauses: vec!["A1".into()],
            reason: None,
        },
        sidecar: Some(Sidecar {
            decided_ms: 1_700_000_000_123,
            clauses: vec![MARK.into()],
            ..Sidecar::default()
        }),
        owner,
    }
}

fn start() -> Draft {
    Draft::new(Body::Start {
        software: "sluice".into(),
        policy: Hash::of(b"policy"),
    })
}

#[derive(Debug, PartialEq)]
struct Letter {
    event: u8,
    to: &'static str,
    text: Vec<u8>,
}

impl Letter {
    fn new(event: u8, to: &'static str, text: &[u8]) -> Self {
        let text = text.to_vec();
        Self { event, to, text }
    }
}

impl Outgoing for Letter {
    fn event(&self) -> EventId {
        EventId([self.event; 16])
    }

    fn recipient(&self) -> &str {
        self.to
    }

    fn to_row(&self) -> Vec<u8> {
        [&[self.event], self.to.as_bytes(), b"|", &self.text].concat()
    }

    fn from_row(row: &[u8]) -> Option<Self> {
        let (event, rest) = row.split_first()?;
        let end = rest.iter().position(|byte| *byte == b'|')?;
        let to = match &rest[..end] {
            b"Mailer" => "Mailer",
            b"Ads" => "Ads",
            _ => return None,
        };
        Some(Self::new(*event, to, &rest[end + 1..]))
    }

    fn sent(&self) -> Option<&[u8]> {
        Some(&self.text)
    }
}

async fn exported(ledger: &Ledger, openings: bool) -> Vec<u8> {
    let mut bytes = Vec::new();
    ledger
        .export(&mut bytes, openings, &mut |_| {})
        .await
        .unwrap();
    bytes
}

mod damage;
mod export;
mod outbox;
mod record;
mod sidecars;
