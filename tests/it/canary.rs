//! I1 and I3: unique markers stand in every field that no clause lets go, and in every field of refused events. They are
//! looked for, in fourteen encodings, in every place where bytes end up. A scanner that sees nothing proves nothing: allowed markers
//! must be found at their recipient, and planted leaks must be found in each sort of sink.

use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tests::{Answer, Build, Client, Marker, World, WorldOptions};

use crate::shop::{order, post_batch, silent_order};

/// Everything seen from outside, by name.
type Sinks = Vec<(String, Vec<u8>)>;

struct Seeded {
    forbidden: Vec<(String, Marker)>,
    allowed: Marker,
    answers: Vec<u8>,
}

#[test]
fn no_canary_is_seen_where_no_clause_lets_it() {
    let world = World::with(WorldOptions {
        log: "trace",
        ..WorldOptions::default()
    });
    let seeded = seed(&world);
    let sinks = sinks(&world, &seeded);
    let mut sightings = Vec::new();
    for (position, marker) in &seeded.forbidden {
        for (sink, bytes) in &sinks {
            if marker.is_in(bytes) {
                sightings.push(format!("{position} in {sink}"));
            }
        }
    }
    assert!(sightings.is_empty(), "{sightings:#?}");
    let upstream = &sinks
        .iter()
        .find(|(name, _)| name == "upstream of Meta Ads")
        .expect("a sink")
        .1;
    assert!(
        seeded.allowed.is_in(upstream),
        "the allowed marker never arrived: the scanner is blind"
    );
    println!(
        "{} markers, {} sinks, 14 encodings: none seen",
        seeded.forbidden.len(),
        sinks.len()
    );
}

#[test]
fn planted_leaks_are_seen_in_each_sort_of_sink() {
    let leaks = [
        ("leak-raw-body", "upstream of Meta Ads"),
        // What waits for a recipient stands in the database file and its write-ahead log.
        ("leak-raw-body", "file sluice.db"),
        ("leak-log", "log at TRACE"),
        ("leak-metric", "metrics"),
        ("leak-answer", "answers"),
        ("leak-error", "error texts"),
    ];
    for (switch, sink) in leaks {
        let options = WorldOptions {
            build: Build::Controls,
            log: "trace",
            ..WorldOptions::default()
        };
        let world = World::with(options);
        world.plant(switch, true);
        let seeded = seed(&world);
        let sinks = sinks(&world, &seeded);
        let seen = sinks
            .iter()
            .filter(|(_, bytes)| {
                seeded
                    .forbidden
                    .iter()
                    .any(|(_, marker)| marker.is_in(bytes))
            })
            .map(|(name, _)| name.as_str())
            .collect::<Vec<_>>();
        assert!(
            seen.iter().any(|seen| seen.starts_with(sink)),
            "{switch}: not seen in {sink}, but in {seen:?}"
        );
    }
}

/// Sends what holds markers: one event that may go, minimised; several that may not; several that cannot be read.
fn seed(world: &World) -> Seeded {
    let mut forbidden = Vec::new();
    let mut plant = |position: &str| {
        let marker = Marker::new(forbidden.len() as u64 + 1);
        forbidden.push((position.to_owned(), marker.clone()));
        marker.0
    };
    let allowed = Marker::new(0);
    let batch = marked_batch(&mut plant, &allowed);
    let mut shop = world.shop();
    let answers = [send_marked(&mut shop, &mut plant, &batch)];
    let errors = ask_wrongly(world, &mut shop, &mut plant);
    post_batch(&mut shop, &[order("else", "the last one.")]);
    let arrived = |_: &[_]| world.ads.sightings("the last one.", None) > 0;
    assert!(
        world.ads.wait_until(Duration::from_secs(20), arrived),
        "nothing arrived"
    );
    let mut bytes = shown(&answers);
    bytes.extend(b"-- errors --");
    assert!(errors.iter().all(|answer| answer.status >= 400));
    bytes.extend(shown(&errors));
    Seeded {
        forbidden,
        allowed,
        answers: bytes,
    }
}

/// A batch with markers wherever an event has room for them.
fn marked_batch(plant: &mut impl FnMut(&str) -> String, allowed: &Marker) -> String {
    let mut sent = order(&plant("user id"), &allowed.0);
    sent["anonymousId"] = json!(plant("anonymous id"));
    sent["messageId"] = json!(plant("message id"));
    sent["properties"]["condition"] = json!(plant("health"));
    sent["properties"]["email"] = json!(format!("{}@example.org", plant("email")));
    sent["properties"]["unlisted"] = json!(plant("unlisted property"));
    sent["properties"]["nested"] = json!([{"deep": plant("nested property")}]);
    sent["properties"][plant("property name")] = json!(1);
    sent["context"]["page"] = json!({
        "url": format!("https://shop.example/?q={}", plant("query of a page address")),
        "referrer": plant("referrer")
    });
    sent["context"]["userAgent"] = json!(plant("user agent in the context"));
    sent["context"]["device"] = json!({"id": plant("device id"), "advertisingId": plant("ad id")});
    sent["integrations"] = json!({plant("integration"): true});
    let mut refused = silent_order(
        &plant("user id of a refused event"),
        &plant("product of a refused event"),
    );
    refused["event"] = json!(plant("name of a refused event"));
    refused["properties"]["email"] = json!(plant("email of a refused event"));
    let unreadable = format!(
        r#"{{"type":"track","userId":"{}","userId":"{}"}}"#,
        plant("unreadable event, first"),
        plant("unreadable event, second")
    );
    let mut odd = order("odd", &plant("product of an event with an odd stamp"));
    odd["context"]["consent"]["categoryPreferences"]["advertising"] = json!(plant("stamp"));

    format!(
        r#"{{"batch":[{sent},{refused},{unreadable},{odd}],"x":"{}"}}"#,
        plant("envelope")
    )
}

/// Sends it, with markers in address and head too.
fn send_marked(shop: &mut Client, plant: &mut impl FnMut(&str) -> String, body: &str) -> Answer {
    let path = format!("/v1/batch?q={}", plant("query"));
    let headers = [
        ("user-agent", plant("user agent")),
        ("cookie", format!("session={}", plant("cookie"))),
        ("x-forwarded-for", plant("forwarded for")),
        ("referer", plant("referer")),
        ("traceparent", plant("trace parent")),
    ];
    let headers: Vec<(&str, &str)> = headers
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    shop.send("POST", &path, &headers, body.as_bytes())
        .expect("an answer")
}

/// What is answered with an error: broken bodies, and questions to the admin API. Keeps a choice, too.
fn ask_wrongly(
    world: &World,
    shop: &mut Client,
    plant: &mut impl FnMut(&str) -> String,
) -> Vec<Answer> {
    let broken = [
        format!(r#"{{"batch":[{{"userId":"{}""#, plant("body cut short")),
        format!(r#""{}""#, plant("body that is a text")),
        format!("{}\u{0}", plant("body that is no JSON")),
    ];
    let mut errors = Vec::new();
    for body in &broken {
        errors.push(
            shop.send("POST", "/v1/batch", &[], body.as_bytes())
                .expect("an answer"),
        );
    }
    let asked: Value = json!({"identifiers": [{"kind": plant("kind of identifier"), "value": plant("identifier")}]});
    errors.push(world.officer().post("/v1/consents/query", &asked));
    let asked = json!({"identifiers": [{"kind": "email", "value": plant("kept identifier")}],
        "purpose": "personalised ads", "choice": "given", "mechanism": "test"});
    assert_eq!(world.officer().post("/v1/consents", &asked).status, 201);
    errors
}

fn shown(answers: &[Answer]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for answer in answers {
        bytes.extend(format!("{} {:?}\n", answer.status, answer.headers).into_bytes());
        bytes.extend(&answer.body);
    }
    bytes
}

fn sinks(world: &World, seeded: &Seeded) -> Sinks {
    let split = seeded
        .answers
        .windows(12)
        .position(|window| window == b"-- errors --")
        .expect("a mark");
    let (answers, errors) = seeded.answers.split_at(split);
    let upstream = |tool: &tests::Recipient| -> Vec<u8> {
        tool.received()
            .iter()
            .flat_map(|request| request.bytes.clone())
            .collect()
    };
    let mut officer = world.officer();
    let mut sinks: Sinks = vec![
        ("upstream of Meta Ads".to_owned(), upstream(&world.ads)),
        (
            "upstream of Shop Analytics".to_owned(),
            upstream(&world.analytics),
        ),
        ("answers".to_owned(), answers.to_vec()),
        ("error texts".to_owned(), errors.to_vec()),
        ("metrics".to_owned(), officer.get("/metrics").body),
        ("status page".to_owned(), officer.get("/").body),
        ("decisions".to_owned(), officer.get("/v1/decisions").body),
        ("log at TRACE".to_owned(), world.log().into_bytes()),
    ];
    let index = officer.get("/v1/decisions").json()["decisions"][0]["entry"].clone();
    sinks.push((
        "an entry".to_owned(),
        officer.get(&format!("/v1/decisions/{index}")).body,
    ));
    for entry in std::fs::read_dir(world.folder().join("data"))
        .expect("a folder")
        .flatten()
    {
        // The database, its write-ahead log with all free pages, the reserve file.
        sinks.push((
            format!("file {}", name(&entry.path())),
            std::fs::read(entry.path()).expect("a file"),
        ));
    }
    let files = sinks
        .iter()
        .filter(|(name, _)| name.starts_with("file "))
        .count();
    assert!(
        files >= 3,
        "database, log and reserve file are looked into, not {files} files"
    );
    sinks
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}
