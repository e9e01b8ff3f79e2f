//! `turn birth date into age band 18-24, 25-34, 50+`: of a birth date or of a number.

use crate::ast::{Band, Day};
use crate::calendar;
use crate::edit::decimal::Decimal;

/// The label of the band that an age or number falls into. None outside every band, so that a
/// child's age does not leave where bands begin at 18.
///
/// `YYYY-MM-DD` is a birth date and gives the age on `day`; a number counts without its fraction.
pub(super) fn band(bands: &[Band], text: &str, day: Day) -> Option<String> {
    let value = match Day::parse(text) {
        Some(birth) => calendar::years_between(birth, day)?,
        None => Decimal::parse(text)?.whole()?,
    };
    let band = bands
        .iter()
        .find(|band| band.from <= value && band.to.is_none_or(|highest| value <= highest))?;
    Some(match band.to {
        Some(to) => format!("{}-{to}", band.from),
        None => format!("{}+", band.from),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: Day = Day {
        year: 2026,
        month: 12,
        day: 5,
    };

    fn label(text: &str) -> Option<String> {
        let band = |from, to| Band { from, to };
        self::band(
            &[band(18, Some(24)), band(25, Some(34)), band(50, None)],
            text,
            DAY,
        )
    }

    #[test]
    fn a_birth_date_is_an_age_on_the_day_of_the_event() {
        assert_eq!(label("2008-12-05").as_deref(), Some("18-24"));
        assert_eq!(label("2008-12-06"), None);
        assert_eq!(label("1976-12-05").as_deref(), Some("50+"));
        assert_eq!(label("2027-01-01"), None);
    }

    #[test]
    fn a_number_counts_without_its_fraction() {
        assert_eq!(label("24.9").as_deref(), Some("18-24"));
        assert_eq!(label("3.4e1").as_deref(), Some("25-34"));
        assert_eq!(label("35"), None);
        assert_eq!(label("-20"), None);
        assert_eq!(label("99999999999999999999"), None);
    }

    #[test]
    fn what_is_neither_does_not_leave() {
        for text in [
            "",
            "old",
            "1990-02-30",
            "1990-4-2",
            "02.04.1990",
            "1990-04-02T00:00:00Z",
        ] {
            assert_eq!(label(text), None, "{text}");
        }
    }
}
