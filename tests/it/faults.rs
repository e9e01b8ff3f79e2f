//! I2 and I5 with the database out of order: nothing is forwarded without a record, and rights in are never shed.

use std::time::Duration;

use tests::{Build, World, WorldOptions};

use crate::shop::{choose, order, post_batch, silent_order, withdraw};

fn world() -> World {
    World::with(WorldOptions {
        build: Build::Controls,
        ..WorldOptions::default()
    })
}

#[test]
fn ledger_down_means_503_and_nothing_forwarded() {
    for fault in ["disk-full", "down"] {
        let mut world = world();
        world.inject(fault);
        let answer = post_batch(&mut world.shop(), &[order("ann", "unrecorded.")]);
        assert_eq!(answer.status, 503, "{fault}");
        assert!(
            answer.headers.iter().any(|(name, _)| name == "retry-after"),
            "{fault}"
        );
        assert_eq!(world.stranger().get("/readyz").status, 503, "{fault}");
        world.inject("none");
        assert_eq!(
            post_batch(&mut world.shop(), &[order("ben", "recorded.")]).status,
            200,
            "{fault}"
        );
        assert!(world.ads.wait_until(Duration::from_secs(20), |_| {
            world.ads.sightings("recorded.", None) >= 1
        }));
        assert_eq!(world.ads.sightings("unrecorded.", None), 0, "{fault}");
        world.stop_and_verify();
    }
}

#[test]
fn withdrawals_are_accepted_with_the_disk_full_and_the_ledger_down() {
    for fault in ["disk-full", "down"] {
        let mut world = world();
        assert_eq!(choose(&mut world.officer(), "cat", "given").status, 201);
        world.inject(fault);
        let answer = withdraw(&mut world.officer(), "cat");
        assert_eq!(answer.status, 201, "{fault}: {}", answer.text());
        assert_eq!(answer.json()["reserved"], true, "{fault}");
        assert_eq!(
            choose(&mut world.officer(), "dan", "given").status,
            503,
            "{fault}: consents wait"
        );
        // Killed before the database came back: the reserve file is replayed first at start.
        world.kill();
        world.start();
        post_batch(&mut world.shop(), &[silent_order("cat", "withdrawn.")]);
        post_batch(&mut world.shop(), &[order("else", "last.")]);
        assert!(world.ads.wait_until(
            Duration::from_secs(20),
            |_| world.ads.sightings("last.", None) == 1
        ));
        assert_eq!(world.ads.sightings("withdrawn.", None), 0, "{fault}");
        let query = serde_json::json!({"identifiers": [{"kind": "user", "value": "cat"}]});
        assert!(
            world
                .officer()
                .post("/v1/consents/query", &query)
                .text()
                .contains("withdrawn")
        );
        world.stop_and_verify();
    }
}

#[test]
fn what_is_queued_obeys_a_withdrawal_and_the_suite_sees_when_it_does_not() {
    for planted in [false, true] {
        let world = world();
        world.ads.set_manner(tests::Manner::Fails);
        assert_eq!(choose(&mut world.officer(), "eve", "given").status, 201);
        post_batch(&mut world.shop(), &[silent_order("eve", "queued.")]);
        assert!(
            world
                .ads
                .wait_until(Duration::from_secs(20), |requests| !requests.is_empty())
        );
        world.plant("skip-redecide", planted);
        assert_eq!(withdraw(&mut world.officer(), "eve").status, 201);
        let mark = world.ads.mark();
        world.ads.set_manner(tests::Manner::Accepts);
        post_batch(&mut world.shop(), &[order("else", "last.")]);
        assert!(world.ads.wait_until(
            Duration::from_secs(20),
            |_| world.ads.sightings("last.", None) >= 1
        ));
        let late = world.ads.sightings("queued.", Some(mark));
        assert_eq!(late > 0, planted, "planted {planted}: {late} sightings");
    }
}

#[test]
fn a_withdrawal_waits_for_a_send_in_flight_and_then_its_connection_is_cut() {
    let world = World::with(WorldOptions {
        send_timeout_ms: 700,
        ..WorldOptions::default()
    });
    world.ads.set_manner(tests::Manner::Hangs);
    assert_eq!(choose(&mut world.officer(), "fay", "given").status, 201);
    post_batch(&mut world.shop(), &[silent_order("fay", "in-flight.")]);
    let begun = |requests: &[std::sync::Arc<tests::Received>]| !requests.is_empty();
    assert!(world.ads.wait_until(Duration::from_secs(20), begun));
    assert_eq!(
        world.ads.open_connections(),
        1,
        "the recipient has not answered"
    );
    assert_eq!(withdraw(&mut world.officer(), "fay").status, 201);
    let mark = world.ads.mark();
    // Whatever is open now was opened for somebody else; fay's connection shows as closed.
    assert_eq!(
        world.ads.open_connections(),
        0,
        "the connection in flight was not cut"
    );
    world.ads.set_manner(tests::Manner::Accepts);
    post_batch(&mut world.shop(), &[order("else", "last.")]);
    assert!(world.ads.wait_until(Duration::from_secs(20), |_| {
        world.ads.sightings("last.", None) >= 1
    }));
    assert_eq!(world.ads.sightings("in-flight.", Some(mark)), 0);
}
