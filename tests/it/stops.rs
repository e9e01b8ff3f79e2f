//! `sluice stop|resume`: effective before acknowledged, kept over a restart; two people resume.

use std::time::Duration;

use tests::World;

use crate::shop::{order, post_batch};

fn switch(world: &World, verb: &str, key: &str) -> std::process::Output {
    let admin = world.admin_url();
    world.run(&[
        verb,
        "recipient",
        "Meta Ads",
        "--because",
        "contract ended",
        "--admin",
        &admin,
        "--key",
        key,
    ])
}

#[test]
fn a_stopped_recipient_gets_nothing_until_two_people_resume() {
    let mut world = World::new();
    let stopped = switch(&world, "stop", "keys/officer.key");
    assert!(
        stopped.status.success(),
        "{}",
        String::from_utf8_lossy(&stopped.stderr)
    );
    let mark = world.ads.mark();
    post_batch(&mut world.shop(), &[order("ann", "stopped.")]);
    world.stop();
    world.start();
    post_batch(&mut world.shop(), &[order("ann", "still-stopped.")]);

    switch(&world, "resume", "keys/officer.key");
    switch(&world, "resume", "keys/officer.key");
    post_batch(&mut world.shop(), &[order("ann", "one-person.")]);
    let resumed = switch(&world, "resume", "keys/engineer.key");
    assert!(
        resumed.status.success(),
        "{}",
        String::from_utf8_lossy(&resumed.stderr)
    );
    post_batch(&mut world.shop(), &[order("ann", "resumed.")]);
    assert!(world.ads.wait_until(
        Duration::from_secs(20),
        |_| world.ads.sightings("resumed.", None) == 1
    ));
    for refused in ["stopped.", "still-stopped.", "one-person."] {
        assert_eq!(world.ads.sightings(refused, Some(mark)), 0, "{refused}");
    }
    world.stop_and_verify();
}

#[test]
fn an_unknown_name_is_told_and_changes_nothing() {
    let world = World::new();
    let admin = world.admin_url();
    let output = world.run(&[
        "stop",
        "recipient",
        "Metta Ads",
        "--because",
        "typo",
        "--admin",
        &admin,
        "--key",
        "keys/officer.key",
    ]);
    assert_eq!(
        output.status.code(),
        Some(2),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
