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
