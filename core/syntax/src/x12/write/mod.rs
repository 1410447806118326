//! Trees to an interchange: delimiters, positions, envelope, counts and control numbers.

mod choose;
mod envelope;
mod header;
mod levels;

use dragoman_tree::{Code, Finding};

use super::Outgoing;
use super::delimiters::Delimiters;
use super::read::Encoding;
use crate::segments::WireIndex;
use crate::segments::emit::Emitter;
use crate::segments::runs::runs;
use envelope::Writer;

pub(super) use choose::OTHER_DELIMITERS;
pub(super) use envelope::{NO_ENVELOPE, OTHER_INTERCHANGE};
pub(super) use header::TOO_LONG;
pub use header::{Envelope, Party};

/// Delimiters that cannot do their job.
pub const UNUSABLE_DELIMITERS: Code = Code {
    id: "DG-E0354",
    title: "the delimiters to write with cannot separate anything",
    help: "Each delimiter is another character, and none is a letter, a digit, a blank or beyond ASCII.",
};

/// What to do with content that holds a delimiter: X12 has no way to release it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Content {
    /// Choose other delimiters, which no value holds. ISA tells them to the receiver.
    #[default]
    Change,
    /// Write this character in its place, with a warning.
    Substitute(char),
    /// Write nothing.
    Refuse,
}

/// How to write.
#[derive(Clone, Debug, Default)]
pub struct WriteOptions {
    /// The delimiters; the usual ones of the version where there are none.
    pub delimiters: Option<Delimiters>,
    /// The envelope to write; that of the first tree where there is none.
    pub envelope: Option<Envelope>,
    /// How characters are encoded.
    pub encoding: Encoding,
    /// What to do with content that holds a delimiter.
    pub content: Content,
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

/// The transaction sets by the interchange that each names: those of a run have the same ISA, or none.
pub fn interchanges<'m, 't>(messages: &'m [Outgoing<'t>]) -> impl Iterator<Item = &'m [Outgoing<'t>]> {
    runs(messages, "ISA")
}

/// Writes transaction sets into one interchange. Positions come from the places that the nodes have in the grammar,
/// without place from their names; SE, GE and IEA are made, ST and GS completed. Trees are written in their own
/// order.
pub fn write(messages: &[Outgoing<'_>], options: &WriteOptions) -> Result<Written, Box<Refused>> {
    let Emitter { out: bytes, findings, index, refused, .. } = Writer::new(messages, options).interchange();
    if refused { Err(Box::new(Refused { findings })) } else { Ok(Written { bytes, findings, index }) }
}
