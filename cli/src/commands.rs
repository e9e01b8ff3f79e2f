//! From what was asked to who does it. Each command is one file.

mod check;
mod consent;
mod keys;
pub(crate) mod ledger;
mod policy;
mod serve;
mod stop;

use crate::args::{Cli, Command, KeysCommand};
use crate::exit::{Blame as _, Failure, Outcome};
use crate::out::Out;

/// Does what was asked.
///
/// # Errors
/// What could not be done, with its exit code.
pub(crate) fn run(cli: Cli) -> Outcome {
    let out = Out::new(cli.format);
    match cli.command {
        Command::Demo(args) => wait(crate::demo::run(args, out)),
        Command::Serve(args) => wait(serve::run(args, out)),
        Command::Check(args) => check::run(&args, out),
        Command::Stop(args) => wait(stop::run(args, stop::Wish::Stop, out)),
        Command::Resume(args) => wait(stop::run(args, stop::Wish::Resume, out)),
        Command::Policy(command) => policy::run(command, out),
        Command::Consent(command) => wait(consent::run(command, out)),
        Command::Ledger(command) => ledger::run(command, out),
        Command::Keys(KeysCommand::New(args)) => keys::new(&args, out),
    }
}

/// Runs something that waits, on as many threads as there are processors.
///
/// # Errors
/// Its own, or [`Exit::Outside`](crate::exit::Exit::Outside) if no thread can be had.
fn wait<T>(work: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .or_outside("starting threads")?
        .block_on(work)
}
