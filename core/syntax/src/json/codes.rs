//! The findings of the JSON reader.

use dragoman_tree::Code;

use super::linked;

/// Something stands where it cannot.
pub const UNEXPECTED: Code = Code {
    id: "DG-E0201",
    title: "unexpected character in JSON",
    help: "The text does not go on as JSON (RFC 8259) here. What came before was read, what follows was not.",
};
/// The input ends too early.
pub const UNCLOSED: Code = Code {
    id: "DG-E0202",
    title: "object, array or string is not closed",
    help: "The message ends, or an outer bracket closes, before the bracket or quote that was opened here is \
           closed. Often the message was cut off on its way.",
};
/// A closing bracket without an opening one.
pub const UNOPENED: Code = Code {
    id: "DG-E0203",
    title: "closing bracket without an opening one",
    help: "No object or array that this bracket could close is open. It was passed over.",
};
/// Two members or items without a comma between them.
pub const COMMA_MISSING: Code = Code {
    id: "DG-E0204",
    title: "comma is missing",
    help: "Members of an object and items of an array are separated by commas. Reading went on as if there were \
           one.",
};
/// A comma that separates nothing.
pub const COMMA_EXTRA: Code = Code {
    id: "DG-E0205",
    title: "comma without a value",
    help: "A comma stands only between two members or items: not after the last one, not before the first, not \
           twice. It was passed over.",
};
/// A name without a colon after it.
pub const COLON_MISSING: Code = Code {
    id: "DG-E0206",
    title: "colon is missing",
    help: "A colon stands between the name of a member and its value. Reading went on as if there were one.",
};
/// A member without a value.
pub const VALUE_MISSING: Code = Code {
    id: "DG-E0207",
    title: "value is missing",
    help: "The member has a name but no value; it was left out. No value is written as `null`.",
};
/// A word without quotes.
pub const WORD: Code = Code {
    id: "DG-E0208",
    title: "word without quotes",
    help: "Outside quotes JSON knows only `true`, `false` and `null`, in lower case. The word was read as text.",
};
/// A number that is not written as JSON writes numbers.
pub const NUMBER: Code = Code {
    id: "DG-E0209",
    title: "number is malformed",
    help: "A JSON number is an optional minus, digits without leading zeros, and optionally a point with digits \
           and an exponent. The literal was kept as it is.",
};
/// An escape that JSON does not have.
pub const ESCAPE: Code = Code {
    id: "DG-E0210",
    title: "unknown escape in a string",
    help: "After a backslash JSON allows only the characters \" \\ / b f n r t and u with four hexadecimal \
           digits. The characters were kept as they are.",
};
/// Half of a surrogate pair.
pub const SURROGATE: Code = Code {
    id: "DG-E0211",
    title: "half a surrogate pair",
    help: "A character beyond U+FFFF is escaped as two \\u escapes, the first D800 to DBFF, the second DC00 to \
           DFFF. One of them alone is no character; U+FFFD was put in its place. Often a text was cut in the \
           middle of a character.",
};
/// A control character in a string.
pub const CONTROL: Code = Code {
    id: "DG-E0212",
    title: "control character in a string",
    help: "Line ends, tabs and other characters below U+0020 must be escaped in a string. The character was kept. \
           Where it is a line end, a closing quote may be missing.",
};
/// Bytes that are no UTF-8.
pub const ENCODING: Code = Code {
    id: "DG-E0213",
    title: "text is not UTF-8",
    help: "JSON is UTF-8. U+FFFD was put in the place of each sequence of bytes that is none.",
};
/// A byte order mark.
pub const BOM: Code = Code {
    id: "DG-E0214",
    title: "byte order mark before JSON",
    help: "RFC 8259 section 8.1 forbids to send one; it was passed over.",
};
/// A name twice in one object.
pub const DUPLICATE: Code = Code {
    id: "DG-E0215",
    title: "member occurs twice in one object",
    help: "Programs differ in which of the two they take, so the message means different things to them. Both \
           were kept.",
};
/// Something after the value.
pub const TRAILING: Code = Code {
    id: "DG-E0216",
    title: "data after the end of the value",
    help: "A message is one JSON value. What follows it was not read. Files with one value a line (NDJSON) are \
           read line by line.",
};
/// A comment.
pub const COMMENT: Code =
    Code { id: "DG-E0217", title: "comment in JSON", help: "JSON has no comments; it was passed over." };
/// Nothing at all.
pub const EMPTY: Code = Code {
    id: "DG-E0218",
    title: "nothing to read",
    help: "The message is empty or holds only white space.",
};
/// A limit of the reader.
pub const LIMIT: Code = Code {
    id: "DG-E0219",
    title: "message exceeds a limit",
    help: "It is larger, deeper nested or more broken than the reader takes in. Reading stopped there.",
};

/// All findings of this module.
pub const CODES: &[&Code] = &[
    &UNEXPECTED,
    &UNCLOSED,
    &UNOPENED,
    &COMMA_MISSING,
    &COMMA_EXTRA,
    &COLON_MISSING,
    &VALUE_MISSING,
    &WORD,
    &NUMBER,
    &ESCAPE,
    &SURROGATE,
    &CONTROL,
    &ENCODING,
    &BOM,
    &DUPLICATE,
    &TRAILING,
    &COMMENT,
    &EMPTY,
    &LIMIT,
    &linked::ELSEWHERE,
    &linked::TOO_MUCH,
];
