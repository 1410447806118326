//! Identification numbers of parties: how each scheme writes them. Form only; whether a number exists is a
//! question to an authority, with a date and an answer.

/// True where a number has the form that its scheme fixes; schemes whose form is not known here take any.
pub fn is_party_id(scheme: &str, number: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let plain = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let length = number.chars().count();
    match scheme {
        "eori" => is_eori(number),
        // Implementing Regulation (EU) 2019/2026: IM and ten digits.
        "ioss" => number.strip_prefix("IM").is_some_and(|rest| rest.len() == 10 && digits(rest)),
        // GB 32100-2015: 18 digits and capital letters.
        "uscc" => length == 18 && plain(number),
        "cn-customs" => length == 10 && plain(number),
        // GB 11643-1999: 17 digits and a check character.
        "cn-id-card" => length == 18 && number.get(..17).is_some_and(digits),
        "kr-pccc" => number.strip_prefix('P').is_some_and(|rest| rest.len() == 12 && digits(rest)),
        // ISO 17442.
        "lei" => length == 20 && plain(number),
        "gln" => length == 13 && digits(number),
        "duns" => length == 9 && digits(number),
        // Australian Business Number.
        "abn" => length == 11 && digits(number),
        _ => true,
    }
}

/// True for the form of an EORI number: two letters and one to fifteen characters (Delegated Regulation (EU)
/// 2015/2446, annex B). The letters are a prefix: XI and GB do not say where a party is established.
pub fn is_eori(number: &str) -> bool {
    let prefix = number.get(..2).is_some_and(|prefix| prefix.bytes().all(|byte| byte.is_ascii_uppercase()));
    let rest = number.get(2..).unwrap_or_default();
    prefix && (1..=15).contains(&rest.len()) && rest.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_form_of_their_scheme() {
        let right = [
            ("eori", "GB000000000000"),
            ("eori", "XI0"),
            ("ioss", "IM0000000000"),
            ("uscc", "000000000000000000"),
            ("cn-id-card", "00000000000000000X"),
            ("unknown", "无"),
            ("badge", ""),
        ];
        for (scheme, number) in right {
            assert!(is_party_id(scheme, number), "{scheme} {number}");
        }
        let wrong = [
            ("eori", "GB"),
            ("eori", "gb000000000000"),
            ("eori", "GB0000000000000000"),
            ("eori", "无x"),
            ("ioss", "IM000000000"),
            ("uscc", "0"),
            ("gln", "000000000000X"),
            ("kr-pccc", "P00000000000"),
        ];
        for (scheme, number) in wrong {
            assert!(!is_party_id(scheme, number), "{scheme} {number}");
        }
    }
}
