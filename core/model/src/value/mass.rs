//! Units of mass: UN/ECE Recommendation 20 codes that customs formats use.

use rust_decimal::Decimal;

/// The mass in grams of one unit, exactly; `None` for a unit that is not of mass or not known.
pub fn grams(unit: &str) -> Option<Decimal> {
    let (value, scale) = match unit {
        "MGM" => (1, 3),
        "GRM" => (1, 0),
        "KGM" => (1_000, 0),
        "TNE" => (1_000_000, 0),
        // International avoirdupois pound and ounce, 1959.
        "LBR" => (45_359_237, 5),
        "ONZ" => (28_349_523_125, 9),
        _ => return None,
    };
    Some(Decimal::new(value, scale))
}

/// A mass in another unit, exactly; `None` where a unit is unknown or the result has too many digits.
pub fn convert(value: Decimal, from: &str, to: &str) -> Option<Decimal> {
    if from == to {
        return Some(value);
    }
    value.checked_mul(grams(from)?)?.checked_div(grams(to)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_convert_exactly() {
        let half = Decimal::new(5, 1);
        assert_eq!(convert(half, "KGM", "GRM"), Some(Decimal::from(500)));
        assert_eq!(
            convert(Decimal::from(420), "GRM", "KGM").map(|mass| mass.to_string()).as_deref(),
            Some("0.42")
        );
        assert_eq!(convert(Decimal::ONE, "LBR", "ONZ"), Some(Decimal::from(16)));
        assert_eq!(convert(half, "XXX", "XXX"), Some(half));
        assert_eq!(convert(half, "KGM", "NAR"), None);
        assert_eq!(convert(Decimal::MAX, "TNE", "MGM"), None);
    }
}
