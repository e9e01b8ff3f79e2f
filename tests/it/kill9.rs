//! I2 and I6: what was acknowledged survives `kill -9`: the entry, the event on its way, the withdrawal; the tree verifies.
//!
//! `kill -9` proves crash atomicity, not durability against power cuts; the ledger's own issue brings those.

use std::collections::{BTreeSet, HashSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::json;
use tests::{Build, Client, World, WorldOptions, full};

use crate::shop::{Chance, choose, order, post_batch, withdrawal};

const CRASH_POINTS: [&str; 5] = [
    "before-begin",
    "after-stages",
    "before-commit",
    "after-commit",
    "before-answer",
];

#[derive(Default)]
struct Journal {
    events: BTreeSet<String>,
    withdrawals: BTreeSet<String>,
}

#[test]
fn nothing_acknowledged_is_lost_by_kill_9() {
    let cycles = if full() { 1000 } else { 50 };
    let seed = u64::from(std::process::id());
    println!("seed {seed}");
    let mut chance = Chance(seed);
    let mut world = World::with(WorldOptions {
        build: Build::Controls,
        ..WorldOptions::default()
    });
    let journal = Mutex::new(Journal::default());
    for cycle in 0..cycles {
        if cycle > 0 {
            world.start();
        }
        let point = CRASH_POINTS.get(cycle % (2 * CRASH_POINTS.len()));
        if let Some(point) = point {
            let nth = 1 + chance.below(20);
            let answer = world
                .officer()
                .put("/v1/controls", &json!({"crash_at": point, "nth": nth}));
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        let pause = Duration::from_millis(5 + chance.below(250));
        load_until_the_end(&mut world, cycle, point.is_some(), pause, &journal);
    }
    world.start();
    let journal = journal.into_inner().expect("no loader panics");
    println!(
        "{} events and {} withdrawals acknowledged",
        journal.events.len(),
        journal.withdrawals.len()
    );
    assert!(
        journal.events.len() > cycles && journal.withdrawals.len() > 2,
        "too little load"
    );
    assert_eq!(lost_events(&world, &journal), Vec::<String>::new());
    for person in &journal.withdrawals {
        let query = json!({"identifiers": [{"kind": "user", "value": person}]});
        let shown = world.officer().post("/v1/consents/query", &query).text();
        assert!(
            shown.contains("withdrawn"),
            "the withdrawal of {person} was lost"
        );
    }
    let report = world.stop_and_verify();
    let entries = report["entries"].as_u64().expect("a size");
    assert!(
        entries >= 2 * journal.events.len() as u64,
        "{entries} entries are too few"
    );
}

#[test]
fn the_crash_suite_sees_an_answer_before_the_commit() {
    let mut world = World::with(WorldOptions {
        build: Build::Controls,
        ..WorldOptions::default()
    });
    let journal = Mutex::new(Journal::default());
    // The group that dies may hold no event; a few deaths are enough to meet one that does.
    for cycle in 0..10 {
        if cycle > 0 {
            world.start();
        }
        world.plant("ack-before-commit", true);
        let point = json!({"crash_at": "before-commit", "nth": 3});
        let answer = world.officer().put("/v1/controls", &point);
        assert_eq!(answer.status, 200, "{}", answer.text());
        load_until_the_end(&mut world, cycle, true, Duration::ZERO, &journal);
    }
    world.start();
    let lost = lost_events(&world, &journal.into_inner().expect("no loader panics"));
    assert!(!lost.is_empty(), "the planted bug was not seen");
}

/// Loads the gateway from four sides until it is dead: by its own crash point, or by our hand.
fn load_until_the_end(
    world: &mut World,
    cycle: usize,
    crashes: bool,
    pause: Duration,
    journal: &Mutex<Journal>,
) {
    let dead = AtomicBool::new(false);
    let clients: Vec<(Client, Client)> = (0..4).map(|_| (world.shop(), world.officer())).collect();
    std::thread::scope(|scope| {
        for (worker, (shop, admin)) in clients.into_iter().enumerate() {
            let dead = &dead;
            scope.spawn(move || load(shop, admin, &format!("{cycle}-{worker}"), dead, journal));
        }
        if crashes {
            world.wait_for_end();
        } else {
            std::thread::sleep(pause);
            world.kill();
        }
        dead.store(true, Ordering::Relaxed);
    });
}

fn load(
    mut shop: Client,
    mut admin: Client,
    name: &str,
    dead: &AtomicBool,
    journal: &Mutex<Journal>,
) {
    for number in 0.. {
        if dead.load(Ordering::Relaxed) {
            return;
        }
        let person = format!("k{name}-{number}");
        let body =
            json!({"batch": [order(&person, &format!("kill-{name}-{number}."))]}).to_string();
        let answer = shop.send("POST", "/v1/batch", &[], body.as_bytes());
        if answer.is_ok_and(|answer| answer.status == 200) {
            let marker = format!("kill-{name}-{number}.");
            journal
                .lock()
                .expect("no loader panics")
                .events
                .insert(marker);
        }
        if number % 10 == 9 && withdrawn(&mut admin, &person) {
            journal
                .lock()
                .expect("no loader panics")
                .withdrawals
                .insert(person);
        }
    }
}

fn withdrawn(admin: &mut Client, person: &str) -> bool {
    admin
        .send(
            "POST",
            "/v1/withdrawals",
            &[],
            withdrawal(person).to_string().as_bytes(),
        )
        .is_ok_and(|answer| answer.status == 201)
}

/// Markers that were acknowledged and never reached the recipient, once everything queued has been delivered.
/// (Those whose person withdrew afterwards may lawfully be missing.)
fn lost_events(world: &World, journal: &Journal) -> Vec<String> {
    let (mut shop, mut admin) = (world.shop(), world.officer());
    assert_eq!(choose(&mut admin, "last", "given").status, 201);
    assert_eq!(
        post_batch(&mut shop, &[order("last", "kill-last.")]).status,
        200
    );
    let arrived = world.ads.wait_until(Duration::from_secs(60), |received| {
        received
            .iter()
            .rev()
            .take(50)
            .any(|request| String::from_utf8_lossy(&request.body).contains("kill-last."))
    });
    assert!(arrived, "the last event never arrived");
    let seen: HashSet<String> = world
        .ads
        .received()
        .iter()
        .flat_map(|request| {
            let text = String::from_utf8_lossy(&request.body).into_owned();
            text.split("kill-")
                .skip(1)
                .filter_map(|piece| Some(format!("kill-{}.", piece.split_once('.')?.0)))
                .collect::<Vec<_>>()
        })
        .collect();
    let excused = |marker: &str| {
        let person = format!(
            "k{}",
            marker.trim_start_matches("kill-").trim_end_matches('.')
        );
        person
            .rsplit('-')
            .next()
            .is_some_and(|number| number.ends_with('9'))
    };
    journal
        .events
        .iter()
        .filter(|marker| !seen.contains(*marker) && !excused(marker))
        .cloned()
        .collect()
}
