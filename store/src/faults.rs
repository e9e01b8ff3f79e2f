//! Faults that tests inject: whole only with the feature `controls`, and off until switched on.
//!
//! Without the feature the same questions are asked, and the compiler knows all the answers.

#[cfg(not(feature = "controls"))]
mod absent;
#[cfg(feature = "controls")]
mod armed;

#[cfg(not(feature = "controls"))]
pub(crate) use absent::Faults;
#[cfg(feature = "controls")]
pub use armed::{Fault, Faults};

/// A place in a group commit where the process can be made to abort.
#[cfg_attr(
    not(feature = "controls"),
    expect(
        unreachable_pub,
        reason = "named from outside only where tests are built"
    )
)]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CrashPoint {
    /// Jobs are collected, no transaction is open.
    BeforeBegin,
    /// Jobs and stages have written.
    AfterStages,
    /// The next statement is `COMMIT`.
    BeforeCommit,
    /// The group is durable, no stage knows it yet.
    AfterCommit,
    /// Stages know it, no caller was answered by the store.
    BeforeAnswer,
}
