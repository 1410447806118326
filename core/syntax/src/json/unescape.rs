//! The text of a string that holds escapes, or bytes that are no UTF-8.

use std::ops::Range;

use dragoman_tree::Code;

use super::codes::{ENCODING, ESCAPE, SURROGATE};

/// A fault in a string and the bytes of it.
pub(super) type Fault = (&'static Code, Range<usize>);

/// So many faults of one string are told; more are no news.
const MOST_FAULTS: usize = 100;

/// Adds the text of the raw bytes of a string to `out`. Offsets in the faults count from the start of `raw`.
/// Nothing is left out: an unknown escape stays as it is written, what is no character becomes U+FFFD.
pub(super) fn unescape(raw: &[u8], out: &mut String) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut at = 0;
    while let Some(rest) = raw.get(at..).filter(|rest| !rest.is_empty()) {
        let plain = memchr::memchr(b'\\', rest).unwrap_or(rest.len());
        let (plain, escape) = rest.split_at(plain);
        lossy(plain, at, out, &mut faults);
        at += plain.len();
        if !escape.is_empty() {
            let (character, length, code) = escaped(escape);
            match character {
                Some(character) => out.push(character),
                None => lossy(escape.get(..length).unwrap_or_default(), at, out, &mut faults),
            }
            if let Some(code) = code {
                add(&mut faults, code, at..at + length);
            }
            at += length;
        }
    }
    faults
}

/// What the escape at the start stands for, how many bytes it takes, and what is wrong with it.
fn escaped(escape: &[u8]) -> (Option<char>, usize, Option<&'static Code>) {
    let simple = |character| (Some(character), 2, None);
    match escape.get(1) {
        Some(character @ (b'"' | b'\\' | b'/')) => simple(char::from(*character)),
        Some(b'b') => simple('\u{8}'),
        Some(b'f') => simple('\u{c}'),
        Some(b'n') => simple('\n'),
        Some(b'r') => simple('\r'),
        Some(b't') => simple('\t'),
        Some(b'u') => unicode(escape),
        _ => (None, 1, Some(&ESCAPE)),
    }
}

/// `\uXXXX`, or two of them for a character beyond U+FFFF.
fn unicode(escape: &[u8]) -> (Option<char>, usize, Option<&'static Code>) {
    let Some(unit) = hexadecimal(escape) else { return (None, 1, Some(&ESCAPE)) };
    let second = escape.get(6..).and_then(hexadecimal);
    match (unit, second) {
        (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) => {
            let code = 0x1_0000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
            (char::from_u32(code), 12, None)
        }
        _ => match char::from_u32(unit) {
            Some(character) => (Some(character), 6, None),
            None => (Some(char::REPLACEMENT_CHARACTER), 6, Some(&SURROGATE)),
        },
    }
}

fn hexadecimal(escape: &[u8]) -> Option<u32> {
    let digits = escape.strip_prefix(b"\\u")?.get(..4)?;
    digits.iter().try_fold(0, |code, digit| Some(code << 4 | char::from(*digit).to_digit(16)?))
}

fn add(faults: &mut Vec<Fault>, code: &'static Code, bytes: Range<usize>) {
    if faults.len() < MOST_FAULTS {
        faults.push((code, bytes));
    }
}

fn lossy(bytes: &[u8], offset: usize, out: &mut String, faults: &mut Vec<Fault>) {
    let mut at = offset;
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        at += chunk.valid().len();
        if !chunk.invalid().is_empty() {
            out.push(char::REPLACEMENT_CHARACTER);
            add(faults, &ENCODING, at..at + chunk.invalid().len());
            at += chunk.invalid().len();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(raw: &[u8]) -> (String, Vec<(&'static str, Range<usize>)>) {
        let mut out = String::new();
        let faults = unescape(raw, &mut out);
        (out, faults.into_iter().map(|(code, range)| (code.id, range)).collect())
    }

    #[test]
    fn escapes_and_pairs() {
        assert_eq!(text(br#"\"\\\/\b\f\n\r\t"#), ("\"\\/\u{8}\u{c}\n\r\t".into(), vec![]));
        assert_eq!(text(br"a\u00e9\u20ACz\uD83D\uDE00"), ("a\u{e9}\u{20ac}z\u{1f600}".into(), vec![]));
        assert_eq!(text(br"\u0000\uFFFF"), ("\0\u{ffff}".into(), vec![]));
    }

    #[test]
    fn faults_are_located_and_nothing_is_dropped() {
        assert_eq!(text(br"a\xb\u12"), ("a\\xb\\u12".into(), vec![(ESCAPE.id, 1..2), (ESCAPE.id, 4..5)]));
        assert_eq!(text(br"\uD83Dx"), ("\u{fffd}x".into(), vec![(SURROGATE.id, 0..6)]));
        let twice = text(br"\uDE00\uD83D\n");
        assert_eq!(twice, ("\u{fffd}\u{fffd}\n".into(), vec![(SURROGATE.id, 0..6), (SURROGATE.id, 6..12)]));
        assert_eq!(
            text(b"a\xffb\xe2\x82"),
            ("a\u{fffd}b\u{fffd}".into(), vec![(ENCODING.id, 1..2), (ENCODING.id, 3..5)])
        );
        assert_eq!(text(b"a\\"), ("a\\".into(), vec![(ESCAPE.id, 1..2)]));
    }
}
