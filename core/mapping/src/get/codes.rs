//! What reading may have to say about a message.

use dragoman_tree::Code;

/// A value did not fit its codec.
pub const NOT_DECODED: Code = Code {
    id: "DG-E0601",
    title: "a value cannot be read as its line says",
    help: "The codec of the mapping's line has no meaning for this value. It stays beside the document as residue, \
           and goes back unchanged when the message is written over itself.",
};

/// A leaf was there twice for one value.
pub const TWICE: Code = Code {
    id: "DG-E0602",
    title: "one value is given twice",
    help: "The mapping reads one value here, and the message gives several. None of them is taken: choosing one \
           silently would be a guess. They stay beside the document as residue.",
};

/// A value that must be a constant is another.
pub const NOT_CONSTANT: Code = Code {
    id: "DG-E0603",
    title: "a value differs from the constant that it should be",
    help: "The format fixes this value. The one that was sent stays beside the document.",
};

/// A selector has a value that no arm takes.
pub const NO_ARM: Code = Code {
    id: "DG-E0604",
    title: "a code selects nothing that is known",
    help: "The mapping tells several forms of this message apart by this code, and this value is none of them. \
           Nothing is guessed: the code and what depends on it stay beside the document as residue.",
};

/// An empty leaf where emptiness means nothing.
pub const EMPTY: Code = Code {
    id: "DG-E0605",
    title: "an empty value",
    help: "The element is there and holds nothing. An empty value is no value here; it is kept as residue, so that \
           the message comes back as it was.",
};

/// A derived value differs from what it follows from.
pub const NOT_DERIVED: Code = Code {
    id: "DG-E0606",
    title: "a stated total differs from what it totals",
    help: "The value follows from the rest of the document, and the message states another. The stated value is \
           kept: the sender meant something by it.",
};

/// A key that names no entry.
pub const DANGLING: Code = Code {
    id: "DG-E0607",
    title: "a reference names no entry",
    help: "The value should be the key of an entry of a list of the same document, and no entry has it.",
};

/// Numbers that should agree do not.
pub const UNEVEN: Code = Code {
    id: "DG-E0608",
    title: "amounts do not agree",
    help: "The mapping states how three amounts depend on each other, and in this message they do not.",
};

/// White space around a value was taken off.
pub const TRIMMED: Code = Code {
    id: "DG-E0609",
    title: "white space around a value was taken off",
    help: "The format says that white space at the ends of this value, and runs of it inside, mean nothing.",
};

/// A second alternative is there too.
pub const ALSO_GIVEN: Code = Code {
    id: "DG-E0610",
    title: "a value is given in two places",
    help: "The format has two places for one thing, and the message uses both. The first is read; the other stays \
           beside the document as residue.",
};

/// More findings than are worth listing.
pub const MORE: Code = Code {
    id: "DG-E0611",
    title: "more findings than are listed",
    help: "The list of findings about a document is cut after the first hundreds. Usually all have one cause.",
};

/// Nested elements whose outer one has no key of its own.
pub const UNGROUPED: Code = Code {
    id: "DG-E0612",
    title: "nothing tells which group entries belong to",
    help: "The entries of this list name the group they stand in by its key, and the group has none, or the key of \
           another one. What stands in it stays beside the document as residue: a guess could move goods from one \
           consignment to another.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[
    &NOT_DECODED,
    &TWICE,
    &NOT_CONSTANT,
    &NO_ARM,
    &EMPTY,
    &NOT_DERIVED,
    &DANGLING,
    &UNEVEN,
    &TRIMMED,
    &ALSO_GIVEN,
    &MORE,
    &UNGROUPED,
];
