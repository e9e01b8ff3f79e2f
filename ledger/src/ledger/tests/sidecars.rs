//! What is beside an entry is sealed, and goes with its key.

use super::*;

#[tokio::test]
async fn sidecars_are_sealed_and_gone_with_their_key() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    let receipts = ledger
        .append(
            Lane::Data,
            vec![decision(Some(ALICE)), decision(Some(BOB)), decision(None)],
        )
        .await
        .unwrap();
    let found = |bytes: &[u8]| {
        bytes
            .windows(MARK.len())
            .any(|part| part == MARK.as_bytes())
    };
    assert!(!found(&scratch.bytes()), "plaintext in the database");
    assert_eq!(ledger.by_owner(ALICE).await.unwrap(), [Index::new(0)]);
    assert_eq!(ledger.by_owner(Owner([9; 16])).await.unwrap(), []);

    let (_, sidecar) = ledger.entry(Index::new(0)).await.unwrap();
    let sidecar = sidecar.unwrap();
    assert_eq!(sidecar.clauses, [MARK]);
    assert_ne!(sidecar.owner, Some(ALICE.0), "the reference is random");
    assert!(sidecar.owner.is_some());
    let (_, house) = ledger.entry(receipts[2].index).await.unwrap();
    assert_eq!(house.unwrap().owner, None);

    tamper(
        &store,
        "DELETE FROM owner_key \
         WHERE owner = x'A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1A1'",
    )
    .await;
    assert!(ledger.entry(Index::new(0)).await.unwrap().1.is_none());
    assert!(ledger.entry(Index::new(1)).await.unwrap().1.is_some());
    let stored = ledger.verify_stored().await.unwrap();
    assert_eq!((stored.opened, stored.erased), (2, 1));
}

#[tokio::test]
async fn the_sidecar_commits_to_the_bytes_that_are_sent() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    let letter = Letter::new(1, "Mailer", b"exactly these bytes");
    ledger
        .record(vec![(decision(None), Some(letter))], || ())
        .await
        .unwrap();
    let pack = exported(&ledger, true).await;
    let report = pack::verify(pack.as_slice(), Some(ledger.vkey()), &mut |_| {}).unwrap();
    assert_eq!(report.openings_checked, 1);
    let (_, sidecar) = ledger.entry(Index::new(0)).await.unwrap();
    assert!(sidecar.unwrap().sent.is_some());
}
