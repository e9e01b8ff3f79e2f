//! The whole through its doors: one binary, one file a story.
#![cfg(test)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests that run clients ask the environment for nothing else"
)]

mod bad_input;
mod canary;
mod compile_fail;
mod demo;
mod faults;
mod json_suite;
mod kill9;
mod merkle_vectors;
mod policy_changes;
mod policy_diagnostics;
mod policy_equals_reference;
mod races;
mod segment_sdk;
mod shop;
mod stops;
mod story;
mod tidy;
