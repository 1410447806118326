//! A copy of an envelope's header segment, which outlives the bytes it was read from.

use std::borrow::Cow;

use dragoman_tree::Span;

use super::blanks::without_line_ends;
use super::token::{Segment, Tokens};
use crate::edifact::ServiceString;
use crate::edifact::push_latin1;

/// A copy of a header segment that outlives its window.
#[derive(Clone, Debug)]
pub(crate) struct Header {
    /// The bytes of the segment with its terminator.
    pub bytes: Vec<u8>,
    /// Its one segment, relative to `bytes`.
    pub tokens: Tokens,
    /// Offset of the segment in the file.
    pub at: u64,
    /// Messages in it so far.
    pub messages: u64,
    /// Groups in it so far.
    pub groups: u64,
}

impl Header {
    /// Copies a segment that begins at the offset `at` in the file.
    pub fn new(bytes: &[u8], at: u64, table: &[u8; 256]) -> Self {
        let mut tokens = Tokens::default();
        tokens.scan(bytes, table, true);
        Self { bytes: bytes.to_vec(), tokens, at, messages: 0, groups: 0 }
    }

    /// The segment.
    pub fn segment(&self) -> Segment<'_> {
        self.tokens.segment(0)
    }

    /// A component as text.
    pub fn text(&self, element: u32, component: usize, service: ServiceString) -> String {
        text(self.segment().value(&self.bytes, element, component), service)
    }

    /// The tag in the file, to point at.
    pub fn place(&self) -> (u64, Span) {
        (self.at, self.segment().tag())
    }
}

/// The bytes of a component as text for envelope checks, without release characters.
pub(crate) fn text(bytes: &[u8], service: ServiceString) -> String {
    let mut scratch = Vec::new();
    let plain = unescape(bytes, service, &mut scratch);
    let mut text = String::new();
    push_latin1(plain, &mut text);
    text
}

/// Takes the release characters off, and the line ends that cut a line. A release character that releases nothing,
/// at the end of the input, stays.
pub(crate) fn unescape<'b>(bytes: &'b [u8], service: ServiceString, scratch: &'b mut Vec<u8>) -> &'b [u8] {
    let whole = if service.wrapped { without_line_ends(bytes) } else { Cow::Borrowed(bytes) };
    scratch.clear();
    let mut rest = &*whole;
    let Some(release) = service.release else {
        scratch.extend_from_slice(rest);
        return scratch;
    };
    while let Some(at) = memchr::memchr(release, rest) {
        let (before, after) = rest.split_at(at);
        scratch.extend_from_slice(before);
        scratch.push(after.get(1).copied().unwrap_or(release));
        rest = after.get(2..).unwrap_or_default();
    }
    scratch.extend_from_slice(rest);
    scratch
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_characters_go_once() {
        let service = ServiceString::default();
        for (raw, plain) in [("a?+b", "a+b"), ("????", "??"), ("?'?:", "':"), ("x?", "x?"), ("", "")] {
            assert_eq!(text(raw.as_bytes(), service), plain);
        }
    }
}
