//! Words taken from standards: fideslang keys, TCF purposes, GPP fields, Consent Mode signals,
//! words for purposes.
//!
//! A small core; keys only, the descriptions are left where they are published.

mod fideslang;
mod near;
mod signals;

pub use fideslang::{DATA_CATEGORIES, DATA_USES, SPECIAL_CATEGORIES, USE_WORDS};
pub use near::closest;
pub use signals::{CONSENT_MODE, GPP_OPT_OUTS, TCF_PURPOSES};

/// Whether data of this key is of a special category (GDPR Art. 9(1)).
#[must_use]
pub fn is_special(key: &str) -> bool {
    SPECIAL_CATEGORIES
        .iter()
        .any(|special| is_below(key, special))
}

/// Whether `key` is `prefix` or lies below it: `marketing.advertising.serving` below `marketing`.
#[must_use]
pub fn is_below(key: &str, prefix: &str) -> bool {
    key.strip_prefix(prefix)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
}
