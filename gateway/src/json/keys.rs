//! Whether a name occurs twice in one object.

use std::cmp::Ordering;

use super::document::{Entry, Spelling, name_entries};

/// Up to here fingerprints are compared each with each; above, names are sorted: a hostile object
/// of many names must not cost the square of their number.
const PAIRWISE_MAX: usize = 16;

/// Room for the names of one object, kept from object to object.
#[derive(Default)]
pub(super) struct Keys {
    prints: Vec<u64>,
    names: Vec<Entry>,
}

impl Keys {
    /// The offset of the first name in the object at index `object` that was there before, as
    /// [the module documentation](super) defines "the same".
    pub(super) fn repeated(&mut self, bytes: &[u8], tape: &[Entry], object: u32) -> Option<usize> {
        self.prints.clear();
        for name in name_entries(tape, object) {
            let print = print(bytes, name);
            if self.prints.len() == PAIRWISE_MAX || self.prints.contains(&print) {
                return self.repeated_sorted(bytes, tape, object);
            }
            self.prints.push(print);
        }
        None
    }

    fn repeated_sorted(&mut self, bytes: &[u8], tape: &[Entry], object: u32) -> Option<usize> {
        self.names.clear();
        self.names.extend(name_entries(tape, object));
        // Stable, so that of equal names the later in the body stays the later here.
        self.names
            .sort_by(|one, other| compare(bytes, *one, *other));
        let pairs = self.names.iter().zip(self.names.iter().skip(1));
        let repeated = pairs.filter(|(one, other)| compare(bytes, **one, **other).is_eq());
        repeated.map(|(_, later)| later.start as usize).min()
    }
}

/// Orders two names after unescaping, without regard to case.
fn compare(bytes: &[u8], one: Entry, other: Entry) -> Ordering {
    if one.spelling == Spelling::Usual && other.spelling == Spelling::Usual {
        let (one, other) = (one.content(bytes).iter(), other.content(bytes).iter());
        return one
            .map(u8::to_ascii_lowercase)
            .cmp(other.map(u8::to_ascii_lowercase));
    }
    folded(&one.decoded(bytes)).cmp(folded(&other.decoded(bytes)))
}

/// A name without its case. By way of capitals, because some small letters (`ſ`) share theirs; of
/// ASCII this makes what `to_ascii_lowercase` does.
fn folded(name: &str) -> impl Iterator<Item = char> {
    name.chars()
        .flat_map(char::to_uppercase)
        .flat_map(char::to_lowercase)
}

/// A fingerprint of a name: equal for names that are the same, different for most that are not.
fn print(bytes: &[u8], name: Entry) -> u64 {
    if name.spelling != Spelling::Usual {
        let name: String = folded(&name.decoded(bytes)).collect();
        return print_of(name.as_bytes(), name.as_bytes());
    }
    let from_name = bytes.get(name.start as usize + 1..).unwrap_or_default();
    print_of(name.content(bytes), from_name)
}

/// The fingerprint of `name`, with which `from_name` begins; what is after it does not count.
fn print_of(name: &[u8], from_name: &[u8]) -> u64 {
    let head = match from_name.first_chunk::<8>() {
        Some(head) => u64::from_le_bytes(*head),
        None => from_name
            .iter()
            .rev()
            .fold(0, |word, byte| word << 8 | u64::from(*byte)),
    };
    let word = match name.last_chunk::<8>() {
        Some(tail) => caseless(head).wrapping_mul(SPREAD) ^ caseless(u64::from_le_bytes(*tail)),
        None => caseless(head & !(u64::MAX << (8 * name.len()))),
    };
    word ^ (name.len() as u64).rotate_right(8)
}

/// Odd, so that multiplying loses nothing.
const SPREAD: u64 = 0x9E37_79B9_7F4A_7C15;

/// Makes small letters of capitals; makes other bytes alike too, but never equal ones different.
fn caseless(word: u64) -> u64 {
    word | 0x2020_2020_2020_2020
}
