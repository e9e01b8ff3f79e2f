//! Where a person is, as far as a clause asks.

use crate::ast::PlaceWord;
use crate::calendar;
use crate::facts::Truth;
use crate::places::{self, Within};
use crate::situation::Situation;

/// Whether the person is in one of these places. An unknown place, or one not known finely enough,
/// is unknown.
pub(super) fn within_any<'word>(
    words: impl IntoIterator<Item = &'word PlaceWord>,
    situation: &Situation,
) -> Truth {
    let Some((place, on)) = situation.place.as_ref().zip(calendar::day_of(situation.at)) else {
        return Truth::Unknown;
    };
    let mut answer = Truth::No;
    for word in words {
        match places::within(word, place, on) {
            Within::In => return Truth::Yes,
            Within::CannotTell => answer = Truth::Unknown,
            Within::Out => {}
        }
    }
    answer
}
