//! The time, as a value that somebody gives.

use std::fmt;
use std::sync::Arc;

/// Says what time it is. Made by `cli`, the only reader of the system's clock.
#[derive(Clone)]
pub struct Clock(Arc<dyn Fn() -> i64 + Send + Sync>);

impl Clock {
    /// A clock that asks `now_ms` for Unix milliseconds.
    pub fn new(now_ms: impl Fn() -> i64 + Send + Sync + 'static) -> Self {
        Self(Arc::new(now_ms))
    }

    /// A clock that stands still at `now_ms`, in Unix milliseconds.
    #[must_use]
    pub fn fixed(now_ms: i64) -> Self {
        Self::new(move || now_ms)
    }

    /// Now, in Unix milliseconds. It may go backwards; who needs order asks the ledger.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.0)()
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Clock")
    }
}
