//! Interchanges that are cut into lines of one length, wherever the ends fall: 80 columns, as punched cards had.

use dragoman_tree::Code;

/// Line ends within segments.
pub const WRAPPED: Code = Code {
    id: "DG-E0327",
    title: "the interchange is cut into lines of one length",
    help: "Line ends stand within segments, at equal distances: a program on the way wrapped the file. They are \
           skipped wherever they stand; strict receivers reject such a file.",
};

/// The longest lines that are taken for cut ones.
const LONGEST: usize = 80;
/// So many lines of one length are no accident. (Values hold no line ends, by any character set.)
const LINES: usize = 5;

/// True where the bytes from the beginning of an interchange on are lines of one length, of which one at least ends
/// within a segment. `None` where more bytes are needed to know.
pub(super) fn is_wrapped(bytes: &[u8], terminator: u8, last: bool) -> Option<bool> {
    let (mut rest, mut length, mut cuts) = (bytes, None, false);
    for line in 0..LINES {
        let end = rest.iter().take(LONGEST + 1).position(|byte| matches!(byte, b'\r' | b'\n'));
        let Some(end) = end.or_else(|| (last && rest.len() <= LONGEST).then_some(rest.len())) else {
            return (rest.len() > LONGEST).then_some(false);
        };
        let (own, after) = rest.split_at_checked(end).unwrap_or_default();
        if last && after.len() < 3 && after.trim_ascii().is_empty() {
            return Some(cuts && line + 1 == LINES && length.is_some_and(|length| end <= length));
        }
        if length.replace(end).is_some_and(|length| length != end) {
            return Some(false);
        }
        cuts |= own.last().is_some_and(|byte| *byte != terminator);
        rest = match after {
            [b'\r'] => return None,
            [b'\r', b'\n', rest @ ..] | [_, rest @ ..] => rest,
            [] => rest,
        };
    }
    Some(cuts)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_length_are_told_from_segments_on_lines() {
        let whole = |text: &str| is_wrapped(text.as_bytes(), b'\'', true);
        let text = "UNB+UNOC:3+A+B+261122:0900+1'UNH+1+ORDERS:D:96A:UN'BGM+220+7'".repeat(3);
        for (length, end) in [(13, "\n"), (20, "\r\n"), (45, "\r")] {
            let lines: Vec<_> =
                text.as_bytes().chunks(length).map(|line| str::from_utf8(line).unwrap()).collect();
            assert_eq!(whole(&lines.join(end)), Some(true), "{length}");
            assert_eq!(whole(&format!("{}{end}", lines.join(end))), Some(true), "{length}");
        }
        assert_eq!(whole(&text.replace('\'', "'\n")), Some(false));
        assert_eq!(whole("UNB+UNOC:3+A'\nUNH+1+ORD:D'\nBGM+220+1+9'\nUNZ+1+1'"), Some(false));
        assert_eq!(whole(&"UNB+UNOC:3+A+B+261122:0900+1'".repeat(4)), Some(false));
        assert_eq!(whole("UNB+UNOC:3"), Some(false));
        assert_eq!(is_wrapped(b"UNB+UNOC:3", b'\'', false), None);
    }
}
