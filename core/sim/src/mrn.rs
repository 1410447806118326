//! Numbers that customs gives.

use sha2::{Digest, Sha256};

const LETTERS: &[u8; 36] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// A movement reference number of 18 characters: two digits of the year, the country, thirteen characters that follow
/// from `seed`, the last of them the letter of the procedure where there is one, and a check digit (annex B of Delegated
/// Regulation (EU) 2015/2446; the digit as in ISO 6346).
pub(crate) fn mrn(year: i16, country: &str, procedure: &str, seed: &[u8]) -> String {
    let mut text = format!("{:02}{country}", year.rem_euclid(100));
    text.extend(letters(seed).take(17_usize.saturating_sub(text.len() + procedure.len())));
    text.push_str(procedure);
    let digit = check_digit(&text);
    format!("{text}{digit}")
}

/// A number of 32 hexadecimal digits.
pub(crate) fn id(seed: &[u8]) -> String {
    Sha256::digest(seed).iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

fn letters(seed: &[u8]) -> impl Iterator<Item = char> {
    let hash: Vec<u8> = Sha256::digest(seed).to_vec();
    hash.into_iter()
        .filter_map(|byte| LETTERS.get(usize::from(byte) % LETTERS.len()))
        .map(|byte| char::from(*byte))
}

/// The sum of the characters' values, each doubled for every place from the left, modulo 11, and that modulo 10.
/// Letters count from 10 on, without the multiples of 11.
fn check_digit(text: &str) -> u32 {
    let value = |letter: char| {
        let value = letter.to_digit(36).unwrap_or_default();
        value + value.saturating_sub(1) / 10
    };
    text.chars().rev().fold(0, |sum, letter| (sum * 2 + value(letter)) % 11) % 10
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_check_digit_is_that_of_published_numbers() {
        for published in ["24GBCN7S7387L1WAR7", "23GB6BMRITMW9YZAR3", "26GB1XGAFM1LXXNAR9"] {
            let (text, digit) = published.split_at(17);
            assert_eq!(check_digit(text).to_string(), digit, "{published}");
        }
    }

    #[test]
    fn numbers_follow_from_their_seed_alone() {
        let one = mrn(2026, "GB", "", b"a");
        assert!(one.starts_with("26GB") && one.len() == 18, "{one}");
        assert_eq!(one, mrn(2026, "GB", "", b"a"));
        assert_ne!(one, mrn(2026, "GB", "", b"b"));
        let transit = mrn(2026, "GB", "J", b"a");
        assert!(transit.len() == 18 && transit.as_bytes()[16] == b'J', "{transit}");
        assert_eq!(id(b"a").len(), 32);
    }
}
