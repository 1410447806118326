//! The positions of the values of a segment: from the places of its nodes, or from their names.

use dragoman_tree::{Code, Finding, NodeId, PlaceId, Tree};

use super::slots::{Slot, Slots};
use crate::grammar::Grammar;
use crate::path::wire_path;

/// A message to write, with the grammar that its places are of.
pub type Outgoing<'t> = (&'t Tree<'t>, Option<&'t Grammar>);

/// More occurrences than positions.
pub const NO_ROOM: Code = Code {
    id: "DG-E0330",
    title: "there is no position left for a value",
    help: "A data element or component occurs more often than the segment has positions for it, and cannot \
           be repeated: syntax versions before 4 have no repetition separator. The value is not written, \
           for it would become another element.",
};

/// A node whose position is unknown.
pub const NO_POSITION: Code = Code {
    id: "DG-E0331",
    title: "the position of a value is unknown",
    help: "The node has no place in the grammar, and its name is no position (a number from 1 to 999). It \
           is not written.",
};

/// The largest position that a name may give.
const LARGEST: u32 = 999;

/// A value at its position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell<'t> {
    /// Data element, from 1; 0 is the tag.
    pub element: u32,
    /// Repetition, from 1.
    pub repetition: u32,
    /// Component, from 1.
    pub component: u32,
    /// The value.
    pub value: &'t str,
    /// The node it comes from; none where the writer made it.
    pub node: Option<NodeId>,
}

impl<'t> Cell<'t> {
    /// A value that the writer made.
    pub fn made(element: u32, component: u32, value: &'t str) -> Self {
        Self { element, repetition: 1, component, value, node: None }
    }

    /// Its position, to sort by.
    pub fn position(&self) -> (u32, u32, u32) {
        (self.element, self.repetition, self.component)
    }
}

/// Collects the cells of one segment after the other.
pub(crate) struct Cells<'t> {
    pub tree: &'t Tree<'t>,
    pub grammar: Option<&'t Grammar>,
    /// True where there is a repetition separator.
    pub repetitions: bool,
    pub list: Vec<Cell<'t>>,
    pub findings: Vec<Finding>,
}

/// The last data element that was given a position.
#[derive(Clone, Copy, Debug)]
struct Last {
    element: u32,
    repetition: u32,
    component: u32,
}

/// Counts the occurrences of one place.
#[derive(Clone, Copy, Debug, Default)]
struct Count {
    place: Option<PlaceId>,
    times: u32,
}

impl Count {
    /// How many occurrences of the place there were before.
    fn of(&mut self, place: PlaceId) -> u32 {
        if self.place.replace(place) != Some(place) {
            self.times = 0;
        }
        self.times += 1;
        self.times - 1
    }
}

impl<'t> Cells<'t> {
    /// Nothing collected yet.
    pub fn new((tree, grammar): &Outgoing<'t>, repetitions: bool) -> Self {
        Self { tree, grammar: *grammar, repetitions, list: Vec::new(), findings: Vec::new() }
    }

    /// Gives every value of a segment its position, in order.
    pub fn collect(&mut self, segment: NodeId) {
        let tree = self.tree;
        self.list.clear();
        let mut slots = self.slots(segment, self.repetitions);
        // The tag is element 0.
        let (mut last, mut count) = (Last { element: 0, repetition: 1, component: 1 }, Count::default());
        for node in tree.children(segment) {
            let slot = slots.of(tree.place(node));
            let Some(element) = self.element(node, slot, &mut count) else { continue };
            let first = self.first_component(node, slot);
            let repetition = match last {
                last if last.element != element => 1,
                last if first > last.component => last.repetition,
                last => last.repetition + 1,
            };
            let apart = slot.filter(|slot| slot.parts > 1);
            if repetition > 1 && !self.repetitions && apart.is_none() {
                self.no_room(node);
                continue;
            }
            if let Some(slot) = apart {
                self.parts(node, element, slot);
                last = Last { element: element + slot.parts - 1, repetition: 1, component: 1 };
                continue;
            }
            last = Last { element, repetition, component: 1 };
            if tree.is_leaf(node) {
                self.push(node, last);
            } else {
                self.components(node, &mut last);
            }
        }
        self.order();
    }

    fn slots(&self, parent: NodeId, repetitions: bool) -> Slots<'t> {
        let place = self.tree.place(parent);
        Slots::new(self.grammar.filter(|_| place.is_known()), place, repetitions)
    }

    /// The position of a data element.
    fn element(&mut self, node: NodeId, slot: Option<Slot>, count: &mut Count) -> Option<u32> {
        match slot {
            Some(slot) if slot.width == 1 => Some(slot.first),
            Some(slot) => self.spread(node, slot, count),
            None => self.named(node),
        }
    }

    /// Components that stand at positions of their own, from `first` on.
    fn parts(&mut self, composite: NodeId, first: u32, slot: Slot) {
        let mut slots = self.slots(composite, false);
        for node in self.tree.children(composite) {
            let part = match slots.of(self.tree.place(node)) {
                Some(part) => Some(part.first),
                None => self.named(node),
            };
            match part.filter(|part| (1..=slot.parts).contains(part)) {
                Some(part) => {
                    self.push(node, Last { element: first + part - 1, repetition: 1, component: 1 });
                }
                None => self.no_room(node),
            }
        }
    }

    /// The position of an occurrence of a place that takes several positions.
    fn spread(&mut self, node: NodeId, slot: Slot, count: &mut Count) -> Option<u32> {
        let occurrence = count.of(slot.place).saturating_mul(slot.parts);
        if occurrence < slot.width {
            return Some(slot.first + occurrence);
        }
        self.no_room(node);
        None
    }

    /// The position that the name of a node without place gives.
    fn named(&mut self, node: NodeId) -> Option<u32> {
        let name = self.tree.name(node);
        let is_plain = |at: &u32| *at <= LARGEST && (at.to_string() == name || format!("{at:02}") == name);
        let position = name.parse().ok().filter(is_plain);
        if position.is_none() {
            self.report(&NO_POSITION, format!("`{}` tells no position", name.escape_debug()), node);
        }
        position
    }

    /// The first component of what the node holds, where it may continue the data element before it: the
    /// reader keeps components without place that way. 0 where it does not.
    fn first_component(&self, node: NodeId, slot: Option<Slot>) -> u32 {
        let first = self.tree.children(node).next().filter(|_| slot.is_none());
        first.and_then(|first| self.tree.name(first).parse().ok()).unwrap_or(0)
    }

    fn components(&mut self, composite: NodeId, last: &mut Last) {
        let tree = self.tree;
        let mut slots = self.slots(composite, false);
        let mut count = Count::default();
        for node in tree.children(composite) {
            let component = match slots.of(tree.place(node)) {
                Some(slot) => self.spread(node, slot, &mut count),
                None => self.named(node),
            };
            if let Some(component) = component {
                last.component = component;
                self.push(node, *last);
            }
        }
    }

    fn push(&mut self, node: NodeId, at: Last) {
        let Some(value) = self.tree.value(node).filter(|value| !value.is_empty()) else { return };
        let Last { element, repetition, component } = at;
        self.list.push(Cell { element, repetition, component, value, node: Some(node) });
    }

    /// Sorts the cells by position and takes out those whose position is taken.
    fn order(&mut self) {
        if self.list.is_sorted_by(|one, two| one.position() < two.position()) {
            return;
        }
        self.list.sort_by_key(Cell::position);
        let mut surplus = Vec::new();
        self.list.dedup_by(|next, kept| {
            let same = next.position() == kept.position();
            surplus.extend(next.node.filter(|_| same));
            same
        });
        for node in surplus {
            self.no_room(node);
        }
    }

    fn no_room(&mut self, node: NodeId) {
        let value = self.tree.value(node).unwrap_or_default().escape_debug();
        let name = self.tree.name(node);
        self.report(&NO_ROOM, format!("no position is left for {name} `{value}`"), node);
    }

    fn report(&mut self, code: &'static Code, message: String, node: NodeId) {
        self.findings.push(Finding::error(code, message).wire(wire_path(self.tree, node, None)));
    }
}
