//! Extensions: what the document holds as it is goes back to where it was.

use dragoman_syntax::grammar::Syntax;
use dragoman_tree::{Kind, NodeId, PlaceId, Span};

use super::{Life, Use, Writing};
use crate::plan::{Extension, Select, Slot, SlotId};

impl<'w> Writing<'w, '_> {
    /// Writes the members of one name: a leaf, an object, or the items of a list.
    pub(super) fn extension(&mut self, id: SlotId, slot: &'w Slot, extension: &Extension) -> Life {
        let members = self.members_of(extension);
        if members.is_empty() || !self.hold(&extension.guards) {
            return Life::Nothing;
        }
        if let Select::From(number) = slot.select
            && !self.check_first(slot, number, None)
        {
            let inside = members.into_iter().flat_map(|member| self.document.subtree(member));
            for node in inside.filter(|node| self.document.is_leaf(*node)) {
                self.lose(node, "what stands before it is missing, and it would be taken for that");
            }
            return Life::Nothing;
        }
        for member in members {
            self.copy(member, self.plan.grammar.name_of(slot.place), slot.place, id);
        }
        Life::Document
    }

    fn members_of(&self, extension: &Extension) -> Vec<NodeId> {
        let Some((name, above)) = extension.names.split_last() else { return Vec::new() };
        let open = self.node_at(extension.scope, extension.place);
        let inside = above.iter().try_fold(open, |at, name| Some(self.document.child(at?, name)));
        let children = inside.flatten().into_iter().flat_map(|at| self.document.children(at));
        children.filter(|child| self.document.name(*child) == &**name).collect()
    }

    /// Writes a node of the document with all below it. In JSON it keeps its kind; elsewhere it has that of its place.
    fn copy(&mut self, from: NodeId, name: &str, place: PlaceId, slot: SlotId) {
        let document = self.document;
        let found = document.node(from);
        let grammar = self.plan.grammar.clone();
        let kind = match (grammar.syntax, grammar.get(place)) {
            (Syntax::Xml, None) => Kind::Element,
            (_, None) | (Syntax::Json, _) => found.kind,
            (_, Some(place)) => place.kind,
        };
        let name = self.out.names().intern(name);
        let node = self.out.open(kind, name, place, Span::default());
        let value = self.out.adopt(document, found.value);
        self.out.node_mut(node).value = value;
        self.out.node_mut(node).repeats = found.repeats && kind != Kind::Element;
        self.sources.push(from);
        self.slots.push(slot);
        self.set_use(from, Use::Carried);
        self.attributes(from, place);
        let is_attribute =
            |child: &NodeId| grammar.syntax == Syntax::Xml && document.name(*child).contains('@');
        for child in document.children(from).filter(|child| !is_attribute(child)) {
            let name = document.name(child);
            let inside = grammar.child(place, name).unwrap_or(PlaceId::NONE);
            self.copy(child, name, inside, SlotId::NONE);
        }
        self.out.close();
    }

    /// Writes the attributes of an element with a text, which stand beside it.
    fn attributes(&mut self, from: NodeId, place: PlaceId) {
        if self.plan.grammar.syntax != Syntax::Xml {
            return;
        }
        let document = self.document;
        let named = format!("{}@", document.name(from));
        for beside in document.children(document.node(from).parent) {
            let Some(name) = document.name(beside).strip_prefix(&named) else { continue };
            let inside = self.plan.grammar.child(place, name).unwrap_or(PlaceId::NONE);
            if inside != PlaceId::NONE {
                self.copy(beside, name, inside, SlotId::NONE);
            }
        }
    }
}
