//! The executable under test, built once a run in the tests' own profile, so that dependencies compile once.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Mutex, OnceLock};

use crate::root;

/// Which executable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Build {
    /// With the feature `controls`: planted bugs behind switches, all off until a test turns one on.
    Controls,
    /// As people get it.
    Shipped,
}

/// Path of the built executable.
///
/// # Panics
/// Where it does not build.
pub fn sluice(build: Build) -> PathBuf {
    static SHIPPED: OnceLock<PathBuf> = OnceLock::new();
    static CONTROLS: OnceLock<PathBuf> = OnceLock::new();
    // Two builds write the same file in the target folder: one at a time, and copied away at once.
    static TURN: Mutex<()> = Mutex::new(());
    let (cell, name, features): (_, _, &[&str]) = match build {
        Build::Shipped => (&SHIPPED, "sluice-shipped", &[]),
        Build::Controls => (&CONTROLS, "sluice-controls", &["--features", "controls"]),
    };
    cell.get_or_init(|| {
        let _turn = TURN.lock().expect("another build panicked");
        let output = Command::new(env!("CARGO"))
            .current_dir(root())
            .args(["build", "--package", "cli", "--message-format=json"])
            .args(features)
            .output()
            .expect("cargo runs");
        assert!(
            output.status.success(),
            "cli does not build:\n{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let built = executable(&String::from_utf8_lossy(&output.stdout));
        let copy = built.with_file_name(name);
        std::fs::copy(&built, &copy).expect("the executable can be copied");
        copy
    })
    .clone()
}

/// Reads cargo's messages for the path of the executable it made.
fn executable(messages: &str) -> PathBuf {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .find_map(|message| Some(PathBuf::from(message.get("executable")?.as_str()?)))
        .expect("cargo names the executable it built")
}
