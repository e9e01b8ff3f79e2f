//! The whole through its doors: one binary, one file a story.
#![cfg(test)]

mod bad_input;
mod canary;
mod cli_surface;
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
mod vocabulary;
