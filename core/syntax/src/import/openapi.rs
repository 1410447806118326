//! Schemas of an `OpenAPI` 3 or Swagger 2 document to a grammar of JSON messages.
//!
//! Names, types, formats, lengths, ranges, patterns, codes, what is required and what may be null carry over;
//! descriptions and examples do not.

use std::fmt::Write;

use dragoman_tree::{Kind, NodeId, PlaceId, Severity};

use sha2::{Digest, Sha256};

use super::openapi_schema::{Document, Schema, Type};
use crate::grammar::{Base, CodeList, Facets, Grammar, GrammarBuilder, Header, Place, Syntax};
use crate::{Limits, json};

/// What to import.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// The grammar's name: its path under `mappings/` without the ending.
    pub name: &'a str,
    /// The document's path where it is published; the grammar's header has it with version and hash.
    pub path: &'a str,
    /// The schema of the message.
    pub root: &'a str,
    /// Schemas of responses that hold the message.
    pub wrappers: &'a [&'a str],
}

/// A grammar, and what of the schemas it does not say.
#[derive(Clone, Debug)]
pub struct Imported {
    /// The grammar.
    pub grammar: Grammar,
    /// One line for each place where a schema says more than a grammar can.
    pub notes: Vec<String>,
}

/// Why a document cannot be imported.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImportError {
    /// It is no JSON.
    #[error("the document is not JSON: {message} at byte {byte}")]
    NotJson {
        /// What is wrong with it.
        message: String,
        /// Where.
        byte: u64,
    },
    /// A schema that it does not have.
    #[error("the document has no schema `{name}`")]
    NoSchema {
        /// The name asked for.
        name: String,
    },
    /// A `$ref` that leads out of it, or nowhere.
    #[error("`{reference}` at {pointer} leads to nothing in this document")]
    Reference {
        /// The reference.
        reference: String,
        /// Where it stands, as a JSON pointer.
        pointer: String,
    },
    /// A member whose name a `.gram` file cannot hold.
    #[error("a grammar cannot hold the name `{name}`")]
    Name {
        /// The name.
        name: String,
    },
}

/// Imports the schema of a message with all that it refers to, and the wrappers around it.
///
/// A schema that contains itself is cut there, and like a free object or alternatives becomes a place of form
/// `any` whose `format` names it.
pub fn import(document: &[u8], request: &Request<'_>) -> Result<Imported, ImportError> {
    let read = json::read(document, None, PlaceId::NONE, &Limits::default());
    if let Some(fault) = read.findings.iter().find(|finding| finding.severity == Severity::Error) {
        let byte = fault.span.as_ref().map_or(0, |span| span.start);
        return Err(ImportError::NotJson { message: fault.message.clone(), byte });
    }
    let hash = Sha256::digest(document).iter().fold(String::new(), |mut hash, byte| {
        let _ = write!(hash, "{byte:02x}");
        hash
    });
    let document = Document::new(&read.tree);
    let source = format!("{} {} sha256:{hash}", request.path, document.version()).into();
    let header = Header { name: request.name.into(), source: vec![source], ..Header::default() };
    let mut importer = Importer {
        document,
        build: GrammarBuilder::new(Syntax::Json, header),
        message: None,
        open: Vec::new(),
        notes: Vec::new(),
    };
    importer.top(request.root)?;
    importer.message = Some(importer.document.schema(request.root)?);
    for wrapper in request.wrappers {
        importer.top(wrapper)?;
    }
    Ok(Imported { grammar: importer.build.finish(), notes: importer.notes })
}

struct Importer<'d> {
    document: Document<'d>,
    build: GrammarBuilder,
    /// The schema that a wrapper's member refers to the message by.
    message: Option<NodeId>,
    /// The schemas that are being imported, outermost first.
    open: Vec<NodeId>,
    notes: Vec<String>,
}

impl Importer<'_> {
    /// The message or a wrapper.
    fn top(&mut self, name: &str) -> Result<(), ImportError> {
        let node = self.document.schema(name)?;
        let mut schema = self.document.resolve(node)?;
        schema.name = schema.name.or(Some(name));
        let mut place = self.place(name)?;
        place.min = u32::from(self.message.is_none());
        self.single(place, &schema, name)
    }

    fn place(&mut self, name: &str) -> Result<Place, ImportError> {
        let plain = name.chars().all(|c| c.is_alphanumeric() || "_-.$:".contains(c));
        if !plain || name.starts_with(':') {
            return Err(ImportError::Name { name: name.into() });
        }
        Ok(self.build.place(name, Kind::Object))
    }

    /// A value that is one, or an array. `path` names it for people: the schema and the members below it.
    fn value(&mut self, mut place: Place, schema: &Schema<'_>, path: &str) -> Result<(), ImportError> {
        place.nullable = schema.is_nullable();
        let Type::Array(items) = schema.kind() else {
            return self.single(place, schema, path);
        };
        (place.list, place.max) = (true, u32::MAX);
        let items = items.map(|items| self.document.resolve(items)).transpose()?;
        match items {
            Some(items) if matches!(items.kind(), Type::Array(_)) => {
                self.build.open(place);
                let inner = self.build.place("", Kind::Object);
                self.value(inner, &items, path)?;
                self.build.close();
                Ok(())
            }
            Some(items) => self.single(place, &items, path),
            None => {
                self.any(place, "array", path);
                Ok(())
            }
        }
    }

    fn single(&mut self, mut place: Place, schema: &Schema<'_>, path: &str) -> Result<(), ImportError> {
        if self.message == Some(schema.target) {
            place.message = true;
            self.leaf(place);
            return Ok(());
        }
        match schema.kind() {
            Type::Object if self.open.contains(&schema.target) => {
                self.any(place, schema.name.unwrap_or("object"), path);
            }
            Type::Object => return self.object(place, schema, path),
            Type::Array(_) => self.any(place, "array", path),
            Type::Other(what) => self.any(place, what, path),
            Type::Scalar(base) => self.scalar(place, schema, base, path),
        }
        Ok(())
    }

    fn object(&mut self, place: Place, schema: &Schema<'_>, path: &str) -> Result<(), ImportError> {
        let path = schema.name.unwrap_or(path);
        self.open.push(schema.target);
        self.build.open(place);
        for (name, member) in schema.properties() {
            let mut place = self.place(name)?;
            place.min = u32::from(schema.requires(name));
            let member = self.document.resolve(member)?;
            self.value(place, &member, &format!("{path}.{name}"))?;
        }
        self.build.close();
        self.open.pop();
        Ok(())
    }

    fn scalar(&mut self, mut place: Place, schema: &Schema<'_>, base: Base, path: &str) {
        let mut facets = schema.facets(base, &mut |note| self.notes.push(format!("{path}: {note}")));
        facets.list = self.list(schema, path);
        place.kind = base.json_kind();
        place.facets = Some(self.build.facets(facets));
        self.leaf(place);
    }

    /// A value of any shape; `what` is what the document has there.
    fn any(&mut self, mut place: Place, what: &str, path: &str) {
        if what != "any" {
            place.format = Some(what.into());
            self.notes.push(format!("{path}: what {what} holds is left open"));
        }
        place.kind = Base::Any.json_kind();
        place.facets = Some(self.build.facets(Facets::of(Base::Any)));
        self.leaf(place);
    }

    fn leaf(&mut self, place: Place) {
        self.build.open(place);
        self.build.close();
    }

    /// The name of the list of a schema's codes, where it has any; the list is added once.
    fn list(&mut self, schema: &Schema<'_>, path: &str) -> Option<Box<str>> {
        let codes: Vec<Box<str>> = schema.codes();
        let name = schema.name.unwrap_or(path);
        let lists = &mut self.build.grammar_mut().lists;
        if codes.is_empty() {
            return None;
        }
        if !lists.iter().any(|list| &*list.name == name) {
            lists.push(CodeList { name: name.into(), codes });
        }
        Some(name.into())
    }
}
