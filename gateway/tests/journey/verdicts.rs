//! Only what the policy allows comes out.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use gateway::Counts;
use proof::entry::{Body, Verdict};

use crate::world::{World, batch, event};

/// SHA-256 of `kim@mail.example`, by `sha256sum`.
const KIM: &str = "18e7f8cfe9a67ba6e4bd695708a1489990fcc9dc052523130441409e78a5877a";

/// What the recipient gets of one permitted event.
fn golden(id: &str) -> String {
    let event = format!(r#""type":"track","messageId":"{id}","event":"Paid""#);
    let traits = format!(r#""traits":{{"email":"{KIM}"}}"#);
    let context = r#""context":{"ip":"203.0.113.0"}"#;
    format!(r#"{{"batch":[{{{event},{traits},{context}}}]}}"#)
}

/// The re-keyed message id in a body.
fn message_id(body: &str) -> String {
    let (_, rest) = body.split_once(r#""messageId":""#).unwrap();
    rest.split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_mixed_batch_is_judged_event_by_event() {
    let world = World::new().await;
    let events = [
        event("u-1", true),
        event("u-2", false),
        "{}".to_owned(),
        "17".to_owned(),
    ];
    let answered = world.post("/v1/batch", batch(&events)).await;
    assert_eq!(
        (answered.status, &*answered.body),
        (200, r#"{"success":true}"#)
    );
    world.gateway.drained().await;

    let taken = world.recipient.taken();
    let [body] = &taken[..] else {
        panic!("{taken:?}")
    };
    let id = message_id(body);
    assert_eq!(*body, golden(&id));
    assert!(!id.contains("m-u-1") && id.len() == 32);
    let Counts {
        events,
        decisions,
        sent,
        edited,
        refused,
        ..
    } = world.gateway.counts();
    assert_eq!((events, decisions, sent, edited, refused), (4, 4, 1, 1, 3));
    let recent = world.gateway.recent();
    let verdicts: Vec<_> = recent.iter().map(|one| (one.verdict, one.reason)).collect();
    let unreadable = ("refused", Some("unreadable"));
    assert_eq!(verdicts[0], ("edited", None));
    assert_eq!(verdicts[1].0, "refused");
    assert_eq!(verdicts[2..], [unreadable, unreadable]);
    assert_eq!(recent[0].clauses, ["A1"]);
}

#[tokio::test]
async fn our_own_request_carries_our_own_key_and_nothing_of_the_clients() {
    let world = World::new().await;
    let headers = "authorization: Basic d2ViOg==\r\nx-forwarded-for: 203.0.113.77\r\n\
                   cookie: s=kim\r\nuser-agent: kims-browser\r\n";
    world
        .post_with("/v1/batch", headers, batch(&[event("u-1", true)]))
        .await;
    world.gateway.drained().await;
    let got = world.recipient.requests(1).await;
    let head = &got[0].head;
    assert!(head.starts_with("POST /v1/batch "), "{head}");
    assert!(
        head.contains("ads.example") && !head.contains("shop.example"),
        "{head}"
    );
    assert!(
        !head.contains("203.0.113") && !head.contains("kim"),
        "{head}"
    );
}

#[tokio::test]
async fn a_single_event_and_gzip_say_the_same() {
    let world = World::new().await;
    let single = world.post("/v1/track", event("u-1", true)).await;
    assert_eq!(single.status, 200);
    world.gateway.drained().await;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder
        .write_all(batch(&[event("u-1", true)]).as_bytes())
        .unwrap();
    let zipped = world.post("/v1/batch", encoder.finish().unwrap()).await;
    assert_eq!(zipped.status, 200);
    world.gateway.drained().await;
    let taken = world.recipient.taken();
    // The same event again has the same id, so that the recipient can tell.
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0], taken[1]);
}

#[tokio::test]
async fn generic_json_goes_the_same_way() {
    let world = World::new().await;
    let headers = "authorization: Bearer web\r\n";
    let answered = world
        .post_with("/till", headers, format!("[{}]", event("u-1", true)))
        .await;
    assert_eq!(answered.status, 200);
    world.gateway.drained().await;
    let taken = world.recipient.taken();
    assert!(taken[0].starts_with(r#"{"events":[{"id":""#), "{taken:?}");
    assert!(
        !taken[0].contains("tea") && !taken[0].contains("kim@"),
        "{taken:?}"
    );
}

#[tokio::test]
async fn an_event_about_a_crowd_is_unreadable() {
    let world = World::new().await;
    for (people, verdict) in [(64, "edited"), (65, "refused")] {
        // Beside the account and the address that the event names anyway.
        let ids: Vec<String> = (2..people).map(|id| format!(r#""v-{id}""#)).collect();
        let crowd = format!(r#""traits":{{"id":[{}],"#, ids.join(","));
        let event = event("u-1", true).replace(r#""traits":{"#, &crowd);
        assert!(event.contains("v-2"));
        world.post("/v1/batch", batch(&[event])).await;
        let last = world.gateway.recent().pop().unwrap();
        assert_eq!(last.verdict, verdict, "{people}: {last:?}");
    }
}

#[tokio::test]
async fn global_privacy_control_stops_ads_in_california() {
    let world = World::new().await;
    let event = r#"{"type":"track","event":"Paid","userId":"u-1",
        "context":{"location":{"country":"US","region":"CA"}}}"#;
    world.post("/v1/batch", batch(&[event.to_owned()])).await;
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
    let headers = "authorization: Basic d2ViOg==\r\nsec-gpc: 1\r\n";
    world
        .post_with("/v1/batch", headers, batch(&[event.to_owned()]))
        .await;
    world.gateway.drained().await;
    assert_eq!(world.recipient.taken().len(), 1);
    let last = world.gateway.recent().pop().unwrap();
    assert_eq!(
        (last.verdict, &last.clauses[..]),
        ("refused", &["B1".to_owned()][..])
    );
}

#[tokio::test]
async fn every_decision_is_an_entry_without_a_person() {
    let world = World::new().await;
    world
        .post(
            "/v1/batch",
            batch(&[event("u-1", true), event("u-2", false)]),
        )
        .await;
    let recent = world.gateway.recent();
    for (decision, expected) in recent.iter().zip([Verdict::Edited, Verdict::Refused]) {
        let (entry, sidecar) = world.ledger.entry(decision.index).await.unwrap();
        let Body::Decision {
            verdict,
            source,
            recipient,
            purpose,
            ..
        } = &entry.body
        else {
            panic!("{entry:?}")
        };
        assert_eq!(*verdict, expected);
        assert_eq!(
            (&**source, &**recipient, &**purpose),
            ("web shop", "Ad Network", "ads")
        );
        let sidecar = sidecar.unwrap();
        assert_eq!(sidecar.owner.is_some(), expected == Verdict::Edited);
        assert_eq!(sidecar.sent.is_some(), expected == Verdict::Edited);
        assert!(sidecar.facts.is_some());
    }
}
