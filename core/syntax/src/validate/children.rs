//! What stands below a node: order, cardinality, choices, what is missing.

use dragoman_tree::{Finding, Kind, NodeId, PlaceId};

use super::{Checker, EXCLUSIVE, MISSING, ORDER, TOO_MANY};
use crate::grammar::Grammar;

impl Checker<'_, '_> {
    pub(super) fn children(&mut self, node: NodeId) {
        // Only objects have members, whatever else of JSON stands in their place.
        if matches!(
            self.tree.node(node).kind,
            Kind::Array | Kind::String | Kind::Number | Kind::Bool | Kind::Null
        ) {
            return;
        }
        let parent = self.tree.place(node);
        let mut children = std::mem::take(&mut self.below);
        children.clear();
        let present = self.tree.children(node).filter(|child| self.is_present(*child));
        children.extend(present.map(|child| (self.slot(parent, child), child)));
        if !children.is_sorted_by_key(|(place, _)| *place) {
            self.in_order(&children);
            children.sort_by_key(|(place, _)| *place);
        }
        self.places(node, &children);
        self.below = children;
    }

    /// How the places below a node are filled, by children in their order.
    fn places(&mut self, node: NodeId, children: &[(PlaceId, NodeId)]) {
        let parent = self.tree.place(node);
        let mut rest = children;
        let mut choices = Choices::default();
        for place in self.grammar.children(parent) {
            let count = rest.iter().take_while(|(slot, _)| *slot == place).count();
            let (own, after) = rest.split_at_checked(count).unwrap_or((rest, &[]));
            rest = after;
            self.occurrences(node, place, own);
            choices.add(self.grammar.place(place).choice, place, own.first().map(|(_, child)| *child));
        }
        self.choices(node, &choices);
    }

    /// A child that the grammar knows and that holds something: an empty EDI element is as good as none.
    fn is_present(&self, child: NodeId) -> bool {
        self.tree.place(child).is_known() && !self.is_empty_element(child)
    }

    /// True for an EDI element that stands only for the separators around it.
    pub(super) fn is_empty_element(&self, node: NodeId) -> bool {
        let has_no_text = |at: NodeId| self.tree.value(at).unwrap_or_default().is_empty();
        match self.tree.node(node).kind {
            Kind::Data => has_no_text(node),
            Kind::Composite => self.tree.subtree(node).all(has_no_text),
            _ => false,
        }
    }

    /// The place of a child below its parent's: in a JSON wrapper the message stands where the wrapper says so.
    fn slot(&self, parent: PlaceId, child: NodeId) -> PlaceId {
        let place = self.tree.place(child);
        let is_message = place == Grammar::ROOT && parent != Grammar::ROOT;
        let named = || self.grammar.child(parent, self.tree.name(child));
        if is_message { named().unwrap_or(place) } else { place }
    }

    /// Siblings ascend by place. JSON members and XML attributes have no order.
    fn in_order(&mut self, children: &[(PlaceId, NodeId)]) {
        let mut last: Option<NodeId> = None;
        for (_, child) in children.iter().copied() {
            let is_ordered = matches!(
                self.tree.node(child).kind,
                Kind::Element | Kind::Group | Kind::Segment | Kind::Composite | Kind::Data
            );
            match last.filter(|last| is_ordered && self.tree.place(child) < self.tree.place(*last)) {
                Some(last) => {
                    let (name, before) = (self.name(child), self.name(last));
                    let message = format!("`{name}` stands after `{before}`");
                    let hint = format!("put it before `{before}`");
                    self.report(&ORDER, child, message, &hint);
                }
                None => last = Some(child).filter(|_| is_ordered),
            }
        }
    }

    /// How often a place is filled below `node`.
    fn occurrences(&mut self, node: NodeId, place: PlaceId, own: &[(PlaceId, NodeId)]) {
        let found = self.grammar.place(place);
        // An array that is there but empty is one node and no item.
        let items = own.iter().filter(|(_, child)| self.tree.node(*child).kind != Kind::Array).count();
        let max = found.max;
        if items > max as usize
            && let Some((_, surplus)) = own.get(max as usize)
        {
            let name = self.label(place);
            let message = format!("`{name}` occurs {items} times, at most {max} are allowed");
            self.report(&TOO_MANY, *surplus, message, "");
        }
        let is_chosen = found.choice == 0 || !own.is_empty();
        let is_enough = own.len() >= found.min as usize || (found.list && !own.is_empty());
        if is_chosen && !is_enough {
            self.missing(node, place, own.len());
        }
    }

    /// Something mandatory is absent: the finding is at the parent, its path is that of the absent node.
    fn missing(&mut self, node: NodeId, place: PlaceId, present: usize) {
        let found = self.grammar.place(place);
        let name = self.grammar.name_of(place);
        let label = self.label(place);
        let message = match (found.min, found.kind) {
            (min, _) if min > 1 => format!("`{label}` occurs {present} times, at least {min} are needed"),
            (_, Kind::Attribute) => format!("the attribute `{name}` is missing"),
            _ => format!("`{label}` is missing"),
        };
        if self.is_full() {
            return;
        }
        let parent = self.paths.path(node);
        let step = match found.kind {
            Kind::Attribute => format!("/@{name}"),
            Kind::Element | Kind::Group | Kind::Segment | Kind::Composite | Kind::Data => {
                format!("/{name}[{}]", present + 1)
            }
            _ => format!(".{name}"),
        };
        // The path of a root without a step of its own is a point.
        let path = match parent.as_str() {
            "." => step.trim_start_matches(['.', '/']).to_owned(),
            parent => format!("{parent}{step}"),
        };
        let finding = Finding::error(&MISSING, message).at(self.tree.base(), self.tree.node(node).span);
        self.findings.push(finding.wire(path));
    }

    fn choices(&mut self, node: NodeId, choices: &Choices) {
        for choice in &choices.found {
            let mut present = choice.present.iter();
            if let (Some(first), Some(second)) = (present.next(), present.next()) {
                let message =
                    format!("`{}` and `{}` exclude each other", self.name(*first), self.name(*second));
                self.report(&EXCLUSIVE, *second, message, "keep one of them");
            }
            let is_optional = choice.places.iter().any(|place| self.grammar.place(*place).min == 0);
            if choice.present.is_empty() && !is_optional {
                let names: Vec<_> = choice.places.iter().map(|place| self.grammar.name_of(*place)).collect();
                let message = format!("one of `{}` is missing", names.join("`, `"));
                self.report(&MISSING, node, message, "");
            }
        }
    }
}

/// The exclusive places below one node.
#[derive(Debug, Default)]
struct Choices {
    found: Vec<Choice>,
}

#[derive(Debug)]
struct Choice {
    number: u8,
    places: Vec<PlaceId>,
    /// The first node of each place that is filled.
    present: Vec<NodeId>,
}

impl Choices {
    fn add(&mut self, number: u8, place: PlaceId, present: Option<NodeId>) {
        if number == 0 {
            return;
        }
        match self.found.iter_mut().find(|choice| choice.number == number) {
            Some(choice) => {
                choice.places.push(place);
                choice.present.extend(present);
            }
            None => self.found.push(Choice {
                number,
                places: vec![place],
                present: present.into_iter().collect(),
            }),
        }
    }
}
