//! I7: an invalid policy never becomes active: not at start, not in a running gateway.

use std::time::Duration;

use serde_json::json;
use tests::World;

use crate::shop::{order, post_batch};

#[test]
fn an_invalid_policy_never_becomes_active() {
    let mut world = World::new();
    let good = std::fs::read_to_string(world.policy_file()).expect("a policy");
    let broken = good.replace("A1. allow web shop to send", "A1. alow web shop to send");
    std::fs::write(world.policy_file(), &broken).expect("a file");

    let answer = world.officer().post("/v1/reload", &json!({}));
    assert!(
        (400..500).contains(&answer.status),
        "{}: {}",
        answer.status,
        answer.text()
    );
    assert!(
        answer.text().contains("did you mean") || answer.text().contains("allow"),
        "{}",
        answer.text()
    );
    post_batch(&mut world.shop(), &[order("ann", "still-on.")]);
    assert!(world.ads.wait_until(
        Duration::from_secs(20),
        |_| world.ads.sightings("still-on.", None) == 1
    ));

    world.stop();
    assert!(
        !world.try_start(),
        "a gateway with an invalid policy must refuse to start"
    );
    assert!(world.log().contains("shop.policy"), "{}", world.log());
    let check = world.run(&["check", "--config", "sluice.toml"]);
    assert_eq!(check.status.code(), Some(2));

    std::fs::write(world.policy_file(), &good).expect("a file");
    world.start();
    world.stop_and_verify();
}

#[test]
fn a_stricter_policy_rules_at_once_and_is_an_entry() {
    let world = World::new();
    let mut shop = world.shop();
    let from = |country: &str, product: &str| {
        let mut event = order("ben", product);
        event["context"]["location"] = json!({"country": country});
        event
    };
    post_batch(&mut shop, &[from("IT", "before.")]);
    assert!(world.ads.wait_until(
        Duration::from_secs(20),
        |_| world.ads.sightings("before.", None) == 1
    ));
    let text = std::fs::read_to_string(world.policy_file()).expect("a policy");
    let text = text.replace("version 1.", "version 2.").replace(
        "-- 6. What never happens",
        "B9. block personalised ads in IT when the person is in IT.\n\n-- 6. What never happens",
    );
    std::fs::write(world.policy_file(), &text).expect("a file");
    let answer = world.officer().post("/v1/reload", &json!({}));
    assert!(answer.status < 300, "{}", answer.text());
    post_batch(&mut shop, &[from("IT", "after.")]);
    post_batch(&mut shop, &[from("FR", "elsewhere.")]);
    assert!(world.ads.wait_until(Duration::from_secs(20), |_| {
        world.ads.sightings("elsewhere.", None) == 1
    }));
    assert_eq!(world.ads.sightings("after.", None), 0);
    assert!(world.officer().get("/v1/decisions").text().contains("B9"));
}
