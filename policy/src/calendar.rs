//! Civil time in UTC: days of a policy as instants, and calendar periods added to them.
//!
//! Whatever cannot be represented is none, and every caller treats none as "not in force".

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp};

use crate::ast::{Day, Period, Unit};
use crate::situation::Millis;

/// The first instant of a UTC day.
pub(crate) fn start_of(day: Day) -> Option<Millis> {
    instant(date(day)?.at(0, 0, 0, 0))
}

/// The first instant after a UTC day: the last day of a period is part of it.
pub(crate) fn end_of(day: Day) -> Option<Millis> {
    instant(date(day)?.tomorrow().ok()?.at(0, 0, 0, 0))
}

/// The UTC day an instant falls on.
pub(crate) fn day_of(at: Millis) -> Option<Day> {
    let day = civil(at)?.date();
    Some(Day {
        year: day.year(),
        month: day.month(),
        day: day.day(),
    })
}

/// An instant so many calendar units later, in UTC. A month later than 31 January is the last day
/// of February.
pub(crate) fn plus(at: Millis, period: Period) -> Option<Millis> {
    instant(civil(at)?.checked_add(span(period)?).ok()?)
}

/// Whole years from a birth date to a day; a 29 February comes round on 1 March. None for a day
/// before birth.
pub(crate) fn years_between(birth: Day, on: Day) -> Option<u32> {
    date(birth)?;
    date(on)?;
    let years = i32::from(on.year) - i32::from(birth.year);
    let still_to_come = (on.month, on.day) < (birth.month, birth.day);
    u32::try_from(years - i32::from(still_to_come)).ok()
}

fn date(day: Day) -> Option<Date> {
    Date::new(day.year, day.month, day.day).ok()
}

fn civil(at: Millis) -> Option<DateTime> {
    Some(TimeZone::UTC.to_datetime(Timestamp::from_millisecond(at.0).ok()?))
}

fn instant(civil: DateTime) -> Option<Millis> {
    Some(Millis(
        TimeZone::UTC.to_timestamp(civil).ok()?.as_millisecond(),
    ))
}

fn span(period: Period) -> Option<Span> {
    let count = i64::from(period.count);
    let span = Span::new();
    match period.unit {
        Unit::Minute => span.try_minutes(count),
        Unit::Hour => span.try_hours(count),
        Unit::Day => span.try_days(count),
        Unit::Week => span.try_weeks(count),
        Unit::Month => span.try_months(count),
        Unit::Year => span.try_years(count),
    }
    .ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i16, month: i8, day: i8) -> Day {
        Day { year, month, day }
    }

    fn later(from: Day, count: u32, unit: Unit) -> Option<Day> {
        day_of(plus(start_of(from)?, Period { count, unit })?)
    }

    #[test]
    fn months_end_where_the_shorter_month_ends() {
        assert_eq!(
            later(day(2026, 1, 31), 1, Unit::Month),
            Some(day(2026, 2, 28))
        );
        assert_eq!(
            later(day(2026, 11, 1), 13, Unit::Month),
            Some(day(2027, 12, 1))
        );
        assert_eq!(
            later(day(2024, 2, 29), 1, Unit::Year),
            Some(day(2025, 2, 28))
        );
    }

    #[test]
    fn what_no_calendar_holds_is_none() {
        assert_eq!(later(day(2026, 1, 1), u32::MAX, Unit::Year), None);
        assert_eq!(start_of(day(2026, 2, 30)), None);
        assert_eq!(day_of(Millis(i64::MAX)), None);
    }

    #[test]
    fn a_leap_day_child_is_a_year_older_on_the_first_of_march() {
        let born = day(2008, 2, 29);
        assert_eq!(years_between(born, day(2026, 2, 28)), Some(17));
        assert_eq!(years_between(born, day(2026, 3, 1)), Some(18));
        assert_eq!(years_between(born, day(2008, 2, 28)), None);
    }
}
