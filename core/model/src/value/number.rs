//! Decimal numbers with their literal text. Nothing here is a float.

use std::str::FromStr;

use rust_decimal::Decimal;

/// Why a literal has no value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoNumber {
    /// It is not an optional sign and digits with at most one point.
    Malformed,
    /// It is a number of more than 28 significant digits, or decimals.
    TooLong,
}

/// The exact value of a literal: an optional sign, digits, at most one point, at most 28 significant digits.
pub fn decimal(literal: &str) -> Result<Decimal, NoNumber> {
    match short_decimal(literal) {
        Some(value) => Ok(value),
        None => long_decimal(literal),
    }
}

/// The value of up to 18 digits with at most one point among them, as nearly all literals are.
fn short_decimal(literal: &str) -> Option<Decimal> {
    let (mut units, mut decimals) = (0_i64, None);
    for byte in literal.bytes() {
        match byte {
            b'0'..=b'9' => units = units.checked_mul(10)?.checked_add(i64::from(byte - b'0'))?,
            b'.' if decimals.is_none() => decimals = Some(0),
            _ => return None,
        }
        if byte != b'.' {
            decimals = decimals.map(|count| count + 1);
        }
    }
    let starts_and_ends_in_digits =
        matches!(literal.as_bytes(), [b'0'..=b'9', .., b'0'..=b'9'] | [b'0'..=b'9']);
    (literal.len() <= 18 && starts_and_ends_in_digits).then(|| Decimal::new(units, decimals.unwrap_or(0)))
}

fn long_decimal(literal: &str) -> Result<Decimal, NoNumber> {
    let parts = Parts::of(literal).ok_or(NoNumber::Malformed)?;
    let (whole, fraction) = (parts.whole, parts.fraction);
    if whole.len() + fraction.len() > 28 {
        return Err(NoNumber::TooLong);
    }
    let sign = if parts.negative { "-" } else { "" };
    let text = format!("{sign}{}.{fraction}", if whole.is_empty() { "0" } else { whole });
    let exact = Decimal::from_str(text.strip_suffix('.').unwrap_or(&text)).map_err(|_| NoNumber::TooLong)?;
    // The decimals as they were written: 12.50 has two.
    let stated = literal.split_once('.').map_or(0, |(_, decimals)| decimals.len() as u32);
    let mut value = exact;
    value.rescale(stated.min(28));
    Ok(if value == exact { value } else { exact })
}

/// The value of a literal that is a whole number.
pub fn integer(literal: &str) -> Result<i64, NoNumber> {
    if !literal.strip_prefix(['+', '-']).unwrap_or(literal).bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoNumber::Malformed);
    }
    if literal.trim_start_matches(['+', '-']).is_empty() {
        return Err(NoNumber::Malformed);
    }
    literal.parse().map_err(|_| NoNumber::TooLong)
}

/// True where two literals are the same number (`12.5` and `+012.50`), at any length; literals that are no
/// numbers are compared as text.
pub fn same_number(one: &str, two: &str) -> bool {
    one == two || matches!((Parts::of(one), Parts::of(two)), (Some(one), Some(two)) if one == two)
}

/// A number in its shortest form: no leading zeros before the point, none behind the last decimal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Parts<'t> {
    negative: bool,
    whole: &'t str,
    fraction: &'t str,
}

impl<'t> Parts<'t> {
    fn of(literal: &'t str) -> Option<Self> {
        let digits = literal.strip_prefix(['+', '-']).unwrap_or(literal);
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() + fraction.len() == 0 || !plain(whole) || !plain(fraction) {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let zero = whole.is_empty() && fraction.is_empty();
        Some(Self { negative: !zero && literal.starts_with('-'), whole, fraction })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn literals_keep_their_decimals() {
        for (literal, shown) in
            [("12.50", "12.50"), ("+01", "1"), ("-0.0", "0.0"), ("999.", "999"), (".5", "0.5")]
        {
            assert_eq!(decimal(literal).map(|value| value.to_string()).as_deref(), Ok(shown), "{literal}");
        }
        for literal in ["", "-", ".", "1e5", "1,5", "1.2.3", " 1", "١"] {
            assert_eq!(decimal(literal), Err(NoNumber::Malformed), "{literal}");
        }
    }

    #[test]
    fn length_is_counted_in_significant_digits() {
        let long = "1".repeat(29);
        assert_eq!(decimal(&long), Err(NoNumber::TooLong));
        assert!(decimal(&long[1..]).is_ok() && decimal(&format!("000{}.000", &long[1..])).is_ok());
        assert_eq!(decimal(&format!("0.{}1", "0".repeat(28))), Err(NoNumber::TooLong));
        assert!(same_number(&long, &format!("+0{long}.0")) && !same_number(&long, &format!("{long}1")));
    }

    #[test]
    fn whole_numbers() {
        assert_eq!(integer("-007"), Ok(-7));
        assert_eq!(integer("7.0"), Err(NoNumber::Malformed));
        assert_eq!(integer("+"), Err(NoNumber::Malformed));
        assert_eq!(integer(&"9".repeat(20)), Err(NoNumber::TooLong));
    }

    proptest! {
        #[test]
        fn equality_is_that_of_the_values(one in "[+-]?[0-9]{0,3}\\.?[0-9]{0,3}", two in "[+-]?[0-9]{0,3}\\.?[0-9]{0,3}") {
            if let (Ok(left), Ok(right)) = (decimal(&one), decimal(&two)) {
                prop_assert_eq!(same_number(&one, &two), left == right);
            }
            prop_assert!(same_number(&one, &one));
        }

        #[test]
        fn any_text_is_survived(text in any::<String>()) {
            let _ = (decimal(&text), integer(&text), same_number(&text, "1"));
        }
    }
}
