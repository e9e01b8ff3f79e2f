//! The one executable, `sluice`: it composes the other crates, and is the only reader of the
//! environment, of files and of the clock.
//!
//! It decides nothing: what may leave is the policy's word, what is recorded is the ledger's.

mod args;
mod client;
mod clock;
mod commands;
mod compose;
mod config;
mod demo;
mod environment;
mod exit;
mod keys;
mod logs;
mod out;
mod terminal;

use std::process::ExitCode;

use clap::Parser as _;

fn main() -> ExitCode {
    match commands::run(args::Cli::parse()) {
        Ok(exit) => exit.into(),
        Err(failure) => {
            out::complain(&format!("error: {:#}", failure.error));
            failure.exit.into()
        }
    }
}
