//! The findings of validation.

use dragoman_tree::Code;

/// The findings that validation can raise.
pub const CODES: &[&Code] = &[
    &WRONG_ROOT,
    &UNKNOWN,
    &ORDER,
    &TOO_MANY,
    &MISSING,
    &EXCLUSIVE,
    &TEXT,
    &TYPE,
    &LENGTH,
    &DIGITS,
    &RANGE,
    &PATTERN,
    &BLANK,
    &NOT_IN_LIST,
    &FIXED,
    &TOO_MANY_FINDINGS,
    &CONDITION,
];

/// The message is another one.
pub const WRONG_ROOT: Code = Code {
    id: "DG-E0401",
    title: "this is another message",
    help: "The outermost element is not the one that the grammar describes, or is in another namespace. Nothing \
           else was checked.",
};

/// A node that the grammar does not have there.
pub const UNKNOWN: Code = Code {
    id: "DG-E0402",
    title: "an element that the grammar does not know here",
    help: "The published schema has no such element, attribute or member at this place. It may be misspelt, stand \
           below the wrong parent, be in the wrong namespace, or belong to another version. The receiver refuses \
           it; in JSON, which grows over time, it is only kept apart.",
};

/// Siblings in the wrong order.
pub const ORDER: Code = Code {
    id: "DG-E0403",
    title: "elements in the wrong order",
    help: "The elements of a message stand in the order of its schema. This one stands after an element that it \
           belongs before.",
};

/// More than the grammar allows.
pub const TOO_MANY: Code = Code {
    id: "DG-E0404",
    title: "an element that occurs too often",
    help: "The schema limits how often this element may stand below its parent.",
};

/// Something mandatory is absent.
pub const MISSING: Code = Code {
    id: "DG-E0405",
    title: "something mandatory is missing",
    help: "The schema demands this element, attribute or member wherever its parent stands.",
};

/// Two of a choice.
pub const EXCLUSIVE: Code = Code {
    id: "DG-E0406",
    title: "elements that exclude each other",
    help: "The schema lets one of these elements stand here, not several.",
};

/// Text where elements are.
pub const TEXT: Code = Code {
    id: "DG-E0407",
    title: "text where none is allowed",
    help: "This element holds other elements; only white space may stand between them.",
};

/// A value of the wrong type.
pub const TYPE: Code = Code {
    id: "DG-E0408",
    title: "a value of the wrong type",
    help: "The value is not of the type that the schema gives: a decimal has digits and at most one point, without \
           separators or exponent; a date is YYYY-MM-DD; a truth value is true or false.",
};

/// A value that is too long or too short.
pub const LENGTH: Code = Code {
    id: "DG-E0409",
    title: "a value that is too long or too short",
    help: "Lengths count characters, not bytes; of EDI numbers they count digits alone.",
};

/// A number with too many digits.
pub const DIGITS: Code = Code {
    id: "DG-E0410",
    title: "a number with too many digits",
    help: "The schema limits the digits of this number, all together or after the point. Zeros that do not change \
           the number do not count.",
};

/// A number out of range.
pub const RANGE: Code = Code {
    id: "DG-E0411",
    title: "a number out of range",
    help: "The schema limits how small or large it may be.",
};

/// A value that does not match.
pub const PATTERN: Code = Code {
    id: "DG-E0412",
    title: "a value of the wrong form",
    help: "The schema gives a pattern, a regular expression that the whole value has to match.",
};

/// A value without content.
pub const BLANK: Code = Code {
    id: "DG-E0413",
    title: "a value without content",
    help: "The value has to hold at least one character that is not white space, and no line end. Leave the element \
           out where there is nothing to say.",
};

/// A code that is not in its list.
pub const NOT_IN_LIST: Code = Code {
    id: "DG-E0414",
    title: "a code that is not in its list",
    help: "The schema lists the values that may stand here.",
};

/// Another value than the only one.
pub const FIXED: Code =
    Code { id: "DG-E0415", title: "another value than the only one", help: "The schema fixes this value." };

/// Elements that do not go together.
pub const CONDITION: Code = Code {
    id: "DG-E0417",
    title: "elements that do not go together",
    help: "A syntax note of the segment ties elements to each other: all or none of them, at least one, at most one, \
           or one only with others.",
};

/// Not everything was reported.
pub const TOO_MANY_FINDINGS: Code = Code {
    id: "DG-E0416",
    title: "more findings than are reported",
    help: "So many findings mean that the message is of another kind, or that one mistake repeats. Correct the first \
           ones and check again.",
};
