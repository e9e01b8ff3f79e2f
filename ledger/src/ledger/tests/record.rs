//! Entries find their place, and groups stand or fall whole.

use super::*;

#[tokio::test]
async fn receipts_come_in_order_and_the_tree_is_the_same_after_reopening() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    let first = ledger.append(Lane::Data, vec![start()]).await.unwrap();
    let more = ledger
        .append(Lane::Data, vec![decision(Some(ALICE)), decision(None)])
        .await
        .unwrap();
    assert_eq!(first[0].index, Index::new(0));
    assert_eq!([more[0].index, more[1].index].map(Index::get), [1, 2]);
    let before = ledger.verify_stored().await.unwrap();
    assert_eq!((before.size, before.opened), (Size::new(3), 2));
    let tree: proof::merkle::Frontier = [first[0].leaf, more[0].leaf, more[1].leaf]
        .into_iter()
        .collect();
    assert_eq!(tree.root(), before.root);

    store.close().await.unwrap();
    let (_store, ledger) = scratch.open().await;
    assert_eq!(ledger.verify_stored().await.unwrap(), before);
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    assert_eq!(ledger.size(), Size::new(4));
}

#[tokio::test]
async fn many_callers_share_groups_and_each_gets_its_own_receipts() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    let callers: Vec<_> = (0..200)
        .map(|_| {
            let ledger = ledger.clone();
            tokio::spawn(async move { ledger.append(Lane::Data, vec![start(), start()]).await })
        })
        .collect();
    let mut indices = Vec::new();
    for caller in callers {
        let receipts = caller.await.unwrap().unwrap();
        assert_eq!(receipts[1].index.get(), receipts[0].index.get() + 1);
        for receipt in receipts {
            let (entry, _) = ledger.entry(receipt.index).await.unwrap();
            assert_eq!(entry.id, receipt.id);
            assert_eq!(entry.leaf_hash().unwrap(), receipt.leaf);
            indices.push(receipt.index.get());
        }
    }
    indices.sort_unstable();
    assert_eq!(indices, (0..400).collect::<Vec<_>>());
    let rows: i64 = sqlx::query_scalar("SELECT count(*) FROM batch")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert!(rows < 200, "{rows} rows for 200 callers: no group commit");
}

#[tokio::test]
async fn a_draft_that_is_no_entry_fails_alone_and_records_nothing() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    let wrong = Draft::new(Body::Start {
        software: "x".repeat(1000),
        policy: Hash::of(b""),
    });
    let refused = ledger.append(Lane::Data, vec![start(), wrong]).await;
    assert!(matches!(refused, Err(LedgerError::Entry(_))));
    assert_eq!(ledger.size(), Size::new(0));
}

#[tokio::test]
async fn an_undone_group_leaves_the_tree_as_it_was() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    let before = ledger.verify_stored().await.unwrap();
    store.faults().set(Fault::DiskFull);
    let letter = Some(Letter::new(1, "Mailer", b"text"));
    let refused = ledger
        .record(vec![(decision(Some(ALICE)), letter)], || ())
        .await;
    assert!(matches!(refused, Err(LedgerError::Store(StoreError::Full))));
    assert_eq!(ledger.verify_stored().await.unwrap(), before);
    assert!(ledger.outbox().is_empty());
    store.faults().set(Fault::None);
    // The key that was made for Alice is gone with its group; she gets another one.
    ledger
        .append(Lane::Data, vec![decision(Some(ALICE))])
        .await
        .unwrap();
    let after = ledger.verify_stored().await.unwrap();
    assert_eq!((after.size, after.opened), (Size::new(2), 1));
}

#[tokio::test]
async fn what_runs_with_a_record_runs_in_its_group() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    let ran = Arc::new(AtomicU32::new(0));
    let also = {
        let ran = Arc::clone(&ran);
        move || {
            ran.fetch_add(1, Ordering::SeqCst);
        }
    };
    let recorded = ledger
        .record(vec![(decision(None), None::<Letter>)], also)
        .await
        .unwrap();
    assert!(recorded[0].1.is_none());
    assert_eq!(ran.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_clock_that_steps_back_does_not_take_the_ledger_with_it() {
    let scratch = Scratch::new();
    let store = Store::open(&scratch.path(), Options::default())
        .await
        .unwrap();
    let now = Arc::new(AtomicI64::new(2_000_000));
    let clock = Clock::new({
        let now = Arc::clone(&now);
        move || now.load(Ordering::SeqCst)
    });
    let ledger = Ledger::open(&store, key(), clock).await.unwrap();
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    now.store(1_000_000, Ordering::SeqCst);
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    now.store(3_000_000, Ordering::SeqCst);
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    let mut seconds = Vec::new();
    for index in 0..3 {
        seconds.push(ledger.entry(Index::new(index)).await.unwrap().0.second);
    }
    assert_eq!(seconds, [2000, 2000, 3000]);
}

#[tokio::test]
async fn another_key_is_another_ledger() {
    let scratch = Scratch::new();
    let (store, _ledger) = scratch.open().await;
    let other = SigningKey::from_seed("example.com/ledger", &[2; 32]).unwrap();
    let refused = Ledger::open(&store, other, Clock::fixed(0)).await;
    assert!(matches!(refused, Err(LedgerError::OtherKey { .. })));
}
