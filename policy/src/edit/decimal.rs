//! Decimal numbers as text: a JSON number (RFC 8259, section 6) taken apart without floats.

/// Digits of more than this many places are no quantity anybody measured, and would only cost
/// memory.
const PLACES_MAX: usize = 400;

/// A decimal number: sign, digits before the point, digits after it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Decimal {
    /// Below zero (or minus zero).
    pub(super) is_negative: bool,
    /// Digits before the point, as values 0 to 9; may be empty.
    pub(super) whole: Vec<u8>,
    /// Digits after the point, as values 0 to 9; may be empty.
    pub(super) fraction: Vec<u8>,
}

impl Decimal {
    /// Reads `123.40`, `-7`, `1.5e3`. None for anything else, and for more places than anybody
    /// needs.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (is_negative, unsigned) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, parse_exponent(exponent)?),
            None => (unsigned, 0),
        };
        let (whole, fraction) = match mantissa.split_once('.') {
            Some((whole, fraction)) => (digits(whole)?, digits(fraction)?),
            None => (digits(mantissa)?, Vec::new()),
        };
        let has_leading_zero = matches!(whole.as_slice(), [0, _, ..]);
        let places = whole.len() + fraction.len() + exponent.unsigned_abs();
        if has_leading_zero || places > PLACES_MAX {
            return None;
        }
        Some(
            Self {
                is_negative,
                whole,
                fraction,
            }
            .shifted(exponent),
        )
    }

    /// The number without its fraction, where it is not negative and small enough.
    pub(super) fn whole(&self) -> Option<u32> {
        let value = self.whole.iter().try_fold(0_u32, |value, digit| {
            value.checked_mul(10)?.checked_add(u32::from(*digit))
        })?;
        (!self.is_negative).then_some(value)
    }

    /// Moves the point so many places to the right (left, where negative).
    pub(super) fn shifted(mut self, places: isize) -> Self {
        for _ in 0..places.max(0) {
            let digit = if self.fraction.is_empty() {
                0
            } else {
                self.fraction.remove(0)
            };
            self.whole.push(digit);
        }
        for _ in 0..places.min(0).unsigned_abs() {
            let digit = self.whole.pop().unwrap_or(0);
            self.fraction.insert(0, digit);
        }
        self
    }
}

impl std::fmt::Display for Decimal {
    /// Without leading zeros, without trailing zeros of the fraction, and never minus zero.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = |digits: &[u8]| -> String {
            digits
                .iter()
                .map(|digit| char::from(b'0' + digit))
                .collect()
        };
        let (whole, fraction) = (text(&self.whole), text(&self.fraction));
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if self.is_negative && !(whole.is_empty() && fraction.is_empty()) {
            f.write_str("-")?;
        }
        f.write_str(if whole.is_empty() { "0" } else { whole })?;
        if fraction.is_empty() {
            Ok(())
        } else {
            write!(f, ".{fraction}")
        }
    }
}

/// One digit or more.
fn digits(text: &str) -> Option<Vec<u8>> {
    let digits = text
        .bytes()
        .map(|byte| byte.is_ascii_digit().then(|| byte - b'0'));
    (!text.is_empty()).then(|| digits.collect()).flatten()
}

fn parse_exponent(text: &str) -> Option<isize> {
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    digits(unsigned)?;
    let value: isize = unsigned
        .trim_start_matches('0')
        .get(..)
        .filter(|digits| digits.len() <= 4)
        .map_or(Some(isize::MAX), |digits| {
            if digits.is_empty() {
                Some(0)
            } else {
                digits.parse().ok()
            }
        })?;
    Some(if text.starts_with('-') { -value } else { value })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_json_numbers_only() {
        for (text, shown) in [
            ("123.40", "123.4"),
            ("0", "0"),
            ("-0", "0"),
            ("-0.50", "-0.5"),
            ("1.5e3", "1500"),
            ("25E-3", "0.025"),
            ("1e+2", "100"),
            ("1e0000002", "100"),
        ] {
            assert_eq!(
                Decimal::parse(text)
                    .map(|number| number.to_string())
                    .as_deref(),
                Some(shown)
            );
        }
        for text in [
            "", "-", ".5", "5.", "01", "+1", "1,5", "1e", "1e+", "0x10", "NaN", " 1", "1.2.3",
            "--1", "１",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
    }

    #[test]
    fn refuses_what_would_only_cost_memory() {
        for text in [
            "1e400",
            "1e-400",
            "1e999999999999999999999999",
            "-1e-9999999",
        ] {
            assert_eq!(Decimal::parse(text), None, "{text}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(PLACES_MAX + 1)), None);
        assert!(Decimal::parse(&"9".repeat(PLACES_MAX)).is_some());
    }
}
