//! What the tests share: the real executable, a real HTTP client, a fake marketing tool with an ordering oracle, and a
//! world that joins them.
//!
//! Nothing here knows what is right; that is said in `it/`. Nothing here mocks Sluice: the gateway under test is always the
//! `sluice` executable, built as shipped or, where a test needs to see itself fail, with the feature `controls`.

#![expect(
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a harness that cannot go on stops the test with words; it runs on no path that input reaches"
)]

mod binary;
mod canary;
mod client;
mod recipient;
mod world;

use std::path::PathBuf;

pub use binary::{Build, sluice};
pub use canary::{Marker, encodings};
pub use client::{Answer, Client};
pub use recipient::{Manner, Mark, Received, Recipient};
pub use world::{World, WorldOptions};

/// The project's root folder.
#[must_use]
pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests is a folder of the project")
        .to_path_buf()
}

/// The public test data, where `SLUICE_TEST_DATA` says; none where it is not set.
///
/// # Panics
/// Where the variable names a folder that is not there: that is a broken set-up, not a reason to skip.
#[must_use]
pub fn data_dir() -> Option<PathBuf> {
    let dir = PathBuf::from(std::env::var_os("SLUICE_TEST_DATA")?);
    assert!(dir.is_dir(), "SLUICE_TEST_DATA names no folder");
    Some(dir)
}

/// Says that public cases were not run: on the real standard error, since a passing test's prints are hidden.
pub fn not_run(cases: usize, what: &str) {
    use std::io::Write as _;
    let line = format!("\nNOT RUN: {cases} {what} (SLUICE_TEST_DATA is not set)\n");
    drop(std::io::stderr().write_all(line.as_bytes()));
}

/// Whether what is long by nature runs at full size (`./test --full`).
#[must_use]
pub fn full() -> bool {
    std::env::var("SLUICE_TEST_FULL").is_ok_and(|full| full == "1")
}
