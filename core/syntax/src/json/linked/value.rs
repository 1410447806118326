//! What the members of an object have: values, lists and objects, in any of the ways of writing them.

use dragoman_tree::{Kind, NodeId, Value};

use super::nodes::Nodes;

/// What stands in the place of a member.
#[derive(Clone, Copy, Debug)]
pub(super) enum Item {
    /// A scalar of some kind, with its text.
    Scalar { node: NodeId, kind: Kind, value: Value },
    /// An object.
    Object(NodeId),
    /// A text that names one.
    Named(NodeId),
    /// An array in which there is nothing, or whose items have no name of their own.
    Array(NodeId),
}

impl Nodes<'_, '_, '_> {
    /// What a member has: what lists hold, one by one. `names` says that a text in its place names an object.
    pub fn items(&self, member: NodeId, names: bool, items: &mut Vec<Item>) {
        let json = self.json;
        let node = json.node(member);
        match node.kind {
            Kind::Object => {
                for (keyword, is_value) in [("@value", true), ("@list", false), ("@set", false)] {
                    let mut inside = json.children(member).filter(|child| self.expanded(*child) == keyword);
                    let Some(first) = inside.next() else { continue };
                    if is_value {
                        let kind = self.kind_of_value(member, first);
                        items.push(Item::Scalar { node: first, kind, value: json.node(first).value });
                    } else {
                        [first].into_iter().chain(inside).for_each(|one| self.items(one, names, items));
                    }
                    return;
                }
                items.push(Item::Object(member));
            }
            Kind::Array if json.children(member).next().is_some() => {
                json.children(member).for_each(|child| self.items(child, names, items));
            }
            Kind::Array => items.push(Item::Array(member)),
            Kind::String if names => items.push(Item::Named(member)),
            kind => items.push(Item::Scalar { node: member, kind, value: node.value }),
        }
    }

    /// What a value is that may state its type: a number in quotes is a number where it says so.
    fn kind_of_value(&self, object: NodeId, value: NodeId) -> Kind {
        let json = self.json;
        let kind = json.node(value).kind;
        let stated = self.types(object);
        let local = stated.first().and_then(|(_, name)| name.rsplit(['#', ':']).next());
        match (kind, local.unwrap_or_default()) {
            (Kind::String, "boolean") => Kind::Bool,
            (Kind::String, name) if NUMBERS.contains(&name) => Kind::Number,
            _ => kind,
        }
    }
}

/// The types of XML Schema whose values are numbers.
const NUMBERS: [&str; 14] = [
    "decimal",
    "double",
    "float",
    "integer",
    "int",
    "long",
    "short",
    "byte",
    "positiveInteger",
    "nonNegativeInteger",
    "negativeInteger",
    "nonPositiveInteger",
    "unsignedInt",
    "unsignedLong",
];
