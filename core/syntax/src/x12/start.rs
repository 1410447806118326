//! Where an interchange begins, and what its ISA says about delimiters.

use std::ops::Range;

use super::delimiters::{Delimiters, can_separate, repeats};

/// The lengths of ISA01 to ISA16: ISA alone has elements of a fixed length (X12.5).
pub(super) const LENGTHS: [usize; 16] = [2, 10, 2, 10, 2, 15, 2, 15, 6, 4, 1, 5, 9, 1, 1, 1];

/// The most that an ISA with wrong lengths may have, so that a word in a text is not taken for one.
const REACH: usize = 400;

/// An ISA.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Start {
    /// Its bytes without the separator before ISA16, ISA16 and the terminator: what is no delimiter.
    pub body: Range<usize>,
    /// One past its terminator.
    pub end: usize,
    pub delimiters: Delimiters,
    /// The first element of a wrong length: its number, its bytes.
    pub uneven: Option<(usize, Range<usize>)>,
}

/// Finds the first ISA. `Err` is the number of bytes that are certainly none; the rest may be the beginning of one.
pub(super) fn find(bytes: &[u8], last: bool) -> Result<Start, usize> {
    for at in memchr::memmem::find_iter(bytes, b"ISA") {
        let rest = bytes.get(at..).unwrap_or_default();
        if let Some(start) = begins(rest) {
            let moved = |range: Range<usize>| range.start + at..range.end + at;
            let uneven = start.uneven.map(|(number, range)| (number, moved(range)));
            return Ok(Start { body: moved(start.body), end: start.end + at, uneven, ..start });
        }
        if rest.len() < REACH && !last {
            return Err(at);
        }
    }
    // The first letters of an ISA may stand at the end.
    let kept = [&b"IS"[..], b"I"].into_iter().find(|start| !last && bytes.ends_with(start));
    Err(bytes.len() - kept.map_or(0, <[u8]>::len))
}

/// True where an ISA may begin here: for telling the next interchange from a segment. `None` where more bytes are
/// needed.
pub(super) fn may_begin(bytes: &[u8], last: bool) -> Option<bool> {
    match begins(bytes) {
        Some(_) => Some(true),
        None if bytes.len() >= REACH || last => Some(false),
        None => (!(bytes.starts_with(b"ISA") || b"ISA".starts_with(bytes))).then_some(false),
    }
}

/// Reads an ISA at the beginning of `bytes`, by its separators: their places are right in nearly every one.
fn begins(bytes: &[u8]) -> Option<Start> {
    let separator = *bytes.strip_prefix(b"ISA")?.first()?;
    let reach = bytes.get(..REACH).unwrap_or(bytes);
    if !can_separate(separator) {
        return None;
    }
    let mut at = 4;
    let mut uneven = None;
    let mut version = "";
    let mut standard = 0;
    for (number, length) in (1..).zip(LENGTHS).take(15) {
        let rest = reach.get(at..)?;
        let found = rest.iter().position(|byte| *byte == separator)?;
        if found != length && uneven.is_none() {
            uneven = Some((number, at..at + found));
        }
        match number {
            11 => standard = rest.first().copied().unwrap_or_default(),
            12 => version = std::str::from_utf8(rest.get(..found)?).unwrap_or_default(),
            _ => {}
        }
        at += found + 1;
    }
    let (component, segment) = (*reach.get(at)?, *reach.get(at + 1)?);
    let repetition = Some(standard).filter(|byte| repeats(version) && can_separate(*byte));
    let delimiters = Delimiters { element: separator, component, repetition, segment, release: None };
    let distinct = component != separator && segment != separator && segment != component;
    let separates = can_separate(component) && can_separate(segment) && distinct;
    separates.then_some(Start { body: 0..at - 1, end: at + 2, delimiters, uneven })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISA: &str = "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*0900*^*00501*000000001*0*P*:~";

    #[test]
    fn isa_tells_the_delimiters_by_place() {
        assert_eq!(ISA.len(), 106);
        let start = find(format!("junk ISA {ISA}GS").as_bytes(), true).unwrap();
        let expected = Delimiters { repetition: Some(b'^'), ..Delimiters::default() };
        assert_eq!((start.delimiters, start.uneven, start.end), (expected, None, 9 + 106));
        let old = ISA.replace("*^*00501", "*U*00401").replace('*', "\u{1D}").replace('~', "\n");
        let start = find(old.as_bytes(), true).unwrap();
        let expected = Delimiters { element: 0x1D, segment: b'\n', ..Delimiters::default() };
        assert_eq!((start.delimiters, start.uneven), (expected, None));
    }

    #[test]
    fn wrong_lengths_are_found_and_words_are_not() {
        let short = ISA.replace("SENDER         ", "SENDER");
        let start = find(short.as_bytes(), true).unwrap();
        assert_eq!(start.uneven, Some((6, 35..41)));
        assert_eq!(find(b"VISA* and ISABEL", true), Err(16));
        assert_eq!(find(b"text IS", false), Err(5));
        assert_eq!(find(ISA.split_at(50).0.as_bytes(), false), Err(0));
        assert_eq!(may_begin(b"IEA*1*1~", false), Some(false));
        assert_eq!(may_begin(b"I", false), None);
    }
}
