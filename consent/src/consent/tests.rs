//! Acts against a real database and ledger.

use std::future::Future;
use std::path::Path;
use std::task::{Context, Waker};

use ledger::{Draft, Outgoing, Owner};
use policy::ast::CapWindow;
use policy::situation::{Choice, ChoiceState};
use policy::verdict::EventId;
use proof::entry::{Body, RightsAct};
use proof::note::SigningKey;
use proof::{Hash, Index};
use tempfile::TempDir;

use super::*;
use crate::{ActId, ActKind, FactUpdate, Notice};

#[cfg(feature = "controls")]
mod faults;
mod races;

const ADA: SubjectId = SubjectId::from_bytes([1; 16]);
const BOB: SubjectId = SubjectId::from_bytes([2; 16]);
const ADS: &str = "personalised ads";
/// 2026-11-23, a Monday.
const NOW: i64 = 20_780 * 24 * 60 * 60 * 1000;

/// One start of the program on a database.
struct World {
    store: Store,
    ledger: Ledger,
    consent: Consent,
}

impl World {
    async fn open(dir: &TempDir) -> Self {
        Self::open_with(dir, store::RESERVE_BYTES, Options::default()).await
    }

    async fn open_with(dir: &TempDir, reserve: u64, options: Options) -> Self {
        let path = |name: &str| dir.path().join(name);
        let store = open_store(&path("sluice.db")).await;
        let clock = Clock::fixed(NOW);
        let key = SigningKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
        let ledger = Ledger::open(&store, key, clock.clone()).await.unwrap();
        let reserve = Reserve::open(&path("reserve"), reserve).unwrap();
        let consent = Consent::open(&store, &ledger, reserve, clock, options)
            .await
            .unwrap();
        Self {
            store,
            ledger,
            consent,
        }
    }

    /// Ends this start in good order, so that the file is free for the next.
    async fn close(self) {
        drop(self.consent);
        drop(self.ledger);
        self.store.close().await.unwrap();
    }

    async fn record(&self, act: &Act) -> Acknowledgement {
        self.consent.record(act.clone()).await.unwrap()
    }

    fn state(&self, subjects: &[SubjectId]) -> Option<ChoiceState> {
        self.choice(subjects).map(|choice| choice.state)
    }

    fn choice(&self, subjects: &[SubjectId]) -> Option<Choice> {
        situation(&self.consent, subjects).records.get(ADS)?.general
    }
}

async fn open_store(path: &Path) -> Store {
    Store::open(path, store::Options::default()).await.unwrap()
}

fn situation(consent: &Consent, subjects: &[SubjectId]) -> Situation {
    let mut situation = Situation::default();
    consent.fill(subjects, consent.now(), &mut situation);
    situation
}

fn act(number: u8, kind: ActKind, at: i64) -> Act {
    Act {
        id: ActId([number; 16]),
        subjects: vec![ADA, BOB],
        purpose: ADS.to_owned(),
        recipient: None,
        kind,
        at: Millis(at),
        notice: Some(Notice {
            version: "7".to_owned(),
            hash: [9; 32],
        }),
        mechanism: "banner".to_owned(),
        expires: None,
    }
}

fn entry_of(acknowledgement: Acknowledgement) -> u64 {
    match acknowledgement {
        Acknowledgement::Kept { entry } => entry,
        Acknowledgement::Reserved => panic!("only reserved"),
    }
}

#[tokio::test]
async fn a_kept_act_has_an_entry_and_survives_a_restart() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let for_one = Act {
        recipient: Some("Meta Ads".to_owned()),
        subjects: vec![BOB],
        notice: None,
        expires: Some(Millis(NOW + 5)),
        ..act(2, ActKind::Given, NOW - 5)
    };
    let withdrawn = act(1, ActKind::Withdrawn, NOW - 10);
    let entry = entry_of(world.record(&withdrawn).await);
    world.record(&for_one).await;
    let before = situation(&world.consent, &[ADA, BOB]);
    assert_eq!(world.state(&[BOB]), Some(ChoiceState::Withdrawn));

    let (found, sidecar) = world.ledger.entry(Index::new(entry)).await.unwrap();
    let purpose = Some(ADS.to_owned());
    assert_eq!(
        found.body,
        Body::Rights {
            act: RightsAct::Withdrawn,
            purpose
        }
    );
    let sidecar = sidecar.unwrap();
    assert_eq!(sidecar.records, vec![[1; 16]]);
    assert_eq!(sidecar.occurred_ms, u64::try_from(NOW - 10).ok());
    let of_ada = world.ledger.by_owner(Owner([1; 16])).await.unwrap();
    assert_eq!(of_ada, vec![Index::new(entry)]);
    world.close().await;

    let world = World::open(&dir).await;
    assert_eq!(situation(&world.consent, &[ADA, BOB]), before);
    let shown = world.consent.show(BOB).await.unwrap();
    assert_eq!(
        shown.iter().map(|record| &record.act).collect::<Vec<_>>(),
        [&withdrawn, &for_one]
    );
    assert_eq!(shown.first().and_then(|record| record.entry), Some(entry));
    assert_eq!(world.consent.show(ADA).await.unwrap().len(), 1);
    world.close().await;
}

#[tokio::test]
async fn the_same_act_is_kept_once_and_another_under_its_id_not_at_all() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let withdrawn = act(1, ActKind::Withdrawn, NOW - 10);
    let first = world.record(&withdrawn).await;
    world.record(&act(2, ActKind::Given, NOW - 5)).await;
    let size = world.ledger.size();
    // Reported again after a later consent, it does not withdraw that one.
    assert_eq!(world.record(&withdrawn).await, first);
    assert_eq!(world.state(&[ADA]), Some(ChoiceState::Given));
    assert_eq!(world.ledger.size(), size);

    let other = act(1, ActKind::Refused, NOW - 10);
    let error = world.consent.record(other).await.unwrap_err();
    assert!(matches!(error, ConsentError::IdTaken));
    world.close().await;
}

fn malformed(good: &Act) -> [(&'static str, Act); 8] {
    [
        (
            "subjects",
            Act {
                subjects: vec![],
                ..good.clone()
            },
        ),
        (
            "subjects",
            Act {
                subjects: vec![ADA; 65],
                ..good.clone()
            },
        ),
        (
            "purpose",
            Act {
                purpose: String::new(),
                ..good.clone()
            },
        ),
        (
            "purpose",
            Act {
                purpose: "x".repeat(201),
                ..good.clone()
            },
        ),
        (
            "mechanism",
            Act {
                mechanism: "a\nb".to_owned(),
                ..good.clone()
            },
        ),
        (
            "recipient",
            Act {
                recipient: Some(String::new()),
                ..good.clone()
            },
        ),
        (
            "expiry",
            Act {
                expires: Some(Millis(NOW)),
                ..good.clone()
            },
        ),
        (
            "expiry",
            Act {
                kind: ActKind::Refused,
                expires: Some(Millis(NOW + 1)),
                ..good.clone()
            },
        ),
    ]
}

#[tokio::test]
async fn what_is_malformed_is_refused_by_field_and_changes_nothing() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let size = world.ledger.size();
    for (field, act) in malformed(&act(1, ActKind::Given, NOW)) {
        let error = world.consent.record(act).await.unwrap_err();
        assert!(
            matches!(error, ConsentError::Malformed(found) if found == field),
            "{field}"
        );
    }
    assert_eq!(world.ledger.size(), size);
    assert_eq!(world.state(&[ADA]), None);
    world.close().await;
}

#[tokio::test]
async fn who_says_no_now_means_no_whatever_the_clocks_say() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    // A consent from a device whose clock is ahead counts from now, not from then.
    world.record(&act(1, ActKind::Given, NOW + 60_000)).await;
    let given = Choice {
        state: ChoiceState::Given,
        since: Millis(NOW),
    };
    assert_eq!(world.choice(&[ADA]), Some(given));
    // A withdrawal from one whose clock is behind counts all the same.
    world
        .record(&act(2, ActKind::Withdrawn, NOW - 60_000))
        .await;
    assert_eq!(world.state(&[ADA]), Some(ChoiceState::Withdrawn));
    world.close().await;
    let world = World::open(&dir).await;
    assert_eq!(world.state(&[ADA]), Some(ChoiceState::Withdrawn));
    world.close().await;
}

#[tokio::test]
async fn an_act_that_was_begun_is_kept_though_the_caller_went_away() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let size = world.ledger.size().get();
    {
        let mut gone = Box::pin(world.consent.record(act(1, ActKind::Withdrawn, NOW)));
        let mut context = Context::from_waker(Waker::noop());
        assert!(gone.as_mut().poll(&mut context).is_pending());
    }
    // The same act waits for its turn, and finds that it is kept.
    world.record(&act(1, ActKind::Withdrawn, NOW)).await;
    assert_eq!(world.ledger.size().get(), size + 1);
    world.close().await;
}

/// Nothing is sent here.
struct Nothing;

impl Outgoing for Nothing {
    fn event(&self) -> EventId {
        EventId([0; 16])
    }

    fn recipient(&self) -> &str {
        ""
    }

    fn to_row(&self) -> Vec<u8> {
        Vec::new()
    }

    fn from_row(_: &[u8]) -> Option<Self> {
        None
    }
}

#[tokio::test]
async fn what_was_counted_with_an_entry_is_still_counted_after_a_restart() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let take = |world: &World, people: &[SubjectId]| {
        world
            .consent
            .caps()
            .try_take(people, "A1", CapWindow::Week, 2, Millis(NOW))
    };
    let ticket = take(&world, &[ADA, BOB]).unwrap();
    let body = Body::Start {
        software: "test".to_owned(),
        policy: Hash::of(b""),
    };
    let decision = vec![(Draft::new(body), None::<Nothing>)];
    world
        .ledger
        .record(decision, move || ticket.commit())
        .await
        .unwrap();
    // This one was never recorded: nothing was sent, so nothing is kept of it.
    drop(take(&world, &[BOB]).unwrap());
    assert!(take(&world, &[BOB]).is_err());
    world.close().await;

    let world = World::open(&dir).await;
    assert!(take(&world, &[BOB]).is_ok());
    assert!(take(&world, &[BOB]).is_err());
    assert!(take(&world, &[ADA, BOB]).is_err());
    world.close().await;
}

#[tokio::test]
async fn facts_are_durable_have_entries_and_name_nobody() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let facts = world.consent.facts();
    let gate = |at| FactUpdate::Gate {
        name: "DPIA-1".to_owned(),
        at,
    };
    let list = "bereavement".to_owned();
    let subjects = vec![ADA];
    let listed = FactUpdate::Listed {
        list,
        subjects,
        until: Some(Millis(NOW + 10)),
    };
    let entry = facts.put(gate(Some(Millis(NOW + 7)))).await.unwrap();
    let (found, _) = world.ledger.entry(Index::new(entry)).await.unwrap();
    assert!(matches!(found.body, Body::Facts { name, .. } if name == "gate DPIA-1"));

    // The same change twice has two hashes: nobody can test who is on the list.
    let mut hashes = Vec::new();
    for _ in 0..2 {
        let entry = facts.put(listed.clone()).await.unwrap();
        let (found, sidecar) = world.ledger.entry(Index::new(entry)).await.unwrap();
        assert_eq!(sidecar, None);
        hashes.push(found.body);
    }
    assert_ne!(hashes.first(), hashes.last());
    let minors = |subjects| FactUpdate::Listed {
        list: "minors".to_owned(),
        subjects,
        until: None,
    };
    facts.put(minors(vec![ADA, BOB])).await.unwrap();
    let off = FactUpdate::Unlisted {
        list: "minors".to_owned(),
        subjects: vec![ADA],
    };
    facts.put(off).await.unwrap();
    let before = situation(&world.consent, &[ADA]);
    assert_eq!(before.gates.get("DPIA-1"), Some(&Millis(NOW + 7)));
    assert_eq!(before.lists.iter().collect::<Vec<_>>(), ["bereavement"]);
    assert!(facts.put(minors(vec![])).await.is_err());
    drop(facts);
    world.close().await;

    let world = World::open(&dir).await;
    assert_eq!(situation(&world.consent, &[ADA]), before);
    let facts = world.consent.facts();
    assert_eq!(facts.lists().values().sum::<usize>(), 2);
    facts.put(gate(None)).await.unwrap();
    assert!(facts.gates().is_empty());
    drop(facts);
    world.close().await;
    let world = World::open(&dir).await;
    assert!(world.consent.facts().gates().is_empty());
    world.close().await;
}
