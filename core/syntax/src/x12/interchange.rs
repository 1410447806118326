//! What service segments do: begin and end interchanges, groups and transaction sets.

use dragoman_tree::{Code, Finding};

use super::delimiters::{Delimiters, can_separate};
use super::envelope::{NO_HEADER, NO_TRAILER, Trailer, number, tag_span, unclosed};
use super::frame::{Frame, Framer, State};
use crate::edifact::EMPTY_SEGMENT;
use crate::segments::header::Header;

/// A segment outside any transaction set.
pub const OUTSIDE: Code = Code {
    id: "DG-E0347",
    title: "a segment stands outside any transaction set",
    help: "Between transaction sets only the segments of the envelope stand. It is skipped; probably an ST is missing \
           before it.",
};

/// A group without transaction sets.
pub const EMPTY_GROUP: Code = Code {
    id: "DG-E0349",
    title: "an interchange holds no transaction set",
    help: "There is neither a transaction set nor a TA1 between ISA and IEA, so nothing can be read from it.",
};

impl Framer {
    /// Handles the segment just scanned; gives the transaction set that it ends.
    pub(super) fn segment(&mut self, bytes: &[u8], base: u64) -> Option<Frame> {
        let window = bytes.get(self.window..).unwrap_or_default();
        let segment = self.tokens.last()?;
        if segment.is_empty() {
            let finding = Finding::warning(&EMPTY_SEGMENT, EMPTY_SEGMENT.title);
            self.findings.push(finding.at(self.base(base), tag_span(&segment)));
            self.tokens.discard();
            return None;
        }
        let tag = window.get(segment.tag().range()).unwrap_or_default().trim_ascii_end();
        match (self.state, tag) {
            (State::Set, b"SE") => return Some(self.set_trailer(window, base)),
            (State::Set, b"ST" | b"GS" | b"GE" | b"IEA") => {
                self.tokens.take_back();
                return Some(self.without_trailer(base));
            }
            (State::Set, _) | (State::Acknowledging, b"TA1") => {}
            (State::Acknowledging, _) => {
                self.tokens.take_back();
                return Some(self.give(false));
            }
            (_, b"ST") => self.set(base),
            (_, b"TA1") => {
                self.state = State::Acknowledging;
                self.count();
            }
            (_, b"GS") => self.group_header(window, base),
            (_, b"GE") => self.group_trailer(window, base),
            (_, b"IEA") => self.interchange_trailer(window, base),
            (_, b"ISB" | b"ISE" | b"ISX") if self.group.is_none() => self.service_segment(window, base),
            _ => self.outside(base),
        }
        None
    }

    fn outside(&mut self, base: u64) {
        let Some(segment) = self.tokens.last() else { return };
        let finding = Finding::error(&OUTSIDE, OUTSIDE.title).at(self.base(base), segment.span());
        self.findings.push(finding);
        self.tokens.discard();
    }

    /// Begins a transaction set with the last segment.
    fn set(&mut self, base: u64) {
        if self.group.is_none() {
            let span = self.tokens.last().map(|segment| segment.tag()).unwrap_or_default();
            let finding = Finding::error(&NO_HEADER, "no GS precedes this transaction set");
            self.findings.push(finding.at(self.base(base), span));
        }
        self.state = State::Set;
        self.count();
    }

    fn count(&mut self) {
        for header in self.interchange.iter_mut().chain(&mut self.group) {
            header.messages += 1;
        }
    }

    fn set_trailer(&mut self, window: &[u8], base: u64) -> Frame {
        if let (Some(segment), Some(first)) = (self.tokens.last(), self.tokens.segments().next()) {
            let header = first.value(window, 2, 1);
            let number = Some(crate::segments::header::text(header, self.delimiters.service()));
            let counted = self.tokens.len() as u64;
            let base = self.base(base);
            let trailer = Trailer { tag: "SE", segment, window, base, counted, number };
            trailer.check(self.delimiters, &mut self.findings);
        }
        self.give(true)
    }

    /// Gives out a transaction set that ends without SE.
    pub(super) fn without_trailer(&mut self, base: u64) -> Frame {
        let span = self.tokens.segments().next().map(|segment| segment.tag()).unwrap_or_default();
        let message = "the transaction set that begins here has no SE";
        self.findings.push(Finding::error(&NO_TRAILER, message).at(self.base(base), span));
        self.give(false)
    }

    /// ISB, ISE and ISX; the last may announce a release character.
    fn service_segment(&mut self, window: &[u8], base: u64) {
        let Some(segment) = self.tokens.last() else { return };
        let start = segment.span().start as usize;
        let bytes = window.get(start..self.tokens.end()).unwrap_or_default();
        let header = Header::new(bytes, self.base(base) + start as u64, &self.table);
        let release = match bytes.strip_prefix(b"ISX").map(|_| segment.value(window, 1, 1)) {
            Some([byte]) if can_separate(*byte) => Some(*byte),
            _ => self.delimiters.release,
        };
        self.tokens.discard();
        self.service.push(header);
        let delimiters = Delimiters { release, ..self.delimiters };
        if delimiters.is_usable() {
            self.set_delimiters(delimiters);
        }
    }

    fn group_header(&mut self, window: &[u8], base: u64) {
        let Some(segment) = self.tokens.last() else { return };
        let start = segment.span().start as usize;
        let bytes = window.get(start..self.tokens.end()).unwrap_or_default();
        let header = Header::new(bytes, self.base(base) + start as u64, &self.table);
        self.tokens.discard();
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "GS", "GE")));
        self.group = Some(header);
        if let Some(interchange) = &mut self.interchange {
            interchange.groups += 1;
        }
    }

    fn group_trailer(&mut self, window: &[u8], base: u64) {
        let (Some(segment), group) = (self.tokens.last(), self.group.take()) else { return };
        let base = self.base(base);
        match group {
            Some(group) => {
                let number = Some(number(&group, 6, self.delimiters));
                let trailer = Trailer { tag: "GE", segment, window, base, counted: group.messages, number };
                trailer.check(self.delimiters, &mut self.findings);
            }
            None => {
                let finding = Finding::error(&NO_HEADER, "GE closes no functional group");
                self.findings.push(finding.at(base, segment.tag()));
            }
        }
        self.tokens.discard();
    }

    fn interchange_trailer(&mut self, window: &[u8], base: u64) {
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "GS", "GE")));
        let (Some(segment), interchange) = (self.tokens.last(), self.interchange.take()) else { return };
        let base = self.base(base);
        if let Some(interchange) = interchange {
            let (counted, number) = (interchange.groups, Some(number(&interchange, 13, self.delimiters)));
            let trailer = Trailer { tag: "IEA", segment, window, base, counted, number };
            trailer.check(self.delimiters, &mut self.findings);
            if interchange.messages == 0 {
                let (at, span) = interchange.place();
                self.findings.push(Finding::warning(&EMPTY_GROUP, EMPTY_GROUP.title).at(at, span));
            }
        }
        self.close();
    }

    /// Ends the interchange and goes on outside of it.
    pub(super) fn close(&mut self) {
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "GS", "GE")));
        self.findings.extend(self.interchange.take().map(|header| unclosed(&header, "ISA", "IEA")));
        self.service.clear();
        self.pass();
        self.state = State::Outside;
    }
}
