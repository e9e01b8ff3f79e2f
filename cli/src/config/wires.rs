//! The data plane's sections: `[proxy]`, `[limits]`, `[delivery]` and `[[routes]]`.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use gateway::config::{Config, Delivery, FlowRoute, Format, KeyDigest, Limits, Route};

use super::section::{Problems, Section};
use super::{Problem, RouteKeys};

/// Reads them. The names of `gateway::config` are the names in the file.
pub(super) fn read(
    root: &mut Section<'_>,
    base: &Path,
    problems: &mut Problems,
) -> (Option<Config>, Vec<RouteKeys>) {
    let mut section = root.table("proxy", problems);
    let listen = section.must_address("listen", problems);
    section.finish(problems);
    let limits = limits(root.table("limits", problems), problems);
    let delivery = delivery(root.table("delivery", problems), problems);
    let sections = root.tables("routes", problems);
    let written = sections.len();
    let (routes, keys): (Vec<_>, Vec<_>) = sections
        .into_iter()
        .filter_map(|section| route(section, base, problems))
        .unzip();
    // A route that could not be read has been complained about; the rest could not be placed.
    let whole = routes.len() == written;
    // A stand-in where the address has been complained about: the rest can still be held against
    // the policy, so that all errors are told in one run.
    let listen = listen.map_or(NOWHERE, |listen| listen.value);
    (
        whole.then_some(Config {
            listen,
            routes,
            limits,
            delivery,
        }),
        keys,
    )
}

fn limits(mut section: Section<'_>, problems: &mut Problems) -> Limits {
    let mut limits = Limits::default();
    let mut count = |key, place: &mut usize| {
        if let Some(number) = section.number(key, 1..=COUNT_MAX, problems) {
            *place = usize::try_from(number).unwrap_or(usize::MAX);
        }
    };
    count("connections", &mut limits.connections);
    count("head_bytes", &mut limits.head_bytes);
    count("headers", &mut limits.headers);
    count("target_bytes", &mut limits.target_bytes);
    count("body_bytes", &mut limits.body_bytes);
    count("expansion", &mut limits.expansion);
    count("held_bytes", &mut limits.held_bytes);
    count("rate_min", &mut limits.rate_min);
    count("values", &mut limits.values);
    if let Some(depth) = section.number("depth", 1..=1024, problems) {
        limits.depth = u32::try_from(depth).unwrap_or(limits.depth);
    }
    duration(
        &mut section,
        "room_wait_ms",
        &mut limits.room_wait,
        problems,
    );
    duration(
        &mut section,
        "head_time_ms",
        &mut limits.head_time,
        problems,
    );
    duration(
        &mut section,
        "body_time_ms",
        &mut limits.body_time,
        problems,
    );
    duration(
        &mut section,
        "rate_grace_ms",
        &mut limits.rate_grace,
        problems,
    );
    section.finish(problems);
    limits
}

fn delivery(mut section: Section<'_>, problems: &mut Problems) -> Delivery {
    let mut delivery = Delivery::default();
    let mut count = |key, place: &mut usize| {
        if let Some(number) = section.number(key, 1..=COUNT_MAX, problems) {
            *place = usize::try_from(number).unwrap_or(usize::MAX);
        }
    };
    count("batch_events", &mut delivery.batch_events);
    count("queue_bytes", &mut delivery.queue_bytes);
    duration(
        &mut section,
        "send_timeout_ms",
        &mut delivery.send_timeout,
        problems,
    );
    duration(
        &mut section,
        "pause_min_ms",
        &mut delivery.pause_min,
        problems,
    );
    duration(
        &mut section,
        "pause_max_ms",
        &mut delivery.pause_max,
        problems,
    );
    duration(
        &mut section,
        "queue_age_ms",
        &mut delivery.queue_age,
        problems,
    );
    duration(&mut section, "fresh_ms", &mut delivery.fresh, problems);
    section.finish(problems);
    delivery
}

fn route(
    mut section: Section<'_>,
    base: &Path,
    problems: &mut Problems,
) -> Option<(Route, RouteKeys)> {
    let name = section.must_text("name", problems);
    let path = section.must_text("path", problems);
    let source = section.must_text("source", problems);
    let format = format(&mut section, problems);
    let write_keys: Vec<_> = section
        .list("write_keys", problems)
        .iter()
        .map(|file| base.join(file))
        .collect();
    let mut flows = Vec::new();
    let mut flow_keys = Vec::new();
    let sections = section.tables("flows", problems);
    let written = sections.len();
    for inner in sections {
        if let Some((flow, key)) = flow(inner, base, problems) {
            flows.push(flow);
            flow_keys.push(key);
        }
    }
    section.finish(problems);
    let whole = flows.len() == written;
    let route = Route {
        name: name?.value,
        path: path?.value,
        // A stand-in where the word has been complained about.
        format: format.unwrap_or(Format::Segment),
        source: source?.value,
        // Until the files are read, each stands for itself: one file is one key.
        write_keys: write_keys
            .iter()
            .map(|file| KeyDigest::of(file.as_os_str().as_encoded_bytes()))
            .collect(),
        flows,
    };
    whole.then_some((
        route,
        RouteKeys {
            write_keys,
            flows: flow_keys,
        },
    ))
}

fn flow(
    mut section: Section<'_>,
    base: &Path,
    problems: &mut Problems,
) -> Option<(FlowRoute, Option<std::path::PathBuf>)> {
    let recipient = section.must_text("recipient", problems);
    let purpose = section.must_text("purpose", problems);
    let upstream = section.must_text("upstream", problems);
    let connect = section
        .address("connect", problems)
        .map(|connect| connect.value);
    let key = section
        .text("write_key", problems)
        .map(|file| base.join(file.value));
    section.finish(problems);
    let flow = FlowRoute {
        recipient: recipient?.value,
        purpose: purpose?.value,
        upstream: upstream?.value,
        connect,
        write_key: None,
    };
    Some((flow, key))
}

fn format(section: &mut Section<'_>, problems: &mut Problems) -> Option<Format> {
    let written = section.must_text("format", problems)?;
    let known = [("segment", Format::Segment), ("json", Format::Json)];
    let found = known.iter().find(|(word, _)| *word == written.value);
    if found.is_none() {
        let message = format!("there is no format `{}`", written.value);
        let words = known.iter().map(|(word, _)| *word);
        let problem = Problem::new(&written.origin, message).did_you_mean(&written.value, words);
        let help = problem
            .help
            .clone()
            .unwrap_or_else(|| "known: segment, json".to_owned());
        problems.push(problem.help(help));
    }
    found.map(|(_, format)| *format)
}

fn duration(
    section: &mut Section<'_>,
    key: &'static str,
    place: &mut Duration,
    problems: &mut Problems,
) {
    if let Some(ms) = section.number(key, 0..=MS_MAX, problems) {
        *place = Duration::from_millis(ms);
    }
}

const NOWHERE: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::UNSPECIFIED), 0);
/// No count or size is larger.
const COUNT_MAX: u64 = 1 << 40;
/// No time is longer: 366 days.
const MS_MAX: u64 = 366 * 24 * 3600 * 1000;
