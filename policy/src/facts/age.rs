//! How old a person is. Silence is not evidence of childhood, and not proof of age either.

use crate::situation::Age;

/// Something trusted says an age below `years`.
pub(super) fn known_under(age: Age, years: u8) -> bool {
    age.years.is_some_and(|known| known < years)
}

/// Something says that the person is, or may be, below `years`.
pub(super) fn may_be_under(age: Age, years: u8) -> bool {
    known_under(age, years) || age.may_be_under.is_some_and(|said| said <= years)
}

/// Something trusted says `years` or more, and nothing says otherwise.
pub(super) fn known_at_least(age: Age, years: u8) -> bool {
    age.years.is_some_and(|known| known >= years) && !may_be_under(age, years)
}
