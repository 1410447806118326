//! One schema file as elements with attributes, whatever their prefixes.

use std::collections::HashMap;
use std::fmt::Write;

use dragoman_tree::{Kind, LineIndex, NodeId, Severity, Tree};
use sha2::{Digest, Sha256};

use super::ImportError;
use crate::read::Limits;
use crate::xml;
use crate::xml::attribute::Attributes;

/// The namespace of XML Schema.
pub(super) const XSD: &str = "http://www.w3.org/2001/XMLSchema";

/// An element of a schema file: its local name, attributes without prefix, child elements and text.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub name: String,
    pub attributes: HashMap<String, String>,
    pub children: Vec<Element>,
    pub text: String,
    pub line: u32,
}

impl Element {
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.get(name).map(|value| value.trim())
    }

    /// The first child of that name.
    pub fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The children apart from annotations.
    pub fn parts(&self) -> impl Iterator<Item = &Element> {
        self.children.iter().filter(|child| child.name != "annotation")
    }

    /// The text of the first element of that name in the annotation.
    pub fn note(&self, name: &str) -> Option<&str> {
        let documentation = self.child("annotation")?.children.iter();
        let found = documentation.flat_map(|part| &part.children).find(|part| part.name == name)?;
        Some(found.text.trim()).filter(|text| !text.is_empty())
    }
}

/// A schema file.
#[derive(Debug)]
pub(super) struct Document {
    pub path: String,
    pub root: Element,
    /// The namespace that its global components are in.
    pub namespace: String,
    /// The index of the unit that it belongs to, see [`super::schemas::Schemas`].
    pub unit: usize,
    prefixes: HashMap<String, String>,
    hash: String,
}

impl Document {
    /// Reads a schema file. `including` is the namespace of the file that includes it, which it takes on where it
    /// has none.
    pub fn read(path: &str, text: &str, including: Option<&str>, unit: usize) -> Result<Self, ImportError> {
        let lines = LineIndex::new(text.as_bytes());
        let error = |offset: u64, message: String| ImportError {
            file: path.into(),
            line: lines.position(text.as_bytes(), offset as usize).line,
            message,
        };
        let read = xml::read(text.as_bytes(), None, &Limits::default());
        if let Some(finding) = read.findings.iter().find(|finding| finding.severity == Severity::Error) {
            let start = finding.span.as_ref().map_or(0, |span| span.start);
            return Err(error(start, finding.message.clone()));
        }
        let line = |node| lines.position(text.as_bytes(), read.tree.file_span(node).start as usize).line;
        let root = element(&read.tree, NodeId::ROOT, &line);
        if root.name != "schema" || xml::split_name(read.tree.name(NodeId::ROOT)).0 != Some(XSD) {
            return Err(error(0, "this is no XML Schema".into()));
        }
        let span = read.tree.file_span(NodeId::ROOT);
        let prefixes = prefixes(text.get(span.start as usize..span.end as usize).unwrap_or_default());
        let namespace = root.attribute("targetNamespace").or(including).unwrap_or_default().to_owned();
        let hash = Sha256::digest(text.as_bytes()).iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        Ok(Self { path: path.into(), root, namespace, unit, prefixes, hash })
    }

    /// Name, version and hash, as the grammar's header has them.
    pub fn source(&self) -> String {
        let version = self.root.attribute("version").unwrap_or("-");
        format!("{} {version} sha256:{}", self.path, self.hash)
    }

    /// The namespace and local name of a qualified name in this file.
    pub fn resolve<'n>(&'n self, name: &'n str) -> Option<(&'n str, &'n str)> {
        match name.split_once(':') {
            Some((prefix, local)) => Some((self.prefixes.get(prefix)?, local)),
            None => Some((self.prefixes.get("").unwrap_or(&self.namespace), name)),
        }
    }

    /// An error at an element of this file.
    pub fn error(&self, at: &Element, message: impl Into<String>) -> ImportError {
        ImportError { file: self.path.clone(), line: at.line, message: message.into() }
    }
}

fn element(tree: &Tree<'_>, node: NodeId, line: &dyn Fn(NodeId) -> u32) -> Element {
    let local = |node| xml::split_name(tree.name(node)).1.to_owned();
    let text = tree.value(node).unwrap_or_default().to_owned();
    let mut found = Element { name: local(node), text, line: line(node), ..Element::default() };
    for child in tree.children(node) {
        match tree.node(child).kind {
            Kind::Attribute => {
                found
                    .attributes
                    .insert(tree.name(child).into(), tree.value(child).unwrap_or_default().into());
            }
            Kind::Element => found.children.push(element(tree, child, line)),
            _ => {}
        }
    }
    found
}

/// The namespaces that a start tag declares, by prefix.
fn prefixes(tag: &str) -> HashMap<String, String> {
    let name = tag.find(|c: char| c.is_ascii_whitespace()).unwrap_or(tag.len());
    let declarations = Attributes::new(tag, name).flatten();
    declarations.filter_map(|found| Some((found.declares()?.to_owned(), found.value.to_owned()))).collect()
}
