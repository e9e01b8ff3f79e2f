//! Slow clients, full recipients, bytes in flight.

use std::time::Duration;

use proof::Index;
use proof::entry::{Body, DeliveryOutcome};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::world::{World, batch, event, objection};

/// Begins a request and never ends it.
async fn stall(world: &World, announced: usize) -> TcpStream {
    let mut stream = TcpStream::connect(world.gateway.local_addr())
        .await
        .unwrap();
    let head = format!(
        "POST /v1/batch HTTP/1.1\r\nhost: a\r\nauthorization: Bearer web\r\n\
         content-length: {announced}\r\n\r\n{{\"batch\":["
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

async fn answer_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8(answer).unwrap()
}

#[tokio::test]
async fn a_body_that_does_not_come_is_not_waited_for() {
    let world = World::with(|config| {
        config.limits.body_time = Duration::from_millis(50);
    });
    let world = world.await;
    let answer = answer_of(stall(&world, 100).await).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
    assert!(answer.contains("connection: close"), "{answer}");
}

#[tokio::test]
async fn a_body_that_trickles_is_not_waited_for() {
    let world = World::with(|config| {
        config.limits.rate_grace = Duration::from_millis(20);
        config.limits.rate_min = 1 << 20;
    });
    let world = world.await;
    let answer = answer_of(stall(&world, 100).await).await;
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test]
async fn a_head_that_does_not_come_is_not_waited_for() {
    let world = World::with(|config| config.limits.head_time = Duration::from_millis(50)).await;
    let mut stream = TcpStream::connect(world.gateway.local_addr())
        .await
        .unwrap();
    stream
        .write_all(b"POST /v1/batch HTTP/1.1\r\nhost:")
        .await
        .unwrap();
    answer_of(stream).await;
}

#[tokio::test]
async fn without_room_a_request_is_turned_away_and_may_come_back() {
    let world = World::with(|config| {
        config.limits.body_bytes = 64 << 10;
        config.limits.held_bytes = 64 << 10;
        config.limits.room_wait = Duration::from_millis(20);
    });
    let world = world.await;
    let stalled = stall(&world, 60 << 10).await;
    // The first one's head may not be read yet.
    let mut answered = world.post("/v1/batch", batch(&[])).await;
    while answered.status == 200 {
        answered = world.post("/v1/batch", batch(&[])).await;
    }
    assert_eq!(answered.status, 503);
    assert!(answered.head.contains("retry-after: 1"), "{answered:?}");
    drop(stalled);
    while world.post("/v1/batch", batch(&[])).await.status != 200 {}
}

#[tokio::test]
async fn a_dead_recipient_holds_nobody_up() {
    let world = World::with(|config| {
        let flows = &mut config.routes[0].flows;
        let mut mailer = flows[0].clone();
        mailer.recipient = "Mailer".to_owned();
        mailer.upstream = "http://mail.example/v1/batch".to_owned();
        flows.push(mailer);
        // Nobody listens there.
        flows[0].connect = "127.0.0.1:1".parse().ok();
    });
    let world = world.await;
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    let got = world.recipient.requests(1).await;
    assert!(got[0].head.contains("mail.example"), "{got:?}");
    let counts = world.gateway.counts();
    assert_eq!((counts.events, counts.decisions, counts.sent), (1, 2, 2));
    assert!(
        world
            .gateway
            .metrics()
            .contains("sluice_outbox_bytes{recipient=\"Ad Network\"} ")
    );
}

#[tokio::test]
async fn a_full_outbox_refuses_and_says_so_in_the_ledger() {
    let world = World::with(|config| config.delivery.queue_bytes = 64 << 10).await;
    world.recipient.answer(503);
    let long = event("u-1", true).replace("Paid", &"x".repeat(20 << 10));
    for _ in 0..5 {
        assert_eq!(
            world
                .post("/v1/batch", batch(std::slice::from_ref(&long)))
                .await
                .status,
            200
        );
    }
    let reasons: Vec<_> = world
        .gateway
        .recent()
        .iter()
        .filter_map(|one| one.reason)
        .collect();
    assert_eq!(reasons, ["overflow", "overflow"]);
    let mut lost = 0;
    for index in 0..world.ledger.size().get() {
        let (entry, _) = world.ledger.entry(Index::new(index)).await.unwrap();
        if let Body::Delivery { count, outcome, .. } = entry.body {
            assert_eq!(outcome, DeliveryOutcome::Overflow);
            lost += count;
        }
    }
    assert_eq!(lost, 2);
    world.recipient.answer(200);
    world.gateway.drained().await;
    assert_eq!(world.post("/v1/batch", batch(&[long])).await.status, 200);
    assert_eq!(world.gateway.recent().pop().unwrap().verdict, "edited");
}

#[tokio::test]
async fn an_objection_is_acknowledged_only_when_nothing_is_in_flight() {
    let world = World::new().await;
    world.recipient.keep_silent(true);
    world.post("/v1/batch", batch(&[event("u-1", true)])).await;
    world.recipient.requests(1).await;
    let consent = world.consent.clone();
    let mut recorded = tokio::spawn(async move { consent.record(objection("u-1")).await });
    let early = timeout(Duration::from_millis(100), &mut recorded).await;
    assert!(early.is_err(), "acknowledged while bytes were in flight");
    recorded.await.unwrap().unwrap();
    world.recipient.keep_silent(false);
    world.gateway.drained().await;
    assert_eq!(
        world.recipient.got().len(),
        1,
        "nothing after the acknowledgement"
    );
    assert_eq!(world.gateway.recent().pop().unwrap().clauses, ["B2"]);
}
