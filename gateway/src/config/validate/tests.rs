use std::time::Duration;

use super::validate;
use crate::config::{Config, Delivery, FlowRoute, Format, KeyDigest, Limits, Route};
use crate::fixture;

fn config() -> Config {
    let flow = FlowRoute {
        recipient: "Ad Network".to_owned(),
        purpose: "ads".to_owned(),
        upstream: "http://ads.example/v1/batch".to_owned(),
        connect: None,
        write_key: None,
    };
    let route = Route {
        name: "web".to_owned(),
        path: "/".to_owned(),
        format: Format::Segment,
        source: "web shop".to_owned(),
        write_keys: vec![KeyDigest::of(b"web")],
        flows: vec![flow],
    };
    Config {
        listen: "127.0.0.1:0".parse().unwrap(),
        routes: vec![route],
        limits: Limits::default(),
        delivery: Delivery::default(),
    }
}

/// The one fault that a change makes: where, and a word of what to do.
fn check(change: impl FnOnce(&mut Config), at: &str, mend: &str) {
    let mut config = config();
    change(&mut config);
    let faults = validate(&config, &fixture::policy());
    let [fault] = &faults[..] else {
        panic!("{faults:?}")
    };
    assert_eq!(fault.at, at);
    assert!(fault.mend.contains(mend), "{fault:?}");
}

fn flow(config: &mut Config) -> &mut FlowRoute {
    &mut config.routes[0].flows[0]
}

#[test]
fn a_sound_configuration_has_no_fault() {
    assert_eq!(validate(&config(), &fixture::policy()), []);
}

#[test]
fn names_are_those_of_the_policy() {
    check(
        |config| config.routes[0].source = "app".to_owned(),
        "routes[0].source",
        "web shop",
    );
    check(
        |config| flow(config).purpose = "add".to_owned(),
        "routes[0].flows[0].purpose",
        "ads",
    );
    let at = "routes[0].flows[0].recipient";
    check(
        |config| flow(config).recipient = "Meta".to_owned(),
        at,
        "Ad Network",
    );
}

#[test]
fn data_goes_to_the_host_that_the_policy_names_and_nowhere_else() {
    let at = "routes[0].flows[0].upstream";
    let to = |upstream: &'static str| {
        move |config: &mut Config| flow(config).upstream = upstream.to_owned()
    };
    check(to("http://evil.example/"), at, "ads.example");
    check(to("http://ads.example.evil.example/"), at, "ads.example");
    check(to("https://ads.example/"), at, "TLS");
    check(to("ads.example"), at, "http://");
    let mut elsewhere = config();
    to("http://ADS.example:8080/x")(&mut elsewhere);
    flow(&mut elsewhere).connect = "127.0.0.1:9".parse().ok();
    assert_eq!(validate(&elsewhere, &fixture::policy()), []);
}

#[test]
fn a_request_is_meant_for_one_route() {
    let twice = |config: &mut Config| config.routes.push(config.routes[0].clone());
    check(twice, "routes[1].path", "different write keys");
    check(
        |config| {
            config.routes.push(config.routes[0].clone());
            config.routes[1].write_keys.clear();
        },
        "routes[1].path",
        "different write keys",
    );
    let mut told_apart = config();
    told_apart.routes.push(told_apart.routes[0].clone());
    told_apart.routes[1].write_keys = vec![KeyDigest::of(b"app")];
    assert_eq!(validate(&told_apart, &fixture::policy()), []);
    check(
        |config| config.routes[0].path = "v1?".to_owned(),
        "routes[0].path",
        "`/`",
    );
    check(
        |config| config.routes[0].flows.clear(),
        "routes[0].flows",
        "recipient",
    );
    check(
        |config| {
            let again = flow(config).clone();
            config.routes[0].flows.push(again);
        },
        "routes[0].flows[1]",
        "once",
    );
    check(|config| config.routes.clear(), "routes", "bind");
}

#[test]
fn one_way_out_has_one_address() {
    check(
        |config| {
            let mut other = config.routes[0].clone();
            other.path = "/app".to_owned();
            other.flows[0].upstream = "http://ads.example/v2".to_owned();
            config.routes.push(other);
        },
        "routes[1].flows[0].upstream",
        "routes[0].flows[0]",
    );
}

#[test]
fn limits_leave_room_to_work() {
    check(
        |config| config.limits.held_bytes = 5,
        "limits.held_bytes",
        "at least",
    );
    check(
        |config| config.delivery.batch_events = 0,
        "delivery.batch_events",
        "at least 1",
    );
    let none = |config: &mut Config| config.delivery.send_timeout = Duration::ZERO;
    check(none, "delivery.send_timeout", "milliseconds");
}

#[test]
fn a_name_that_no_entry_can_hold_is_told_before_the_first_event() {
    let long = "w".repeat(201);
    let text = fixture::POLICY.replace("web shop", &long);
    let policy = policy::Policy::compile(std::path::Path::new("long.policy"), &text).unwrap();
    let mut config = config();
    config.routes[0].source = long;
    let faults = validate(&config, &policy);
    let [fault] = &faults[..] else {
        panic!("{faults:?}")
    };
    assert_eq!(fault.at, "routes[0].source");
    assert!(fault.mend.contains("shorter"), "{fault:?}");
}
