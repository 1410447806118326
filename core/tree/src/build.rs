//! Writing a tree: nodes are opened and closed in pre-order, and what was opened in vain is taken back.

#![expect(clippy::indexing_slicing, reason = "ids are indices that this arena gave out")]

use crate::{Kind, NameId, Names, Node, NodeId, PlaceId, Span, Tree, Value};

/// A point to return to with [`TreeBuilder::rollback`].
#[derive(Clone, Copy, Debug)]
pub struct Mark {
    nodes: usize,
    side: usize,
    pieces: usize,
    depth: usize,
}

/// Builds a [`Tree`] in pre-order.
#[derive(Debug, Default)]
pub struct TreeBuilder<'i> {
    tree: Tree<'i>,
    open: Vec<NodeId>,
}

impl<'i> TreeBuilder<'i> {
    /// Starts a tree whose values may borrow from `text`, a window that begins at `base` in its file.
    pub fn new(text: &'i str, base: u64, names: Names) -> Self {
        Self { tree: Tree { text, names, base, ..Tree::default() }, open: Vec::new() }
    }

    /// Reuses the memory of a finished tree for the next message.
    pub fn reuse(self, text: &str, base: u64, names: Names) -> TreeBuilder<'_> {
        let Tree { mut nodes, mut side, mut pieces, .. } = self.tree;
        nodes.clear();
        side.clear();
        pieces.clear();
        let mut open = self.open;
        open.clear();
        TreeBuilder { tree: Tree { nodes, text, side, names, base, pieces }, open }
    }

    /// Makes room for that many nodes.
    pub fn reserve(&mut self, nodes: usize) {
        self.tree.nodes.reserve(nodes);
    }

    /// The tree as built so far.
    pub fn tree(&self) -> &Tree<'i> {
        &self.tree
    }

    /// The names, to add to.
    pub fn names(&mut self) -> &mut Names {
        &mut self.tree.names
    }

    /// The innermost open node.
    pub fn current(&self) -> Option<NodeId> {
        self.open.last().copied()
    }

    /// How many nodes are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Opens a node below the innermost open one and returns its id.
    pub fn open(&mut self, kind: Kind, name: NameId, place: PlaceId, span: Span) -> NodeId {
        let id = NodeId(self.tree.nodes.len() as u32);
        let parent = self.current().unwrap_or(id);
        let end = NodeId(id.0 + 1);
        let value = Value::NONE;
        self.tree.nodes.push(Node { name, place, parent, end, value, span, kind, repeats: false });
        self.open.push(id);
        id
    }

    /// Closes the innermost open node.
    pub fn close(&mut self) {
        if let Some(id) = self.open.pop() {
            let end = NodeId(self.tree.nodes.len() as u32);
            self.node_mut(id).end = end;
        }
    }

    /// Adds a node without children, and with that text.
    pub fn leaf(&mut self, kind: Kind, name: NameId, place: PlaceId, span: Span, value: Value) -> NodeId {
        let id = self.open(kind, name, place, span);
        self.node_mut(id).value = value;
        self.close();
        id
    }

    /// Changes a node that was added before.
    pub fn node_mut(&mut self, id: NodeId) -> &mut Node {
        &mut self.tree.nodes[id.index()]
    }

    /// A value that is a stretch of the input text. A stretch that does not lie on characters of the text is none.
    pub fn borrowed(&self, span: Span) -> Value {
        match self.tree.text.get(span.range()) {
            Some(text) => Value::in_text(span.start, text.len() as u32),
            None => Value::NONE,
        }
    }

    /// A value that is kept in the side arena.
    pub fn owned(&mut self, text: &str) -> Value {
        let start = self.tree.side.len() as u32;
        self.tree.side.push_str(text);
        Value::in_side(start, text.len() as u32)
    }

    /// Takes over a value of another tree: by reference where both borrow from the same text, else as a copy.
    pub fn adopt(&mut self, from: &Tree<'i>, value: Value) -> Value {
        let same = std::ptr::eq(from.text, self.tree.text);
        match from.text_of(value) {
            Some(_) if same && value.is_borrowed() => value,
            Some(text) => self.owned(text),
            None => Value::NONE,
        }
    }

    /// Notes one of the stretches of bytes that make the value of the newest node.
    pub fn piece(&mut self, id: NodeId, span: Span) {
        self.tree.pieces.push((id, span));
    }

    /// A point to return to.
    pub fn mark(&self) -> Mark {
        Mark {
            nodes: self.tree.nodes.len(),
            side: self.tree.side.len(),
            pieces: self.tree.pieces.len(),
            depth: self.open.len(),
        }
    }

    /// Forgets everything that was opened and added since `mark`.
    pub fn rollback(&mut self, mark: Mark) {
        self.tree.nodes.truncate(mark.nodes);
        self.tree.side.truncate(mark.side);
        self.tree.pieces.truncate(mark.pieces);
        self.open.truncate(mark.depth);
    }

    /// Forgets everything below the innermost open node.
    pub fn clear(&mut self) {
        if let Some(id) = self.current() {
            self.tree.nodes.truncate(id.index() + 1);
        }
    }

    /// Closes what is open and hands the tree over.
    pub fn finish(mut self) -> Tree<'i> {
        while !self.open.is_empty() {
            self.close();
        }
        self.tree
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pre_order_with_rollback() {
        let mut build = TreeBuilder::new("hello", 10, Names::default());
        let name = build.names().intern("a");
        let root = build.open(Kind::Element, name, PlaceId::NONE, Span::new(0, 1));
        let value = build.borrowed(Span::new(0, 2));
        let first = build.leaf(Kind::Element, name, PlaceId(3), Span::new(0, 2), value);
        let mark = build.mark();
        build.open(Kind::Element, name, PlaceId::NONE, Span::default());
        build.owned("gone");
        build.rollback(mark);
        let value = build.owned("kept");
        let second = build.leaf(Kind::Element, name, PlaceId::NONE, Span::default(), value);
        let tree = build.finish();
        assert_eq!(tree.children(root).collect::<Vec<_>>(), [first, second]);
        assert_eq!((tree.value(first), tree.value(second)), (Some("he"), Some("kept")));
        assert_eq!(tree.file_span(first), 10..12);
        assert_eq!(tree.occurrence(second), 2);
        assert_eq!(tree.ancestors(second).collect::<Vec<_>>(), [root]);
        assert_eq!(tree.child_at(root, PlaceId(3)), Some(first));
        assert!(tree.is_leaf(first) && !tree.is_leaf(root));
    }

    #[test]
    fn a_detached_tree_says_the_same() {
        let input = String::from("hello");
        let mut build = TreeBuilder::new(&input, 10, Names::default());
        let name = build.names().intern("a");
        let root = build.open(Kind::Object, name, PlaceId::NONE, Span::new(0, 1));
        let made = build.owned("made");
        let first = build.leaf(Kind::String, name, PlaceId(3), Span::default(), made);
        let value = build.borrowed(Span::new(1, 3));
        let second = build.leaf(Kind::String, name, PlaceId(3), Span::new(1, 3), value);
        let tree = build.finish().detach();
        drop(input);
        assert_eq!(
            (tree.value(root), tree.value(first), tree.value(second)),
            (None, Some("made"), Some("el"))
        );
        assert_eq!((tree.name(second), tree.file_span(second)), ("a", 11..13));
    }

    #[test]
    fn values_are_adopted_by_reference_where_the_text_is_shared() {
        let text = "shared text";
        let mut one = TreeBuilder::new(text, 0, Names::default());
        let name = one.names().intern("a");
        let value = one.borrowed(Span::new(0, 6));
        let leaf = one.leaf(Kind::String, name, PlaceId::NONE, Span::default(), value);
        let one = one.finish();
        let mut two = TreeBuilder::new(text, 0, Names::default());
        assert_eq!(two.adopt(&one, one.node(leaf).value), one.node(leaf).value);
        let mut other = TreeBuilder::new("", 0, Names::default());
        let copy = other.adopt(&one, one.node(leaf).value);
        assert_eq!(other.tree().text_of(copy), Some("shared"));
    }
}
