//! UN/EDIFACT, ISO 9735: interchanges to trees and back.
//!
//! [`messages`] and [`Reader`] give one tree a message, with what is wrong in it and in its envelope as
//! findings. The root has the segments UNB and UNG of the envelope, then UNH, groups and segments; UNT, UNE
//! and UNZ are checked when read and made when written. Syntax versions 1 to 4 are read, in the character sets
//! UNOA to UNOK, UNOW to UNOY (of UNOX the sets of `escapes`), IATA and IATB; lines of one length are joined, and
//! explicit nesting is compared with the structure. Interactive EDIFACT (part 3), objects and security segments are not
//! interpreted.

mod acknowledge;
mod charset;
mod envelope;
pub(crate) mod escapes;
mod fields;
mod frame;
mod interchange;
mod message;
mod read;
mod service;
mod start;
mod wrapped;
mod write;

use dragoman_tree::Code;

use crate::segments::{assemble, elements};
pub(crate) use charset::{OUTSIDE_REPERTOIRE, push_latin1};
pub(crate) use escapes::Shift;
pub(crate) use frame::{BYTE_ORDER_MARK, EMPTY_SEGMENT, MORE, TOO_LONG, UNTERMINATED};

pub use acknowledge::{Acknowledgement, Acknowledger, Action, Answer, Form, MessageAnswer, Reported, answer};
pub use charset::Charset;
pub use fields::fields;
pub use message::MessageType;
pub use read::{Grammars, LIMIT, Message, Messages, Reader, messages};
pub use service::ServiceString;
pub use write::{Interchange, Party, Refused, Unencodable, WriteOptions, Written, interchanges, write};

pub use crate::acknowledge::Stamp;
pub use crate::segments::cells::Outgoing;
pub use crate::segments::{Difference, Field, FieldKind, WireIndex, WireLeaf, WireSegment, difference};

/// The kinds of findings of this syntax.
pub const CODES: &[&Code] = &[
    &frame::NO_INTERCHANGE,
    &frame::STRAY_BYTES,
    &frame::BYTE_ORDER_MARK,
    &frame::LINE_ENDS,
    &wrapped::WRAPPED,
    &frame::UNUSABLE_UNA,
    &envelope::NO_HEADER,
    &envelope::NO_TRAILER,
    &interchange::NO_MESSAGE_HEADER,
    &interchange::NO_MESSAGE_TRAILER,
    &envelope::WRONG_COUNT,
    &envelope::WRONG_REFERENCE,
    &frame::UNTERMINATED,
    &charset::UNKNOWN_CHARSET,
    &charset::OTHER_ENCODING,
    &charset::OUTSIDE_REPERTOIRE,
    &read::NO_GRAMMAR,
    &read::OTHER_DIRECTORY,
    &frame::EMPTY_SEGMENT,
    &assemble::NO_PLACE,
    &elements::NO_ELEMENT,
    &elements::NO_COMPONENT,
    &elements::NESTING,
    &frame::TOO_LONG,
    &frame::MORE,
    &write::NO_ROOM,
    &write::NO_POSITION,
    &write::UNENCODABLE,
    &write::AMBIGUOUS_BYTES,
    &write::ILLEGAL_TAG,
    &write::OTHER_INTERCHANGE,
    &write::NO_INTERCHANGE_HEADER,
    &write::UNUSABLE_SERVICE,
];
