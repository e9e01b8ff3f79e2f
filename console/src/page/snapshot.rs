//! How the gateway stands at one moment, in numbers and names of the policy.

use gateway::Counts;
use policy::Policy;
use proof::checkpoint::Checkpoint;
use proof::entry::SwitchWhat;
use store::State as StoreState;

use crate::Admin;
use crate::api::given::{rfc3339, to_hex};

/// A moment.
#[derive(Debug, Default)]
pub(super) struct Snapshot {
    pub(super) at: String,
    pub(super) state: &'static str,
    pub(super) policy: String,
    pub(super) version: u32,
    pub(super) policy_hash: String,
    pub(super) events: u64,
    pub(super) decisions: u64,
    pub(super) sent: u64,
    pub(super) edited: u64,
    pub(super) refused: u64,
    pub(super) refusals: Vec<Row>,
    pub(super) lacking: Vec<Row>,
    pub(super) outbox: Vec<Waiting>,
    pub(super) stops: Vec<[String; 3]>,
    pub(super) entries: u64,
    pub(super) checkpoint: String,
    pub(super) vkey: String,
    pub(super) recent: Vec<[String; 4]>,
}

/// A label and how often.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) label: String,
    pub(super) count: u64,
}

/// What waits for a recipient.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) recipient: String,
    pub(super) events: u64,
    pub(super) bytes: u64,
}

/// How many of the last decisions are shown.
const RECENT: usize = 12;

impl Snapshot {
    pub(super) async fn of(admin: &Admin) -> Self {
        let counts = admin.gateway.counts();
        let policy = admin.gateway.policy();
        let lacking = [
            ("person", counts.lacking.person),
            ("place", counts.lacking.place),
            ("age", counts.lacking.age),
            ("consent", counts.lacking.consent),
        ];
        Self {
            at: rfc3339(admin.clock.now_ms()),
            state: match admin.store.state() {
                StoreState::Ready => "running",
                StoreState::Full => "the disk is full: nothing is taken",
                StoreState::Failed => "the database failed: nothing is taken",
            },
            policy: policy.name().to_owned(),
            version: policy.version(),
            policy_hash: to_hex(policy.hash()),
            events: counts.events,
            decisions: counts.decisions,
            sent: counts.sent,
            edited: counts.edited,
            refused: counts.refused,
            refusals: refusals(&counts),
            lacking: lacking
                .map(|(label, count)| Row {
                    label: label.to_owned(),
                    count,
                })
                .to_vec(),
            outbox: outbox(admin, &policy),
            stops: admin
                .gateway
                .stops()
                .list()
                .into_iter()
                .map(stopped)
                .collect(),
            entries: admin.ledger.size().get(),
            checkpoint: last_checkpoint(admin).await,
            vkey: admin.ledger.vkey().to_string(),
            recent: admin
                .gateway
                .recent()
                .iter()
                .rev()
                .take(RECENT)
                .map(decision)
                .collect(),
        }
    }
}

/// What stopped decisions, the most frequent first.
fn refusals(counts: &Counts) -> Vec<Row> {
    let mut rows: Vec<Row> = counts
        .reasons
        .iter()
        .map(|((clause, reason), count)| Row {
            label: label(clause, reason),
            count: *count,
        })
        .collect();
    rows.sort_by(|left, right| (right.count, &left.label).cmp(&(left.count, &right.label)));
    rows
}

fn outbox(admin: &Admin, policy: &Policy) -> Vec<Waiting> {
    let outbox = admin.ledger.outbox();
    let names = policy.recipients().iter().map(|recipient| &recipient.name);
    names
        .map(|name| (name, outbox.waiting(name)))
        .filter(|(_, waiting)| waiting.events > 0)
        .map(|(name, waiting)| Waiting {
            recipient: name.to_string(),
            events: waiting.events,
            bytes: waiting.bytes,
        })
        .collect()
}

/// Which size the last checkpoint signed, and its root.
async fn last_checkpoint(admin: &Admin) -> String {
    let note = admin.ledger.last_checkpoint().await;
    let opened = note.and_then(|note| Checkpoint::open(&note, admin.ledger.vkey()).ok());
    match opened {
        Some(checkpoint) => format!("{} entries, root {}", checkpoint.size, checkpoint.root),
        None => "none yet".to_owned(),
    }
}

/// A refusal's clause, or its reason where no clause speaks.
fn label(clause: &str, reason: &str) -> String {
    if clause.is_empty() {
        reason.to_owned()
    } else {
        format!("{clause} ({reason})")
    }
}

fn stopped((what, name, stop): (SwitchWhat, String, gateway::Stopped)) -> [String; 3] {
    let waits = match stop.resumed_by {
        Some(first) => format!("{first} asked; another person must too"),
        None => "nobody asked to resume".to_owned(),
    };
    [what.word().to_owned(), name, waits]
}

fn decision(decision: &gateway::RecentDecision) -> [String; 4] {
    let because = match (decision.clauses.is_empty(), decision.reason) {
        (true, reason) => reason.unwrap_or_default().to_owned(),
        (false, None) => decision.clauses.join(", "),
        (false, Some(reason)) => format!("{} ({reason})", decision.clauses.join(", ")),
    };
    let index = decision.index.to_string();
    [
        index,
        decision.recipient.clone(),
        decision.verdict.to_owned(),
        because,
    ]
}
