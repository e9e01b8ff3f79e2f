//! The one place that reads the time. Everything below takes it as an argument or is given a clock.

use std::time::{SystemTime, UNIX_EPOCH};

/// The clock that is handed down to every task.
pub(crate) fn system() -> store::Clock {
    store::Clock::new(now_ms)
}

/// Milliseconds since 1970-01-01T00:00:00Z.
#[expect(
    clippy::disallowed_methods,
    reason = "the program's only reader of the clock"
)]
pub(crate) fn now_ms() -> i64 {
    // Before 1970 there was no Sluice: such a clock is broken, and zero is its most visible form.
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
}
