//! Messages of XML and JSON: elements with their attributes, objects with their members.

use dragoman_tree::{Kind, NodeId, PlaceId, Span, Tree, Value};

use super::Generator;
use crate::grammar::{Base, Grammar, Syntax};

/// A whole message.
pub(super) fn message(mut generator: Generator) -> Tree<'static> {
    generator.node(Grammar::ROOT);
    generator.build.finish()
}

impl Generator {
    /// An element, object or scalar, and all below it.
    fn node(&mut self, place: PlaceId) -> NodeId {
        let grammar = self.grammar.clone();
        let found = grammar.place(place);
        let is_null = found.nullable && place != Grammar::ROOT && self.random.once_in(6);
        if is_null && !found.list {
            return self.build.leaf(Kind::Null, found.name, place, Span::default(), Value::NONE);
        }
        let is_branch = grammar.children(place).any(|child| grammar.place(child).kind != Kind::Attribute);
        let id = self.build.open(found.kind, found.name, place, Span::default());
        if !is_branch && has_text(&grammar, place) {
            let text = self.text(place);
            let value = self.build.owned(&text);
            self.build.node_mut(id).value = value;
        }
        self.below(place);
        self.build.close();
        id
    }

    /// What stands below a place; of those that exclude each other, one.
    fn below(&mut self, parent: PlaceId) {
        let grammar = self.grammar.clone();
        let of_choice = |choice: u8| {
            let all = grammar.children(parent).filter(|at| grammar.place(*at).choice == choice);
            all.collect::<Vec<_>>()
        };
        let mut chosen: Vec<(u8, Option<PlaceId>)> = Vec::new();
        for place in grammar.children(parent) {
            let choice = grammar.place(place).choice;
            if choice != 0 && !chosen.iter().any(|(known, _)| *known == choice) {
                let one = self.random.pick(&of_choice(choice));
                chosen.push((choice, one));
            }
            if choice == 0 || chosen.contains(&(choice, Some(place))) {
                self.occurrences(place);
            }
        }
    }

    fn occurrences(&mut self, place: PlaceId) {
        let grammar = self.grammar.clone();
        let found = grammar.place(place);
        let times = self.times(place);
        if !found.list {
            for _ in 0..times {
                self.node(place);
            }
            return;
        }
        if times == 0 && found.min == 0 && self.random.once_in(8) {
            self.build.leaf(Kind::Array, found.name, place, Span::default(), Value::NONE);
        }
        for _ in 0..times {
            let item = self.node(place);
            self.build.node_mut(item).repeats = true;
        }
    }
}

/// False for elements that hold nothing or are not looked into, and for objects without members.
fn has_text(grammar: &Grammar, place: PlaceId) -> bool {
    let is_json = grammar.syntax == Syntax::Json;
    let is_object = grammar.place(place).kind == Kind::Object && is_json;
    let is_any = grammar.facets_of(place).is_some_and(|facets| facets.base == Base::Any);
    let has_form = grammar.facets_of(place).is_some() || grammar.place(place).fixed.is_some();
    has_form && if is_any { is_json } else { !is_object }
}
