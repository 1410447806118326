//! The code lists that the model itself knows: countries, currencies, languages. Their sources are in
//! `data/`.

use std::sync::LazyLock;

/// A country of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2, or a customs user code such as XI.
    pub alpha2: &'static str,
    /// ISO 3166-1 alpha-3; empty for a user code.
    pub alpha3: &'static str,
    /// ISO 3166-1 numeric, three digits; empty for a user code.
    pub numeric: &'static str,
}

/// A currency of the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Currency {
    /// ISO 4217.
    pub code: &'static str,
    /// Decimals of its minor unit; `None` where it has none, such as gold.
    pub minor: Option<u32>,
}

impl Country {
    /// The country of an alpha-2 or user code.
    pub fn of(alpha2: &str) -> Option<&'static Self> {
        let at = COUNTRIES.binary_search_by_key(&alpha2, |country| country.alpha2).ok()?;
        COUNTRIES.get(at)
    }

    /// All countries, by alpha-2.
    pub fn all() -> &'static [Self] {
        &COUNTRIES
    }
}

impl Currency {
    /// The currency of a code.
    pub fn of(code: &str) -> Option<&'static Self> {
        let at = CURRENCIES.binary_search_by_key(&code, |currency| currency.code).ok()?;
        CURRENCIES.get(at)
    }
}

/// True for a language code of ISO 639-1, in either case: messages write both.
pub fn is_language(code: &str) -> bool {
    let lower = code.to_ascii_lowercase();
    LANGUAGES.binary_search(&lower.as_str()).is_ok()
}

/// The rows of a list: cells up to three, missing ones empty.
fn rows(text: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    let lines = text.lines().filter(|line| !line.starts_with('#')).skip(1);
    lines.map(|line| {
        let mut cells = line.split(',');
        [(); 3].map(|()| cells.next().unwrap_or_default())
    })
}

static COUNTRIES: LazyLock<Vec<Country>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../data/countries.csv"));
    rows.map(|[alpha2, alpha3, numeric]| Country { alpha2, alpha3, numeric }).collect()
});

static CURRENCIES: LazyLock<Vec<Currency>> = LazyLock::new(|| {
    let rows = rows(include_str!("../../data/currencies.csv"));
    rows.map(|[code, minor, _]| Currency { code, minor: minor.parse().ok() }).collect()
});

static LANGUAGES: LazyLock<Vec<&str>> =
    LazyLock::new(|| rows(include_str!("../../data/languages.csv")).map(|[code, ..]| code).collect());

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_lists_are_sorted_and_complete() {
        assert!(COUNTRIES.is_sorted_by_key(|country| country.alpha2) && COUNTRIES.len() == 265);
        assert!(CURRENCIES.is_sorted_by_key(|currency| currency.code) && CURRENCIES.len() == 184);
        assert!(LANGUAGES.is_sorted() && LANGUAGES.len() == 184);
    }

    #[test]
    fn codes_are_found() {
        assert_eq!(Country::of("GB").map(|country| (country.alpha3, country.numeric)), Some(("GBR", "826")));
        assert_eq!(Country::of("XI").map(|country| country.alpha3), Some(""));
        assert!(Country::of("UK").is_none() && Country::of("gb").is_none() && Country::of("").is_none());
        assert_eq!(Currency::of("JPY").and_then(|currency| currency.minor), Some(0));
        assert_eq!(Currency::of("XAU").map(|currency| currency.minor), Some(None));
        assert!(Currency::of("RMB").is_none());
        assert!(is_language("EN") && is_language("zh") && !is_language("xx"));
    }
}
