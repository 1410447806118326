//! Whether a JSON value is of the kind that its place is for: object, array, string, number, truth value, null.

use dragoman_tree::{Kind, NodeId};

use super::{Checker, TYPE};
use crate::grammar::{Base, Grammar, Syntax};

impl Checker<'_, '_> {
    pub(super) fn kind(&mut self, node: NodeId) {
        let (found, place) = (self.tree.node(node), self.tree.place(node));
        let is_any = self.grammar.facets_of(place).is_some_and(|facets| facets.base == Base::Any);
        if self.grammar.syntax != Syntax::Json || is_any {
            return;
        }
        let expected = self.grammar.place(place);
        let is_item = self.tree.node(found.parent).kind == Kind::Array && node != NodeId::ROOT;
        let is_array = found.repeats || found.kind == Kind::Array;
        // What stands for the whole message in a wrapper is an array or not as the wrapper says.
        let is_message = place == Grammar::ROOT;
        if is_array != expected.list && !is_item && !is_message && found.kind != Kind::Null {
            let is_first = self.tree.occurrence(node) == 1;
            let expected = if expected.list { "an array" } else { word(expected.kind) };
            if is_first {
                let message = format!(
                    "`{}` is {}, not {expected}",
                    self.name(node),
                    if is_array { "an array" } else { word(found.kind) }
                );
                self.report(&TYPE, node, message, "");
            }
            return;
        }
        let is_right = match found.kind {
            Kind::Null => expected.nullable,
            Kind::Array => true,
            kind => kind == expected.kind,
        };
        if !is_right {
            let message =
                format!("`{}` is {}, not {}", self.name(node), word(found.kind), word(expected.kind));
            self.report(&TYPE, node, message, "");
        }
    }
}

fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Object => "an object",
        Kind::Array => "an array",
        Kind::String => "a string",
        Kind::Number => "a number",
        Kind::Bool => "true or false",
        _ => "null",
    }
}
