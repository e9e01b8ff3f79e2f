//! `round order value to 10`: to the nearest multiple, half away from zero, on decimal text of any
//! length.

use super::decimal::Decimal;

/// The nearest multiple of `step` as the shortest decimal text. None where either is no decimal
/// number, or the step is zero, negative or longer than 18 digits.
pub(super) fn round(text: &str, step: &str) -> Option<String> {
    let step = Decimal::parse(step).filter(|step| !step.is_negative)?;
    let places = isize::try_from(step.fraction.len()).ok()?;
    let step = as_integer(&step.shifted(places)).filter(|step| *step > 0)?;
    let scaled = Decimal::parse(text)?.shifted(places);
    let (mut quotient, rest) = divided(&scaled.whole, step);
    if is_half_or_more(rest, &scaled.fraction, step) {
        increment(&mut quotient);
    }
    let whole = multiplied(&quotient, step);
    let rounded = Decimal {
        whole,
        fraction: Vec::new(),
        is_negative: scaled.is_negative,
    };
    Some(rounded.shifted(-places).to_string())
}

fn as_integer(decimal: &Decimal) -> Option<u64> {
    let digits = decimal.whole.iter().skip_while(|digit| **digit == 0);
    if digits.clone().count() > 18 {
        return None;
    }
    Some(digits.fold(0, |value, digit| value * 10 + u64::from(*digit)))
}

/// Long division: the digits of the quotient, and the rest.
fn divided(digits: &[u8], by: u64) -> (Vec<u8>, u64) {
    let by = u128::from(by);
    let mut rest = 0_u128;
    let mut quotient = Vec::with_capacity(digits.len());
    for digit in digits {
        rest = rest * 10 + u128::from(*digit);
        // A rest below `by` before the digit leaves at most nine times `by` after it.
        quotient.push(u8::try_from(rest / by).unwrap_or(9));
        rest %= by;
    }
    (quotient, u64::try_from(rest).unwrap_or(u64::MAX))
}

/// Whether rest and fraction together are at least half of the step.
fn is_half_or_more(rest: u64, fraction: &[u8], step: u64) -> bool {
    let twice = u128::from(rest) * 2;
    let step = u128::from(step);
    twice >= step || twice + 1 == step && fraction.first().is_some_and(|digit| *digit >= 5)
}

fn increment(digits: &mut Vec<u8>) {
    for digit in digits.iter_mut().rev() {
        if *digit < 9 {
            *digit += 1;
            return;
        }
        *digit = 0;
    }
    digits.insert(0, 1);
}

fn multiplied(digits: &[u8], by: u64) -> Vec<u8> {
    let mut carry = 0_u128;
    let mut low_first = Vec::with_capacity(digits.len() + 18);
    let mut push = |carry: &mut u128| {
        low_first.push(u8::try_from(*carry % 10).unwrap_or(0));
        *carry /= 10;
    };
    for digit in digits.iter().rev() {
        carry += u128::from(*digit) * u128::from(by);
        push(&mut carry);
    }
    while carry > 0 {
        push(&mut carry);
    }
    low_first.reverse();
    low_first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_to_the_nearest_half_away_from_zero() {
        for (text, step, rounded) in [
            ("123.40", "10", "120"),
            ("125", "10", "130"),
            ("-125", "10", "-130"),
            ("124.999", "10", "120"),
            ("4.9", "10", "0"),
            ("-4", "10", "0"),
            ("5", "10", "10"),
            ("0.25", "0.5", "0.5"),
            ("0.24", "0.5", "0"),
            ("1.005", "0.01", "1.01"),
            ("1.0049999", "0.01", "1"),
            ("7", "3", "6"),
            ("7.5", "3", "9"),
            ("7.4", "3", "6"),
            ("99.5", "1", "100"),
            ("2.5e2", "100", "300"),
            ("1e-300", "1", "0"),
            ("120", "10", "120"),
            ("12", "2.50", "12.5"),
        ] {
            assert_eq!(
                round(text, step).as_deref(),
                Some(rounded),
                "{text} to {step}"
            );
        }
    }

    #[test]
    fn loses_no_digit_of_huge_numbers() {
        assert_eq!(
            round("123456789012345678901234567890.5", "1").as_deref(),
            Some("123456789012345678901234567891"),
        );
        assert_eq!(
            round("1e30", "7").as_deref(),
            Some("999999999999999999999999999999")
        );
    }

    #[test]
    fn what_cannot_be_rounded_does_not_leave() {
        for (text, step) in [
            ("1,234.50", "10"),
            ("12", "0"),
            ("12", "-10"),
            ("12", "ten"),
            ("", "10"),
            ("12 EUR", "10"),
            ("1e9999", "10"),
            ("12", "1e30"),
        ] {
            assert_eq!(round(text, step), None, "{text} to {step}");
        }
    }

    proptest::proptest! {
        #[test]
        fn agrees_with_integers(value in -1_000_000_i64..1_000_000, step in 1_i64..5_000) {
            let away = (value.abs() * 2 + step) / (step * 2) * step * value.signum();
            let rounded = round(&value.to_string(), &step.to_string());
            proptest::prop_assert_eq!(rounded, Some(away.to_string()));
        }
    }
}
