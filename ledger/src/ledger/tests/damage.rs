//! Stored bytes that are not what was committed are never signed.

use super::*;

#[tokio::test]
async fn a_changed_row_stops_the_start() {
    for (sql, what) in [
        (
            "UPDATE batch SET entries = CAST(x'0001' || substr(entries, 3) AS BLOB) \
             WHERE first_index = 0",
            "lengths",
        ),
        (
            "UPDATE batch SET root = zeroblob(32) WHERE first_index = 1",
            "root",
        ),
        ("DELETE FROM batch WHERE first_index = 0", "missing"),
        (
            "DELETE FROM batch WHERE first_index = 1",
            "checkpoint covers",
        ),
        ("UPDATE batch SET n = 2 WHERE first_index = 1", "number"),
    ] {
        let scratch = Scratch::new();
        let (store, ledger) = scratch.open().await;
        ledger.append(Lane::Data, vec![start()]).await.unwrap();
        ledger.append(Lane::Data, vec![start()]).await.unwrap();
        ledger.checkpoint().await.unwrap();
        store.close().await.unwrap();
        scratch.tamper(sql).await;
        let error = scratch.reopen_error().await;
        assert!(matches!(error, LedgerError::Damaged { .. }), "{error}");
        assert!(error.to_string().contains(what), "{sql}: {error}");
    }
}

#[tokio::test]
async fn a_history_rewritten_with_its_roots_does_not_meet_the_checkpoint() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    ledger.checkpoint().await.unwrap();
    store.close().await.unwrap();
    // Another ledger's first row in place of ours: sound in itself.
    let other = Scratch::new();
    let (store, ledger) = other.open().await;
    ledger
        .append(Lane::Data, vec![decision(None)])
        .await
        .unwrap();
    let (root, entries): (Vec<u8>, Vec<u8>) = sqlx::query_as("SELECT root, entries FROM batch")
        .fetch_one(store.readers())
        .await
        .unwrap();
    let ours = Store::open(&scratch.path(), Options::default())
        .await
        .unwrap();
    tamper(&ours, "SELECT 1").await;
    ours.submit(Lane::House, move |tx| {
        Box::pin(async move {
            sqlx::query("UPDATE batch SET root = $1, entries = $2")
                .bind(root)
                .bind(entries)
                .execute(&mut **tx)
                .await?;
            Ok(())
        })
    })
    .await
    .unwrap();
    ours.close().await.unwrap();
    let error = scratch.reopen_error().await;
    assert!(error.to_string().contains("checkpoint"), "{error}");
}

#[tokio::test]
async fn a_row_changed_after_its_commit_is_never_signed() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    ledger.checkpoint().await.unwrap();
    tamper(&store, "SELECT 1").await;
    // Recorded and changed before the next checkpoint can see it.
    let checking = ledger.0.checked.lock().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    tamper(
        &store,
        "UPDATE batch SET entries = \
         CAST(substr(entries, 1, 20) || x'01' || substr(entries, 22) AS BLOB) \
         WHERE first_index = 1",
    )
    .await;
    drop(checking);
    let refused = ledger.checkpoint().await;
    assert!(matches!(refused, Err(LedgerError::Damaged { .. })));
    assert_eq!(store.state(), State::Failed);
    let notes: i64 = sqlx::query_scalar("SELECT count(*) FROM checkpoint")
        .fetch_one(store.readers())
        .await
        .unwrap();
    assert_eq!(notes, 1);
    let refused = ledger.append(Lane::Rights, vec![start()]).await;
    assert!(matches!(
        refused,
        Err(LedgerError::Store(StoreError::Failed))
    ));
}

#[tokio::test]
async fn rows_of_the_record_cannot_be_changed_or_removed() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    ledger.checkpoint().await.unwrap();
    for sql in [
        "UPDATE batch SET second = 0",
        "DELETE FROM batch",
        "UPDATE checkpoint SET at = 0",
        "DELETE FROM checkpoint",
    ] {
        let refused = store
            .submit(Lane::House, move |tx| {
                Box::pin(async move {
                    sqlx::query(sql).execute(&mut **tx).await?;
                    Ok(())
                })
            })
            .await;
        assert!(matches!(refused, Err(StoreError::Sql(_))), "{sql}");
    }
}

#[tokio::test]
async fn a_checkpoint_of_the_same_tree_is_the_same_note() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    let note = ledger.checkpoint().await.unwrap();
    assert_eq!(ledger.checkpoint().await.unwrap(), note);
    store.close().await.unwrap();
    let (_store, ledger) = scratch.open().await;
    assert_eq!(ledger.checkpoint().await.unwrap(), note);
    ledger.append(Lane::Data, vec![start()]).await.unwrap();
    assert_ne!(ledger.checkpoint().await.unwrap(), note);
}
