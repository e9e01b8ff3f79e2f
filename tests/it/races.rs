//! I4: after the acknowledgement of a withdrawal was read, no byte of that person reaches the recipient's kernel.
//!
//! Failure: a request with the person's marker whose first byte was not at the recipient when the acknowledgement was read.
//! No failure: bytes that were there already, or the rest of a request that had begun.

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use tests::{Build, Mark, World, WorldOptions, full};

use crate::shop::{Chance, choose, post_batch, silent_order, withdraw};

const WORKERS: usize = 16;

#[test]
fn no_byte_leaves_after_the_withdrawal_is_acknowledged() {
    let races = if full() { 100_000 } else { 10_000 };
    let mut world = World::new();
    let outcome = run(&world, races);
    assert_eq!(
        outcome.late, 0,
        "{} of {races} races were lost",
        outcome.late
    );
    assert!(
        outcome.seen > 0,
        "nothing was ever sent: the races prove nothing"
    );
    println!(
        "{races} races, {} events were sent before their withdrawal",
        outcome.seen
    );
    world.stop_and_verify();
}

#[test]
fn the_race_suite_sees_an_acknowledgement_that_comes_too_early() {
    let world = World::with(WorldOptions {
        build: Build::Controls,
        ..WorldOptions::default()
    });
    world.plant("ack-before-deny", true);
    let outcome = run(&world, 2_000);
    assert!(
        outcome.late > 0,
        "the planted bug was not seen in {} races",
        outcome.seen
    );
}

struct Outcome {
    /// Markers that began to arrive after their mark.
    late: usize,
    /// Markers that arrived at all.
    seen: usize,
}

fn run(world: &World, races: usize) -> Outcome {
    let seed = u64::from(std::process::id());
    println!("seed {seed}");
    let next = AtomicUsize::new(0);
    let marks: Mutex<BTreeMap<usize, Mark>> = Mutex::default();
    std::thread::scope(|scope| {
        for worker in 0..WORKERS {
            let (next, marks) = (&next, &marks);
            scope.spawn(move || {
                let mut chance = Chance(seed ^ (worker as u64) << 32);
                let (mut shop, mut admin) = (world.shop(), world.officer());
                loop {
                    let race = next.fetch_add(1, Ordering::Relaxed);
                    if race >= races {
                        return;
                    }
                    let person = format!("racer-{race}");
                    assert_eq!(choose(&mut admin, &person, "given").status, 201);
                    let event = silent_order(&person, &format!("race-{race:06}"));
                    assert_eq!(post_batch(&mut shop, &[event]).status, 200);
                    spin(Duration::from_micros(chance.below(1500)));
                    assert_eq!(withdraw(&mut admin, &person).status, 201);
                    let mark = world.ads.mark();
                    marks.lock().expect("no worker panics").insert(race, mark);
                }
            });
        }
    });
    // Whatever was still queued has been decided by the time a later person's event arrives behind it.
    let (mut shop, mut admin) = (world.shop(), world.officer());
    assert_eq!(choose(&mut admin, "last", "given").status, 201);
    assert_eq!(
        post_batch(&mut shop, &[silent_order("last", "race-last")]).status,
        200
    );
    let arrived = world.ads.wait_until(Duration::from_secs(30), |received| {
        received
            .iter()
            .any(|request| holds(&request.body, b"race-last"))
    });
    assert!(arrived, "the last event never arrived");
    judge(world, &marks.into_inner().expect("no worker panics"))
}

fn judge(world: &World, marks: &BTreeMap<usize, Mark>) -> Outcome {
    let mut outcome = Outcome { late: 0, seen: 0 };
    for request in world.ads.received() {
        let text = String::from_utf8_lossy(&request.body);
        for piece in text.split("race-").skip(1) {
            let Some(race) = piece.get(..6).and_then(|digits| digits.parse().ok()) else {
                continue;
            };
            let Some(mark) = marks.get(&race) else {
                continue;
            };
            outcome.seen += 1;
            outcome.late += usize::from(request.begun >= *mark);
        }
    }
    outcome
}

/// Waits without giving the processor away: a sleep would be far longer than what is to be hit.
fn spin(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

fn holds(bytes: &[u8], wanted: &[u8]) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted)
}
