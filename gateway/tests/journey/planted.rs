//! Each planted bug shows: what looks for it can fail.

use store::Fault;

use crate::world::{World, batch, event, objection};

const KIM: &str = "kim@mail.example";

#[tokio::test]
async fn without_a_ledger_nothing_is_taken_and_nothing_leaves() {
    let world = World::new().await;
    world.store.faults().set(Fault::Down);
    let answered = world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    assert_eq!(answered.status, 503);
    assert!(answered.head.contains("retry-after: 1"), "{answered:?}");
    assert!(world.recipient.got().is_empty());
    assert_eq!(world.gateway.counts().decisions, 0);
    world.store.faults().set(Fault::None);
    assert_eq!(
        world
            .post("/v1/batch", batch(&[event("u-1", true)]))
            .await
            .status,
        200
    );
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
}

#[tokio::test]
async fn leaks_can_be_seen() {
    let world = World::new().await;
    let controls = world.gateway.controls();
    for name in [
        "leak-raw-body",
        "leak-metric",
        "leak-answer",
        "leak-error",
        "leak-log",
    ] {
        controls.switch(name).unwrap().set(true);
    }
    let answered = world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    assert!(answered.body.contains(KIM));
    world.gateway.drained().await;
    assert!(world.recipient.taken()[0].contains(KIM));
    assert!(world.gateway.metrics().contains(KIM));
    assert!(world.post("/v1/batch", "[").await.body.contains(KIM));
    assert!(controls.switch("leak").is_none());
}

#[tokio::test]
async fn a_refusal_that_is_answered_with_an_error_can_be_seen() {
    let world = World::new().await;
    world.gateway.controls().resend.set(true);
    assert_eq!(
        world
            .post("/v1/batch", batch(&[event("u-1", true)]))
            .await
            .status,
        200
    );
    assert_eq!(
        world
            .post("/v1/batch", batch(&[event("u-1", false)]))
            .await
            .status,
        500
    );
}

#[tokio::test]
async fn sending_before_recording_can_be_seen() {
    let world = World::new().await;
    world.store.faults().set(Fault::Down);
    world.gateway.controls().send_before_record.set(true);
    assert_eq!(
        world
            .post("/v1/batch", batch(&[event("u-1", true)]))
            .await
            .status,
        503
    );
    assert_eq!(world.recipient.taken().len(), 1);
}

#[tokio::test]
async fn sending_on_stale_choices_can_be_seen() {
    let world = World::new().await;
    world.recipient.answer(503);
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.recipient.requests(1).await;
    world.gateway.controls().skip_redecide.set(true);
    world.consent.record(objection("u-1")).await.unwrap();
    world.recipient.answer(200);
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
}

#[tokio::test]
async fn a_wrong_decision_can_be_seen() {
    let world = World::new().await;
    world.gateway.controls().decide_wrong.set(true);
    let event = r#"{"type":"track","event":"Paid","userId":"u-1",
        "context":{"location":{"country":"US","region":"CA"}}}"#;
    let headers = "authorization: Basic d2ViOg==\r\nsec-gpc: 1\r\n";
    world
        .post_with("/v1/batch", headers, batch(&[event.to_owned()]))
        .await;
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
}
