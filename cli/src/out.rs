//! The one place that prints. Results go to standard output as text or JSON, errors to standard
//! error.

use std::io::{ErrorKind, Write as _};

use serde::Serialize;

use crate::args::Format;
use crate::exit::{Blame as _, Failure};

/// Where a command prints its results.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Out {
    format: Format,
}

impl Out {
    /// An output of the format the person asked for.
    pub(crate) fn new(format: Format) -> Self {
        Self { format }
    }

    /// What the person asked for.
    pub(crate) fn format(self) -> Format {
        self.format
    }

    /// Prints one result: `text` for people, one line of JSON for programs.
    ///
    /// # Errors
    /// [`Exit::Outside`](crate::exit::Exit::Outside) if standard output cannot be written.
    pub(crate) fn print(self, text: &str, json: &impl Serialize) -> Result<(), Failure> {
        match self.format {
            Format::Text => line(text),
            Format::Json => line(&to_line(json)?),
        }
    }

    /// Prints a line that only programs need; nothing where the output is text.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub(crate) fn note(self, json: &impl Serialize) -> Result<(), Failure> {
        match self.format {
            Format::Text => Ok(()),
            Format::Json => line(&to_line(json)?),
        }
    }

    /// Prints words that only people need; nothing where the output is JSON.
    ///
    /// # Errors
    /// As [`Out::print`].
    pub(crate) fn say(self, text: &str) -> Result<(), Failure> {
        match self.format {
            Format::Text => line(text),
            Format::Json => Ok(()),
        }
    }
}

/// One line of JSON.
///
/// # Errors
/// [`Exit::Outside`](crate::exit::Exit::Outside): our own values always have a JSON form.
pub(crate) fn to_line(json: &impl Serialize) -> Result<String, Failure> {
    serde_json::to_string(json).or_outside("writing the result as JSON")
}

/// Writes a line to standard output, and hands it on at once.
///
/// # Errors
/// [`Exit::Outside`](crate::exit::Exit::Outside) if it cannot be written; a reader that went away
/// (`sluice ... | head`) is not an error.
pub(crate) fn line(text: &str) -> Result<(), Failure> {
    raw(&format!("{text}\n"))
}

/// Writes text to standard output as it is.
///
/// # Errors
/// As [`line()`].
pub(crate) fn raw(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            Err(error).or_outside("writing to standard output")
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Writes an error to standard error. If even that fails, the exit code must speak for itself.
pub(crate) fn complain(text: &str) {
    let _written = writeln!(std::io::stderr().lock(), "{text}");
}
