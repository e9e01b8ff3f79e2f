//! Windows of caps: UTC days and ISO 8601 weeks. Pure.

use policy::ast::CapWindow;
use policy::situation::Millis;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// 1970-01-01 was a Thursday: days since the Monday of its week.
const EPOCH_WEEKDAY: i64 = 3;
const WEEK_DAYS: i64 = 7;

/// One window: which sort, and the day it starts on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Window {
    start_day: i64,
    weekly: bool,
}

impl Window {
    /// The window that an instant lies in.
    pub(crate) fn of(per: CapWindow, at: Millis) -> Self {
        let day = day(at);
        match per {
            CapWindow::Day => Self {
                start_day: day,
                weekly: false,
            },
            CapWindow::Week => Self {
                start_day: monday(day),
                weekly: true,
            },
        }
    }

    /// The first day of it, in days since 1970-01-01, UTC.
    pub(crate) fn start_day(self) -> i64 {
        self.start_day
    }

    /// Its length in days; what a row says of its sort.
    pub(crate) fn days(self) -> i64 {
        if self.weekly { WEEK_DAYS } else { 1 }
    }

    /// Reads what a row says.
    pub(crate) fn from_row(start_day: i64, days: i64) -> Option<Self> {
        match days {
            1 => Some(Self {
                start_day,
                weekly: false,
            }),
            WEEK_DAYS => Some(Self {
                start_day,
                weekly: true,
            }),
            _ => None,
        }
    }
}

/// Windows that start before this day are over, even if the clock goes back by a day.
pub(crate) fn oldest_kept(now: Millis) -> i64 {
    monday(day(now) - 1)
}

fn day(Millis(at): Millis) -> i64 {
    at.div_euclid(DAY_MS)
}

fn monday(day: i64) -> i64 {
    day - (day + EPOCH_WEEKDAY).rem_euclid(WEEK_DAYS)
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use jiff::civil::{Weekday, date};
    use jiff::tz::TimeZone;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn windows_start_where_the_calendar_says(ms in -4_000_000_000_000_i64..8_000_000_000_000) {
            let civil = Timestamp::from_millisecond(ms)?.to_zoned(TimeZone::UTC).date();
            let epoch = date(1970, 1, 1);
            let start = |per| {
                let days = Window::of(per, Millis(ms)).start_day();
                epoch.checked_add(jiff::Span::new().days(days))
            };
            prop_assert_eq!(start(CapWindow::Day)?, civil);
            let week = start(CapWindow::Week)?;
            prop_assert_eq!(week.weekday(), Weekday::Monday);
            prop_assert_eq!(week.iso_week_date().week(), civil.iso_week_date().week());
            prop_assert!(week <= civil);
        }
    }

    #[test]
    fn the_week_that_has_not_ended_is_kept() {
        // 2026-11-22 is a Sunday, day 20779.
        let sunday = Millis(20_779 * DAY_MS);
        assert_eq!(Window::of(CapWindow::Week, sunday).start_day(), 20_773);
        assert_eq!(oldest_kept(sunday), 20_773);
        assert_eq!(oldest_kept(Millis(20_780 * DAY_MS)), 20_773);
        assert_eq!(oldest_kept(Millis(20_781 * DAY_MS)), 20_780);
    }

    #[test]
    fn a_row_of_no_known_length_is_no_window() {
        let week = Window::of(CapWindow::Week, Millis(0));
        assert_eq!(Window::from_row(week.start_day(), week.days()), Some(week));
        assert_eq!(Window::from_row(0, 2), None);
    }
}
