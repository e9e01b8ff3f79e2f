//! How the program ends: four exit codes, kept stable because scripts rely on them.

use std::fmt::Display;
use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// What was asked is done.
    Done,
    /// The examined object is not good: a test fails, a pack does not verify.
    NotGood,
    /// What was written is malformed: usage, policy, configuration.
    Malformed,
    /// An outside system failed: a disk, a network, a database somebody else holds.
    Outside,
}

impl Exit {
    /// The number a shell sees.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::NotGood => 1,
            Self::Malformed => 2,
            Self::Outside => 3,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

/// An error on its way to a person, with the exit code it deserves.
#[derive(Debug)]
pub(crate) struct Failure {
    /// Whose fault it is.
    pub exit: Exit,
    /// What happened; never a personal value.
    pub error: anyhow::Error,
}

/// What every command returns.
pub(crate) type Outcome = Result<Exit, Failure>;

impl Failure {
    /// What was written is at fault.
    pub(crate) fn malformed(message: impl Display) -> Self {
        Self {
            exit: Exit::Malformed,
            error: anyhow::anyhow!("{message}"),
        }
    }

    /// The examined object is at fault.
    pub(crate) fn not_good(message: impl Display) -> Self {
        Self {
            exit: Exit::NotGood,
            error: anyhow::anyhow!("{message}"),
        }
    }

    /// An outside system is at fault.
    pub(crate) fn outside(message: impl Display) -> Self {
        Self {
            exit: Exit::Outside,
            error: anyhow::anyhow!("{message}"),
        }
    }
}

/// Says whose fault an error is, and what was being done.
pub(crate) trait Blame<T> {
    /// What was written is at fault.
    fn or_malformed(self, doing: impl Display) -> Result<T, Failure>;
    /// An outside system is at fault.
    fn or_outside(self, doing: impl Display) -> Result<T, Failure>;
}

impl<T, E: Into<anyhow::Error>> Blame<T> for Result<T, E> {
    fn or_malformed(self, doing: impl Display) -> Result<T, Failure> {
        self.map_err(|error| blame(Exit::Malformed, error.into(), &doing))
    }

    fn or_outside(self, doing: impl Display) -> Result<T, Failure> {
        self.map_err(|error| blame(Exit::Outside, error.into(), &doing))
    }
}

fn blame(exit: Exit, error: anyhow::Error, doing: &dyn Display) -> Failure {
    Failure {
        exit,
        error: error.context(doing.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_the_promised_ones() {
        let all = [Exit::Done, Exit::NotGood, Exit::Malformed, Exit::Outside];
        assert_eq!(all.map(Exit::code), [0, 1, 2, 3]);
    }

    #[test]
    fn a_failure_tells_what_was_being_done_first() {
        let failed: Result<(), _> = Err(std::io::Error::other("disk on fire"));
        let failure = failed.or_outside("opening the ledger").unwrap_err();
        assert_eq!(failure.exit, Exit::Outside);
        assert_eq!(
            format!("{:#}", failure.error),
            "opening the ledger: disk on fire"
        );
    }
}
