//! What can be wrong with a document before any grammar is asked, in words for people.

use dragoman_tree::Code;

use super::text::Unresolved;
use super::token::Fault;

/// The markup breaks off.
pub const NOT_WELL_FORMED: Code = Code {
    id: "DG-E0110",
    title: "the document is not well-formed XML",
    help: "The markup is broken at this place: a tag that is not closed or does not match, an attribute without \
           quotes or given twice. The document is read up to here and no further.",
};

/// There is nothing to read.
pub const NO_ROOT: Code = Code {
    id: "DG-E0111",
    title: "there is no XML element",
    help: "The input is empty, holds only comments, or is no XML at all. JSON, EDIFACT and X12 are recognised by \
           their first characters; read them under their own message name.",
};

/// Something stands before or after the one root element.
pub const OUTSIDE_ROOT: Code = Code {
    id: "DG-E0112",
    title: "content outside the root element",
    help: "An XML document is one element; only comments, processing instructions and white space may stand \
           before or after it. What follows the root element is not read. Two messages in one file have to be \
           split.",
};

/// A document type definition.
pub const DTD: Code = Code {
    id: "DG-E0113",
    title: "document type definitions are refused",
    help: "A DTD can define entities that read other files or grow without bound, so none is accepted and reading \
           stops before it. No customs message needs one: remove the DOCTYPE.",
};

/// A reference to nothing.
pub const REFERENCE: Code = Code {
    id: "DG-E0114",
    title: "a reference that stands for no character",
    help: "XML knows the entities lt, gt, amp, quot and apos and the numbers of characters that it allows. Anything \
           else after an ampersand is kept as it is written. A lone ampersand is written as &amp;.",
};

/// Characters where XML does not allow them.
pub const NOT_ALLOWED: Code = Code {
    id: "DG-E0115",
    title: "characters that XML does not allow here",
    help: "Control characters may not occur in XML at all, `]]>` not in text, `--` not in a comment, `<` not in an \
           attribute. Reading goes on, but other readers, the authority's among them, refuse the document.",
};

/// A prefix without a declaration.
pub const UNDECLARED_PREFIX: Code = Code {
    id: "DG-E0116",
    title: "a prefix that no namespace is declared for",
    help: "The prefix before the colon is not bound to a namespace by an xmlns attribute here or further out. The \
           name is read as one without a namespace.",
};

/// The XML declaration is wrong or in the wrong place.
pub const DECLARATION: Code = Code {
    id: "DG-E0117",
    title: "the XML declaration is wrong or in the wrong place",
    help: "`<?xml version=\"1.0\"?>` may stand only at the very beginning, before any white space, and names \
           version 1.0. Other readers refuse the document.",
};

/// A document without namespaces where the grammar has them.
pub const NO_NAMESPACES: Code = Code {
    id: "DG-E0118",
    title: "the document has no namespaces",
    help: "The grammar puts the elements into namespaces, the document declares none. Its elements are matched by \
           name, and by position where several namespaces have the name. Written again they get their namespaces.",
};

/// A limit was reached.
pub const LIMIT: Code = Code {
    id: "DG-E0119",
    title: "the document exceeds a limit",
    help: "The document is larger, deeper or has more nodes or attributes than the reader was told to accept. It is \
           read up to there. The limits protect the machine and can be raised.",
};

/// A fault of the markup, with what to do about it.
pub(super) fn describe(fault: Fault<'_>) -> (String, Option<String>) {
    match fault {
        Fault::Markup(message) => (message.into(), None),
        Fault::Mismatched { expected, found } => {
            (format!("`</{found}>` closes `<{expected}>`"), Some(format!("close `<{expected}>` first")))
        }
        Fault::Unmatched(name) => {
            (format!("`</{name}>` closes nothing"), Some("remove it, or add its start tag".into()))
        }
    }
}

/// A reference that cannot be replaced: what it is, and what to write instead.
pub(super) fn unresolved(why: Unresolved, literal: &str) -> (String, &'static str) {
    match why {
        Unresolved::Entity => (format!("`{literal}` is no entity of XML"), "write the character itself"),
        Unresolved::Character => (format!("`{literal}` is no character of XML"), "leave it out"),
        Unresolved::Lone => ("this `&` begins no reference".into(), "write `&amp;`"),
    }
}

/// What the input may be, by its first characters, where it is no XML.
pub(super) fn looks_like(text: &str) -> Option<&'static str> {
    let text = text.trim_start();
    let known = [("{", "JSON"), ("[", "JSON"), ("UNA", "EDIFACT"), ("UNB", "EDIFACT"), ("ISA", "X12")];
    known.into_iter().find(|(start, _)| text.starts_with(start)).map(|(_, syntax)| syntax)
}
