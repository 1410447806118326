//! A tree to XML bytes.
//!
//! Names, prefixes and namespaces come from the grammar, everything else from the tree. Whatever a value or name
//! holds, it is written as content: it comes back as it was, or a finding says what could not be written.

use std::borrow::Cow;
use std::fmt::Write;

use dragoman_tree::{Code, Finding, Kind, NodeId, Tree};

use super::name::{self, NULL, expanded};
use super::text;
use crate::grammar::Grammar;
use crate::path::wire_path;

/// How a document is laid out. The default is a declaration and an indentation of two blanks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WriteOptions {
    /// Blanks a level, each element on a line of its own; `None` writes no white space at all.
    pub indent: Option<usize>,
    /// Whether `<?xml version="1.0" encoding="UTF-8"?>` comes first.
    pub declaration: bool,
}

impl Default for WriteOptions {
    fn default() -> Self {
        Self { indent: Some(2), declaration: true }
    }
}

/// A written document.
#[derive(Clone, Debug, Default)]
pub struct Written {
    /// UTF-8.
    pub bytes: Vec<u8>,
    /// What could not be written as it is.
    pub findings: Vec<Finding>,
}

/// A value or name that XML cannot hold.
pub const UNWRITABLE: Code = Code {
    id: "DG-E0130",
    title: "a value or name that XML cannot hold",
    help: "XML 1.0 cannot hold most control characters, not even as references; U+FFFD is written for them. A name \
           may hold letters, digits, `.`, `-` and `_` only; `_` is written for anything else. Correct the value \
           where it comes from.",
};

/// Two attributes of one name.
pub const TWICE: Code = Code {
    id: "DG-E0131",
    title: "an attribute that is there twice",
    help: "An element may have each attribute once. The first one was written, the others were not.",
};

/// Writes a document.
///
/// The namespaces of the grammar that occur are declared on the root element with the grammar's prefixes; an
/// element of any other namespace declares it as the default namespace where it begins. Indentation never changes
/// a value: an element that holds text beside elements is written without it.
pub fn write(tree: &Tree<'_>, grammar: Option<&Grammar>, options: &WriteOptions) -> Written {
    let mut writer = Writer { tree, grammar, options, out: String::new(), findings: Vec::new() };
    if options.declaration {
        writer.out.push_str("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    }
    if !tree.is_empty() {
        let outside = Scope { namespace: "", default: "", depth: 0, is_laid_out: options.indent.is_some() };
        writer.element(NodeId::ROOT, outside);
    }
    if options.indent.is_some() {
        writer.out.push('\n');
    }
    Written { bytes: writer.out.into_bytes(), findings: writer.findings }
}

struct Writer<'t, 'i> {
    tree: &'t Tree<'i>,
    grammar: Option<&'t Grammar>,
    options: &'t WriteOptions,
    out: String,
    findings: Vec<Finding>,
}

/// What an element takes over from the one around it.
#[derive(Clone, Copy)]
struct Scope<'t> {
    /// The namespace of the parent.
    namespace: &'t str,
    /// The default namespace.
    default: &'t str,
    depth: usize,
    /// Whether each element stands on a line of its own.
    is_laid_out: bool,
}

/// The name that an element is written with.
#[derive(Clone, Copy)]
struct Name<'n> {
    prefix: Option<&'n str>,
    local: &'n str,
}

impl<'t> Writer<'t, '_> {
    fn element(&mut self, node: NodeId, outer: Scope<'t>) {
        let (namespace, local) = expanded(self.tree, node, self.grammar, outer.namespace);
        let local = self.legal(local, node);
        let prefix = self.prefix(namespace);
        let name = Name { prefix, local: &local };
        self.out.push('<');
        self.name(name);
        let default = if node == NodeId::ROOT { self.declarations(prefix.is_none()) } else { outer.default };
        let default = if prefix.is_none() && namespace != default {
            self.declare("xmlns", namespace, node);
            namespace
        } else {
            default
        };
        self.attributes(node);
        let inner = Scope { namespace, default, depth: outer.depth + 1, is_laid_out: outer.is_laid_out };
        self.content(node, name, inner);
    }

    fn name(&mut self, name: Name<'_>) {
        if let Some(prefix) = name.prefix {
            self.out.push_str(prefix);
            self.out.push(':');
        }
        self.out.push_str(name.local);
    }

    /// Declares the namespaces of the grammar that occur; `is_default_taken` by the root's own. Gives the default
    /// namespace.
    fn declarations(&mut self, is_default_taken: bool) -> &'t str {
        let Some(grammar) = self.grammar else { return "" };
        let mut default = "";
        let occurring = self.occurring(grammar);
        for (namespace, _) in grammar.namespaces.iter().zip(occurring).skip(1).filter(|(_, occurs)| *occurs) {
            if !namespace.prefix.is_empty() {
                self.declare(&format!("xmlns:{}", namespace.prefix), &namespace.uri, NodeId::ROOT);
            } else if !is_default_taken {
                self.declare("xmlns", &namespace.uri, NodeId::ROOT);
                default = &namespace.uri;
            }
        }
        default
    }

    /// Which namespaces of the grammar occur.
    fn occurring(&self, grammar: &Grammar) -> Vec<bool> {
        let mut occurring = vec![false; grammar.namespaces.len()];
        for node in self.tree.ids() {
            let index = match grammar.get(self.tree.place(node)) {
                Some(place) => Some(usize::from(place.namespace)),
                None => name::split(self.tree.name(node))
                    .0
                    .and_then(|uri| grammar.namespaces.iter().position(|namespace| *namespace.uri == *uri)),
            };
            if let Some(occurs) = index.and_then(|index| occurring.get_mut(index)) {
                *occurs = true;
            }
        }
        occurring
    }

    /// The prefix that an element of a namespace is written with.
    fn prefix(&self, namespace: &str) -> Option<&'t str> {
        if namespace == name::XML {
            return Some("xml");
        }
        let namespaces = self.grammar?.namespaces.iter().skip(1);
        let mut prefixes = namespaces.filter(|known| &*known.uri == namespace).map(|known| &*known.prefix);
        prefixes.find(|prefix| !prefix.is_empty())
    }

    fn declare(&mut self, name: &str, namespace: &str, node: NodeId) {
        let _ = write!(self.out, " {name}=\"");
        self.escaped(namespace, node, true);
        self.out.push('"');
    }

    fn attributes(&mut self, node: NodeId) {
        let tree = self.tree;
        let mut written: Vec<&str> = Vec::new();
        for attribute in tree.children(node).filter(|at| tree.node(*at).kind == Kind::Attribute) {
            let name = tree.name(attribute);
            if written.contains(&name) {
                self.report(
                    Finding::error(&TWICE, format!("the attribute `{name}` is there twice")),
                    attribute,
                );
                continue;
            }
            let name = self.attribute_name(name, written.len(), attribute);
            written.push(tree.name(attribute));
            let _ = write!(self.out, " {name}=\"");
            self.escaped(tree.value(attribute).unwrap_or_default(), attribute, true);
            self.out.push('"');
        }
    }

    /// The name of an attribute with its prefix, which is declared where the grammar has none for it.
    fn attribute_name(&mut self, name: &str, number: usize, node: NodeId) -> String {
        let (namespace, local) = name::split(name);
        let local = self.legal(local, node);
        let Some(namespace) = namespace.filter(|namespace| !namespace.is_empty()) else {
            return local.into_owned();
        };
        if let Some(prefix) = self.prefix(namespace) {
            return format!("{prefix}:{local}");
        }
        let own = if namespace == name::INSTANCE { "xsi" } else { "ns" };
        let number = if namespace == name::INSTANCE { String::new() } else { number.to_string() };
        let mut prefix = format!("{own}{number}");
        let namespaces = self.grammar.map(|grammar| grammar.namespaces.as_slice()).unwrap_or_default();
        while namespaces.iter().any(|known| *known.prefix == *prefix) {
            prefix.push('_');
        }
        self.declare(&format!("xmlns:{prefix}"), namespace, node);
        format!("{prefix}:{local}")
    }

    fn content(&mut self, node: NodeId, name: Name<'_>, scope: Scope<'t>) {
        let tree = self.tree;
        let kind = |at: NodeId| tree.node(at).kind;
        let value = tree.value(node).unwrap_or_default();
        let mut children = tree.children(node).filter(|at| kind(*at) != Kind::Attribute).peekable();
        if kind(node) == Kind::Null {
            let _ = write!(self.out, "><{NULL}/></");
            self.name(name);
            self.out.push('>');
            return;
        }
        if value.is_empty() && children.peek().is_none() {
            self.out.push_str("/>");
            return;
        }
        self.out.push('>');
        self.escaped(value, node, false);
        let is_mixed = !value.is_empty() || children.clone().any(|at| kind(at) == Kind::Text);
        let inner = Scope { is_laid_out: scope.is_laid_out && !is_mixed, ..scope };
        for child in children {
            if kind(child) == Kind::Text {
                self.escaped(tree.value(child).unwrap_or_default(), child, false);
            } else {
                self.line(inner.depth, inner.is_laid_out);
                self.element(child, inner);
            }
        }
        self.line(scope.depth - 1, inner.is_laid_out);
        self.out.push_str("</");
        self.name(name);
        self.out.push('>');
    }

    fn line(&mut self, depth: usize, is_laid_out: bool) {
        if let Some(indent) = self.options.indent.filter(|_| is_laid_out) {
            let _ = write!(self.out, "\n{:1$}", "", depth * indent);
        }
    }

    /// Writes text so that it comes back as it is and never becomes markup.
    fn escaped(&mut self, text: &str, node: NodeId, in_attribute: bool) {
        if text.bytes().all(is_plain) {
            self.out.push_str(text);
            return;
        }
        let mut unwritable = None;
        for c in text.chars() {
            match c {
                '<' => self.out.push_str("&lt;"),
                '>' => self.out.push_str("&gt;"),
                '&' => self.out.push_str("&amp;"),
                '\r' => self.out.push_str("&#13;"),
                '"' if in_attribute => self.out.push_str("&quot;"),
                '\t' if in_attribute => self.out.push_str("&#9;"),
                '\n' if in_attribute => self.out.push_str("&#10;"),
                c if text::is_allowed(c) => self.out.push(c),
                c => {
                    unwritable.get_or_insert(c);
                    self.out.push(char::REPLACEMENT_CHARACTER);
                }
            }
        }
        if let Some(c) = unwritable {
            let message = format!("the value holds U+{:04X}, which XML does not allow", u32::from(c));
            self.report(Finding::error(&UNWRITABLE, message).hint("remove the character"), node);
        }
    }

    /// The name, with `_` for what a name cannot hold.
    fn legal<'n>(&mut self, name: &'n str, node: NodeId) -> Cow<'n, str> {
        if name::is_ncname(name) {
            return Cow::Borrowed(name);
        }
        let legal = |c: char| if name::is_name_character(c) { c } else { '_' };
        let mut written: String = name.chars().map(legal).collect();
        if !written.starts_with(name::is_name_start) {
            written.insert(0, '_');
        }
        let message = format!("`{name}` is no name in XML; `{written}` was written");
        self.report(Finding::error(&UNWRITABLE, message), node);
        Cow::Owned(written)
    }

    fn report(&mut self, finding: Finding, node: NodeId) {
        self.findings.push(finding.wire(wire_path(self.tree, node, self.grammar)));
    }
}

/// True of a letter that is written as it is, wherever it stands. Most values are of nothing else.
fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~') && !matches!(byte, b'<' | b'>' | b'&' | b'"')
}
