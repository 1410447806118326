//! The codes of 997, 999 and TA1 for what is wrong.

use crate::acknowledge::{At, Fault, Wrong};

/// AK304 and IK304, the error of a segment.
pub(super) fn segment(fault: &Fault) -> &'static str {
    let group = matches!(fault.at, At::Segment { group: true, .. });
    match fault.wrong {
        Wrong::Unexpected => "2",
        Wrong::Missing => "3",
        Wrong::TooMany if group => "4",
        Wrong::TooMany => "5",
        Wrong::OutOfOrder => "7",
        _ => "8",
    }
}

/// AK403 and IK403, the error of a data element.
pub(super) const fn element(wrong: Wrong) -> &'static str {
    match wrong {
        Wrong::Missing => "1",
        Wrong::Demanded => "2",
        Wrong::TooMany | Wrong::Unexpected | Wrong::OutOfOrder => "3",
        Wrong::TooShort => "4",
        Wrong::TooLong => "5",
        Wrong::Code => "7",
        Wrong::Date => "8",
        Wrong::Time => "9",
        Wrong::Excluded => "10",
        Wrong::Characters | Wrong::NoTrailer | Wrong::Count | Wrong::Reference | Wrong::Other => "6",
    }
}

/// AK502 to AK506, the errors of a transaction set, each once.
pub(super) fn set(faults: &[Fault]) -> Vec<&'static str> {
    let code = |fault: &Fault| match (&fault.at, fault.wrong) {
        (At::Message, Wrong::NoTrailer) => "2",
        (At::Message, Wrong::Reference) => "3",
        (At::Message, Wrong::Count) => "4",
        _ => "5",
    };
    once(faults.iter().map(code))
}

/// AK905 to AK909, the errors of a group, each once.
pub(super) fn group(wrong: &[Wrong]) -> Vec<&'static str> {
    let code = |wrong: &Wrong| match wrong {
        Wrong::NoTrailer => "3",
        Wrong::Reference => "4",
        _ => "5",
    };
    once(wrong.iter().map(code))
}

/// TA104 and TA105: the verdict on an interchange and the reason.
pub(super) fn interchange(wrong: &[Wrong]) -> (&'static str, &'static str) {
    match wrong.first() {
        None => ("A", "000"),
        Some(Wrong::Reference) => ("R", "001"),
        Some(Wrong::Count) => ("E", "021"),
        Some(Wrong::NoTrailer) => ("R", "023"),
        Some(_) => ("R", "022"),
    }
}

fn once(codes: impl Iterator<Item = &'static str>) -> Vec<&'static str> {
    let mut all: Vec<_> = codes.collect();
    all.sort_unstable();
    all.dedup();
    all
}
