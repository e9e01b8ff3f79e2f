//! What scripts rely on: exit codes, `--format json` of every command that prints, and the example configuration.

use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tests::{Build, World, root, sluice};

/// Runs the executable, as shipped, in `folder`.
fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(sluice(Build::Shipped))
        .current_dir(folder)
        .args(arguments)
        .output()
        .expect("sluice runs")
}

/// Standard output, each line parsed as JSON.
fn lines(output: &Output) -> Vec<Value> {
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|_| panic!("not JSON: {line}")))
        .collect()
}

fn words(output: &Output) -> String {
    format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    )
}

/// A copy of the shop's policy with one verdict turned round, so that its own test fails.
fn failing_policy() -> String {
    let text = std::fs::read_to_string(root().join("policies/demo/shop.policy")).expect("a policy");
    let failing = text.replace("expect refused because B2", "expect sent");
    assert_ne!(text, failing);
    failing
}

#[test]
fn the_example_configuration_is_good_and_its_keys_are_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let my = folder.path().join("my");
    std::fs::create_dir_all(folder.path().join("policies/demo")).expect("a folder");
    std::fs::create_dir(&my).expect("a folder");
    for (from, to) in [
        ("docs/sluice.example.toml", "my/sluice.toml"),
        ("policies/demo/shop.policy", "policies/demo/shop.policy"),
    ] {
        std::fs::copy(root().join(from), folder.path().join(to)).expect("a copy");
    }
    let check = |format| {
        run(
            folder.path(),
            &["check", "--config", "my/sluice.toml", "--format", format],
        )
    };
    let before = check("json");
    assert_eq!(before.status.code(), Some(0), "{}", words(&before));
    let notes = lines(&before)[0]["notes"].as_array().map(Vec::len);
    assert_eq!(notes, Some(6), "six key files are missing yet");
    let made = run(
        folder.path(),
        &["keys", "new", "my/keys", "--format", "json"],
    );
    assert_eq!(made.status.code(), Some(0), "{}", words(&made));
    assert_eq!(lines(&made).len(), 6);
    let after = check("json");
    assert_eq!(lines(&after)[0]["notes"].as_array().map(Vec::len), Some(0));
    assert_eq!(lines(&after)[0]["flows"].as_array().map(Vec::len), Some(2));
    let again = run(folder.path(), &["keys", "new", "my/keys"]);
    assert_eq!(again.status.code(), Some(2), "a key is never overwritten");
}

#[test]
fn what_was_written_wrongly_exits_with_two() {
    let folder = tempfile::tempdir().expect("a folder");
    let broken = "policy \"x\" version 1.\nA1. allow shop to send email to X for y.\n";
    std::fs::write(folder.path().join("broken.policy"), broken).expect("a file");
    std::fs::write(folder.path().join("sluice.toml"), "[policy]\nfle = \"x\"\n").expect("a file");
    let cases: [&[&str]; 12] = [
        &[],
        &["demon"],
        &["demo", "--events", "0"],
        &["check", "--config", "none.toml"],
        &["check", "--config", "sluice.toml"],
        &["serve", "--config", "sluice.toml"],
        &["policy", "check", "none.policy"],
        &["policy", "check", "broken.policy"],
        &["policy", "test", "broken.policy"],
        &["ledger", "verify", "none.pack"],
        &["ledger", "export", "--data", "none", "--out", "a.pack"],
        &[
            "consent",
            "show",
            "--email",
            "ann@example.org",
            "--key",
            "none.key",
        ],
    ];
    for arguments in cases {
        let output = run(folder.path(), arguments);
        assert_eq!(
            output.status.code(),
            Some(2),
            "{arguments:?}: {}",
            words(&output)
        );
        assert!(!words(&output).contains("ann@"), "{arguments:?}");
    }
    let findings = run(
        folder.path(),
        &[
            "policy",
            "check",
            "none.policy",
            "broken.policy",
            "--format",
            "json",
        ],
    );
    assert_eq!(findings.status.code(), Some(2));
    assert!(
        lines(&findings).len() > 1,
        "a file that is missing does not hide the others"
    );
}

#[test]
fn what_is_not_good_exits_with_one() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("failing.policy"), failing_policy()).expect("a file");
    std::fs::write(folder.path().join("no.pack"), "nothing of ours\n").expect("a file");
    let good = root().join("policies/demo/shop.policy");
    let good = good.to_str().expect("a readable path");
    let failing = run(
        folder.path(),
        &["policy", "test", "failing.policy", "--format", "json"],
    );
    assert_eq!(failing.status.code(), Some(1), "{}", words(&failing));
    assert!(lines(&failing).iter().any(|line| line["passed"] == false));
    let pack = run(
        folder.path(),
        &["ledger", "verify", "no.pack", "--format", "json"],
    );
    assert_eq!(pack.status.code(), Some(1), "{}", words(&pack));
    assert_eq!(lines(&pack)[0]["verified"], false);
    let linted = run(
        folder.path(),
        &["policy", "check", good, "--format", "json"],
    );
    assert_eq!(linted.status.code(), Some(0), "{}", words(&linted));
    assert!(lines(&linted).iter().any(|line| line["severity"] == "lint"));
    let denied = run(folder.path(), &["policy", "check", "--deny", good]);
    assert_eq!(denied.status.code(), Some(1), "{}", words(&denied));
}

#[test]
fn an_outside_system_that_fails_exits_with_three() {
    let world = World::new();
    let busy = world.run(&[
        "ledger",
        "export",
        "--config",
        "sluice.toml",
        "--out",
        "a.pack",
    ]);
    assert_eq!(busy.status.code(), Some(3), "{}", words(&busy));
    let gone = world.run(&[
        "consent",
        "show",
        "--email",
        "ann@example.org",
        "--admin",
        "http://127.0.0.1:1",
        "--key",
        "keys/officer.key",
    ]);
    assert_eq!(gone.status.code(), Some(3), "{}", words(&gone));
    assert!(!words(&gone).contains("ann@"));
}

#[test]
fn commands_at_a_running_gateway_print_json() {
    let mut world = World::new();
    let admin = world.admin_url();
    let ask = |arguments: &[&str], owner: &str| -> Vec<Value> {
        let key = format!("keys/{owner}.key");
        let ending = ["--admin", &admin, "--key", &key, "--format", "json"];
        let output = world.run(&[arguments, &ending].concat());
        assert_eq!(
            output.status.code(),
            Some(0),
            "{arguments:?}: {}",
            words(&output)
        );
        assert!(!words(&output).contains("ann@"), "{arguments:?}");
        lines(&output)
    };
    let ads = [
        "--email",
        "ann@example.org",
        "--purpose",
        "personalised ads",
    ];
    let recorded = ask(
        &[&["consent", "record", "--choice", "given"][..], &ads].concat(),
        "officer",
    );
    assert!(recorded[0]["entry"].is_u64(), "{recorded:?}");
    let withdrawn = ask(&[&["consent", "withdraw"][..], &ads].concat(), "officer");
    assert!(withdrawn[0]["entry"].is_u64(), "{withdrawn:?}");
    let shown = ask(
        &["consent", "show", "--email", "ann@example.org"],
        "officer",
    );
    let states: Vec<_> = shown.iter().map(|line| &line["state"]).collect();
    assert_eq!(states, ["given", "withdrawn"]);
    let switch = ["recipient", "Meta Ads", "--because", "a test"];
    let stopped = ask(&[&["stop"][..], &switch].concat(), "officer");
    assert_eq!(stopped[0]["state"], "stopped");
    for (owner, state) in [
        ("officer", "waits for another person"),
        ("engineer", "resumed"),
    ] {
        let resumed = ask(&[&["resume"][..], &switch].concat(), owner);
        assert_eq!(resumed[0]["state"], state);
    }
    world.stop();
}

#[test]
fn a_kept_demo_can_be_asked_why_and_for_proof() {
    let folder = tempfile::tempdir().expect("a folder");
    let demo = [
        "demo", "--once", "--events", "20", "--data", "kept", "--format", "json",
    ];
    let demo = run(folder.path(), &demo);
    assert_eq!(demo.status.code(), Some(0), "{}", words(&demo));
    assert_eq!(
        lines(&demo).last().expect("a line")["ledger_verified"],
        true
    );
    let pack = run(
        folder.path(),
        &["ledger", "verify", "kept/demo.pack", "--format", "json"],
    );
    let entries = lines(&pack)[0]["entries"].as_u64().expect("a size");
    let mut explained = 0;
    for entry in (0..entries).rev() {
        let entry = entry.to_string();
        let why = [
            "policy", "why", "--entry", &entry, "--data", "kept", "--format", "json",
        ];
        let shown = lines(&run(folder.path(), &why)).remove(0);
        if shown["kind"] == "decision" && shown["explanation"].is_object() {
            explained += 1;
            let spoken = shown["explanation"]["spoken"].as_array().map(Vec::len);
            assert!(spoken > Some(0), "{shown}");
        }
        if explained == 5 {
            break;
        }
    }
    assert_eq!(
        explained, 5,
        "recorded decisions are explained by their policy"
    );
    let proof = run(folder.path(), &["ledger", "prove", "0", "--data", "kept"]);
    let file = String::from_utf8_lossy(&proof.stdout).into_owned();
    let note = file.split_once("\n\n").expect("proof and checkpoint").1;
    assert!(file.starts_with("c2sp.org/tlog-proof@v1\n"), "{file}");
    assert!(
        note.lines()
            .last()
            .is_some_and(|line| line.starts_with('\u{2014}')),
        "{note}"
    );
    let beside = String::from_utf8_lossy(&proof.stderr);
    assert!(
        beside.contains("for data as declared at the policy's paths"),
        "{beside}"
    );
}
