//! What leaves can be checked without us.

use super::*;

#[tokio::test]
async fn packs_verify_and_each_export_is_in_the_next() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    ledger
        .append(Lane::Data, vec![start(), decision(Some(ALICE))])
        .await
        .unwrap();
    let closed = exported(&ledger, false).await;
    let open = exported(&ledger, true).await;
    let check = |bytes: &[u8]| pack::verify(bytes, Some(ledger.vkey()), &mut |_| {}).unwrap();
    let report = check(&closed);
    assert_eq!((report.size, report.sealed), (Size::new(2), 1));
    let report = check(&open);
    assert_eq!((report.size, report.openings_checked), (Size::new(3), 1));
    let (entry, _) = ledger.entry(Index::new(2)).await.unwrap();
    assert!(matches!(entry.body, Body::Export { size, .. } if size == Size::new(2)));
    let shown = |bytes: &[u8]| {
        bytes
            .windows(MARK.len())
            .any(|part| part == MARK.as_bytes())
    };
    assert!(!shown(&closed));
}

#[tokio::test]
async fn each_entry_can_be_proven() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    for count in [1, 3, 2] {
        let drafts = (0..count).map(|_| start()).collect();
        ledger.append(Lane::Data, drafts).await.unwrap();
    }
    for index in (0..6).map(Index::new) {
        let text = ledger.prove(index).await.unwrap();
        let proven = TlogProof::parse(&text)
            .unwrap()
            .verify(ledger.vkey())
            .unwrap();
        assert_eq!(proven.index, index);
        assert_eq!(proven.entry, ledger.entry(index).await.unwrap().0);
    }
    let missing = ledger.prove(Index::new(6)).await;
    assert!(matches!(missing, Err(LedgerError::NoEntry { .. })));
}
