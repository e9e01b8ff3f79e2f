//! The README's first command.

use std::process::Command;

use serde_json::Value;
use tests::{Build, sluice};

#[test]
fn the_demo_ends_verified() {
    let output = Command::new(sluice(Build::Shipped))
        .args(["demo", "--once", "--events", "300", "--seed", "7"])
        .output()
        .expect("sluice runs");
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "{text}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let last: Value = serde_json::from_str(text.lines().last().expect("lines")).expect("JSON");
    let number = |name: &str| {
        last[name]
            .as_u64()
            .unwrap_or_else(|| panic!("no `{name}` in {last}"))
    };
    assert_eq!(number("events"), 300);
    assert_eq!(number("sent") + number("refused"), number("decisions"));
    assert!(number("edited") <= number("sent") && number("edited") > 0);
    assert!(number("refused") > 0 && number("sent") > 0);
    assert!(number("ledger_entries") >= number("decisions"));
    assert_eq!(last["ledger_verified"], true);
}

#[test]
fn a_kept_demo_proves_its_entries() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().join("kept");
    let data = data.to_str().expect("a readable path");
    let program = sluice(Build::Shipped);
    let output = Command::new(&program)
        .args(["demo", "--once", "--events", "1", "--data", data])
        .output()
        .expect("sluice runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let prove = Command::new(sluice(Build::Shipped))
        .args(["ledger", "prove", "0", "--data", data])
        .output()
        .expect("sluice runs");
    let proof = String::from_utf8_lossy(&prove.stdout);
    assert!(
        proof.contains("c2sp.org/tlog-proof@v1"),
        "{proof}{}",
        String::from_utf8_lossy(&prove.stderr)
    );
}
