//! ISA, whose elements have a fixed length, and GS.

use dragoman_tree::{Code, Finding};

use super::super::start::LENGTHS;
use crate::segments::cells::Cell;

/// A value that does not fit into ISA.
pub const TOO_LONG: Code = Code {
    id: "DG-E0353",
    title: "a value is too long for ISA",
    help: "All elements of ISA have a fixed length: ids have 15 characters, the control number has 9 digits. Nothing \
           is written, for the value would be cut.",
};

/// A party of an interchange, ISA05 to ISA08, and its code in GS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// ISA06 or ISA08.
    pub id: String,
    /// ISA05 or ISA07, the list that the id is from.
    pub qualifier: String,
    /// GS02 or GS03; the id where it is empty.
    pub application: String,
}

/// What ISA and GS say. Empty members are filled with blanks, or left to the writer.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Envelope {
    /// Who sends.
    pub sender: Party,
    /// Who receives.
    pub recipient: Party,
    /// ISA09, `YYMMDD`.
    pub date: String,
    /// ISA10, `HHMM`.
    pub time: String,
    /// ISA12, such as `00401`.
    pub version: String,
    /// ISA13, of which IEA02 is the same.
    pub number: String,
    /// ISA14: `1` asks for a TA1.
    pub acknowledgement: String,
    /// ISA15: `P` production, `T` test.
    pub usage: String,
    /// GS04 of groups that are made, `CCYYMMDD` from version 004010 on; ISA09 where it is empty.
    pub group_date: String,
    /// GS06 of groups that are made; `1` where it is empty.
    pub group_number: String,
}

impl Envelope {
    pub(super) fn cells(&self) -> Vec<Cell<'_>> {
        let (sender, recipient) = (&self.sender, &self.recipient);
        let values = [
            (5, &sender.qualifier),
            (6, &sender.id),
            (7, &recipient.qualifier),
            (8, &recipient.id),
            (9, &self.date),
            (10, &self.time),
            (12, &self.version),
            (13, &self.number),
            (14, &self.acknowledgement),
            (15, &self.usage),
        ];
        values.into_iter().map(|(element, value)| Cell::made(element, 1, value)).collect()
    }
}

/// What stands where nothing is said.
const DEFAULTS: [&str; 16] = ["00", "", "00", "", "ZZ", "", "ZZ", "", "", "", "U", "00401", "", "0", "P", ""];

/// The 16 values of ISA in their lengths, the delimiters among them still missing.
pub(super) fn isa(cells: &[Cell<'_>], findings: &mut Vec<Finding>) -> Vec<String> {
    let value = |(number, (length, default)): (u32, (usize, &str))| {
        let stated = cells.iter().find(|cell| cell.element == number).map_or("", |cell| cell.value);
        let value = if stated.is_empty() { default } else { stated };
        if value.chars().count() > length {
            let message = format!("ISA{number:02} has room for {length} characters, not for `{value}`");
            findings.push(Finding::error(&TOO_LONG, message).wire(format!("ISA/{number:02}")));
        }
        let is_number = matches!(number, 9 | 10 | 13);
        if is_number { format!("{value:0>length$}") } else { format!("{value:length$}") }
    };
    (1..).zip(LENGTHS.into_iter().zip(DEFAULTS)).map(value).collect()
}
