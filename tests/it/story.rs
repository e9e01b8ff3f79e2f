//! One event's journey: sent, edited, refused, recorded; and what clients and recipients see of it.

use std::io::Write;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Recipient, World};

use crate::shop::{choose, decisions, order, post_batch, silent_order, withdraw};

const SOON: Duration = Duration::from_secs(20);

/// The events that a tool received so far, out of their Segment batches.
fn received(tool: &Recipient) -> Vec<Value> {
    tool.received()
        .iter()
        .flat_map(|request| {
            let body: Value =
                serde_json::from_slice(&request.body).expect("the gateway sends JSON");
            body["batch"]
                .as_array()
                .cloned()
                .unwrap_or_else(|| vec![body])
        })
        .collect()
}

#[test]
fn an_event_is_sent_in_the_form_its_clause_states() {
    let world = World::new();
    let mut event = order("ann", "tea");
    event["properties"]["email"] = json!(" Ann@Example.org ");
    event["properties"]["condition"] = json!("asthma");
    event["context"]["page"] = json!({"url": "https://shop.example/tea?mail=ann"});
    event["anonymousId"] = json!("visitor-77");
    assert_eq!(post_batch(&mut world.shop(), &[event]).status, 200);
    assert!(world.ads.wait_until(SOON, |requests| !requests.is_empty()));

    let events = received(&world.ads);
    assert_eq!(events.len(), 1);
    let event = &events[0];
    assert_eq!(event["event"], "Order Completed");
    assert_eq!(event["properties"]["product"], "tea");
    assert_eq!(event["context"]["ip"], "203.0.113.0");
    assert_eq!(
        event["properties"]["total"].to_string().trim_matches('"'),
        "120"
    );
    let digest = event["properties"]["email"].as_str().expect("a hash");
    assert_eq!(digest.len(), 64);
    let text = event.to_string();
    for hidden in [
        "asthma",
        "xample.org",
        "visitor-77",
        "shop.example",
        "203.0.113.77",
        "m-tea",
        "ann",
    ] {
        assert!(!text.contains(hidden), "`{hidden}` left: {text}");
    }
    assert_ne!(event["messageId"], "m-tea");
    assert_eq!(
        received(&world.analytics).len(),
        0,
        "analytics was declined"
    );
}

#[test]
fn sent_and_refused_get_the_same_answer() {
    let world = World::new();
    let mut shop = world.shop();
    let sent = post_batch(&mut shop, &[order("ben", "tea")]);
    let refused = post_batch(&mut shop, &[silent_order("ben-unknown", "tea")]);
    let broken = shop
        .send(
            "POST",
            "/v1/batch",
            &[],
            br#"{"batch":[{"type":"track","type":"track"}]}"#,
        )
        .expect("an answer");
    for answer in [&sent, &refused, &broken] {
        assert_eq!(answer.status, 200);
        assert_eq!(answer.text(), r#"{"success":true}"#);
    }
    let names = |answer: &tests::Answer| {
        answer
            .headers
            .iter()
            .map(|(name, _)| name.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(names(&sent), names(&refused));
    let verdicts: Vec<String> = decisions(&world)
        .iter()
        .map(|decision| format!("{} {}", decision["verdict"], decision["reason"]))
        .collect();
    assert!(
        verdicts
            .iter()
            .any(|verdict| verdict.contains("unreadable")),
        "{verdicts:?}"
    );
}

#[test]
fn one_bad_event_does_not_sink_its_batch() {
    let world = World::new();
    let good = order("cat", "good-one").to_string();
    let twice = r#"{"type":"track","event":"x","userId":"u","userId":"v"}"#;
    let lone = r#"{"type":"track","event":"\ud800","userId":"u"}"#;
    let body = format!(r#"{{"batch":[{twice},{good},{lone}]}}"#);
    let answer = world
        .shop()
        .send("POST", "/v1/batch", &[], body.as_bytes())
        .expect("an answer");
    assert_eq!(answer.status, 200);
    assert!(world.ads.wait_until(SOON, |requests| !requests.is_empty()));
    assert_eq!(received(&world.ads).len(), 1);
    assert_eq!(
        decisions(&world).len(),
        6,
        "three events, two recipients each"
    );
}

#[test]
fn single_events_gzip_and_lying_content_types_are_understood() {
    let world = World::new();
    let mut shop = world.shop();
    assert_eq!(shop.post("/v1/track", &order("dan", "single.")).status, 200);
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gzip.write_all(
        json!({"batch": [order("dan", "zipped.")]})
            .to_string()
            .as_bytes(),
    )
    .expect("memory");
    let zipped = gzip.finish().expect("memory");
    let headers = [("content-type", "application/x-www-form-urlencoded")];
    assert_eq!(
        shop.send("POST", "/v1/batch", &headers, &zipped)
            .expect("an answer")
            .status,
        200
    );
    assert!(
        world
            .ads
            .wait_until(SOON, |_| received(&world.ads).len() == 2)
    );
    assert_eq!(
        world.ads.sightings("single.", None) + world.ads.sightings("zipped.", None),
        2
    );
}

#[test]
fn kept_choices_decide_where_no_stamp_speaks() {
    let world = World::new();
    let (mut shop, mut admin) = (world.shop(), world.officer());
    post_batch(&mut shop, &[silent_order("eva", "before.")]);
    assert_eq!(choose(&mut admin, "eva", "given").status, 201);
    post_batch(&mut shop, &[silent_order("eva", "between.")]);
    assert!(
        world
            .ads
            .wait_until(SOON, |_| world.ads.sightings("between.", None) == 1)
    );
    assert_eq!(withdraw(&mut admin, "eva").status, 201);
    post_batch(&mut shop, &[silent_order("eva", "after.")]);
    post_batch(&mut shop, &[order("eva", "stamped-after.")]);
    post_batch(&mut shop, &[order("else", "last.")]);
    assert!(
        world
            .ads
            .wait_until(SOON, |_| world.ads.sightings("last.", None) == 1)
    );
    for refused in ["before.", "after.", "stamped-after."] {
        assert_eq!(world.ads.sightings(refused, None), 0, "{refused}");
    }
}

#[test]
fn a_known_identifier_never_launders_a_refused_one() {
    let world = World::new();
    let (mut shop, mut admin) = (world.shop(), world.officer());
    assert_eq!(choose(&mut admin, "refuser", "refused").status, 201);
    assert_eq!(choose(&mut admin, "agreer", "given").status, 201);
    let mut event = silent_order("agreer", "laundered.");
    event["context"]["traits"] = json!({"email": "refuser@example.org"});
    let refuse_mail = json!({
        "identifiers": [{"kind": "email", "value": "Refuser@example.org"}],
        "purpose": "personalised ads", "choice": "refused", "mechanism": "test"
    });
    assert_eq!(admin.post("/v1/consents", &refuse_mail).status, 201);
    post_batch(&mut shop, &[event]);
    post_batch(&mut shop, &[order("else", "last.")]);
    assert!(
        world
            .ads
            .wait_until(SOON, |_| world.ads.sightings("last.", None) == 1)
    );
    assert_eq!(world.ads.sightings("laundered.", None), 0);
}

#[test]
fn privacy_control_in_california_is_heard_and_unread_standards_block() {
    let world = World::new();
    let mut shop = world.shop();
    let californian = |product: &str| {
        let mut event = silent_order("gus", product);
        event["context"]["location"] = json!({"country": "US", "region": "CA"});
        json!({"batch": [event]}).to_string()
    };
    let mut send = |headers: &[(&str, &str)], product: &str| {
        let body = californian(product);
        assert_eq!(
            shop.send("POST", "/v1/batch", headers, body.as_bytes())
                .expect("an answer")
                .status,
            200
        );
    };
    send(&[("sec-gpc", "1")], "gpc-on.");
    send(&[("sec-gpc", "yes")], "gpc-odd.");
    send(&[], "gpc-absent.");
    assert!(
        world
            .ads
            .wait_until(SOON, |_| world.ads.sightings("gpc-absent.", None) == 1)
    );
    assert_eq!(world.ads.sightings("gpc-on.", None), 0);
    assert_eq!(world.ads.sightings("gpc-odd.", None), 0);
    let clauses: String = decisions(&world).iter().map(ToString::to_string).collect();
    assert!(clauses.contains("B1"), "{clauses}");
}

#[test]
fn a_cap_is_durable_and_gives_nothing_back() {
    let mut world = World::new();
    let events: Vec<Value> = (0..15)
        .map(|n| order("hal", &format!("capped-{n}.")))
        .collect();
    post_batch(&mut world.shop(), &events);
    world.stop();
    world.start();
    let more: Vec<Value> = (15..30)
        .map(|n| order("hal", &format!("capped-{n}.")))
        .collect();
    post_batch(&mut world.shop(), &more);
    post_batch(&mut world.shop(), &[order("else", "last.")]);
    assert!(
        world
            .ads
            .wait_until(SOON, |_| world.ads.sightings("last.", None) == 1)
    );
    assert_eq!(world.ads.sightings("capped-", None), 20);
}

#[test]
fn a_recipient_that_is_down_gets_everything_later_in_order() {
    let mut world = World::new();
    world.ads.set_manner(tests::Manner::Fails);
    let mut shop = world.shop();
    for number in 0..10 {
        post_batch(
            &mut shop,
            &[order(&format!("ida-{number}"), &format!("late-{number}."))],
        );
    }
    assert!(world.ads.wait_until(SOON, |requests| !requests.is_empty()));
    world.ads.set_manner(tests::Manner::Accepts);
    let text = |world: &World| -> String {
        received(&world.ads)
            .iter()
            .map(ToString::to_string)
            .collect()
    };
    assert!(
        world
            .ads
            .wait_until(SOON, |_| text(&world).contains("late-9."))
    );
    let report = world.stop_and_verify();
    assert!(
        report["entries"].as_u64().expect("a size") > 20,
        "what waited has entries of its own"
    );
}
