//! The error codes (0085) and service segment tags (0135, before version 4 0013) of CONTRL for what is wrong.

use crate::acknowledge::{At, Fault, Wrong};

/// 0085 of a fault in a message, its segments and data elements.
pub(super) const fn error(fault: &Fault) -> &'static str {
    let is_group = matches!(fault.at, At::Segment { group: true, .. });
    match fault.wrong {
        Wrong::Missing | Wrong::Demanded | Wrong::NoTrailer => "13",
        Wrong::Unexpected | Wrong::OutOfOrder | Wrong::Excluded => "15",
        Wrong::TooMany if is_group => "36",
        Wrong::TooMany => "35",
        Wrong::Characters => "37",
        Wrong::TooShort => "40",
        Wrong::TooLong => "39",
        Wrong::Code | Wrong::Date | Wrong::Time => "12",
        Wrong::Reference => "28",
        Wrong::Count => "29",
        Wrong::Other => "18",
    }
}

/// The service segment that a fault at the level of the message is in; none for one that is in no such segment.
pub(super) fn service(fault: &Fault) -> &str {
    match (&fault.at, fault.wrong) {
        (At::Message, Wrong::NoTrailer | Wrong::Reference | Wrong::Count) => "UNT",
        (At::Message, _) => "",
        (At::Segment { tag, .. } | At::Element { tag, .. }, _) => tag,
    }
}
