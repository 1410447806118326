//! What a message name stands for, and its two directions: a tree to a document, a document to a tree.

use std::sync::Arc;

use dragoman_mapping::{Got, Mapping, Put, canonical};
use dragoman_model::{Document, batch};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::{Code, Finding, Tree};

use crate::edition::{AS_JSON, parted};

/// A kind of message that can be translated.
#[derive(Clone, Debug)]
pub enum Message {
    /// Canonical JSON.
    Canonical,
    /// What a mapping reads and writes.
    Mapped {
        /// Its name, such as `gb-cds/declaration`; of an XML message that is written as JSON, `eu-ncts/CC015C+json`.
        name: String,
        /// The mapping.
        mapping: Arc<Mapping>,
    },
}

/// A document of another type than a message holds.
pub const OTHER_DOCUMENT: Code = Code {
    id: "DG-E1005",
    title: "the message holds another type of document",
    help: "An order is not a declaration, and a declaration is not an answer to one: translating changes the form, \
           never what is said. A declaration is made from orders with `dragoman declare`.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[&OTHER_DOCUMENT];

impl Message {
    /// The name of canonical JSON.
    pub const CANONICAL: &str = "canonical";

    /// The name that people use.
    pub fn name(&self) -> &str {
        match self {
            Self::Canonical => Self::CANONICAL,
            Self::Mapped { name, .. } => name,
        }
    }

    /// Its name without its edition.
    pub fn plain_name(&self) -> &str {
        parted(self.name()).0
    }

    /// The edition that it is read and written in, where one is named.
    pub fn edition(&self) -> Option<&str> {
        parted(self.name()).1
    }

    /// The syntax it is written in.
    pub fn syntax(&self) -> Syntax {
        match self {
            Self::Canonical => Syntax::Json,
            Self::Mapped { name, .. } if name.ends_with(AS_JSON) => Syntax::Json,
            Self::Mapped { mapping, .. } => mapping.syntax(),
        }
    }

    /// An XML message as one that is written as JSON.
    pub(crate) fn into_json(self) -> Self {
        match self {
            Self::Mapped { name, mapping } if mapping.syntax() == Syntax::Xml && !name.ends_with(AS_JSON) => {
                Self::Mapped { name: format!("{name}{AS_JSON}"), mapping }
            }
            other => other,
        }
    }

    /// The mapping; none of canonical JSON, which needs none.
    pub fn mapping(&self) -> Option<&Arc<Mapping>> {
        match self {
            Self::Canonical => None,
            Self::Mapped { mapping, .. } => Some(mapping),
        }
    }

    /// The grammar that it is written by.
    pub fn written(&self) -> Option<&Arc<Grammar>> {
        self.mapping().and_then(|mapping| mapping.written())
    }

    /// Why a document cannot be written as this message: it is of another type.
    pub fn refuses(&self, document: &Document<'_>) -> Option<Finding> {
        let holds =
            self.mapping().map(|mapping| mapping.model()).filter(|model| *model != document.document())?;
        let (is, holds) = (document.kind(), document.schema().name_of(holds));
        let message = format!(
            "a document of type `{is}` cannot be written as `{}`, which holds `{holds}`",
            self.name()
        );
        Some(Finding::error(&OTHER_DOCUMENT, message))
    }

    /// The batch that a document is written in alone, where the message holds several.
    pub fn batch_of(&self, document: &Document<'_>) -> Option<Document<'static>> {
        self.refuses(document).and_then(|_| batch(document))
    }

    /// Writes a document as this message; `None` where its mapping writes nothing.
    pub fn put<'i>(&self, document: &Document<'i>) -> Option<Put<'i>> {
        match self {
            Self::Canonical => Some(canonical::put(document)),
            Self::Mapped { mapping, .. } => mapping.put(document),
        }
    }

    /// Writes a document over the message that it, or another version of it, was read from.
    pub fn put_over<'i>(
        &self,
        document: &Document<'i>,
        original: &Tree<'_>,
        got: &Got<'_>,
        grammar: &Grammar,
    ) -> Option<Put<'i>> {
        match self {
            Self::Canonical => Some(canonical::put(document)),
            Self::Mapped { mapping, .. } => mapping.put_over(document, original, got, grammar),
        }
    }
}
