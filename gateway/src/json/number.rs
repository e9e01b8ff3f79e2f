//! Numbers, which stay the text they came as: no `f64` touches the data path.

use std::fmt;

use super::fault::{Fault, FaultKind};

/// The most digits of a number, and the furthest its exponent goes from 0.
const DIGITS_MAX: usize = 400;

/// The largest integer up to which every integer is exact in an `f64` (RFC 7493 section 2.2).
const F64_EXACT: u64 = (1 << 53) - 1;

/// A number in the sender's own spelling.
///
/// Its `Debug` form is empty of content: a number can be a telephone number.
#[derive(Clone, Copy)]
pub struct Number<'d> {
    text: &'d str,
}

impl<'d> Number<'d> {
    pub(super) fn new(text: &'d str) -> Self {
        Self { text }
    }

    /// The number as it was sent.
    pub fn as_str(self) -> &'d str {
        self.text
    }

    /// Whether every reader gets the same number: an integer within ±(2^53 - 1), or a decimal of at
    /// most 15 significant digits and 18 characters, with an exponent within ±290.
    ///
    /// Who *compares* a number must refuse what is not plain: `100000000000000000001` is equal to
    /// `100000000000000000000` for a recipient that reads `f64`, and not for one that does not.
    pub fn is_plain(self) -> bool {
        match self.integer() {
            Some(integer) => integer.unsigned_abs() <= F64_EXACT,
            None => self.is_short_decimal(),
        }
    }

    /// The integer it is, where it is written as one (no fraction, no exponent) and an `i64` holds
    /// it. `-0` is 0.
    pub fn integer(self) -> Option<i64> {
        self.text.parse().ok()
    }

    fn is_short_decimal(self) -> bool {
        let (mantissa, exponent) = self.text.split_once(['e', 'E']).unwrap_or((self.text, "0"));
        let digits = mantissa.trim_start_matches(['-', '0', '.']).bytes();
        let significant = digits.filter(u8::is_ascii_digit).count();
        // An `f64` keeps 15 digits between 1e-307 and 1e308; 18 characters move the point too
        // little to leave that.
        significant <= 15
            && mantissa.len() <= 18
            && exponent
                .parse::<i32>()
                .is_ok_and(|exponent| exponent.abs() <= 290)
    }
}

impl fmt::Debug for Number<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Number(..)")
    }
}

/// A number literal that was walked over.
pub(super) struct Walked {
    /// The offset just after it.
    pub(super) end: usize,
    /// Set where it goes past the limits.
    pub(super) flaw: Option<Fault>,
}

/// Walks over the number that begins at `start`.
///
/// # Errors
/// [`FaultKind::Syntax`] where it is not one.
pub(super) fn walk(bytes: &[u8], start: usize) -> Result<Walked, Fault> {
    let whole = if bytes.get(start) == Some(&b'-') {
        start + 1
    } else {
        start
    };
    let mut end = match bytes.get(whole) {
        Some(b'0') => whole + 1,
        Some(_) | None => digits(bytes, whole)?,
    };
    let mut count = end - whole;
    if bytes.get(end) == Some(&b'.') {
        let fraction = end + 1;
        end = digits(bytes, fraction)?;
        count += end - fraction;
    }
    let mut in_range = count <= DIGITS_MAX;
    if let Some(b'e' | b'E') = bytes.get(end) {
        let signed = matches!(bytes.get(end + 1), Some(b'+' | b'-'));
        let exponent = if signed { end + 2 } else { end + 1 };
        end = digits(bytes, exponent)?;
        in_range &= is_small(bytes.get(exponent..end).unwrap_or_default());
    }
    let flaw = (!in_range).then(|| Fault::new(start, FaultKind::Number));
    Ok(Walked { end, flaw })
}

/// The offset after one or more digits.
fn digits(bytes: &[u8], start: usize) -> Result<usize, Fault> {
    let mut at = start;
    while bytes.get(at).is_some_and(u8::is_ascii_digit) {
        at += 1;
    }
    if at == start {
        Err(Fault::new(at, FaultKind::Syntax))
    } else {
        Ok(at)
    }
}

fn is_small(exponent: &[u8]) -> bool {
    let value = exponent.iter().fold(0_usize, |value, digit| {
        value
            .saturating_mul(10)
            .saturating_add((digit - b'0').into())
    });
    value <= DIGITS_MAX
}
