//! Segment's consent stamp: `context.consent.categoryPreferences`, an object of booleans.
//!
//! Segment sends an event whose stamp is missing to every destination; here a missing stamp is
//! silence, which permits nothing by itself, and a malformed one blocks.

use std::borrow::Cow;

use policy::situation::Heard;

/// The stamp of one event, as far as its JSON could be understood.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Stamp<'a> {
    /// The event has no `context.consent`.
    #[default]
    Absent,
    /// There is one, but it is no object with an object `categoryPreferences` in it.
    Unreadable,
    /// The members of `categoryPreferences`, as they stand, repetitions included.
    Preferences(Vec<(Cow<'a, str>, Preference)>),
}

/// The value of one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Preference {
    /// `true`
    Granted,
    /// `false`
    Refused,
    /// Anything that is not a boolean.
    NotBoolean,
}

/// What a stamp says about one category. A category that the stamp does not name is absent;
/// one that it names twice with different values contradicts itself.
#[must_use]
pub fn heard(stamp: &Stamp<'_>, category: &str) -> Option<Heard> {
    let preferences = match stamp {
        Stamp::Absent => return None,
        Stamp::Unreadable => return Some(Heard::Unreadable),
        Stamp::Preferences(preferences) => preferences,
    };
    preferences
        .iter()
        .filter(|(name, _)| name == category)
        .map(|(_, preference)| match preference {
            Preference::Granted => Heard::Grants,
            Preference::Refused => Heard::Refuses,
            Preference::NotBoolean => Heard::Unreadable,
        })
        .reduce(|one, other| if one == other { one } else { Heard::Unreadable })
}

#[cfg(test)]
mod tests {
    use super::Preference::{Granted, NotBoolean, Refused};
    use super::*;

    fn of(preferences: &[(&'static str, Preference)]) -> Stamp<'static> {
        Stamp::Preferences(
            preferences
                .iter()
                .map(|(name, says)| ((*name).into(), *says))
                .collect(),
        )
    }

    #[test]
    fn golden_pairs() {
        let golden = [
            (Stamp::Absent, None),
            (Stamp::Unreadable, Some(Heard::Unreadable)),
            (of(&[]), None),
            (of(&[("analytics", Granted)]), None),
            (of(&[("Advertising", Granted)]), None),
            (of(&[("advertising", Granted)]), Some(Heard::Grants)),
            (
                of(&[("advertising", Refused), ("analytics", Granted)]),
                Some(Heard::Refuses),
            ),
            (of(&[("advertising", NotBoolean)]), Some(Heard::Unreadable)),
            (
                of(&[("advertising", Granted), ("advertising", Granted)]),
                Some(Heard::Grants),
            ),
            (
                of(&[("advertising", Granted), ("advertising", Refused)]),
                Some(Heard::Unreadable),
            ),
            (
                of(&[("advertising", Refused), ("advertising", NotBoolean)]),
                Some(Heard::Unreadable),
            ),
        ];
        for (stamp, expected) in golden {
            assert_eq!(heard(&stamp, "advertising"), expected, "{stamp:?}");
        }
    }
}
