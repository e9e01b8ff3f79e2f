//! `truncate event time to the hour`: RFC 3339 text, cut down in UTC.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::ast::TimeUnit;

/// The start of the UTC minute, hour or day that holds the instant. None for anything but a time
/// with its offset.
pub(super) fn truncate(text: &str, unit: TimeUnit) -> Option<String> {
    // jiff also reads RFC 9557's `[zone]`, which no event should hold.
    if !text.is_ascii() || text.contains('[') {
        return None;
    }
    let instant: Timestamp = text.parse().ok()?;
    let civil = TimeZone::UTC.to_datetime(instant);
    let (hour, minute) = match unit {
        TimeUnit::Day => (0, 0),
        TimeUnit::Hour => (civil.hour(), 0),
        TimeUnit::Minute => (civil.hour(), civil.minute()),
    };
    let cut = civil.date().at(hour, minute, 0, 0);
    Some(format!("{cut}Z"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_in_utc() {
        let text = "2026-12-05T00:34:56.789+01:00";
        assert_eq!(
            truncate(text, TimeUnit::Minute).as_deref(),
            Some("2026-12-04T23:34:00Z")
        );
        assert_eq!(
            truncate(text, TimeUnit::Hour).as_deref(),
            Some("2026-12-04T23:00:00Z")
        );
        assert_eq!(
            truncate(text, TimeUnit::Day).as_deref(),
            Some("2026-12-04T00:00:00Z")
        );
    }

    #[test]
    fn cuts_downwards_before_1970_too() {
        let text = "1969-12-31T23:59:59Z";
        assert_eq!(
            truncate(text, TimeUnit::Hour).as_deref(),
            Some("1969-12-31T23:00:00Z")
        );
    }

    #[test]
    fn what_is_no_time_does_not_leave() {
        for text in [
            "",
            "2026-12-05",
            "2026-12-05T10:00:00",
            "1764930000",
            "yesterday",
            "2026-12-05T10:00:00+01:00[Europe/Berlin]",
            "2026-13-05T10:00:00Z",
        ] {
            assert_eq!(truncate(text, TimeUnit::Hour), None, "{text}");
        }
    }
}
