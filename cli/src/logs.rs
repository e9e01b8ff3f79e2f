//! Where logs go: standard error, as text or JSON. What is logged never holds a personal value; the
//! crates below see to that, this only writes.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

use crate::args::LogFormat;
use crate::exit::{Blame as _, Failure};

/// Starts logging for the rest of the process.
///
/// # Errors
/// [`Exit::Malformed`](crate::exit::Exit::Malformed) if `SLUICE_LOG` is not a filter.
pub(crate) fn start(format: LogFormat) -> Result<(), Failure> {
    let filter =
        EnvFilter::try_new(crate::environment::log_filter()).or_malformed("reading SLUICE_LOG")?;
    let builder = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr);
    match format {
        LogFormat::Text => builder
            .with_ansi(std::io::stderr().is_terminal() && !crate::environment::no_color())
            .try_init(),
        LogFormat::Json => builder.json().try_init(),
    }
    .map_err(|error| Failure::outside(format!("starting the log: {error}")))
}
