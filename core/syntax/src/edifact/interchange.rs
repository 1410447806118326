//! What service segments do: begin and end interchanges, groups and messages.

use dragoman_tree::{Code, Finding, Span};

use super::charset::{Charset, UNKNOWN_CHARSET};
use super::envelope::{NO_HEADER, NO_TRAILER, Trailer, unclosed};
use super::frame::{EMPTY_SEGMENT, Frame, Framer, LINE_ENDS, State};
use super::service::{ServiceString, repeats};
use crate::segments::header::Header;

/// A message without header.
pub const NO_MESSAGE_HEADER: Code = Code {
    id: "DG-E0308",
    title: "a message has no UNH",
    help: "Segments stand outside any message. They are read as a message of unknown type.",
};

/// A message without trailer.
pub const NO_MESSAGE_TRAILER: Code = Code {
    id: "DG-E0309",
    title: "a message has no UNT",
    help: "The message ends where the next one begins, with the interchange or with the file. It may be \
           incomplete.",
};

impl Framer {
    /// Handles the segment just scanned; gives the message that it ends.
    pub(super) fn segment(&mut self, bytes: &[u8], base: u64) -> Option<Frame> {
        let window = bytes.get(self.window..).unwrap_or_default();
        let segment = self.tokens.last()?;
        if segment.is_empty() {
            self.report(&EMPTY_SEGMENT, EMPTY_SEGMENT.title, base);
            self.tokens.discard();
            return None;
        }
        let (start, end) = (segment.span().start as usize, self.tokens.end());
        let tag = segment.name(window);
        self.notice_lines(start, base);
        match (self.state, &*tag) {
            (State::Message, b"UNT") => return Some(self.message_trailer(window, base)),
            (State::Message, b"UNA" | b"UNB" | b"UNG" | b"UNH" | b"UNE" | b"UNZ") => {
                self.tokens.take_back();
                return Some(self.without_trailer(base));
            }
            (State::Message, _) => {}
            (_, b"UNH") => self.message_header(base),
            (_, b"UNB") => self.interchange_header(window, base),
            (_, b"UNG") => self.group_header(window, base),
            (_, b"UNE") => self.group_trailer(window, base),
            (_, b"UNZ") => self.interchange_trailer(window, base),
            (_, tag) if is_tag(tag) && tag != b"UNT" && tag != b"UNA" => {
                self.report(&NO_MESSAGE_HEADER, "a message begins without UNH", base);
                self.message();
            }
            _ => {
                let stray = window.get(..end).unwrap_or_default();
                self.skip(stray, base);
                self.report_stray();
                self.tokens.restart(0);
            }
        }
        None
    }

    /// A finding at the tag of the last segment.
    fn report(&mut self, code: &'static Code, message: &str, base: u64) {
        let span = self.tokens.last().map_or(Span::default(), |segment| segment.tag());
        let span = if span.is_empty() { Span::new(span.start, span.start + 1) } else { span };
        let finding = if code == &EMPTY_SEGMENT { Finding::warning } else { Finding::error };
        self.findings.push(finding(code, message).at(self.base(base), span));
    }

    fn message_header(&mut self, base: u64) {
        if self.interchange.is_none() && !std::mem::replace(&mut self.bare, true) {
            let span = self.tokens.last().map_or(Span::default(), |segment| segment.tag());
            let message = "no UNB precedes this message; read with the default service characters as UNOC";
            self.findings.push(Finding::warning(&NO_HEADER, message).at(self.base(base), span));
        }
        if let (None, Some(una)) = (&self.interchange, self.una) {
            self.set_service(una);
        }
        self.message();
    }

    /// Begins a message with the last segment.
    fn message(&mut self) {
        self.state = State::Message;
        for header in self.interchange.iter_mut().chain(&mut self.group) {
            header.messages += 1;
        }
    }

    fn message_trailer(&mut self, window: &[u8], base: u64) -> Frame {
        if let (Some(segment), Some(first)) = (self.tokens.last(), self.tokens.segments().next()) {
            let reference = (&*first.name(window) == b"UNH").then(|| first.value(window, 1, 1));
            let elements = ["0074", "0062"];
            let trailer = Trailer { tag: "UNT", elements, segment, window, base: base + self.window as u64 };
            trailer.check(self.tokens.len() as u64, reference, self.service, &mut self.findings);
        }
        self.give(true)
    }

    /// Gives out a message that ends without UNT.
    pub(super) fn without_trailer(&mut self, base: u64) -> Frame {
        let span = self.tokens.segments().next().map_or(Span::default(), |segment| segment.tag());
        let message = "the message that begins here has no UNT";
        self.findings.push(Finding::error(&NO_MESSAGE_TRAILER, message).at(self.base(base), span));
        self.give(false)
    }

    fn interchange_header(&mut self, window: &[u8], base: u64) {
        let Some(segment) = self.tokens.last() else { return };
        let (start, end) = (segment.span().start as usize, self.tokens.end());
        self.report_unclosed();
        let plain = ServiceString { repetition: None, extended: false, ..self.service };
        let bytes = window.get(start..end).unwrap_or_default();
        let header = Header::new(bytes, self.base(base) + start as u64, &plain.table());
        let version = header.text(1, 2, plain);
        let default = ServiceString::of_version(&version).repetition;
        let repetition = self.una.map_or(default, |una| una.repetition).filter(|_| repeats(&version));
        self.set_charset(&header, plain);
        self.set_service(ServiceString { repetition, extended: self.charset == Charset::UnoX, ..plain });
        self.header_end = Some(end - start);
        self.interchange = Some(header);
        self.window += start;
        self.tokens.restart(end - start);
    }

    fn set_service(&mut self, service: ServiceString) {
        (self.service, self.table) = (service, service.table());
    }

    fn set_charset(&mut self, header: &Header, service: ServiceString) {
        let identifier = header.text(1, 1, service);
        self.charset = Charset::from_identifier(&identifier);
        if self.charset == Charset::Unknown {
            let message = format!("`{}` names no supported character set", identifier.escape_debug());
            let field = header.segment().occurrences().nth(1);
            let span = field.map_or(header.segment().tag(), |field| field.span());
            let finding = Finding::warning(&UNKNOWN_CHARSET, message).at(header.at, span);
            self.findings.push(finding.wire("UNB/S001/0001"));
        }
    }

    fn group_header(&mut self, window: &[u8], base: u64) {
        let Some(segment) = self.tokens.last() else { return };
        let start = segment.span().start as usize;
        let bytes = window.get(start..self.tokens.end()).unwrap_or_default();
        let header = Header::new(bytes, self.base(base) + start as u64, &self.table);
        self.tokens.discard();
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "UNE")));
        self.group = Some(header);
        if let Some(interchange) = &mut self.interchange {
            interchange.groups += 1;
        }
    }

    fn group_trailer(&mut self, window: &[u8], base: u64) {
        let (Some(segment), group) = (self.tokens.last(), self.group.take()) else { return };
        let base = self.base(base);
        if let Some(group) = group {
            let trailer = Trailer { tag: "UNE", elements: ["0060", "0048"], segment, window, base };
            let reference = group.segment().value(&group.bytes, 5, 1);
            trailer.check(group.messages, Some(reference), self.service, &mut self.findings);
        } else {
            let finding = Finding::error(&NO_TRAILER, "UNE closes no group");
            self.findings.push(finding.at(base, segment.tag()));
        }
        self.pass();
    }

    fn interchange_trailer(&mut self, window: &[u8], base: u64) {
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "UNE")));
        let (Some(segment), interchange) = (self.tokens.last(), self.interchange.take()) else { return };
        let base = self.base(base);
        if let Some(interchange) = interchange {
            let trailer = Trailer { tag: "UNZ", elements: ["0036", "0020"], segment, window, base };
            let reference = interchange.segment().value(&interchange.bytes, 5, 1);
            let counted = if interchange.groups > 0 { interchange.groups } else { interchange.messages };
            trailer.check(counted, Some(reference), self.service, &mut self.findings);
        } else {
            let finding = Finding::warning(&NO_HEADER, "UNZ closes no interchange");
            self.findings.push(finding.at(base, segment.tag()));
        }
        self.close();
    }

    /// Ends the interchange and goes on outside of it.
    pub(super) fn close(&mut self) {
        self.report_unclosed();
        self.pass();
        (self.state, self.bare) = (State::Outside, false);
    }

    fn report_unclosed(&mut self) {
        self.findings.extend(self.group.take().map(|group| unclosed(&group, "UNE")));
        self.findings.extend(self.interchange.take().map(|header| unclosed(&header, "UNZ")));
    }

    /// Says once an interchange that lines separate its segments: looks between UNB and the segment after it.
    fn notice_lines(&mut self, start: usize, base: u64) {
        if let Some(end) = self.header_end.take().filter(|end| *end < start) {
            let finding = Finding::info(&LINE_ENDS, LINE_ENDS.title);
            self.findings.push(finding.at(self.base(base), Span::of(end, start)));
        }
    }
}

/// True for what can be the tag of a user segment: three capital letters or digits.
fn is_tag(tag: &[u8]) -> bool {
    tag.len() == 3 && tag.iter().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit())
}
