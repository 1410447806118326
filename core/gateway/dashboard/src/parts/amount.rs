//! Amounts: every digit as it is stated, in groups of three.

/// An `amount currency`, for people. What is none stays as it is.
pub fn amount(text: &str) -> String {
    let (number, currency) = text.split_once(' ').unwrap_or((text, ""));
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    let (whole, rest) = digits.split_at(digits.find('.').unwrap_or(digits.len()));
    if whole.is_empty() || !whole.bytes().all(|byte| byte.is_ascii_digit()) {
        return text.to_owned();
    }
    let grouped: String = whole
        .char_indices()
        .flat_map(|(at, digit)| {
            let comma = at > 0 && (whole.len() - at).is_multiple_of(3);
            comma.then_some(',').into_iter().chain([digit])
        })
        .collect();
    format!("{sign}{grouped}{rest} {currency}").trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn thousands_are_grouped() {
        assert_eq!(amount("1234567.50 GBP"), "1,234,567.50 GBP");
        assert_eq!(amount("-999 EUR"), "-999 EUR");
        assert_eq!(amount("1000"), "1,000");
        assert_eq!(amount("about 12"), "about 12");
    }

    proptest! {
        #[test]
        fn no_digit_is_lost(text in "-?[0-9]{1,12}(\\.[0-9]{1,4})?( [A-Z]{3})?") {
            prop_assert_eq!(amount(&text).replace(',', ""), text);
        }

        #[test]
        fn anything_can_be_shown(text in ".{0,12}") {
            amount(&text);
        }
    }
}
