//! The tree of an XML message to its JSON text.

use dragoman_tree::{Kind, Names, NodeId, PlaceId, Span, Tree, TreeBuilder};

use super::super::name::split;
use crate::grammar::{Base, Grammar};
use crate::json::{self, Style};

/// The JSON text of an XML message.
pub fn write(tree: &Tree<'_>, grammar: &Grammar, style: Style) -> String {
    let build = TreeBuilder::new(tree.text(), tree.base(), Names::default());
    let mut writer = Writer { tree, grammar, build };
    writer.open("", false);
    if !tree.is_empty() {
        writer.element(NodeId::ROOT, &writer.root(), false);
    }
    json::write(&writer.build.finish(), style)
}

struct Writer<'t, 'g, 'i> {
    tree: &'t Tree<'i>,
    grammar: &'g Grammar,
    build: TreeBuilder<'i>,
}

impl Writer<'_, '_, '_> {
    /// The name of the root: with the number of its namespace.
    fn root(&self) -> String {
        let local = split(self.tree.name(NodeId::ROOT)).1;
        match self.grammar.get(self.tree.place(NodeId::ROOT)).map(|place| place.namespace) {
            None | Some(0) => local.to_owned(),
            Some(namespace) => format!("n{namespace}:{local}"),
        }
    }

    fn element(&mut self, node: NodeId, name: &str, repeats: bool) {
        let tree = self.tree;
        let has_children = tree.children(node).next().is_some();
        if !has_children && (tree.value(node).is_some() || self.is_simple(node)) {
            self.value(node, name, repeats);
            return;
        }
        self.open(name, repeats);
        for child in tree.children(node) {
            let local = split(tree.name(child)).1;
            match tree.node(child).kind {
                Kind::Attribute => self.value(child, &format!("@{local}"), false),
                Kind::Text => self.value(child, "#", false),
                _ => {
                    let repeats = self.repeats(node, child);
                    self.element(child, local, repeats);
                }
            }
        }
        if tree.value(node).is_some() {
            self.value(node, "#", false);
        }
        self.build.close();
    }

    fn open(&mut self, name: &str, repeats: bool) {
        let name = self.build.names().intern(name);
        let opened = self.build.open(Kind::Object, name, PlaceId::NONE, Span::default());
        self.build.node_mut(opened).repeats = repeats;
    }

    fn value(&mut self, node: NodeId, name: &str, repeats: bool) {
        let name = self.build.names().intern(name);
        let kind = if self.is_number(node) { Kind::Number } else { Kind::String };
        let value = self.build.adopt(self.tree, self.tree.node(node).value);
        let leaf = self.build.leaf(kind, name, PlaceId::NONE, Span::default(), value);
        self.build.node_mut(leaf).repeats = repeats;
    }

    /// True of what the grammar lets be there more than once, and of what is.
    fn repeats(&self, parent: NodeId, child: NodeId) -> bool {
        let place = self.grammar.get(self.tree.place(child));
        let alike = |other: &NodeId| self.tree.name(*other) == self.tree.name(child);
        place.is_some_and(|place| place.max > 1) || self.tree.children(parent).filter(alike).nth(1).is_some()
    }

    /// True of an element that has a text and no elements.
    fn is_simple(&self, node: NodeId) -> bool {
        let place = self.tree.place(node);
        self.grammar.get(place).is_some_and(|one| one.facets.is_some() || one.end.0 == place.0 + 1)
    }

    fn is_number(&self, node: NodeId) -> bool {
        let place = self.tree.place(node);
        let facets = place.is_known().then(|| self.grammar.facets_of(place)).flatten();
        facets.is_some_and(|facets| matches!(facets.base, Base::Decimal | Base::Int))
    }
}
