//! Trees to an interchange: service characters, positions, envelope, counts and references.

mod envelope;

use dragoman_tree::Finding;

use super::charset::Charset;
use super::service::ServiceString;
use crate::segments::WireIndex;
use crate::segments::emit::Emitter;
use crate::segments::runs::runs;
use envelope::Writer;

pub(super) use crate::segments::cells::{NO_POSITION, NO_ROOM, Outgoing};
pub(super) use crate::segments::emit::{AMBIGUOUS_BYTES, ILLEGAL_TAG, UNENCODABLE};
pub use envelope::{Interchange, Party};
pub(super) use envelope::{NO_INTERCHANGE_HEADER, OTHER_INTERCHANGE, UNUSABLE_SERVICE};

/// What to do with a character that the character set does not hold, or that cannot be released.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Unencodable {
    /// Write nothing.
    #[default]
    Refuse,
    /// Write this character in its place, with a warning.
    Substitute(char),
    /// Write it, with a warning, where its bytes can be written at all (small letters under UNOA); else
    /// refuse.
    Keep,
}

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// The service characters; those of the syntax version where there are none.
    pub service: Option<ServiceString>,
    /// Write UNA also where the service characters are the defaults.
    pub una: bool,
    /// The UNB to write; that of the first tree where there is none.
    pub interchange: Option<Interchange>,
    /// The character set, where no UNB is written.
    pub charset: Charset,
    /// What to do with characters that cannot be written.
    pub unencodable: Unencodable,
    /// End the line after each segment.
    pub lines: bool,
}

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// The interchange.
    pub bytes: Vec<u8>,
    /// What is worth saying about it.
    pub findings: Vec<Finding>,
    /// Where each leaf went.
    pub index: WireIndex,
}

/// An interchange that was not written, because that would change or lose what it says.
#[derive(Clone, Debug, thiserror::Error)]
#[error("the interchange cannot be written: {}", findings.first().map_or("", |finding| &finding.message))]
pub struct Refused {
    /// Why; at least one is an error.
    pub findings: Vec<Finding>,
}

/// The messages by the interchange that each names: those of a run have the same UNB, or none.
pub fn interchanges<'m, 't>(messages: &'m [Outgoing<'t>]) -> impl Iterator<Item = &'m [Outgoing<'t>]> {
    runs(messages, "UNB")
}

/// Writes messages into one interchange. Positions come from the places that the nodes have in the grammar,
/// without place from their names; UNT, UNE and UNZ are made, UNH is completed. Trees are written in their
/// own order.
pub fn write(messages: &[Outgoing<'_>], options: &WriteOptions) -> Result<Written, Box<Refused>> {
    let Emitter { out: bytes, findings, index, refused, .. } = Writer::new(messages, options).interchange();
    if refused { Err(Box::new(Refused { findings })) } else { Ok(Written { bytes, findings, index }) }
}
