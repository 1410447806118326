//! The arena: nodes in pre-order, each with its parent and the end of its subtree.

#![expect(clippy::indexing_slicing, reason = "ids are indices that this arena gave out")]

use crate::{NameId, Names, Span};

/// The number of a node in its tree, in pre-order; the root is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NodeId(pub u32);

impl NodeId {
    /// The root of every tree.
    pub const ROOT: Self = Self(0);

    /// The id as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }
}

/// The place of a node in its grammar (a message) or in the schema (a document): a number given when that was
/// loaded, in pre-order, so that sorting by it gives the order in which things are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct PlaceId(pub u32);

impl PlaceId {
    /// A node that the grammar or schema does not know.
    pub const NONE: Self = Self(u32::MAX);

    /// The place as an index.
    pub const fn index(self) -> usize {
        self.0 as usize
    }

    /// False for [`PlaceId::NONE`].
    pub const fn is_known(self) -> bool {
        self.0 != u32::MAX
    }
}

/// What a node is in its syntax.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// An XML element; its text is its value where it has no child elements.
    Element,
    /// An XML attribute.
    Attribute,
    /// Text between the child elements of an XML element.
    Text,
    /// A JSON object, or an object of a document. A list is a run of siblings of one name that `repeats`.
    Object,
    /// A JSON array that has no name of its own (inside an array), or an empty one.
    Array,
    /// A JSON string, or any scalar of a document but a bool.
    String,
    /// A JSON number, as its literal text.
    Number,
    /// A JSON or document `true` or `false`, as that text.
    Bool,
    /// A JSON `null`.
    Null,
    /// The root of an EDI message.
    Message,
    /// An EDI segment group.
    Group,
    /// An EDI segment.
    Segment,
    /// An EDI composite data element.
    Composite,
    /// An EDI data element, simple or component.
    Data,
}

impl Kind {
    /// True for nodes that hold a value or stand for one (an empty array or object, a null): what the counts call a
    /// leaf, where they have no children.
    pub const fn can_be_leaf(self) -> bool {
        !matches!(self, Self::Message | Self::Group | Self::Segment | Self::Composite)
    }
}

/// Where the text of a node is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Value {
    start: u32,
    len: u32,
}

const SIDE: u32 = 1 << 31;

impl Value {
    /// No text at all: a branch, a null.
    pub const NONE: Self = Self { start: u32::MAX, len: 0 };

    /// A part of this text: `len` bytes from its byte `start`. Outside the text the result has no text.
    #[must_use]
    pub const fn part(self, start: u32, len: u32) -> Self {
        Self { start: self.start.saturating_add(start), len: len | (self.len & SIDE) }
    }

    pub(crate) const fn in_text(start: u32, len: u32) -> Self {
        Self { start, len }
    }

    /// True where the text lies in the input, not in the side arena.
    pub const fn is_borrowed(self) -> bool {
        self.len & SIDE == 0
    }

    pub(crate) const fn in_side(start: u32, len: u32) -> Self {
        Self { start, len: len | SIDE }
    }
}

/// One node. Its id is its index.
#[derive(Clone, Copy, Debug)]
pub struct Node {
    /// Its name in its syntax, without namespace or prefix where the grammar knows it.
    pub name: NameId,
    /// Its place in the grammar or schema.
    pub place: PlaceId,
    /// Its parent; the root is its own.
    pub parent: NodeId,
    /// One past the last node of its subtree.
    pub end: NodeId,
    /// Its text.
    pub value: Value,
    /// The bytes to point at: the value of a leaf, the tag or bracket of a branch. Empty where it was made.
    pub span: Span,
    /// What it is in its syntax.
    pub kind: Kind,
    /// True for an item of a list or array.
    pub repeats: bool,
}

/// A message or a document as a pre-order arena.
///
/// `text` is the input where that is UTF-8 (values borrow from it), else empty; everything else is in `side`.
#[derive(Clone, Debug, Default)]
pub struct Tree<'i> {
    pub(crate) nodes: Vec<Node>,
    pub(crate) text: &'i str,
    pub(crate) side: String,
    pub(crate) names: Names,
    pub(crate) base: u64,
    pub(crate) pieces: Vec<(NodeId, Span)>,
}

impl<'i> Tree<'i> {
    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// True where there is not even a root.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The tree with a text of its own, to keep when the input goes. Places and spans stay.
    pub fn detach(&self) -> Tree<'static> {
        let text = self.text.len() as u32;
        let own = |value: Value| match value {
            Value::NONE => Value::NONE,
            value if value.is_borrowed() => Value::in_side(value.start, value.len),
            value => value.part(text, value.len & !SIDE),
        };
        let nodes = self.nodes.iter().map(|node| Node { value: own(node.value), ..*node }).collect();
        let side = [self.text, &self.side].concat();
        Tree {
            nodes,
            text: "",
            side,
            names: self.names.clone(),
            base: self.base,
            pieces: self.pieces.clone(),
        }
    }

    /// The offset in the file of the window that the spans count from.
    pub fn base(&self) -> u64 {
        self.base
    }

    /// The input that values borrow from: the window where it is UTF-8, else empty.
    pub fn text(&self) -> &'i str {
        self.text
    }

    /// The names of this tree.
    pub fn names(&self) -> &Names {
        &self.names
    }

    /// The node of an id that this tree gave.
    pub fn node(&self, id: NodeId) -> &Node {
        &self.nodes[id.index()]
    }

    /// The name of a node.
    pub fn name(&self, id: NodeId) -> &str {
        self.names.get(self.node(id).name)
    }

    /// The place of a node.
    pub fn place(&self, id: NodeId) -> PlaceId {
        self.node(id).place
    }

    /// The text of a node; `None` for a branch or a null.
    pub fn value(&self, id: NodeId) -> Option<&str> {
        self.text_of(self.node(id).value)
    }

    /// The text of a value of this tree.
    pub fn text_of(&self, value: Value) -> Option<&str> {
        let range = |len: u32| value.start as usize..value.start as usize + len as usize;
        if value == Value::NONE {
            None
        } else if value.len & SIDE != 0 {
            self.side.get(range(value.len & !SIDE))
        } else {
            self.text.get(range(value.len))
        }
    }

    /// True for what the counts call a leaf: a node that holds a value (an XML element with text may have
    /// attributes besides), or has no children and is of a kind that could.
    pub fn is_leaf(&self, id: NodeId) -> bool {
        let node = self.node(id);
        node.kind.can_be_leaf() && (node.end.0 == id.0 + 1 || node.value != Value::NONE)
    }

    /// All nodes in pre-order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = NodeId> + ExactSizeIterator + use<> {
        (0..self.nodes.len() as u32).map(NodeId)
    }

    /// The node and all below it, in pre-order.
    pub fn subtree(&self, id: NodeId) -> impl DoubleEndedIterator<Item = NodeId> + use<> {
        (id.0..self.node(id).end.0).map(NodeId)
    }

    /// The children of a node, in order.
    pub fn children(&self, id: NodeId) -> Children<'_, 'i> {
        Children { tree: self, next: id.0 + 1, end: self.node(id).end.0 }
    }

    /// The first child of that place.
    pub fn child_at(&self, id: NodeId, place: PlaceId) -> Option<NodeId> {
        self.children(id).find(|child| self.place(*child) == place)
    }

    /// The first child of that name.
    pub fn child(&self, id: NodeId, name: &str) -> Option<NodeId> {
        let name = self.names.find(name)?;
        self.children(id).find(|child| self.node(*child).name == name)
    }

    /// The node's parents, nearest first, up to the root.
    pub fn ancestors(&self, id: NodeId) -> Ancestors<'_, 'i> {
        Ancestors { tree: self, at: Some(id) }
    }

    /// The bytes of a node in the file.
    pub fn file_span(&self, id: NodeId) -> std::ops::Range<u64> {
        let span = self.node(id).span;
        self.base + u64::from(span.start)..self.base + u64::from(span.end)
    }

    /// The separate stretches of bytes that make one value, where it was written in several (character
    /// references, CDATA, comments inside); else the one span.
    pub fn pieces(&self, id: NodeId) -> impl Iterator<Item = Span> + '_ {
        let from = self.pieces.partition_point(|(node, _)| *node < id);
        let own = self.pieces.get(from..).unwrap_or_default().iter().take_while(move |(node, _)| *node == id);
        let whole = own.clone().next().is_none().then(|| self.node(id).span);
        whole.into_iter().chain(own.map(|(_, span)| *span))
    }

    /// The 1-based number of a node among its siblings of the same name.
    pub fn occurrence(&self, id: NodeId) -> usize {
        let node = self.node(id);
        if id == NodeId::ROOT {
            return 1;
        }
        self.children(node.parent)
            .take_while(|at| *at <= id)
            .filter(|at| self.node(*at).name == node.name)
            .count()
    }
}

/// Iterator over the children of a node.
#[derive(Clone, Debug)]
pub struct Children<'t, 'i> {
    tree: &'t Tree<'i>,
    next: u32,
    end: u32,
}

impl Iterator for Children<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        if self.next >= self.end {
            return None;
        }
        let at = NodeId(self.next);
        self.next = self.tree.node(at).end.0;
        Some(at)
    }
}

/// Iterator over the parents of a node.
#[derive(Clone, Debug)]
pub struct Ancestors<'t, 'i> {
    tree: &'t Tree<'i>,
    at: Option<NodeId>,
}

impl Iterator for Ancestors<'_, '_> {
    type Item = NodeId;

    fn next(&mut self) -> Option<NodeId> {
        let at = self.at?;
        let parent = self.tree.node(at).parent;
        self.at = (parent != at).then_some(parent);
        self.at
    }
}
