//! The database is not there: people's rights are accepted all the same.

use store::Fault;

use super::*;

fn quick() -> Options {
    Options {
        retry: Duration::from_millis(1),
        ..Options::default()
    }
}

/// Never within a test: only a start replays.
fn patient() -> Options {
    Options {
        retry: Duration::from_secs(3600),
        ..Options::default()
    }
}

#[tokio::test]
async fn a_withdrawal_is_reserved_and_kept_when_the_database_is_back() {
    for fault in [Fault::Down, Fault::DiskFull] {
        let dir = TempDir::new().unwrap();
        let world = World::open_with(&dir, store::RESERVE_BYTES, quick()).await;
        world.record(&act(1, ActKind::Given, NOW - 9)).await;
        let size = world.ledger.size().get();
        world.store.faults().set(fault);
        let withdrawn = act(2, ActKind::Withdrawn, NOW);
        assert_eq!(world.record(&withdrawn).await, Acknowledgement::Reserved);
        assert_eq!(world.state(&[ADA]), Some(ChoiceState::Withdrawn));
        assert_eq!(world.record(&withdrawn).await, Acknowledgement::Reserved);
        assert_eq!(world.consent.show(ADA).await.unwrap().len(), 2);
        // What would widen cannot be kept, and changes nothing.
        let given = act(3, ActKind::Given, NOW);
        let error = world.consent.record(given).await.unwrap_err();
        assert!(matches!(error, ConsentError::Unavailable(_)));

        world.store.faults().set(Fault::None);
        while world.consent.reserved() > 0 {
            tokio::task::yield_now().await;
        }
        assert_eq!(world.ledger.size().get(), size + 1);
        assert_eq!(entry_of(world.record(&withdrawn).await), size);
        world.close().await;
        let world = World::open(&dir).await;
        assert_eq!(world.state(&[BOB]), Some(ChoiceState::Withdrawn));
        assert_eq!(world.consent.show(BOB).await.unwrap().len(), 2);
        world.close().await;
    }
}

#[tokio::test]
async fn the_reserve_file_is_replayed_first_at_the_start_and_twice_does_no_harm() {
    let dir = TempDir::new().unwrap();
    let world = World::open_with(&dir, store::RESERVE_BYTES, patient()).await;
    world.record(&act(1, ActKind::Given, NOW - 9)).await;
    world.store.faults().set(Fault::Down);
    world.record(&act(2, ActKind::OptedOut, NOW)).await;
    world.record(&act(3, ActKind::Withdrawn, NOW)).await;
    let file = std::fs::read(dir.path().join("reserve")).unwrap();
    world.store.faults().set(Fault::None);
    world.close().await;

    for _ in 0..2 {
        // As if the program had ended before it emptied the file.
        std::fs::write(dir.path().join("reserve"), &file).unwrap();
        let world = World::open_with(&dir, store::RESERVE_BYTES, patient()).await;
        assert_eq!(world.consent.reserved(), 0);
        assert_eq!(world.state(&[ADA]), Some(ChoiceState::Withdrawn));
        let shown = world.consent.show(ADA).await.unwrap();
        assert_eq!(shown.len(), 3);
        assert!(shown.iter().all(|record| record.entry.is_some()));
        assert_eq!(world.ledger.size().get(), 3);
        world.close().await;
    }
}

#[tokio::test]
async fn what_nothing_can_keep_is_not_acknowledged_but_stays_denied() {
    let dir = TempDir::new().unwrap();
    // Room for no frame.
    let world = World::open_with(&dir, 64, patient()).await;
    world.record(&act(1, ActKind::Given, NOW - 9)).await;
    world.store.faults().set(Fault::Down);
    let error = world
        .consent
        .record(act(2, ActKind::Withdrawn, NOW))
        .await
        .unwrap_err();
    assert!(matches!(
        error,
        ConsentError::Unkept(StoreError::ReserveFull)
    ));
    assert_eq!(world.state(&[ADA]), Some(ChoiceState::Withdrawn));
    let gate = FactUpdate::Gate {
        name: "DPIA-1".to_owned(),
        at: Some(Millis(9)),
    };
    assert!(world.consent.facts().put(gate).await.is_err());
    assert!(world.consent.facts().gates().is_empty());
    world.store.faults().set(Fault::None);
    world.close().await;
}

#[tokio::test]
async fn a_damaged_frame_stops_the_start() {
    let dir = TempDir::new().unwrap();
    let world = World::open(&dir).await;
    world.close().await;
    let reserve = Reserve::open(&dir.path().join("reserve"), store::RESERVE_BYTES).unwrap();
    reserve.append(b"no act").unwrap();
    let store = open_store(&dir.path().join("sluice.db")).await;
    let key = SigningKey::from_seed("example.com/ledger", &[1; 32]).unwrap();
    let clock = Clock::fixed(NOW);
    let ledger = Ledger::open(&store, key, clock.clone()).await.unwrap();
    let opened = Consent::open(&store, &ledger, reserve, clock, Options::default()).await;
    assert!(matches!(opened, Err(ConsentError::Damaged { .. })));
}
