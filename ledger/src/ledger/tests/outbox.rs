//! What is to be sent waits until it is settled.

use super::*;

#[tokio::test]
async fn what_is_not_settled_is_there_after_a_restart() {
    let scratch = Scratch::new();
    let (store, ledger) = scratch.open().await;
    let decisions = (1..=10)
        .map(|event| {
            let to = if event % 2 == 0 { "Ads" } else { "Mailer" };
            (decision(None), Some(Letter::new(event, to, &[event; 100])))
        })
        .collect();
    let recorded = ledger.record(decisions, || ()).await.unwrap();
    let ticket = |at: usize| recorded[at].1.as_ref().unwrap().meta().ticket;
    let outbox = ledger.outbox();
    let waiting = outbox.waiting("Ads");
    assert_eq!((waiting.events, waiting.bytes), (5, 5 * (100 + 5)));
    assert_eq!(waiting.oldest_ms, Some(1_700_000_000_123));

    // Two of the five for `Mailer`, all for `Ads`; twice, as after a lost answer.
    let some = vec![ticket(0), ticket(4)];
    outbox
        .settle(some.clone(), Settled::Delivered)
        .await
        .unwrap();
    outbox.settle(some, Settled::Delivered).await.unwrap();
    let ads = vec![ticket(1), ticket(3), ticket(5), ticket(7), ticket(9)];
    outbox.settle(ads, Settled::Refused).await.unwrap();
    assert_eq!(outbox.waiting("Ads"), Waiting::default());
    assert_eq!(outbox.waiting("Mailer").events, 3);
    assert_eq!(ledger.size(), Size::new(10), "nothing was given up");

    store.close().await.unwrap();
    let (_store, ledger) = scratch.open().await;
    assert_eq!(ledger.outbox().waiting("Mailer").events, 3);
    let loaded = ledger.outbox().load::<Letter>().await.unwrap();
    let events: Vec<u8> = loaded.iter().map(|body| body.meta().event.0[0]).collect();
    assert_eq!(events, [3, 7, 9]);
    assert_eq!(loaded[0].value, Letter::new(3, "Mailer", &[3; 100]));
    assert_eq!(loaded[0].meta().index, Index::new(2));
    assert_eq!(loaded[0].meta().policy, Some(Hash::of(b"policy")));

    let rest = loaded.iter().map(|body| body.meta().ticket).collect();
    ledger
        .outbox()
        .settle(rest, Settled::Delivered)
        .await
        .unwrap();
    assert!(ledger.outbox().is_empty());
    assert!(ledger.outbox().load::<Letter>().await.unwrap().is_empty());
}

#[tokio::test]
async fn what_is_given_up_is_recorded_in_the_same_commit() {
    let scratch = Scratch::new();
    let (_store, ledger) = scratch.open().await;
    let decisions = (1..=3)
        .map(|event| (decision(None), Some(Letter::new(event, "Mailer", b"text"))))
        .collect();
    let recorded = ledger.record(decisions, || ()).await.unwrap();
    let tickets: Vec<_> = recorded
        .iter()
        .map(|(_, body)| body.as_ref().unwrap().meta().ticket)
        .collect();
    let given_up = Settled::GivenUp(DeliveryOutcome::Expired);
    ledger
        .outbox()
        .settle(tickets.clone(), given_up)
        .await
        .unwrap();
    ledger.outbox().settle(tickets, given_up).await.unwrap();
    assert_eq!(ledger.size(), Size::new(4), "one entry, and only once");
    let (entry, _) = ledger.entry(Index::new(3)).await.unwrap();
    let expected = Body::Delivery {
        recipient: "Mailer".into(),
        outcome: DeliveryOutcome::Expired,
        count: 3,
    };
    assert_eq!(entry.body, expected);
}
