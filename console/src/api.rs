//! The calls of the admin API, one file a noun.

pub(crate) mod consents;
#[cfg(feature = "controls")]
pub(crate) mod controls;
pub(crate) mod decisions;
pub(crate) mod facts;
pub(crate) mod given;
pub(crate) mod health;
pub(crate) mod stops;

/// The longest body that is read, in bytes.
pub(crate) const BODY_BYTES_MAX: usize = 256 * 1024;

/// How long a body may take to arrive. Neither hyper nor axum has a limit of its own.
pub(crate) const BODY_TIME: std::time::Duration = std::time::Duration::from_secs(30);
