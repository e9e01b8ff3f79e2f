//! Withdrawals against sends: after the acknowledgement nothing is on its way.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use super::*;

#[tokio::test]
async fn a_withdrawal_waits_for_sends_that_were_decided_before_and_a_consent_for_nobody() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let guard = world.consent.guard(&[BOB]);
    world.record(&act(1, ActKind::Given, NOW - 9)).await;

    let consent = world.consent.clone();
    let withdrawal =
        tokio::spawn(async move { consent.record(act(2, ActKind::Withdrawn, NOW)).await });
    while world.state(&[ADA]) != Some(ChoiceState::Withdrawn) {
        tokio::task::yield_now().await;
    }
    while world.consent.show(ADA).await.unwrap().len() < 2 {
        tokio::task::yield_now().await;
    }
    // Visible and durable, and still not acknowledged; other people's withdrawals go on.
    let others = Act {
        subjects: vec![SubjectId::from_bytes([3; 16])],
        ..act(3, ActKind::Withdrawn, 0)
    };
    world.record(&others).await;
    assert!(!withdrawal.is_finished());
    let later = world.consent.guard(&[ADA]);
    drop(guard);
    entry_of(withdrawal.await.unwrap().unwrap());
    drop(later);
    world.close().await;
}

#[tokio::test]
async fn a_send_that_outlasts_its_timeout_does_not_hold_up_a_withdrawal_for_ever() {
    let dir = TempDir::new().unwrap();
    let options = Options {
        send_timeout: Duration::from_millis(20),
        ..Options::default()
    };
    let world = World::open_with(&dir, store::RESERVE_BYTES, options).await;
    let guard = world.consent.guard(&[ADA]);
    let start = std::time::Instant::now();
    entry_of(world.record(&act(1, ActKind::Withdrawn, NOW)).await);
    // A send that uses its time up still has to cut its connection.
    assert!(start.elapsed() >= 2 * options.send_timeout);
    drop(guard);
    world.close().await;
}

#[tokio::test]
async fn a_listing_waits_for_sends_and_so_does_a_gate() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    let list = "minors".to_owned();
    let changes = [
        FactUpdate::Listed {
            list,
            subjects: vec![ADA],
            until: None,
        },
        FactUpdate::Gate {
            name: "DPIA-1".to_owned(),
            at: Some(Millis(5)),
        },
        FactUpdate::Gate {
            name: "DPIA-1".to_owned(),
            at: None,
        },
    ];
    for change in changes {
        let guard = world.consent.guard(&[ADA]);
        let facts = world.consent.facts();
        let before = world.ledger.size();
        let put = tokio::spawn(async move { facts.put(change).await });
        while world.ledger.size() == before {
            tokio::task::yield_now().await;
        }
        assert!(!put.is_finished());
        drop(guard);
        put.await.unwrap().unwrap();
    }
    world.close().await;
}

/// Sends for one person until told to end, and counts what was on its way after the answer.
struct Sender {
    consent: Consent,
    subject: SubjectId,
    acknowledged: AtomicBool,
    done: AtomicBool,
    sent: AtomicUsize,
    late: AtomicUsize,
}

impl Sender {
    async fn run(&self) {
        while !self.done.load(Ordering::SeqCst) {
            let guard = self.consent.guard(&[self.subject]);
            let records = situation(&self.consent, &[self.subject]).records;
            let general = records.get(ADS).and_then(|record| record.general);
            let permits = general.is_some_and(|choice| choice.state == ChoiceState::Given);
            if permits {
                for _ in 0..3 {
                    tokio::task::yield_now().await;
                    let late = self.acknowledged.load(Ordering::SeqCst);
                    self.late.fetch_add(usize::from(late), Ordering::SeqCst);
                }
                self.sent.fetch_add(1, Ordering::SeqCst);
            }
            drop(guard);
            tokio::task::yield_now().await;
        }
    }

    /// One race: consent, send, withdraw, look.
    async fn race(self: Arc<Self>, number: u8) {
        let act = |id: u8, kind| Act {
            id: ActId([id, number, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            subjects: vec![self.subject],
            ..super::act(0, kind, NOW)
        };
        // The clock stands still: the consent must be older to be seen beside the withdrawal.
        let given = Act {
            at: Millis(NOW - 1),
            ..act(1, ActKind::Given)
        };
        self.consent.record(given).await.unwrap();
        let sender = Arc::clone(&self);
        let sending = tokio::spawn(async move { sender.run().await });
        while self.sent.load(Ordering::SeqCst) == 0 {
            tokio::task::yield_now().await;
        }
        self.consent
            .record(act(2, ActKind::Withdrawn))
            .await
            .unwrap();
        self.acknowledged.store(true, Ordering::SeqCst);
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
        self.done.store(true, Ordering::SeqCst);
        sending.await.unwrap();
    }
}

/// Runs many races at once and says how often something was on its way after the answer.
async fn races(consent: &Consent) -> usize {
    let senders: Vec<_> = (0..200)
        .map(|number| {
            Arc::new(Sender {
                consent: consent.clone(),
                subject: SubjectId::from_bytes([number; 16]),
                acknowledged: AtomicBool::new(false),
                done: AtomicBool::new(false),
                sent: AtomicUsize::new(0),
                late: AtomicUsize::new(0),
            })
        })
        .collect();
    let running: Vec<_> = (0..)
        .zip(&senders)
        .map(|(n, s)| tokio::spawn(Arc::clone(s).race(n)))
        .collect();
    for race in running {
        race.await.unwrap();
    }
    senders
        .iter()
        .map(|sender| sender.late.load(Ordering::SeqCst))
        .sum()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn nothing_is_on_its_way_after_the_acknowledgement() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    assert_eq!(races(&world.consent).await, 0);
    world.close().await;
}

#[cfg(feature = "controls")]
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_races_find_the_planted_bug() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    world.consent.controls().ack_before_deny(true);
    assert!(races(&world.consent).await > 0);
    world.close().await;
}
