//! The findings of flat files.

use dragoman_tree::Code;

/// The findings that reading and writing flat files can raise.
pub const CODES: &[&Code] = &[
    &UNKNOWN_RECORD,
    &NO_PLACE,
    &SHORT,
    &SURPLUS,
    &FILLING,
    &UNCLOSED,
    &REPEATED,
    &OVERFLOW,
    &UNWRITABLE,
    &TOO_LONG,
];

/// A line that is no record.
pub const UNKNOWN_RECORD: Code = Code {
    id: "DG-E0360",
    title: "a line of no known record",
    help: "The line begins with the id of no record that the grammar describes. It is kept as a whole. A line end inside \
           a value, or columns that are shifted, look like this.",
};

/// A record where none may stand.
pub const NO_PLACE: Code = Code {
    id: "DG-E0361",
    title: "the message has no place for a record here",
    help: "The record may not stand where it stands: it comes too late, or the record or section that it belongs to is \
           missing. It is kept as a whole, without its fields.",
};

/// A record that ends early.
pub const SHORT: Code = Code {
    id: "DG-E0362",
    title: "a record is shorter than it has to be",
    help: "Columns or fields at its end are missing; they are read as empty. Trailing blanks were perhaps cut off on the \
           way: many receivers refuse such records. Written again, it has its full length.",
};

/// Characters where the record has no field.
pub const SURPLUS: Code = Code {
    id: "DG-E0363",
    title: "characters where the record has no field",
    help: "Something stands in columns that are to be blank, behind the last column, or in more fields than the record \
           has. It is kept under its column or number. Often a value before it is too long.",
};

/// A value that is not filled as it has to be.
pub const FILLING: Code = Code {
    id: "DG-E0364",
    title: "a number is not filled with zeros",
    help: "Numbers stand on the right of their columns, behind zeros. This one is kept with the blanks around it.",
};

/// A section or quote without its end or beginning.
pub const UNCLOSED: Code = Code {
    id: "DG-E0365",
    title: "a section or quotation has no end, or no beginning",
    help: "A section begins with a line of its name and ends with another (`<cargo>`, `<END-cargo>`); a field that begins \
           with a quote ends with one.",
};

/// A key that differs from the one it repeats.
pub const REPEATED: Code = Code {
    id: "DG-E0366",
    title: "a field does not repeat the value that it has to",
    help: "Records name what they belong to by the values of a record before them; trailers repeat those of their header. \
           The values differ here. Written of itself, a message repeats them.",
};

/// A value that its columns cannot hold.
pub const OVERFLOW: Code = Code {
    id: "DG-E0367",
    title: "a value is longer than its columns",
    help: "It would reach into the next field, so nothing is written. Shorten it.",
};

/// A value that cannot be written.
pub const UNWRITABLE: Code = Code {
    id: "DG-E0368",
    title: "a value cannot be written in a flat file",
    help: "It holds a line end, the separator where fields cannot be quoted, or a character that the encoding lacks; or \
           nothing says in which column it stands. It would become another field or record, so nothing is written.",
};

/// Not everything was read.
pub const TOO_LONG: Code = Code {
    id: "DG-E0369",
    title: "the file is longer than is read",
    help: "What follows the limit is left out. Split the file.",
};
