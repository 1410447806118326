//! Agreement: what the documents of one sale have to say alike, because an authority compares them.
//!
//! A file of it (`mappings/rules/ceb-sale.toml`) is loaded once by [`load_agreement`]. Each document that comes is read to
//! [`Entry`]s, which keep what is compared and where it stands, and the document may go; [`Agreement::compare`] then says
//! what differs, in both documents. [`Agreement::complete`] goes the other way: what one document states and another one of
//! the sale lacks is put in there. There are two levels of one shape: sales, and the lines of a sale. The work grows with
//! the number of values.

mod compare;
mod complete;
mod load;
mod read;
mod stamped;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use dragoman_model::Decimal;
use dragoman_tree::Severity;

use crate::Pattern;

pub use compare::{DIFFERS, LACKS};
pub use complete::{Made, Stamp};
pub use load::load_agreement;

use stamped::Stamped;

/// What the documents of one sale have to agree in.
#[derive(Clone, Debug)]
pub struct Agreement {
    /// The file's name, a path under `mappings/` without ending: `rules/ceb-sale`.
    pub name: Box<str>,
    /// What it is about.
    pub title: Box<str>,
    /// Who compares the documents, and where that is said.
    pub source: Box<str>,
    /// The documents, in the order in which they are compared: the first one that states a value is what others
    /// are held against.
    pub(crate) documents: Vec<Compared>,
    pub(crate) sales: Level,
    pub(crate) lines: Level,
    /// What follows in one document from what another one states.
    pub(crate) follows: Vec<Follows>,
}

/// A kind of document that is compared.
#[derive(Clone, Debug)]
pub(crate) struct Compared {
    /// Its canonical type: `shipment`.
    pub kind: Box<str>,
    /// What people call it: `waybill`.
    pub called: Box<str>,
    /// The message that it is sent as, without its adapter; none where it is only compared.
    pub message: Option<Box<str>>,
    /// What is stated of every document of its kind that says nothing else, by canonical path.
    pub states: Vec<(Box<str>, Stamped)>,
    /// The member of its lines that is their position, whatever stood there.
    pub numbers: Option<Box<str>>,
}

/// Sales, or lines of a sale.
#[derive(Clone, Debug, Default)]
pub(crate) struct Level {
    /// The list below a document whose entries these are; none for the documents themselves.
    pub lists: Vec<Option<Box<str>>>,
    /// By which value entries of several documents are one.
    pub key: Alike,
    /// What they agree in.
    pub alike: Vec<Alike>,
    /// What documents are given that lack it.
    pub shared: Vec<Shared>,
}

/// Something that several documents state, and who lacks it is given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Shared {
    /// Its path in each document, with one entry of each list on the way; none where it has no place.
    pub at: Vec<Option<Box<str>>>,
}

/// A value that follows from one of another document of the sale.
#[derive(Clone, Debug)]
pub(crate) struct Follows {
    /// The document that states the one, and where.
    pub from: (usize, Pattern),
    /// The document that lacks the other, and where.
    pub to: (usize, Box<str>),
    /// What follows from what.
    pub values: BTreeMap<String, String>,
}

/// A value that several documents state.
#[derive(Clone, Debug, Default)]
pub(crate) struct Alike {
    /// What it is: `amount paid`.
    pub what: Box<str>,
    /// How bad it is where it differs.
    pub severity: Option<Severity>,
    /// Where each document states it; the first place at which something stands counts. Empty where one does not.
    pub at: Vec<Vec<Pattern>>,
}

/// Where a value stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Located {
    /// The bytes, from the start of the file.
    pub span: Range<u64>,
    /// The place in the message.
    pub wire_path: Option<String>,
    /// The place in the canonical document.
    pub path: String,
}

/// What a document says of one sale, or of one line of it.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The number that the reader has for the file.
    file: usize,
    /// Which of the agreement's documents.
    document: usize,
    /// Where the entry itself stands.
    whole: Located,
    keys: Vec<Stated>,
    values: Vec<Option<Stated>>,
    lines: Vec<Entry>,
}

/// A value, or several of which one is enough.
#[derive(Clone, Debug)]
struct Stated {
    values: Vec<Literal>,
    /// Where the first of them stands.
    at: Located,
}

/// A literal, and its value where it is a number: by this it is compared.
#[derive(Clone, Debug)]
struct Literal {
    text: String,
    number: Option<Decimal>,
}

/// All kinds of findings that comparing raises.
pub(crate) const CODES: &[&dragoman_tree::Code] = &[&DIFFERS, &LACKS];
