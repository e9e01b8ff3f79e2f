//! What people and machines get wrong: a clear error that names where and what to do, nothing half-applied, nothing echoed.

use std::time::Duration;

use serde_json::json;
use tests::World;

use crate::shop::{order, post_batch};

const SECRET: &str = "secret-value-77";

#[test]
fn bodies_that_are_no_batch_get_a_4xx_and_no_echo() {
    let world = World::new();
    let mut shop = world.shop();
    let deep = format!("{}1{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies: [(&str, Vec<u8>); 5] = [
        (
            "not JSON",
            format!("{{\"batch\":[{{\"a\":\"{SECRET}\"").into_bytes(),
        ),
        ("a text", format!("\"{SECRET}\"").into_bytes()),
        ("deep", deep.into_bytes()),
        ("not UTF-8", vec![0xff, 0xfe, 0x00]),
        ("a broken gzip", vec![0x1f, 0x8b, 0x08, 0x00, 0x01, 0x02]),
    ];
    for (name, body) in bodies {
        let answer = shop
            .send("POST", "/v1/batch", &[], &body)
            .expect("an answer");
        assert!(
            (400..500).contains(&answer.status) && answer.status != 429,
            "{name}: {}",
            answer.status
        );
        assert!(!answer.text().contains(SECRET), "{name}: {}", answer.text());
    }
    let large = vec![b' '; 2 << 20];
    assert_eq!(
        shop.send("POST", "/v1/batch", &[], &large)
            .map(|answer| answer.status)
            .unwrap_or(413),
        413
    );
    assert!(!world.log().contains(SECRET));
    assert_eq!(
        post_batch(&mut world.shop(), &[order("ann", "fine.")]).status,
        200
    );
}

#[test]
fn a_gzip_bomb_is_refused_early() {
    use std::io::Write;
    let world = World::new();
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(&vec![b' '; 64 << 20]).expect("memory");
    let bomb = gzip.finish().expect("memory");
    let answer = world
        .shop()
        .send("POST", "/v1/batch", &[], &bomb)
        .expect("an answer");
    assert_eq!(answer.status, 413);
}

#[test]
fn the_admin_api_asks_for_a_key_and_repeats_nothing() {
    let world = World::new();
    assert_eq!(world.stranger().get("/metrics").status, 401);
    assert_eq!(world.stranger().get("/healthz").status, 200);
    let wrong = json!({"identifiers": [{"kind": "email", "value": SECRET}], "purpose": SECRET,
        "choice": "given", "mechanism": "test"});
    let answer = world.officer().post("/v1/consents", &wrong);
    assert_eq!(answer.status, 400, "{}", answer.text());
    assert!(!answer.text().contains(SECRET), "{}", answer.text());
    let broken = world.officer().send(
        "POST",
        "/v1/consents",
        &[],
        format!("{{\"x\":\"{SECRET}\"").as_bytes(),
    );
    let broken = broken.expect("an answer");
    assert_eq!(broken.status, 400);
    assert!(!broken.text().contains(SECRET));
}

#[test]
fn a_broken_configuration_tells_everything_at_once() {
    let mut world = World::new();
    world.stop();
    let file = world.folder().join("sluice.toml");
    let good = std::fs::read_to_string(&file).expect("a configuration");
    let bad = good
        .replace("format = \"segment\"", "format = \"segmnet\"")
        .replace("recipient = \"Meta Ads\"", "recipient = \"Metta Ads\"")
        .replace("http://analytics.shop.example", "http://elsewhere.example")
        .replace("origin =", "orign =");
    std::fs::write(&file, bad).expect("a file");
    let output = world.run(&["check", "--config", "sluice.toml"]);
    let text = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert_eq!(output.status.code(), Some(2), "{text}");
    for word in ["segmnet", "orign", "sluice.toml"] {
        assert!(text.contains(word), "`{word}` is not told:\n{text}");
    }
    assert!(!world.try_start());
}

#[test]
fn a_damaged_ledger_is_noticed_at_start_and_by_verify() {
    let mut world = World::new();
    post_batch(&mut world.shop(), &[order("ben", "one.")]);
    assert!(world.ads.wait_until(
        Duration::from_secs(20),
        |_| world.ads.sightings("one.", None) == 1
    ));
    world.stop();
    let out = world.run(&[
        "ledger",
        "export",
        "--config",
        "sluice.toml",
        "--out",
        "a.pack",
    ]);
    assert!(
        out.status.success(),
        "{}",
        String::from_utf8_lossy(&out.stderr)
    );
    let file = world.folder().join("a.pack");
    let pack = std::fs::read(&file).expect("a pack");
    let half = pack.len() / 2;
    let mut flipped = pack.clone();
    flipped[half] ^= 1;
    for (name, bytes) in [
        ("a flipped bit", flipped),
        ("cut short", pack[..half].to_vec()),
    ] {
        std::fs::write(&file, bytes).expect("a file");
        let out = world.run(&["ledger", "verify", "a.pack"]);
        assert_eq!(
            out.status.code(),
            Some(1),
            "{name}: {}",
            String::from_utf8_lossy(&out.stderr)
        );
    }
    std::fs::write(
        world.folder().join("data/sluice.db"),
        b"this is no database",
    )
    .expect("a file");
    assert!(
        !world.try_start(),
        "a file that is no database must not be overwritten"
    );
    let kept = std::fs::read(world.folder().join("data/sluice.db")).expect("the file");
    assert_eq!(kept, b"this is no database");
}
