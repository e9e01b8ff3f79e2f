//! The edits themselves: pure functions from a value's text to what may leave.
//!
//! Each edit is a file of its own. None echoes a value anywhere, none fails: what cannot be edited
//! does not leave. An edited value is still personal data and keeps every `never` and `block` of
//! its origin; that is not decided here.

mod band;
mod decimal;
mod keyed_hash;
mod only_path;
mod round;
mod sha256;
mod shorten_ip;
mod strictness;
mod truncate_time;

pub use strictness::Strictness;

use crate::ast::{Day, Edit};

/// Where keyed hashes get their keys.
pub trait Keys {
    /// The key of this name, if there is one.
    fn key(&self, name: &str) -> Option<&[u8]>;
}

/// What became of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Edited {
    /// It leaves as it was.
    Unchanged,
    /// It leaves as this text (to be written as a JSON string).
    Text(String),
    /// It leaves as this number, in decimal text (to be written as a JSON number).
    Number(String),
    /// It cannot be edited as told (not an address, not a number, no such key), so it does not
    /// leave.
    Removed,
}

/// Makes one edit to one value. `is_number` says whether the event held a JSON number; `day` is the
/// UTC day of the event (a birth date turns into an age on that day).
#[must_use]
pub fn apply(edit: &Edit, text: &str, is_number: bool, day: Day, keys: &dyn Keys) -> Edited {
    let edited = match edit {
        Edit::KeyedHash(name) => keys.key(name).and_then(|key| keyed_hash::hash(key, text)),
        Edit::Sha256 => sha256::hash(text),
        Edit::Band(bands) => band::band(bands, text, day),
        Edit::ShortenIp { v4, v6 } => shorten_ip::shorten(text, *v4, *v6),
        Edit::OnlyPath => only_path::path(text).map(str::to_owned),
        Edit::Round(step) => round::round(text, step),
        Edit::TruncateTime(unit) => truncate_time::truncate(text, *unit),
    };
    match edited {
        None => Edited::Removed,
        Some(same) if same == text => Edited::Unchanged,
        Some(number) if is_number && matches!(edit, Edit::Round(_)) => Edited::Number(number),
        Some(other) => Edited::Text(other),
    }
}

/// Bytes as lower-case hexadecimal digits.
fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or('0');
    bytes
        .iter()
        .flat_map(|byte| [digit(byte >> 4), digit(byte & 0x0f)])
        .collect()
}

#[cfg(test)]
mod tests;
