//! The tokens of JSON: where a string, a number or a word ends.

/// Where the string ends whose first character is at `at`, and what it holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Quoted {
    /// Offset of the closing quote; the length of the input where there is none.
    pub end: usize,
    /// False where the input ends first.
    pub closed: bool,
    /// True where there is a backslash in it.
    pub escaped: bool,
    /// Offset of the first control character in it.
    pub control: Option<usize>,
}

/// Finds the end of a string, without looking at what its escapes mean.
pub(super) fn quoted(input: &[u8], at: usize) -> Quoted {
    let mut found = Quoted { end: at, closed: false, escaped: false, control: None };
    while let Some(rest) = input.get(found.end..) {
        let special = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        found.end += special.unwrap_or(rest.len());
        match input.get(found.end) {
            Some(b'"') => {
                found.closed = true;
                break;
            }
            Some(b'\\') => {
                found.escaped = true;
                found.end += 2;
            }
            Some(_) => {
                found.control = found.control.or(Some(found.end));
                found.end += 1;
            }
            None => break,
        }
    }
    found.end = found.end.min(input.len());
    found
}

/// The length of the white space at the start.
pub(super) fn blanks(rest: &[u8]) -> usize {
    rest.iter().position(|byte| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t')).unwrap_or(rest.len())
}

/// The length of the number or bare word at the start: everything up to a bracket, comma, colon, quote or blank.
pub(super) fn word(rest: &[u8]) -> usize {
    let inside = |byte: &u8| matches!(byte, b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'+' | b'-' | b'.' | b'_' | b'$');
    rest.iter().position(|byte| !inside(byte)).unwrap_or(rest.len())
}

/// True for a number as RFC 8259 section 6 has it.
pub(super) fn is_number(literal: &[u8]) -> bool {
    let rest = literal.strip_prefix(b"-").unwrap_or(literal);
    let (whole, rest) = digits(rest);
    let leading_zero = whole.len() > 1 && whole.first() == Some(&b'0');
    let (fraction, rest) = match rest.strip_prefix(b".") {
        Some(rest) => digits(rest),
        None => (whole, rest),
    };
    let (exponent, rest) = match rest.split_first() {
        Some((b'e' | b'E', rest)) => {
            digits(rest.strip_prefix(b"+").or(rest.strip_prefix(b"-")).unwrap_or(rest))
        }
        _ => (whole, rest),
    };
    !leading_zero && rest.is_empty() && ![whole, fraction, exponent].iter().any(|part| part.is_empty())
}

fn digits(rest: &[u8]) -> (&[u8], &[u8]) {
    rest.split_at(rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_rfc() {
        for literal in ["0", "-0", "1.50", "1e3", "1E+03", "-12.0e-9", "10", "123456789012345678901234567890"]
        {
            assert!(is_number(literal.as_bytes()), "{literal}");
        }
        for literal in
            ["", "-", "01", "-01", "1.", ".5", "1e", "1e+", "+1", "1.e3", "0x1", "1a", "--1", "1.2.3"]
        {
            assert!(!is_number(literal.as_bytes()), "{literal}");
        }
    }

    #[test]
    fn strings_end_at_the_first_quote_that_is_not_escaped() {
        let found = quoted(br#"a\"b\\" "#, 0);
        assert_eq!((found.end, found.closed, found.escaped, found.control), (6, true, true, None));
        let found = quoted(b"a\tb\x01\"", 0);
        assert_eq!((found.end, found.closed, found.escaped, found.control), (4, true, false, Some(1)));
        for open in [&b""[..], b"abc", b"abc\\", b"abc\\\""] {
            let found = quoted(open, 0);
            assert_eq!((found.end, found.closed), (open.len(), false));
        }
    }
}
