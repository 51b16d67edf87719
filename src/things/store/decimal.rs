//! Numbers in what devices send.

use crate::locale;

/// The number that a value is, if it is a decimal one: a sign, digits, a point, an exponent. Spaces around it do not
/// count, and what is beyond all numbers is none.
pub(super) fn number(value: &str) -> Option<f64> {
    let value = value.trim_matches(' ');
    is_decimal(value).then(|| locale::number(value)).filter(|number| number.is_finite())
}

fn is_decimal(value: &str) -> bool {
    let value = value.strip_prefix(['+', '-']).unwrap_or(value);
    let (mantissa, exponent) = value.split_once(['e', 'E']).unwrap_or((value, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let exponent = exponent.strip_prefix(['+', '-']).unwrap_or(exponent);
    is_digits(whole)
        && is_digits(fraction)
        && is_digits(exponent)
        && !exponent.is_empty()
        && whole.len() + fraction.len() > 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_is_a_number_or_it_is_none() {
        for (value, wanted) in [
            ("21.5", 21.5),
            ("-0.5", -0.5),
            (" +.5 ", 0.5),
            ("1.", 1.0),
            ("1e3", 1_000.0),
            ("2E-2", 0.02),
            ("007", 7.0),
            ("9007199254740993", 9_007_199_254_740_992.0),
        ] {
            assert_eq!(number(value), Some(wanted), "{value}");
        }
        for value in [
            "", " ", "on", ".", "-", "1,5", "0x10", "1e", "e5", "1e999", "NaN", "Infinity", "1 2", "١", "--1",
        ] {
            assert_eq!(number(value), None, "{value}");
        }
    }
}
