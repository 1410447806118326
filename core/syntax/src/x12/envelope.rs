//! The envelope: interchange (ISA, IEA), functional group (GS, GE) and transaction set (ST, SE), their counts and
//! control numbers.

use dragoman_tree::{Code, Finding, Findings, Span};

use super::delimiters::Delimiters;
use crate::segments::header::{Header, text};
use crate::segments::token::Segment;

/// A trailer or a part without header.
pub const NO_HEADER: Code = Code {
    id: "DG-E0343",
    title: "a part of the interchange has no header",
    help: "A transaction set stands outside any functional group (GS), or a trailer (SE, GE, IEA) closes nothing. \
           Without GS nobody knows the version, and the group cannot be acknowledged.",
};

/// A header without trailer.
pub const NO_TRAILER: Code = Code {
    id: "DG-E0344",
    title: "a part of the interchange is not closed",
    help: "SE (transaction set), GE (functional group) or IEA (interchange) is missing. The file may have been cut \
           off: ask the sender for all of it.",
};

/// A stated count that is wrong.
pub const WRONG_COUNT: Code = Code {
    id: "DG-E0345",
    title: "a control count does not match",
    help: "SE01 counts the segments of a transaction set with ST and SE, GE01 the transaction sets of a group, \
           IEA01 the groups of an interchange. A receiver that checks rejects the part: something was lost or added \
           on the way.",
};

/// A trailer that names another header.
pub const WRONG_REFERENCE: Code = Code {
    id: "DG-E0346",
    title: "a trailer names another control number than its header",
    help: "The control number must be the same in ST02 and SE02, GS06 and GE02, ISA13 and IEA02.",
};

/// That no trailer ends a header.
pub(super) fn unclosed(header: &Header, tag: &str, trailer: &str) -> Finding {
    let (at, span) = header.place();
    Finding::error(&NO_TRAILER, format!("no {trailer} closes this {tag}")).at(at, span).wire(trailer)
}

/// A trailer segment, with what is known of its header.
pub(super) struct Trailer<'t> {
    /// Its tag, for people.
    pub tag: &'static str,
    pub segment: Segment<'t>,
    /// The window it is in, and the offset of that in the file.
    pub window: &'t [u8],
    pub base: u64,
    /// What was counted.
    pub counted: u64,
    /// The control number of the header, where there is one.
    pub number: Option<String>,
}

impl Trailer<'_> {
    /// Compares the stated count and control number with the counted and the header's.
    pub fn check(&self, delimiters: Delimiters, findings: &mut Findings) {
        let value = |element| text(self.segment.value(self.window, element, 1), delimiters.service());
        let finding = |code, element: u32, message: String| {
            let field = self.segment.occurrences().find(|found| found.element == element);
            let span = field.map_or(self.segment.tag(), |field| field.span());
            Finding::error(code, message).at(self.base, span).wire(format!("{}/{element:02}", self.tag))
        };
        let (stated, named) = (value(1), value(2));
        if stated.trim().parse() != Ok(self.counted) {
            let message = format!("{}01 says {}, counted {}", self.tag, quoted(&stated), self.counted);
            findings.push(finding(&WRONG_COUNT, 1, message));
        }
        let Some(number) = &self.number else { return };
        if named.trim() != number.trim() {
            let message = format!("{}02 names {}, its header {}", self.tag, quoted(&named), quoted(number));
            findings.push(finding(&WRONG_REFERENCE, 2, message));
        }
    }
}

/// A control number of a header.
pub(super) fn number(header: &Header, element: u32, delimiters: Delimiters) -> String {
    header.text(element, 1, delimiters.service())
}

/// The tag of a segment in a window, to point at; never nothing.
pub(super) fn tag_span(segment: &Segment<'_>) -> Span {
    let span = segment.tag();
    if span.is_empty() { Span::new(span.start, span.start + 1) } else { span }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".into() } else { format!("`{}`", value.escape_debug()) }
}
