//! What a message name stands for, and its two directions: a tree to a document, a document to a tree.

use std::sync::Arc;

use dragoman_mapping::{Got, Mapping, Put, canonical};
use dragoman_model::Document;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::Tree;

/// A kind of message that can be translated.
#[derive(Clone, Debug)]
pub enum Message {
    /// Canonical JSON.
    Canonical,
    /// What a mapping reads and writes.
    Mapped {
        /// Its name, such as `gb-cds/declaration`.
        name: String,
        /// The mapping.
        mapping: Arc<Mapping>,
    },
}

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

    /// The syntax it is written in.
    pub fn syntax(&self) -> Syntax {
        match self {
            Self::Canonical => Syntax::Json,
            Self::Mapped { mapping, .. } => mapping.syntax(),
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
