//! Cuts the bytes into messages and checks the envelope around them, holding no more than one message.

use std::ops::Range;

use dragoman_tree::{Code, Finding, Findings, Span};

use super::charset::Charset;
use super::service::ServiceString;
use super::start;
use super::wrapped::{WRAPPED, is_wrapped};
use crate::segments::blanks::blank;
use crate::segments::header::Header;
use crate::segments::stray::Stray;
use crate::segments::token::{Scanned, Tokens};

/// Nothing in the file begins an interchange.
pub const NO_INTERCHANGE: Code = Code {
    id: "DG-E0301",
    title: "there is no EDIFACT interchange here",
    help: "None of UNA, UNB, UNG and UNH was found. The file is of another format, empty, encoded in 16 \
           bits a character or interactive EDIFACT (UIB), which is not supported.",
};

/// Bytes before, between or after interchanges.
pub const STRAY_BYTES: Code = Code {
    id: "DG-E0302",
    title: "bytes outside any interchange",
    help: "Transport headers, control characters such as STX, or the remains of another file. They are \
           skipped.",
};

/// A byte order mark.
pub const BYTE_ORDER_MARK: Code = Code {
    id: "DG-E0303",
    title: "the file begins with a byte order mark",
    help: "A UTF-8 byte order mark belongs to no character set of EDI. It is skipped; strict receivers \
           reject it.",
};

/// Line ends between segments.
pub const LINE_ENDS: Code = Code {
    id: "DG-E0304",
    title: "segments are separated by line ends",
    help: "Line ends after segment terminators are no part of the syntax. They are skipped.",
};

/// UNA that cannot be used.
pub const UNUSABLE_UNA: Code = Code {
    id: "DG-E0305",
    title: "UNA does not tell the service characters",
    help: "UNA is followed by exactly six characters: component separator, element separator, decimal mark, \
           release character, repetition separator or blank, segment terminator. The defaults `:+.? '` are \
           used instead.",
};

/// A segment without terminator.
pub const UNTERMINATED: Code = Code {
    id: "DG-E0314",
    title: "the last segment has no terminator",
    help: "The file ends within a segment: it was probably cut off. What is there is read.",
};

/// Two segment terminators in a row.
pub const EMPTY_SEGMENT: Code = Code {
    id: "DG-E0319",
    title: "an empty segment",
    help: "A segment terminator follows another one. It is skipped and counts for nothing.",
};

/// A message that is larger than the reader takes.
pub const TOO_LONG: Code = Code {
    id: "DG-E0325",
    title: "a message is longer than the limit",
    help: "A message that has too many bytes is read up to the limit, and what follows as a message of its \
           own; of one that has too many data elements what follows is left out. Raise the limit where such \
           messages are expected.",
};

/// More findings than are worth listing.
pub const MORE: Code = Code {
    id: "DG-E0326",
    title: "more findings than are listed",
    help: "The list of findings of a message is cut after the first hundreds. Usually all have one cause: a \
           wrong message type or directory in UNH, a missing segment, or a file of another format.",
};

/// Where the reader is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// Outside of any interchange.
    Outside,
    /// In an interchange, outside of any message.
    Between,
    /// In a message.
    Message,
}

/// A message in the bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Frame {
    /// Its bytes: from UNB or UNG where it is the first in there, else from UNH; up to UNT.
    pub window: Range<usize>,
    /// True where its last segment is UNT.
    pub trailer: bool,
}

/// Cuts bytes into messages. Offsets count from the beginning of the bytes that [`next`](Self::next) gets.
#[derive(Debug)]
pub(super) struct Framer {
    /// The service characters in force.
    pub service: ServiceString,
    /// The character set in force.
    pub charset: Charset,
    /// The segments of the message, relative to its window.
    pub tokens: Tokens,
    /// UNB.
    pub interchange: Option<Header>,
    /// UNG.
    pub group: Option<Header>,
    /// What was found since the last message.
    pub findings: Findings,
    pub(super) table: [u8; 256],
    pub(super) una: Option<ServiceString>,
    pub(super) state: State,
    /// Where the window of the next message begins.
    pub(super) window: usize,
    /// Where UNB ends in the window, until the next segment is seen.
    pub(super) header_end: Option<usize>,
    /// Where the window of the message that was given out ends.
    given: Option<usize>,
    /// Bytes outside any interchange that are to be reported.
    stray: Stray,
    /// True once the beginning of an interchange was found.
    found: bool,
    /// True once a missing UNB was reported.
    pub(super) bare: bool,
    limit: usize,
}

impl Framer {
    /// Starts at the beginning of a file. No message may be longer than `limit` bytes.
    pub fn new(limit: usize) -> Self {
        let service = ServiceString::default();
        Self {
            service,
            charset: Charset::default(),
            tokens: Tokens::default(),
            interchange: None,
            group: None,
            findings: Findings::default(),
            table: service.table(),
            una: None,
            state: State::Outside,
            window: 0,
            header_end: None,
            given: None,
            stray: Stray::default(),
            found: false,
            bare: false,
            limit: limit.clamp(1, u32::MAX as usize / 2),
        }
    }

    /// How many bytes at the beginning no message to come needs; the caller drops them.
    pub fn compact(&mut self) -> usize {
        self.move_on();
        std::mem::take(&mut self.window)
    }

    /// Goes on after the message that was given out.
    fn move_on(&mut self) {
        if let Some(end) = self.given.take() {
            self.window = end;
            self.tokens.restart(0);
        }
    }

    /// The next message in `bytes`, which begin at the offset `base` of the file; `None` where more bytes are
    /// needed, or with `last` at the end.
    pub fn next(&mut self, bytes: &[u8], base: u64, last: bool) -> Option<Frame> {
        self.move_on();
        loop {
            if self.state == State::Outside {
                self.start(bytes, base, last)?;
                continue;
            }
            if self.state == State::Between && self.at_una(bytes, last)? {
                self.close();
                continue;
            }
            let rest = bytes.get(self.window..).unwrap_or_default();
            let within = rest.get(..self.limit).unwrap_or(rest);
            let limited = within.len() < rest.len();
            let scanned = self.tokens.scan(within, &self.table, last || limited);
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

    /// Gives the message out, with all segments scanned so far.
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

    /// Looks for the beginning of an interchange.
    fn start(&mut self, bytes: &[u8], base: u64, last: bool) -> Option<()> {
        const MARK: [u8; 3] = [0xEF, 0xBB, 0xBF];
        let rest = bytes.get(self.window..).unwrap_or_default();
        if self.base(base) == 0 && MARK.starts_with(rest) && !last {
            return None;
        }
        if self.base(base) == 0 && rest.starts_with(&MARK) {
            self.findings.push(Finding::info(&BYTE_ORDER_MARK, BYTE_ORDER_MARK.title).at(0, Span::new(0, 3)));
            self.window += MARK.len();
            return self.start(bytes, base, last);
        }
        match start::find(rest, last) {
            Ok(mut start) => {
                let (skipped, found) = rest.split_at_checked(start.skipped).unwrap_or_default();
                start.service.wrapped = is_wrapped(found, start.service.terminator, last)?;
                self.skip(skipped, base);
                self.begin(&start, base);
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

    /// Begins an interchange after its UNA, if any.
    fn begin(&mut self, start: &start::Start, base: u64) {
        self.report_stray();
        if start.unusable {
            let finding = Finding::warning(&UNUSABLE_UNA, UNUSABLE_UNA.title);
            self.findings.push(finding.at(self.base(base), Span::of(0, start.una)));
        }
        if start.service.wrapped {
            let finding = Finding::info(&WRAPPED, WRAPPED.title);
            self.findings.push(finding.at(self.base(base), Span::of(0, start.una.max(3))));
        }
        self.una = (start.una > 0 && !start.unusable).then_some(start.service);
        self.service = ServiceString { repetition: None, extended: false, ..start.service };
        self.table = self.service.table();
        self.charset = Charset::default();
        self.window += start.una;
        self.tokens.restart(0);
        (self.state, self.found) = (State::Between, true);
    }

    /// Passes over bytes outside any interchange. White space is not worth a word.
    pub(super) fn skip(&mut self, bytes: &[u8], base: u64) {
        self.stray.add(bytes, self.base(base));
        self.window += bytes.len();
    }

    /// Reports the bytes that were passed over.
    pub(super) fn report_stray(&mut self) {
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
        if self.state == State::Message {
            return Some(self.without_trailer(base));
        }
        self.close();
        self.nothing_more(base);
        None
    }

    /// True where a UNA stands next, outside any message. `None` where more bytes are needed to know.
    fn at_una(&mut self, bytes: &[u8], last: bool) -> Option<bool> {
        if self.tokens.is_inside() {
            return Some(false);
        }
        // White space is passed for good: there may be any amount of it, in any pieces.
        let rest = bytes.get(self.window + self.tokens.end()..).unwrap_or_default();
        self.tokens.pass(blank(rest, &self.table));
        let rest = bytes.get(self.window + self.tokens.end()..).unwrap_or_default();
        let may_be = rest.starts_with(b"UNA") || b"UNA".starts_with(rest);
        match rest.len() < start::REACH && !last {
            _ if !may_be => Some(false),
            true => None,
            false => Some(rest.starts_with(b"UNA") && start::begins(rest).is_some()),
        }
    }

    fn unterminated(&mut self, base: u64) {
        let span = self.tokens.last().map_or(Span::default(), |segment| segment.span());
        self.findings.push(Finding::error(&UNTERMINATED, UNTERMINATED.title).at(self.base(base), span));
    }

    /// Gives out what there is of a message. A segment at its end that was cut is for the next, unless there is
    /// no other.
    fn too_long(&mut self, base: u64, cut: bool) -> Frame {
        if cut && self.tokens.len() > 1 {
            self.tokens.take_back();
        }
        let message = format!("the message is longer than {} bytes", self.limit);
        let span = self.tokens.segments().next().map_or(Span::default(), |segment| segment.tag());
        self.findings.push(Finding::error(&TOO_LONG, message).at(self.base(base), span));
        self.give(false)
    }
}
