//! What waits is decided again, by the choices and the policy of the moment it is sent.

use std::time::Duration;

use gateway::Resume;
use proof::Index;
use proof::entry::{Body, Stage, SwitchWhat};

use crate::world::{POLICY, World, batch, event, objection, policy};

/// The stages of all decisions in the ledger.
async fn stages(world: &World) -> Vec<Stage> {
    let mut stages = Vec::new();
    for index in 0..world.ledger.size().get() {
        let (entry, _) = world.ledger.entry(Index::new(index)).await.unwrap();
        if let Body::Decision { stage, .. } = entry.body {
            stages.push(stage);
        }
    }
    stages
}

#[tokio::test]
async fn an_objection_reaches_what_waits() {
    let world = World::new().await;
    world.recipient.answer(503);
    world
        .post(
            "/v1/batch",
            batch(&[event("u-1", true), event("u-2", true)]),
        )
        .await;
    world.recipient.requests(2).await;
    world.consent.record(objection("u-1")).await.unwrap();
    world.recipient.answer(200);
    world.gateway.drained().await;

    let taken = world.recipient.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(
        taken[0].matches("messageId").count(),
        1,
        "only one of the two: {taken:?}"
    );
    let counts = world.gateway.counts();
    assert_eq!((counts.decisions, counts.sent, counts.refused), (2, 1, 1));
    assert!(counts.retries >= 1);
    let last = world.gateway.recent().pop().unwrap();
    assert_eq!(
        (last.at_send, &last.clauses[..]),
        (true, &["B2".to_owned()][..])
    );
}

#[tokio::test]
async fn what_is_sent_at_once_has_one_entry_and_what_waited_has_more() {
    let world = World::new().await;
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.gateway.drained().await;
    assert_eq!(stages(&world).await, [Stage::Collect]);
    world.recipient.answer(503);
    world.post("/v1/batch", batch(&[event("u-2", true)])).await;
    world.recipient.requests(2).await;
    world.recipient.answer(200);
    world.gateway.drained().await;
    let stages = stages(&world).await;
    assert_eq!(stages[..2], [Stage::Collect, Stage::Collect]);
    assert!(stages.len() > 2 && stages[2..].iter().all(|stage| *stage == Stage::Send));
}

#[tokio::test]
async fn the_outbox_outlives_a_restart() {
    let world = World::new().await;
    world.recipient.answer(503);
    world
        .post(
            "/v1/batch",
            batch(&[event("u-1", true), event("u-2", true)]),
        )
        .await;
    world.recipient.requests(1).await;
    let world = world.restart().await;
    world.consent.record(objection("u-2")).await.unwrap();
    world.recipient.answer(200);
    world.gateway.drained().await;
    let taken = world.recipient.taken();
    assert_eq!(taken.len(), 1, "{taken:?}");
    assert_eq!(taken[0].matches("messageId").count(), 1, "{taken:?}");
}

#[tokio::test]
async fn a_stricter_policy_refuses_what_waits_in_a_wider_form() {
    let world = World::new().await;
    world.recipient.answer(503);
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.recipient.requests(1).await;
    let stricter = POLICY
        .replace("to /24 or /48", "to /16 or /32")
        .replace("version 1", "version 2");
    world.gateway.swap_policy(policy(&stricter)).unwrap();
    world.recipient.answer(200);
    world.gateway.drained().await;
    assert!(world.recipient.taken().is_empty());
    assert_eq!(
        world.gateway.recent().pop().unwrap().reason,
        Some("stricter")
    );
    let counts = world.gateway.counts();
    assert_eq!((counts.sent, counts.edited, counts.refused), (0, 0, 1));
}

#[tokio::test]
async fn what_is_rejected_or_too_old_is_given_up_with_an_entry() {
    let world = World::new().await;
    world.recipient.answer(422);
    world
        .post(
            "/v1/batch",
            batch(&[event("u-1", true), event("u-2", true)]),
        )
        .await;
    world.gateway.drained().await;
    assert_eq!(world.gateway.counts().lost, 2);
    world.recipient.answer(503);
    world.post("/v1/batch", batch(&[event("u-3", true)])).await;
    world.recipient.requests(4).await;
    world.later(Duration::from_hours(25));
    world.gateway.drained().await;
    assert_eq!(world.gateway.counts().lost, 3);
    let mut given_up = 0;
    for index in 0..world.ledger.size().get() {
        let (entry, _) = world.ledger.entry(Index::new(index)).await.unwrap();
        if let Body::Delivery { count, .. } = entry.body {
            given_up += count;
        }
    }
    assert_eq!(given_up, 3);
}

#[tokio::test]
async fn a_stop_holds_until_two_people_lift_it() {
    let world = World::new().await;
    let ads = (SwitchWhat::Recipient, "Ad Network");
    world
        .gateway
        .halt(ads.0, ads.1, "leak at the vendor")
        .await
        .unwrap();
    assert!(
        world
            .gateway
            .halt(SwitchWhat::Recipient, "nobody", "x")
            .await
            .is_err()
    );
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.gateway.drained().await;
    assert!(world.recipient.got().is_empty());
    assert_eq!(
        world.gateway.recent().pop().unwrap().reason,
        Some("stopped")
    );

    let world = world.restart().await;
    let resume = |owner: &'static str| world.gateway.resume(ads.0, ads.1, owner, "mended");
    assert_eq!(resume("ada").await.unwrap(), Resume::AnotherPerson);
    assert_eq!(resume("ada").await.unwrap(), Resume::AnotherPerson);
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.gateway.drained().await;
    assert!(world.recipient.got().is_empty());
    assert_eq!(resume("bob").await.unwrap(), Resume::Resumed);
    assert!(resume("bob").await.is_err());
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
}
