//! Place words: which countries and regions `EEA`, `UK` or `California` mean, and on which day.
//!
//! A code that is known but not fine enough (`US` against `US-CA`) cannot be told, and the caller
//! decides which way that falls: blocks and nevers count it as in, allows as not in. Where a person
//! is, is not found out here.

mod table;

use crate::ast::{Day, PlaceWord};
use crate::situation::Place;

pub use table::{COUNTRIES, GROUPS, NAMES, STATES};

/// Whether a place lies within a place word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each name is its own meaning")]
pub enum Within {
    In,
    Out,
    /// The place is known less finely than the word asks.
    CannotTell,
}

/// The code that stands for a word as written: `UK` is `GB`, `California` is `US-CA`, `Germany` is
/// `DE`. None where the word is no place.
#[must_use]
pub fn canonical(word: &str) -> Option<PlaceWord> {
    if GROUPS.contains(&word) || COUNTRIES.contains(&word) {
        return Some(PlaceWord(word.to_owned()));
    }
    if let Some((_, code)) = NAMES.iter().chain(STATES).find(|(name, _)| *name == word) {
        return Some(PlaceWord((*code).to_owned()));
    }
    let place = Place::parse(word)?;
    let region = place.region()?;
    let known = COUNTRIES.contains(&place.country())
        && (place.country() != "US"
            || region == "GA"
            || STATES.iter().any(|(_, code)| code.get(3..) == Some(region)));
    (known && word.chars().all(|letter| !letter.is_ascii_lowercase()))
        .then(|| PlaceWord(word.to_owned()))
}

/// Every word [`canonical`] knows, for `did you mean`.
pub fn words() -> impl Iterator<Item = &'static str> {
    let names = NAMES.iter().chain(STATES).map(|(name, _)| *name);
    GROUPS.iter().chain(COUNTRIES).copied().chain(names)
}

/// Whether `place` lies within `word` on a day.
///
/// Membership of the EU and the EEA changes; it is taken from the dated table of this module.
#[must_use]
pub fn within(word: &PlaceWord, place: &Place, on: Day) -> Within {
    let answer = |is_in| if is_in { Within::In } else { Within::Out };
    match word.0.as_str() {
        "EU" => answer(table::in_eu(place.country(), on)),
        "EEA" => answer(table::in_eea(place.country(), on)),
        code => match code.split_once('-') {
            None => answer(code == place.country()),
            Some((country, _)) if country != place.country() => Within::Out,
            Some((_, region)) => place
                .region()
                .map_or(Within::CannotTell, |own| answer(own == region)),
        },
    }
}

/// Whether every place within `inner` also lies within `outer`, on a day: `US-CA` in `US`, `DE` in
/// `EEA`.
#[must_use]
pub fn covers(outer: &PlaceWord, inner: &PlaceWord, on: Day) -> bool {
    if outer == inner {
        return true;
    }
    match (outer.0.as_str(), inner.0.as_str()) {
        ("EEA", "EU") => true,
        (_, "EU" | "EEA") => false,
        (_, code) => {
            Place::parse(code).is_some_and(|place| within(outer, &place, on) == Within::In)
        }
    }
}

/// Whether some place lies within both words, on a day.
#[must_use]
pub fn overlap(left: &PlaceWord, right: &PlaceWord, on: Day) -> bool {
    covers(left, right, on) || covers(right, left, on)
}

#[cfg(test)]
mod tests;
