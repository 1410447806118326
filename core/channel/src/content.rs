//! Looking into the body of an answer, JSON or XML alike: paths, and what stands there.

use std::borrow::Cow;

use dragoman_syntax::{Limits, json, xml};
use dragoman_tree::{Kind, NodeId, PlaceId, Severity, Tree};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, de};

/// A place in a body: `data.orders.nodes`, `errors[0].code`, `errorResponse.errors.error.code`. Names are members of
/// JSON objects or local names of XML elements, the outermost element among them; a list stands for all of its entries,
/// `[0]` for one, and `[]` for the entries of a list that has no name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    text: String,
    steps: Vec<Step>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Name(String),
    Index(usize),
    Entries,
}

impl Path {
    /// Reads a path. `Err` says what is wrong with it.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut steps = Vec::new();
        for step in text.split('.') {
            let (name, mut rest) = step.split_at(step.find('[').unwrap_or(step.len()));
            if name.is_empty() && (rest.is_empty() || !steps.is_empty()) {
                return Err(format!("`{text}` has a step without a name"));
            }
            if !name.is_empty() {
                steps.push(Step::Name(name.into()));
            }
            while let Some(inside) = rest.strip_prefix('[') {
                let (index, after) = inside.split_once(']').ok_or("`[` is not closed")?;
                steps.push(match index {
                    "" => Step::Entries,
                    index => Step::Index(index.parse().map_err(|_| format!("`{index}` is no number"))?),
                });
                rest = after;
            }
            if !rest.is_empty() {
                return Err(format!("`{rest}` does not belong behind `]`"));
            }
        }
        Ok(Self { text: text.into(), steps })
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }
}

/// A body that was read.
#[derive(Clone, Debug)]
pub struct Content<'b> {
    body: &'b [u8],
    tree: Tree<'b>,
    is_xml: bool,
    /// False where it is neither JSON nor XML, or broken.
    is_readable: bool,
}

impl<'b> Content<'b> {
    /// Reads a body: XML where it begins with `<`, else JSON.
    pub fn read(body: &'b [u8]) -> Self {
        let first = body.iter().find(|byte| !byte.is_ascii_whitespace() && !b"\xef\xbb\xbf".contains(byte));
        let is_xml = first == Some(&b'<');
        let limits = Limits::default();
        let read = if is_xml {
            xml::read(body, None, &limits)
        } else {
            json::read(body, None, PlaceId::NONE, &limits)
        };
        let is_broken = read.findings.iter().any(|finding| finding.severity == Severity::Error);
        Self { body, tree: read.tree, is_xml, is_readable: first.is_some() && !is_broken }
    }

    /// False where the body is neither JSON nor XML, or broken, or there is none.
    pub fn is_readable(&self) -> bool {
        self.is_readable
    }

    /// The outermost node.
    pub fn root(&self) -> At<'_> {
        At { content: self, node: NodeId::ROOT, is_outside: true }
    }
}

/// A node of a body.
#[derive(Clone, Copy, Debug)]
pub struct At<'c> {
    content: &'c Content<'c>,
    node: NodeId,
    /// True outside the outermost XML element, whose name is the first step then.
    is_outside: bool,
}

impl<'c> At<'c> {
    /// All nodes at a path from here. An empty list and a null are none.
    pub fn all(self, path: &Path) -> Vec<At<'c>> {
        let mut all = self.find(&path.steps);
        all.retain(|at| !at.is_empty_list());
        all
    }

    /// True where there is something at a path, if only an empty list.
    pub fn has(self, path: &Path) -> bool {
        let is_list = |at: &At<'_>| self.content.tree.node(at.node).kind == Kind::Array;
        // The entries of a list are there where the list is, if only an empty one.
        let is_empty_list = match path.steps.split_last() {
            Some((Step::Entries, list)) => self.find(list).iter().any(is_list),
            _ => false,
        };
        is_empty_list || !self.find(&path.steps).is_empty()
    }

    fn find(self, path: &[Step]) -> Vec<At<'c>> {
        let tree = &self.content.tree;
        let mut nodes = vec![self.node];
        let mut steps = path.iter();
        if self.is_outside && self.content.is_xml {
            let root = local(tree.name(NodeId::ROOT));
            match steps.next() {
                Some(Step::Name(name)) if name == root => {}
                _ => return Vec::new(),
            }
        }
        for step in steps {
            nodes = match step {
                Step::Name(name) => nodes.into_iter().flat_map(|node| self.named(node, name)).collect(),
                Step::Entries => nodes.into_iter().flat_map(|node| self.entries(node)).collect(),
                Step::Index(index) => {
                    let entries: Vec<_> = nodes.iter().flat_map(|node| self.entries(*node)).collect();
                    entries.into_iter().nth(*index).into_iter().collect()
                }
            };
        }
        nodes.retain(|node| tree.node(*node).kind != Kind::Null);
        nodes.into_iter().map(|node| At { content: self.content, node, is_outside: false }).collect()
    }

    fn is_empty_list(&self) -> bool {
        let tree = &self.content.tree;
        tree.node(self.node).kind == Kind::Array && tree.is_leaf(self.node)
    }

    /// The text at a path from here: of the first leaf there that has one, without white space around it.
    pub fn text(self, path: &Path) -> Option<&'c str> {
        self.all(path).into_iter().find_map(At::value)
    }

    /// The text here.
    pub fn value(self) -> Option<&'c str> {
        self.content.tree.value(self.node).map(str::trim).filter(|text| !text.is_empty())
    }

    /// The members of the object or the child elements here that have a text, in their order.
    pub fn members(self) -> Vec<(&'c str, &'c str)> {
        let tree = &self.content.tree;
        let text = |node| tree.value(node).unwrap_or_default();
        tree.children(self.node).map(|node| (local(tree.name(node)), text(node))).collect()
    }

    /// The bytes of a JSON value here, as they came.
    pub fn bytes(self) -> Option<&'c [u8]> {
        let start = self.content.tree.file_span(self.node).start;
        let rest = self.content.body.get(usize::try_from(start).ok()?..)?;
        let mut values = serde_json::Deserializer::from_slice(rest).into_iter::<serde::de::IgnoredAny>();
        values.next()?.ok()?;
        rest.get(..values.byte_offset())
    }

    /// The body with a member more in the object of JSON that is here; as it is, where there is such a member.
    pub(crate) fn with_member(self, name: &str, value: &[u8]) -> Option<Vec<u8>> {
        let (body, object) = (self.content.body, self.bytes()?);
        if self.content.tree.node(self.node).kind != Kind::Object {
            return None;
        }
        if !self.named(self.node, name).is_empty() {
            return Some(body.to_vec());
        }
        let start = usize::try_from(self.content.tree.file_span(self.node).start).ok()?;
        let (before, after) = body.split_at_checked((start + object.len()).checked_sub(1)?)?;
        let comma: &[u8] = if self.content.tree.is_leaf(self.node) { b"" } else { b"," };
        let name = serde_json::Value::from(name).to_string();
        Some([before, comma, name.as_bytes(), b":", value, after].concat())
    }

    fn named(self, node: NodeId, name: &str) -> Vec<NodeId> {
        let tree = &self.content.tree;
        tree.children(node).filter(|child| local(tree.name(*child)) == name).collect()
    }

    /// The entries of a list: those of a run are what its name gave, so each of them stands for itself.
    fn entries(self, node: NodeId) -> Vec<NodeId> {
        match self.content.tree.node(node).kind {
            Kind::Array => self.content.tree.children(node).collect(),
            _ => vec![node],
        }
    }
}

/// A name without its namespace.
fn local(name: &str) -> &str {
    name.rsplit('}').next().unwrap_or(name)
}

impl<'de> Deserialize<'de> for Path {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Self::parse(&String::deserialize(deserializer)?).map_err(de::Error::custom)
    }
}

impl JsonSchema for Path {
    fn schema_name() -> Cow<'static, str> {
        "Path".into()
    }

    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "description": "A place in a body: `data.orders.nodes`, `errors[0].code`." })
    }
}
