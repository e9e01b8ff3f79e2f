//! Durable entries and commits a second, beside what flushing costs on this disk right now.
//!
//! `cargo bench -p tests --bench commits`. A figure without its `fdatasync` is void: on shared
//! machines flushing may be nearly free. So everything runs again with 4 ms added to each commit.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a measurement prints, and stops where it cannot go on"
)]

use std::fs::File;
use std::io::Write as _;
use std::path::Path;
use std::time::{Duration, Instant};

use ledger::{Draft, Ledger, Outgoing, Owner};
use policy::verdict::EventId;
use proof::Hash;
use proof::entry::{Body, Stage, Verdict};
use proof::note::SigningKey;
use proof::sidecar::Sidecar;
use store::{Clock, Options, Store};

const RUN: Duration = Duration::from_secs(3);

struct Event {
    body: Vec<u8>,
}

impl Outgoing for Event {
    fn event(&self) -> EventId {
        EventId([1; 16])
    }

    fn recipient(&self) -> &str {
        "Mailer"
    }

    fn to_row(&self) -> Vec<u8> {
        self.body.clone()
    }

    fn from_row(row: &[u8]) -> Option<Self> {
        Some(Self { body: row.to_vec() })
    }
}

/// What one round trip of a caller records.
#[derive(Clone, Copy)]
enum Load {
    /// Entries alone.
    Entries,
    /// Entries with sidecars, each under one of 10,000 owners' keys.
    Sidecars,
    /// The same with a body of 400 bytes in the outbox, settled in the next group.
    Bodies,
}

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    println!(
        "{:<28} {:>9} {:>11} {:>10} {:>22}",
        "case", "commits/s", "entries/s", "ack p50/p99", "fdatasync p50/p99 (ms)"
    );
    for delay in [Duration::ZERO, Duration::from_millis(4)] {
        for (name, callers, each, load) in [
            ("1 caller, 1 entry", 1, 1, Load::Entries),
            ("64 callers, 1 entry", 64, 1, Load::Entries),
            ("64 callers, 32 entries", 64, 32, Load::Entries),
            ("64 callers, 32 + sidecars", 64, 32, Load::Sidecars),
            ("64 callers, 32 + bodies", 64, 32, Load::Bodies),
            ("512 callers, 1 + bodies", 512, 1, Load::Bodies),
        ] {
            let name = format!("{name}, +{} ms", delay.as_millis());
            runtime.block_on(run(&name, delay, callers, each, load));
        }
    }
}

async fn run(name: &str, commit_delay: Duration, callers: u32, each: u32, load: Load) {
    let dir = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).unwrap();
    let (sync_p50, sync_p99) = flushes(dir.path());
    let options = Options {
        queue: 4096,
        commit_delay,
    };
    let store = Store::open(&dir.path().join("bench.db"), options)
        .await
        .unwrap();
    let key = SigningKey::from_seed("example.com/bench", &[1; 32]).unwrap();
    let ledger = Ledger::open(&store, key, Clock::fixed(1_700_000_000_000))
        .await
        .unwrap();
    let start = Instant::now();
    let tasks: Vec<_> = (0..callers)
        .map(|caller| tokio::spawn(call(ledger.clone(), caller, each, load, start)))
        .collect();
    let mut waits = Vec::new();
    for task in tasks {
        waits.extend(task.await.unwrap());
    }
    let seconds = start.elapsed().as_secs_f64();
    let entries = ledger.size().get() as f64 / seconds;
    let commits: i64 = sqlx::query_scalar("SELECT count(*) FROM batch")
        .fetch_one(store.readers())
        .await
        .unwrap();
    let (p50, p99) = quantiles(waits);
    println!(
        "{name:<28} {:>9.0} {entries:>11.0} {p50:>5.1}/{p99:<5.1} {sync_p50:>15.2}/{sync_p99:.2}",
        commits as f64 / seconds
    );
    store.close().await.unwrap();
}

async fn call(ledger: Ledger, caller: u32, each: u32, load: Load, start: Instant) -> Vec<f64> {
    let mut waits = Vec::new();
    let mut settled = Vec::new();
    let mut turn = caller;
    while start.elapsed() < RUN {
        turn = turn.wrapping_add(1);
        let decisions = (0..each).map(|at| decision(turn.wrapping_mul(31).wrapping_add(at), load));
        let asked = Instant::now();
        let recorded = ledger.record(decisions.collect(), || ()).await.unwrap();
        waits.push(asked.elapsed().as_secs_f64() * 1e3);
        let tickets: Vec<_> = recorded
            .iter()
            .filter_map(|(_, body)| Some(body.as_ref()?.meta().ticket))
            .collect();
        if !tickets.is_empty() {
            let outbox = ledger.outbox();
            settled.push(tokio::spawn(async move {
                outbox.settle(tickets, ledger::Settled::Delivered).await
            }));
        }
    }
    for settled in settled {
        settled.await.unwrap().unwrap();
    }
    waits
}

fn decision(number: u32, load: Load) -> (Draft, Option<Event>) {
    let owner = number.wrapping_mul(2_654_435_761) % 10_000;
    let mut bytes = [0; 16];
    bytes[..4].copy_from_slice(&owner.to_be_bytes());
    let sidecar = Sidecar {
        occurred_ms: Some(1_700_000_000_000),
        decided_ms: 1_700_000_000_123,
        clauses: vec!["A1".into(), "B2".into()],
        ..Sidecar::default()
    };
    let with_sidecar = !matches!(load, Load::Entries);
    let draft = Draft {
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
        sidecar: with_sidecar.then_some(sidecar),
        owner: with_sidecar.then_some(Owner(bytes)),
    };
    let event = Event {
        body: vec![b'x'; 400],
    };
    (draft, matches!(load, Load::Bodies).then_some(event))
}

/// What 300 flushes of 4 KiB cost here, in milliseconds.
fn flushes(folder: &Path) -> (f64, f64) {
    let mut file = File::create(folder.join("probe")).unwrap();
    let times = (0..300)
        .map(|_| {
            file.write_all(&[1; 4096]).unwrap();
            let start = Instant::now();
            file.sync_data().unwrap();
            start.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    quantiles(times)
}

fn quantiles(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)];
    (at(50), at(99))
}
