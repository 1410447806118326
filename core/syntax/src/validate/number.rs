//! Decimal literals, exactly: their digits and their order. Nothing is rounded.

use std::cmp::Ordering;

/// A decimal literal without the zeros that do not change it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Decimal<'l> {
    is_negative: bool,
    whole: &'l str,
    fraction: &'l str,
}

impl<'l> Decimal<'l> {
    /// Reads a literal of `xs:decimal`: an optional sign, digits, an optional point. (XML Schema Part 2, 3.2.3)
    pub fn read(literal: &'l str) -> Option<Self> {
        let (is_negative, digits) = match literal.as_bytes().first()? {
            b'-' => (true, literal.get(1..)?),
            b'+' => (false, literal.get(1..)?),
            _ => (false, literal),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let are_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty()) || !are_digits(whole) || !are_digits(fraction) {
            return None;
        }
        let (whole, fraction) = (whole.trim_start_matches('0'), fraction.trim_end_matches('0'));
        let is_zero = whole.is_empty() && fraction.is_empty();
        Some(Self { is_negative: is_negative && !is_zero, whole, fraction })
    }

    /// All digits, and those after the point.
    pub fn digits(&self) -> (usize, usize) {
        let fraction = self.fraction.len();
        let leading =
            if self.whole.is_empty() { self.fraction.trim_start_matches('0').len() } else { fraction };
        (self.whole.len() + leading, fraction)
    }

    /// True where there is nothing after the point.
    pub fn is_integer(&self) -> bool {
        self.fraction.is_empty()
    }
}

impl Ord for Decimal<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let magnitude =
            |number: &Self| (number.whole.len(), number.whole.to_owned(), number.fraction.to_owned());
        match (self.is_negative, other.is_negative) {
            (false, true) => Ordering::Greater,
            (true, false) => Ordering::Less,
            (false, false) => magnitude(self).cmp(&magnitude(other)),
            (true, true) => magnitude(other).cmp(&magnitude(self)),
        }
    }
}

impl PartialOrd for Decimal<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_exactly() {
        for bad in ["", "+", ".", "-.", "1e3", "1,5", " 1", "1 ", "--1", "0x1", "INF", "1.2.3"] {
            assert_eq!(Decimal::read(bad), None, "{bad}");
        }
        let digits = |literal| Decimal::read(literal).unwrap().digits();
        assert_eq!(
            (digits("001.50"), digits("0.00"), digits("-.05"), digits("+12.")),
            ((2, 1), (0, 0), (1, 2), (2, 0))
        );
    }

    #[test]
    fn literals_are_ordered_by_value() {
        let ascending = ["-10.5", "-10", "-9.99", "-0.001", "0", "0.001", "9", "9.01", "9.1", "10", "100.0"];
        let numbers = ascending.map(|literal| Decimal::read(literal).unwrap());
        assert!(numbers.is_sorted_by(|one, other| one < other));
        assert_eq!(Decimal::read("-0.0"), Decimal::read("+00"));
        assert_eq!(Decimal::read("1.50"), Decimal::read("01.5"));
    }
}
