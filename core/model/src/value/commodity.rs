//! Commodity codes: the Harmonized System and the national digits behind it.

/// A commodity code, digits only.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct CommodityCode<'t> {
    digits: &'t str,
}

impl<'t> CommodityCode<'t> {
    /// Reads a code: an even number of digits from 4 to 12, of chapter 01 to 99.
    pub fn parse(text: &'t str) -> Option<Self> {
        let even = matches!(text.len(), 4 | 6 | 8 | 10 | 12);
        let digits = even && text.bytes().all(|byte| byte.is_ascii_digit()) && !text.starts_with("00");
        digits.then_some(Self { digits: text })
    }

    /// The digits as they came.
    pub const fn digits(&self) -> &'t str {
        self.digits
    }

    /// How many digits.
    pub const fn level(&self) -> usize {
        self.digits.len()
    }

    /// The chapter, two digits.
    pub fn chapter(&self) -> &'t str {
        self.digits.get(..2).unwrap_or_default()
    }

    /// The heading, four digits.
    pub fn heading(&self) -> &'t str {
        self.digits.get(..4).unwrap_or_default()
    }

    /// The subheading of the Harmonized System, six digits; `None` for a heading.
    pub fn subheading(&self) -> Option<&'t str> {
        self.digits.get(..6)
    }

    /// True where `self` is `other` or lies under it in the tariff.
    pub fn is_under(&self, other: &CommodityCode<'_>) -> bool {
        self.digits.starts_with(other.digits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_even_digits_of_a_chapter() {
        let bag = CommodityCode::parse("42022210").unwrap();
        assert_eq!(
            (bag.chapter(), bag.heading(), bag.subheading(), bag.level()),
            ("42", "4202", Some("420222"), 8)
        );
        assert!(bag.is_under(&CommodityCode::parse("4202").unwrap()));
        assert!(!CommodityCode::parse("4202").unwrap().is_under(&bag));
        for text in ["", "42", "42022", "0042", "4202.22", "4202AB", "42022210000000", "４２０２"] {
            assert_eq!(CommodityCode::parse(text), None, "{text}");
        }
    }
}
