//! ASC X12: interchanges to trees and back.
//!
//! [`messages`] and [`Reader`] give one tree a transaction set, with what is wrong in it and in its envelope as
//! findings. The root has copies of ISA and GS, then ST, loops and segments; SE, GE and IEA are checked when read
//! and made when written. TA1 segments stand outside any transaction set: those of one place are a message `TA1`.
//! Elements are named by their position, two digits (`BEG/03`). Grammars describe what is read, not all there is:
//! X12's dictionaries are licensed.

mod acknowledge;
mod binary;
mod delimiters;
mod envelope;
mod frame;
mod interchange;
mod message;
mod read;
mod start;
mod write;

use dragoman_tree::Code;

pub use crate::segments::cells::Outgoing;
pub use crate::segments::{Difference, WireIndex, WireLeaf, WireSegment, difference};
pub use acknowledge::{
    Acknowledgement, Acknowledger, Answer, Form, InterchangeAnswer, SetAnswer, Stamp, Verdict, answer,
    interchange_answers,
};
pub use delimiters::Delimiters;
pub use message::SetType;
pub use read::{Encoding, Grammars, Message, Messages, Reader, messages};
pub use write::{Content, Envelope, Party, Refused, WriteOptions, Written, interchanges, write};

/// The kinds of findings of this syntax; what it shares with EDIFACT is there.
pub const CODES: &[&Code] = &[
    &frame::NO_INTERCHANGE,
    &frame::STRAY_BYTES,
    &frame::UNEVEN_ISA,
    &envelope::NO_HEADER,
    &envelope::NO_TRAILER,
    &envelope::WRONG_COUNT,
    &envelope::WRONG_REFERENCE,
    &interchange::OUTSIDE,
    &interchange::EMPTY_GROUP,
    &binary::WRONG_LENGTH,
    &read::NO_GRAMMAR,
    &read::NOT_UTF8,
    &write::NO_ENVELOPE,
    &write::OTHER_INTERCHANGE,
    &write::TOO_LONG,
    &write::UNUSABLE_DELIMITERS,
    &write::OTHER_DELIMITERS,
];
