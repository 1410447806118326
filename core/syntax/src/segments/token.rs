//! The tokeniser: one pass over the bytes, offsets of delimiters in reused vectors, nothing copied.
//!
//! It stops at the end of the bytes and goes on there when there are more, so a reader may hand it a message
//! in any pieces.

#![expect(clippy::indexing_slicing, reason = "offsets and indices come from the loop that bounds them")]

use std::borrow::Cow;

use dragoman_tree::Span;

use super::blanks::{after_wraps, blank, without_line_ends};
use super::mark::{Ends, Mark};
use super::{Field, FieldKind, class};
use crate::edifact::escapes;

/// Where a segment begins.
#[derive(Clone, Copy, Debug)]
struct Start {
    at: u32,
    mark: u32,
}

/// The segments of a stretch of bytes, as offsets into it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tokens {
    marks: Vec<Mark>,
    starts: Vec<Start>,
    /// Where the scan goes on.
    at: usize,
    /// True within a segment.
    inside: bool,
    /// True where the field that is being scanned holds a release character.
    released: bool,
    /// The classes of all bytes within segments, one bit each.
    seen: u8,
}

/// How far a call of [`Tokens::scan`] came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scanned {
    /// A segment with its terminator.
    Segment,
    /// A segment that the end of the input cut off.
    Cut,
    /// The end of the bytes.
    Nothing,
}

impl Tokens {
    /// Forgets all segments; the next begins at `at` or after it.
    pub fn restart(&mut self, at: usize) {
        self.marks.clear();
        self.starts.clear();
        (self.at, self.inside, self.released, self.seen) = (at, false, false, 0);
    }

    /// The offset after the last segment.
    pub fn end(&self) -> usize {
        self.at
    }

    /// Goes on that many bytes further, between segments.
    pub fn pass(&mut self, bytes: usize) {
        self.at += bytes;
    }

    /// True where the bytes ended within a segment.
    pub fn is_inside(&self) -> bool {
        self.inside
    }

    /// The classes of all bytes within segments.
    pub fn seen(&self) -> u8 {
        self.seen
    }

    /// How many segments there are.
    pub fn len(&self) -> usize {
        self.starts.len() - usize::from(self.inside)
    }

    /// A segment by its index.
    pub fn segment(&self, index: usize) -> Segment<'_> {
        let start = self.starts[index];
        let end = self.starts.get(index + 1).map_or(self.marks.len(), |next| next.mark as usize);
        Segment { start: start.at, marks: &self.marks[start.mark as usize..end] }
    }

    /// All segments.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'_>> {
        (0..self.len()).map(|index| self.segment(index))
    }

    /// Takes back the last segment, to scan it again.
    pub fn take_back(&mut self) {
        if let Some(start) = self.starts.last() {
            self.at = start.at as usize;
        }
        self.discard();
    }

    /// Forgets the last segment and goes on after it.
    pub fn discard(&mut self) {
        if let Some(start) = self.starts.pop() {
            self.marks.truncate(start.mark as usize);
        }
        (self.inside, self.released) = (false, false);
    }

    /// The last segment.
    pub fn last(&self) -> Option<Segment<'_>> {
        self.len().checked_sub(1).map(|index| self.segment(index))
    }

    /// Scans to the end of the next segment, from where the last call stopped. `table` tells what each byte
    /// is; with `last` there are no more bytes, and what stands at the end is a segment without terminator.
    pub fn scan(&mut self, bytes: &[u8], table: &[u8; 256], last: bool) -> Scanned {
        if !self.inside && !self.begin(bytes, table) {
            return Scanned::Nothing;
        }
        let (mut at, mut seen, mut released) = (self.at, self.seen, self.released);
        while at < bytes.len() {
            let class = table[bytes[at] as usize];
            seen |= class;
            at += 1;
            let ends = match class & class::DELIMITER {
                0 => continue,
                class::RELEASE if after_wraps(bytes, at, table) < bytes.len() => {
                    at = after_wraps(bytes, at, table);
                    seen |= class::TABLE[bytes[at] as usize];
                    (at, released) = (at + 1, true);
                    continue;
                }
                class::WRAP => {
                    released = true;
                    continue;
                }
                class::ESCAPE => {
                    let Some(length) = escapes::length(&bytes[at - 1..], table, last) else {
                        at -= 1;
                        break;
                    };
                    seen |= class::HIGH;
                    (at, released) = (at - 1 + length, true);
                    continue;
                }
                // What it releases is still to come, or never will.
                class::RELEASE => {
                    (at, released) = if last { (at, true) } else { (at - 1, released) };
                    break;
                }
                class::COMPONENT => Ends::Component,
                class::REPETITION => Ends::Repetition,
                class::ELEMENT => Ends::Element,
                _ => Ends::Segment,
            };
            self.marks.push(Mark { at: at as u32 - 1, ends, released });
            released = false;
            if ends == Ends::Segment {
                self.inside = false;
                break;
            }
        }
        (self.at, self.seen, self.released) = (at, seen, released);
        match (self.inside, last) {
            (false, _) => Scanned::Segment,
            (true, true) => self.cut(bytes),
            (true, false) => Scanned::Nothing,
        }
    }

    /// Adds a segment that was found by other means: where it starts, its element separators, its terminator.
    pub fn push(&mut self, start: usize, separators: impl Iterator<Item = usize>, terminator: usize) {
        self.starts.push(Start { at: start as u32, mark: self.marks.len() as u32 });
        let mark = |(at, ends): (usize, Ends)| Mark { at: at as u32, ends, released: false };
        let all = separators.map(|at| (at, Ends::Element)).chain([(terminator, Ends::Segment)]);
        self.marks.extend(all.map(mark));
        self.at = terminator + 1;
    }

    /// Skips white space before a tag and begins a segment there; false where there are no more bytes.
    fn begin(&mut self, bytes: &[u8], table: &[u8; 256]) -> bool {
        self.at += blank(bytes.get(self.at..).unwrap_or_default(), table);
        self.inside = self.at < bytes.len();
        if self.inside {
            self.starts.push(Start { at: self.at as u32, mark: self.marks.len() as u32 });
        }
        self.inside
    }

    /// Ends a segment that has no terminator; white space at its end does not belong to it.
    fn cut(&mut self, bytes: &[u8]) -> Scanned {
        let start = self.starts.last().map_or(0, |start| start.at as usize);
        let first = self.marks.last().map_or(start, |mark| (mark.at as usize + 1).max(start));
        let trailing = bytes[first..self.at].iter().rev().take_while(|byte| **byte <= b' ').count();
        let at = (self.at - trailing) as u32;
        self.marks.push(Mark { at, ends: Ends::Segment, released: self.released });
        (self.inside, self.released) = (false, false);
        Scanned::Cut
    }
}

/// A segment: its tag, data elements and components as offsets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Segment<'t> {
    start: u32,
    marks: &'t [Mark],
}

/// One occurrence of a data element: its components.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Occurrence<'t> {
    /// The position of the data element in its segment, from 1; 0 is the tag.
    pub element: u32,
    /// The number of the repetition, from 1.
    pub repetition: u32,
    start: u32,
    marks: &'t [Mark],
}

impl<'t> Segment<'t> {
    /// The whole segment without its terminator.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.marks.last().map_or(self.start, |mark| mark.at))
    }

    /// The tag.
    pub fn tag(&self) -> Span {
        Span::new(self.start, self.marks.first().map_or(self.start, |mark| mark.at))
    }

    /// The bytes of the tag, without blanks after it and without line ends that cut it.
    pub fn name<'b>(&self, bytes: &'b [u8]) -> Cow<'b, [u8]> {
        without_line_ends(bytes.get(self.tag().range()).unwrap_or_default().trim_ascii_end())
    }

    /// True for a terminator that ends nothing.
    pub fn is_empty(&self) -> bool {
        self.span().is_empty()
    }

    /// The tag with what follows it up to the first data element (explicit nesting), then all data elements,
    /// each with its repetitions.
    pub fn occurrences(&self) -> impl Iterator<Item = Occurrence<'t>> + use<'t> {
        let (mut start, mut rest) = (self.start, self.marks);
        let (mut element, mut repetition) = (0, 1);
        std::iter::from_fn(move || {
            let length = rest.iter().position(|mark| mark.ends != Ends::Component)? + 1;
            let (marks, after) = rest.split_at(length);
            let occurrence = Occurrence { element, repetition, start, marks };
            let last = marks[length - 1];
            (start, rest) = (last.at + 1, after);
            if last.ends == Ends::Repetition {
                repetition += 1;
            } else {
                (element, repetition) = (element + 1, 1);
            }
            Some(occurrence)
        })
    }

    /// Visits the fields in order.
    pub fn fields(&self, visit: &mut impl FnMut(Field)) {
        let (mut start, mut kind) = (self.start, FieldKind::Tag);
        for mark in self.marks {
            visit(Field { kind, span: Span::new(start, mark.at), released: mark.released });
            start = mark.at + 1;
            kind = match mark.ends {
                Ends::Component => FieldKind::Component,
                Ends::Repetition => FieldKind::Repetition,
                Ends::Element | Ends::Segment => FieldKind::Element,
            };
        }
    }

    /// The bytes of a component, by the position of its data element and its own, both from 1; empty where
    /// there is none. Release characters are still in it.
    pub fn value<'b>(&self, bytes: &'b [u8], element: u32, component: usize) -> &'b [u8] {
        let mut occurrences = self.occurrences();
        let found = occurrences.find(|found| found.element == element);
        let field = found.and_then(|found| found.components().nth(component - 1));
        field.and_then(|(span, _)| bytes.get(span.range())).unwrap_or_default()
    }
}

impl<'t> Occurrence<'t> {
    /// All components.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.marks.last().map_or(self.start, |mark| mark.at))
    }

    /// True where every component is empty.
    pub fn is_empty(&self) -> bool {
        self.span().end - self.start == self.marks.len() as u32 - 1
    }

    /// True where another repetition follows.
    pub fn is_repeated(&self) -> bool {
        self.marks.last().is_some_and(|mark| mark.ends == Ends::Repetition)
    }

    /// The components as spans, each with whether it holds release characters.
    pub fn components(&self) -> impl Iterator<Item = (Span, bool)> + use<'t> {
        let mut start = self.start;
        self.marks.iter().map(move |mark| {
            let span = Span::new(start, mark.at);
            start = mark.at + 1;
            (span, mark.released)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edifact::ServiceString;
    use proptest::prelude::*;

    /// Every component with its place, as text.
    fn fields(bytes: &[u8], tokens: &Tokens) -> Vec<(u32, u32, usize, String)> {
        let mut all = Vec::new();
        for occurrence in tokens.segments().flat_map(|segment| segment.occurrences()) {
            for (component, (span, _)) in occurrence.components().enumerate() {
                let text = String::from_utf8_lossy(&bytes[span.range()]).into_owned();
                all.push((occurrence.element, occurrence.repetition, component + 1, text));
            }
        }
        all
    }

    fn tokens(bytes: &[u8]) -> Tokens {
        let mut tokens = Tokens::default();
        let table = ServiceString::of_version("4").table();
        while tokens.scan(bytes, &table, true) != Scanned::Nothing {}
        tokens
    }

    #[test]
    fn elements_repetitions_and_components() {
        let bytes = b"BGM+a:b*c++d?+?''\r\n  X'Y+?";
        let tokens = tokens(bytes);
        let expected = [
            (0, 1, 1, "BGM"),
            (1, 1, 1, "a"),
            (1, 1, 2, "b"),
            (1, 2, 1, "c"),
            (2, 1, 1, ""),
            (3, 1, 1, "d?+?'"),
            (0, 1, 1, "X"),
            (0, 1, 1, "Y"),
            (1, 1, 1, "?"),
        ];
        let expected: Vec<_> = expected.map(|(e, r, c, text)| (e, r, c, text.to_owned())).into();
        assert_eq!(fields(bytes, &tokens), expected);
        assert_eq!(tokens.segment(0).value(bytes, 1, 2), b"b");
        assert_eq!(tokens.segment(0).value(bytes, 9, 1), b"");
        let released: Vec<_> = tokens.marks.iter().map(|mark| mark.released).collect();
        assert_eq!(released, [false, false, false, false, false, true, false, false, true]);
    }

    #[test]
    fn a_segment_can_be_taken_back() {
        let (bytes, mut tokens) = (b"A+1'B+2'", tokens(b"A+1'B+2'"));
        tokens.take_back();
        assert_eq!((tokens.len(), tokens.end()), (1, 4));
        assert_eq!(fields(bytes, &tokens).len(), 2);
    }

    proptest! {
        #[test]
        fn pieces_give_the_same_tokens(
            bytes in proptest::collection::vec(
                prop_oneof![proptest::sample::select(b"+:?'*\n".to_vec()), any::<u8>()],
                0..80,
            ),
            cuts in proptest::collection::vec(0..80_usize, 0..8),
        ) {
            let whole = tokens(&bytes);
            let table = ServiceString::of_version("4").table();
            let mut cuts: Vec<_> = cuts.into_iter().map(|cut| cut.min(bytes.len())).collect();
            cuts.sort_unstable();
            let mut pieces = Tokens::default();
            for cut in cuts {
                while pieces.scan(&bytes[..cut], &table, false) != Scanned::Nothing {}
            }
            while pieces.scan(&bytes, &table, true) != Scanned::Nothing {}
            prop_assert_eq!(fields(&bytes, &whole), fields(&bytes, &pieces));
            prop_assert_eq!(whole.seen(), pieces.seen());
        }
    }
}
