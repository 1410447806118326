//! Bytes between and within segments that mean nothing: blanks and line ends before tags, and the line ends of
//! an interchange that is cut into lines of one length.

use std::borrow::Cow;

use super::class;

/// Where the next byte is that is no line end which cuts a line.
pub(crate) fn after_wraps(bytes: &[u8], mut at: usize, table: &[u8; 256]) -> usize {
    let cuts = |byte: &u8| class_of(*byte, table) == class::WRAP;
    while bytes.get(at).is_some_and(cuts) {
        at += 1;
    }
    at
}

/// How many bytes before a tag mean nothing: blanks, line ends and other control characters that do not
/// separate.
pub(crate) fn blank(bytes: &[u8], table: &[u8; 256]) -> usize {
    let space = |byte: &&u8| **byte <= b' ' && matches!(class_of(**byte, table), 0 | class::WRAP);
    bytes.iter().take_while(space).count()
}

/// Bytes without line ends.
pub(crate) fn without_line_ends(bytes: &[u8]) -> Cow<'_, [u8]> {
    let is_end = |byte: &u8| matches!(byte, b'\r' | b'\n');
    if bytes.iter().any(is_end) {
        Cow::Owned(bytes.iter().copied().filter(|byte| !is_end(byte)).collect())
    } else {
        Cow::Borrowed(bytes)
    }
}

fn class_of(byte: u8, table: &[u8; 256]) -> u8 {
    table.get(byte as usize).map_or(0, |class| class & class::DELIMITER)
}
