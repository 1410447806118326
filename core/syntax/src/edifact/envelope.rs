//! The envelope: interchange (UNB, UNZ) and functional group (UNG, UNE), their counts and references.

use dragoman_tree::{Code, Finding, Findings};

use super::service::ServiceString;
use crate::segments::header::{Header, text};
use crate::segments::token::Segment;

/// Messages that no interchange header precedes.
pub const NO_HEADER: Code = Code {
    id: "DG-E0306",
    title: "an interchange has no UNB",
    help: "A message (UNH), a group (UNG) or a trailer (UNZ) stands outside any interchange. Without UNB \
           neither sender, recipient and syntax version are known nor can the message be acknowledged. It \
           is read with the default service characters as UNOC.",
};

/// An interchange or group that does not end.
pub const NO_TRAILER: Code = Code {
    id: "DG-E0307",
    title: "an interchange or group is not closed",
    help: "UNZ (interchange) or UNE (group) is missing, or a UNE closes nothing. The file may have been cut \
           off: ask the sender for all of it.",
};

/// A stated count that is wrong.
pub const WRONG_COUNT: Code = Code {
    id: "DG-E0310",
    title: "a control count does not match",
    help: "UNT/0074 counts the segments of a message with UNH and UNT, UNE/0060 the messages of a group, \
           UNZ/0036 the messages of an interchange, or its groups where it has any. A receiver that checks \
           rejects the message: something was lost or added on the way.",
};

/// A trailer that names another header.
pub const WRONG_REFERENCE: Code = Code {
    id: "DG-E0311",
    title: "a trailer names another reference than its header",
    help: "0062 must be the same in UNH and UNT, 0048 in UNG and UNE, 0020 in UNB and UNZ.",
};

/// That no trailer ends a header.
pub(super) fn unclosed(header: &Header, trailer: &str) -> Finding {
    let (at, span) = header.place();
    let tag = if trailer == "UNE" { "UNG" } else { "UNB" };
    Finding::error(&NO_TRAILER, format!("no {trailer} closes this {tag}")).at(at, span).wire(trailer)
}

/// A trailer segment with what is known of its header.
pub(super) struct Trailer<'t> {
    /// Its tag, for people.
    pub tag: &'static str,
    /// The numbers of its count and reference elements, for people.
    pub elements: [&'static str; 2],
    /// The segment.
    pub segment: Segment<'t>,
    /// The window it is in, and its offset in the file.
    pub window: &'t [u8],
    /// Offset of the window in the file.
    pub base: u64,
}

impl Trailer<'_> {
    /// Compares the stated count and reference with the counted and the header's.
    pub fn check(
        &self,
        counted: u64,
        reference: Option<&[u8]>,
        service: ServiceString,
        findings: &mut Findings,
    ) {
        let [count_element, reference_element] = self.elements;
        let value = |element| text(self.segment.value(self.window, element, 1), service);
        let finding = |code, element, name: &str, message: String| {
            let field = self.segment.occurrences().find(|found| found.element == element);
            let span = field.map_or(self.segment.tag(), |field| field.span());
            Finding::error(code, message).at(self.base, span).wire(format!("{}/{name}", self.tag))
        };
        let stated = value(1);
        if stated.trim().parse() != Ok(counted) {
            let message = format!("{} says {}, counted {counted}", self.tag, quoted(&stated));
            findings.push(finding(&WRONG_COUNT, 1, count_element, message));
        }
        let Some(expected) = reference.map(|reference| text(reference, service)) else { return };
        let named = value(2);
        if named != expected {
            let message = format!("{} names {}, its header {}", self.tag, quoted(&named), quoted(&expected));
            findings.push(finding(&WRONG_REFERENCE, 2, reference_element, message));
        }
    }
}

fn quoted(value: &str) -> String {
    if value.is_empty() { "nothing".into() } else { format!("`{}`", value.escape_debug()) }
}
