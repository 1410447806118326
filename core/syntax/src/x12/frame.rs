//! Cuts the bytes into transaction sets and checks the envelope around them, holding no more than one.

use std::ops::Range;

use dragoman_tree::{Code, Finding, Findings, Span};

use super::binary::{self, Binary, WRONG_LENGTH};
use super::delimiters::Delimiters;
use super::start::{self, LENGTHS, Start};
use crate::edifact::{BYTE_ORDER_MARK, TOO_LONG, UNTERMINATED};
use crate::segments::blanks::blank;
use crate::segments::header::Header;
use crate::segments::stray::Stray;
use crate::segments::token::{Scanned, Tokens};

/// Nothing in the file begins an interchange.
pub const NO_INTERCHANGE: Code = Code {
    id: "DG-E0340",
    title: "there is no X12 interchange here",
    help: "No ISA segment was found: the file is of another format, empty, or encoded in 16 bits a character. An ISA \
           has 16 elements; without all of them nothing tells the delimiters.",
};

/// Bytes before, between or after interchanges.
pub const STRAY_BYTES: Code = Code {
    id: "DG-E0341",
    title: "bytes outside any X12 interchange",
    help: "Transport headers, control characters, or the remains of another file. They are skipped.",
};

/// ISA with elements of a wrong length.
pub const UNEVEN_ISA: Code = Code {
    id: "DG-E0342",
    title: "an element of ISA has a wrong length",
    help: "All elements of ISA have a fixed length, filled up with blanks, so that ISA with its terminator has 106 \
           characters. Many receivers find the delimiters by position and reject the file. It is read by its \
           separators.",
};

/// Where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Outside of any interchange.
    Outside,
    /// In an interchange, outside of any transaction set.
    Between,
    /// In a run of TA1 segments.
    Acknowledging,
    /// In a transaction set.
    Set,
}

/// A transaction set in the bytes, or a run of TA1 segments.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Its bytes: from ISA where it is the first in there, else from ST; up to SE.
    pub window: Range<usize>,
    /// True where its last segment is SE.
    pub trailer: bool,
}

/// Cuts bytes into transaction sets. Offsets count from the beginning of the bytes that [`next`](Self::next) gets.
#[derive(Debug)]
pub(super) struct Framer {
    /// The delimiters in force.
    pub delimiters: Delimiters,
    /// The segments of the transaction set, relative to its window.
    pub tokens: Tokens,
    /// ISA.
    pub interchange: Option<Header>,
    /// What stands between ISA and the first GS beside TA1: ISB, ISE, ISX.
    pub service: Vec<Header>,
    /// GS.
    pub group: Option<Header>,
    /// What was found since the last transaction set.
    pub findings: Findings,
    pub(super) table: [u8; 256],
    pub(super) state: State,
    /// Where the window of the next transaction set begins.
    pub(super) window: usize,
    /// Where the window of the one that was given out ends.
    given: Option<usize>,
    /// Bytes outside any interchange that are to be reported.
    stray: Stray,
    /// True once an ISA was found.
    found: bool,
    limit: usize,
}

impl Framer {
    /// Starts at the beginning of a file. No transaction set may be longer than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        let delimiters = Delimiters::default();
        Self {
            delimiters,
            tokens: Tokens::default(),
            interchange: None,
            service: Vec::new(),
            group: None,
            findings: Findings::default(),
            table: delimiters.service().table(),
            state: State::Outside,
            window: 0,
            given: None,
            stray: Stray::default(),
            found: false,
            limit: limit.clamp(1, u32::MAX as usize / 2),
        }
    }

    /// How many bytes at the beginning nothing to come needs; the caller drops them.
    pub fn compact(&mut self) -> usize {
        self.move_on();
        std::mem::take(&mut self.window)
    }

    /// Goes on after what was given out.
    fn move_on(&mut self) {
        if let Some(end) = self.given.take() {
            self.window = end;
            self.tokens.restart(0);
        }
    }

    /// The next transaction set in `bytes`, which begin at the offset `base` of the file; `None` where more bytes
    /// are needed, or with `last` at the end.
    pub fn next(&mut self, bytes: &[u8], base: u64, last: bool) -> Option<Frame> {
        self.move_on();
        loop {
            if self.state == State::Outside {
                self.start(bytes, base, last)?;
                continue;
            }
            let rest = bytes.get(self.window..).unwrap_or_default();
            let within = rest.get(..self.limit).unwrap_or(rest);
            let limited = within.len() < rest.len();
            let ends = last || limited;
            if !self.tokens.is_inside() && self.next_begins(within, ends)? {
                if let Some(frame) = self.next_interchange(base) {
                    return Some(frame);
                }
                continue;
            }
            let binary = !self.tokens.is_inside() && self.binary(within, base, ends)?;
            let scanned = if binary { Scanned::Segment } else { self.tokens.scan(within, &self.table, ends) };
            match scanned {
                Scanned::Segment => {}
                Scanned::Nothing if limited && self.tokens.len() == 0 => {
                    self.pass();
                    continue;
                }
                Scanned::Nothing | Scanned::Cut if limited => {
                    return Some(self.too_long(base, scanned == Scanned::Cut));
                }
                Scanned::Nothing => return if last { self.end(base) } else { None },
                Scanned::Cut => self.unterminated(base),
            }
            let frame = self.segment(bytes, base);
            if frame.is_some() {
                return frame;
            }
        }
    }

    /// Gives out all segments scanned so far.
    pub(super) fn give(&mut self, trailer: bool) -> Frame {
        let end = self.window + self.tokens.end();
        (self.given, self.state) = (Some(end), State::Between);
        Frame { window: self.window..end, trailer }
    }

    /// Goes on after the last segment.
    pub(super) fn pass(&mut self) {
        self.window += self.tokens.end();
        self.tokens.restart(0);
    }

    /// The offset in the file of the window that spans count from.
    pub(super) fn base(&self, base: u64) -> u64 {
        base + self.window as u64
    }

    /// Takes the delimiters that separate from now on.
    pub(super) fn set_delimiters(&mut self, delimiters: Delimiters) {
        (self.delimiters, self.table) = (delimiters, delimiters.service().table());
    }

    /// Looks for ISA.
    fn start(&mut self, bytes: &[u8], base: u64, last: bool) -> Option<()> {
        const MARK: &[u8] = b"\xEF\xBB\xBF";
        let rest = bytes.get(self.window..).unwrap_or_default();
        if self.base(base) == 0 && MARK.starts_with(rest) && !last {
            return None;
        }
        if self.base(base) == 0 && rest.starts_with(MARK) {
            self.findings.push(Finding::info(&BYTE_ORDER_MARK, BYTE_ORDER_MARK.title).at(0, Span::new(0, 3)));
            self.window += MARK.len();
            return self.start(bytes, base, last);
        }
        match start::find(rest, last) {
            Ok(start) => {
                self.skip(rest.get(..start.body.start).unwrap_or_default(), base);
                self.begin(bytes, &start, base);
                Some(())
            }
            Err(skipped) => {
                self.skip(rest.get(..skipped).unwrap_or_default(), base);
                if last {
                    self.nothing_more(base);
                }
                None
            }
        }
    }

    /// Begins an interchange with its ISA, at the window.
    fn begin(&mut self, bytes: &[u8], start: &Start, base: u64) {
        self.report_stray();
        let at = start.body.start;
        let isa = bytes.get(self.window..self.window + start.body.len()).unwrap_or_default();
        self.set_delimiters(start.delimiters);
        // The delimiters that ISA tells are no elements of it.
        let plain = Delimiters { component: start.delimiters.segment, ..start.delimiters };
        self.interchange = Some(Header::new(isa, self.base(base), &plain.service().table()));
        if let Some((number, range)) = &start.uneven {
            let length = LENGTHS.get(number - 1).copied().unwrap_or_default();
            let message = format!("ISA{number:02} has {} characters, not {length}", range.len());
            let span = Span::of(range.start - at, (range.end - at).max(range.start - at + 1));
            let finding = Finding::warning(&UNEVEN_ISA, message).at(self.base(base), span);
            self.findings.push(finding.wire(format!("ISA/{number:02}")));
        }
        self.service.clear();
        self.tokens.restart(start.end - at);
        (self.state, self.found) = (State::Between, true);
    }

    /// True where the next interchange begins before this one was closed. `None` where more bytes are needed.
    fn next_begins(&mut self, within: &[u8], last: bool) -> Option<bool> {
        // White space is passed for good: there may be any amount of it, in any pieces.
        let rest = within.get(self.tokens.end()..).unwrap_or_default();
        self.tokens.pass(blank(rest, &self.table));
        let rest = within.get(self.tokens.end()..).unwrap_or_default();
        if rest.first() == Some(&b'I') { start::may_begin(rest, last) } else { Some(false) }
    }

    /// Ends this interchange where the next one begins.
    fn next_interchange(&mut self, base: u64) -> Option<Frame> {
        let frame = match self.state {
            State::Set => Some(self.without_trailer(base)),
            State::Acknowledging => Some(self.give(false)),
            State::Outside | State::Between => None,
        };
        if frame.is_none() {
            self.close();
        }
        frame
    }

    /// True where a binary segment was taken. `None` where more bytes are needed.
    fn binary(&mut self, within: &[u8], base: u64, last: bool) -> Option<bool> {
        let start = self.tokens.end();
        let rest = within.get(start..).unwrap_or_default();
        let Delimiters { element, segment, .. } = self.delimiters;
        match binary::look(rest, element, segment, last) {
            Binary::No => Some(false),
            Binary::More => None,
            Binary::Data { from, end } => {
                let head = rest.get(..=from).unwrap_or_default().iter().enumerate();
                let marks = head.filter(|(_, byte)| **byte == element).map(|(at, _)| start + at);
                self.tokens.push(start, marks, start + end);
                Some(true)
            }
            Binary::Wrong => {
                let finding = Finding::error(&WRONG_LENGTH, WRONG_LENGTH.title);
                self.findings.push(finding.at(self.base(base), Span::of(start, start + 3)));
                Some(false)
            }
        }
    }

    /// Passes over bytes outside any interchange. White space is not worth a word.
    pub(super) fn skip(&mut self, bytes: &[u8], base: u64) {
        self.stray.add(bytes, self.base(base));
        self.window += bytes.len();
    }

    /// Reports the bytes that were passed over.
    fn report_stray(&mut self) {
        if let Some(finding) = self.stray.report(&STRAY_BYTES) {
            self.findings.push(finding);
        }
    }

    /// The file ends outside any interchange.
    fn nothing_more(&mut self, base: u64) {
        self.report_stray();
        if !std::mem::replace(&mut self.found, true) {
            let finding = Finding::error(&NO_INTERCHANGE, NO_INTERCHANGE.title);
            self.findings.push(finding.at(self.base(base), Span::default()));
        }
    }

    /// The file ends within an interchange.
    fn end(&mut self, base: u64) -> Option<Frame> {
        let frame = self.next_interchange(base);
        if frame.is_none() {
            self.nothing_more(base);
        }
        frame
    }

    fn unterminated(&mut self, base: u64) {
        let span = self.tokens.last().map_or(Span::default(), |segment| segment.span());
        self.findings.push(Finding::error(&UNTERMINATED, UNTERMINATED.title).at(self.base(base), span));
    }

    /// Gives out what there is of a transaction set. A segment at its end that was cut is for the next, unless
    /// there is no other.
    fn too_long(&mut self, base: u64, cut: bool) -> Frame {
        if cut && self.tokens.len() > 1 {
            self.tokens.take_back();
        }
        let message = format!("the transaction set is longer than {} bytes", self.limit);
        let span = self.tokens.segments().next().map_or(Span::default(), |segment| segment.tag());
        self.findings.push(Finding::error(&TOO_LONG, message).at(self.base(base), span));
        self.give(false)
    }
}
