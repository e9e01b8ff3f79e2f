//! I11: Segment's own Node SDK against a running gateway: sent, mixed, refused; no crash, no resend.

use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tests::{Build, World, WorldOptions, root};

const EVENTS: usize = 20;

fn run_sdk(world: &World, scenario: &str) -> Option<Value> {
    let host = format!("http://{}", world.proxy_address());
    let output = Command::new("node")
        .current_dir(root().join("tests/clients/segment"))
        .args([
            "run.mjs",
            &host,
            world.write_key(),
            scenario,
            &EVENTS.to_string(),
        ])
        .output()
        .expect("Node runs");
    let text = String::from_utf8_lossy(&output.stdout);
    println!(
        "{scenario}: {}{}",
        text.trim(),
        String::from_utf8_lossy(&output.stderr)
    );
    output
        .status
        .success()
        .then(|| serde_json::from_str(text.trim()).expect("one JSON line"))
}

#[test]
fn the_segment_sdk_neither_crashes_nor_resends() {
    for (scenario, expected) in [("sent", EVENTS), ("mixed", EVENTS / 2), ("refused", 0)] {
        let world = World::new();
        let said = run_sdk(&world, scenario).expect("the SDK's process ends well");
        assert_eq!(
            said["delivered"], EVENTS,
            "{scenario}: the SDK believes in every event"
        );
        assert_eq!(
            said["errors"].as_array().map(Vec::len),
            Some(0),
            "{scenario}"
        );
        let marker = format!("sdk-{scenario}-");
        assert!(
            world.ads.wait_until(Duration::from_secs(20), |_| world
                .ads
                .sightings(&marker, None)
                >= expected),
            "{scenario}: too little arrived"
        );
        let requests = metric(&world, "sluice_answers_total");
        assert!(
            requests <= 6,
            "{scenario}: {requests} requests for {EVENTS} events in batches of 5"
        );
        assert_eq!(world.ads.sightings(&marker, None), expected, "{scenario}");
    }
}

#[test]
fn the_sdk_suite_sees_a_gateway_that_betrays_a_refusal() {
    let world = World::with(WorldOptions {
        build: Build::Controls,
        ..WorldOptions::default()
    });
    world.plant("resend", true);
    let said = run_sdk(&world, "refused");
    let delivered = said.map_or(0, |said| said["delivered"].as_u64().unwrap_or(0));
    let requests = metric(&world, "sluice_answers_total");
    assert!(
        delivered < EVENTS as u64 || requests > 6,
        "the planted bug was not seen"
    );
}

/// The sum of a metric over its labels.
fn metric(world: &World, name: &str) -> u64 {
    let text = world.officer().get("/metrics").text();
    let values = text.lines().filter(|line| line.starts_with(name));
    let sum: f64 = values
        .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok())
        .sum();
    assert!(text.contains(name), "no metric `{name}`:\n{text}");
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a small count"
    )]
    let sum = sum as u64;
    sum
}
