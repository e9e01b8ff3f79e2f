//! Calendar days as they are written.

use std::fmt;

use super::Day;

impl Day {
    /// Reads `2026-12-01`: four, two and two digits, and a day that the Gregorian calendar has.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        let is_shaped = parts.next().is_none()
            && (year.len(), month.len(), day.len()) == (4, 2, 2)
            && text
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'-');
        if !is_shaped {
            return None;
        }
        let day = Self {
            year: year.parse().ok()?,
            month: month.parse().ok()?,
            day: day.parse().ok()?,
        };
        day.is_real().then_some(day)
    }

    /// Whether the calendar has this day.
    #[must_use]
    pub fn is_real(self) -> bool {
        let is_leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        let last = match self.month {
            1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
            4 | 6 | 9 | 11 => 30,
            2 if is_leap => 29,
            2 => 28,
            _ => return false,
        };
        (1..=last).contains(&self.day)
    }
}

impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}-{:02}", self.year, self.month, self.day)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn real_days_are_read() {
        for text in ["2026-12-01", "2024-02-29", "2000-02-29", "0001-01-01"] {
            assert_eq!(Day::parse(text).expect("a day").to_string(), text);
        }
    }

    #[test]
    fn others_are_not() {
        for text in [
            "2026-13-01",
            "2026-00-10",
            "2026-02-29",
            "1900-02-29",
            "2026-1-1",
            "+026-01-01",
            "2026-01-01-",
            "",
        ] {
            assert_eq!(Day::parse(text), None, "{text}");
        }
    }
}
