//! Whether two JSON texts mean the same, and where they first do not.

use std::collections::VecDeque;
use std::fmt;

use dragoman_tree::{NodeId, Tree};
use rustc_hash::FxHashMap;

use super::pointer::{pointer, token};
use super::shape::{Shape, gather, same_array, shape};
use super::write::{Style, write_node};

/// When two numbers are the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// When they are written alike: `1.50` is not `1.5`.
    Literal,
    /// When they have the same value, compared as decimals: `1.50`, `1.5` and `15e-1` are the same.
    Value,
}

/// Where two JSON texts differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place, as a JSON pointer (RFC 6901).
    pub pointer: String,
    /// What the left has there, as JSON; `None` where it has nothing.
    pub left: Option<String>,
    /// What the right has there.
    pub right: Option<String>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = &self.pointer;
        match (&self.left, &self.right) {
            (Some(left), Some(right)) => write!(f, "{at}: {left} is not {right}"),
            (Some(left), None) => write!(f, "{at}: {left} is missing"),
            (None, Some(right)) => write!(f, "{at}: {right} is added"),
            (None, None) => write!(f, "{at}"),
        }
    }
}

/// The first difference of two trees, in the order of the left one; `None` where they are the same JSON.
///
/// The order of members does not matter, that of items does. Members that occur twice are paired in order.
pub fn difference(left: &Tree<'_>, right: &Tree<'_>, numbers: Numbers) -> Option<Difference> {
    let pair = Pair { left, right, numbers };
    match (left.is_empty(), right.is_empty()) {
        (false, false) => pair.value(NodeId::ROOT, NodeId::ROOT),
        (true, true) => None,
        (true, false) => Some(pair.difference(None, Some(NodeId::ROOT))),
        (false, true) => Some(pair.difference(Some(NodeId::ROOT), None)),
    }
}

struct Pair<'t, 'l, 'r> {
    left: &'t Tree<'l>,
    right: &'t Tree<'r>,
    numbers: Numbers,
}

impl Pair<'_, '_, '_> {
    fn value(&self, left: NodeId, right: NodeId) -> Option<Difference> {
        let same = match (shape(self.left, left), shape(self.right, right)) {
            (Shape::Object, Shape::Object) => return self.object(left, right),
            (Shape::Array, Shape::Array) => {
                let (ours, theirs) = (self.left.children(left), self.right.children(right));
                return self.items(&ours.collect::<Vec<_>>(), &theirs.collect::<Vec<_>>());
            }
            (Shape::Number(ours), Shape::Number(theirs)) if self.numbers == Numbers::Value => {
                ours == theirs || decimal(ours).is_some_and(|value| Some(value) == decimal(theirs))
            }
            (ours, theirs) => ours == theirs,
        };
        (!same).then(|| self.difference(Some(left), Some(right)))
    }

    /// Goes through the members of the left, looks each up on the right, and then for what is left over there.
    fn object(&self, left: NodeId, right: NodeId) -> Option<Difference> {
        let (ours, theirs) = (members(self.left, left), members(self.right, right));
        let mut others: FxHashMap<&str, VecDeque<&Member<'_>>> = FxHashMap::default();
        for member in &theirs {
            others.entry(member.name).or_default().push_back(member);
        }
        for member in &ours {
            let other = others.get_mut(member.name).and_then(VecDeque::pop_front);
            let difference = self.member(left, member, other);
            if difference.is_some() {
                return difference;
            }
        }
        let more = others.into_values().flatten().min_by_key(|member| member.first)?;
        Some(self.unlike(left, None, Some(more)))
    }

    fn member(&self, object: NodeId, left: &Member<'_>, right: Option<&Member<'_>>) -> Option<Difference> {
        let Some(other) = right else { return Some(self.unlike(object, Some(left), None)) };
        match (&left.items, &other.items) {
            (Some(ours), Some(theirs)) => self.items(ours, theirs),
            (None, None) => self.value(left.first, other.first),
            _ => Some(self.unlike(object, Some(left), right)),
        }
    }

    /// Members of one name that differ as a whole: one is absent, or one is an array and the other is not.
    fn unlike(&self, object: NodeId, left: Option<&Member<'_>>, right: Option<&Member<'_>>) -> Difference {
        let name = left.or(right).map_or("", |member| member.name);
        Difference {
            pointer: format!("{}/{}", pointer(self.left, object), token(name)),
            left: left.map(|member| member.text(self.left)),
            right: right.map(|member| member.text(self.right)),
        }
    }

    fn items(&self, left: &[NodeId], right: &[NodeId]) -> Option<Difference> {
        let common = left.iter().zip(right).find_map(|(left, right)| self.value(*left, *right));
        let end = left.len().min(right.len());
        common.or_else(|| match (left.get(end), right.get(end)) {
            (None, None) => None,
            (more, other) => Some(self.difference(more.copied(), other.copied())),
        })
    }

    fn difference(&self, left: Option<NodeId>, right: Option<NodeId>) -> Difference {
        let place = left.map(|node| pointer(self.left, node));
        let place = place.or_else(|| right.map(|node| pointer(self.right, node)));
        Difference {
            pointer: place.unwrap_or_default(),
            left: left.map(|node| text(self.left, node)),
            right: right.map(|node| text(self.right, node)),
        }
    }
}

fn text(tree: &Tree<'_>, node: NodeId) -> String {
    let mut out = String::new();
    write_node(tree, node, Style::Compact, &mut out);
    out
}

/// A member of an object.
struct Member<'t> {
    name: &'t str,
    /// The node of its value, or of its first item.
    first: NodeId,
    /// The items of the array that is its value.
    items: Option<Vec<NodeId>>,
}

impl Member<'_> {
    fn text(&self, tree: &Tree<'_>) -> String {
        match &self.items {
            None => text(tree, self.first),
            Some(items) => {
                let items: Vec<_> = items.iter().map(|item| text(tree, *item)).collect();
                format!("[{}]", items.join(","))
            }
        }
    }
}

fn members<'t>(tree: &'t Tree<'_>, object: NodeId) -> Vec<Member<'t>> {
    let mut children: Vec<_> = tree.children(object).collect();
    gather(tree, &mut children);
    let runs = children.chunk_by(|one, other| same_array(tree, *one, *other));
    runs.filter_map(|run| {
        let first = *run.first()?;
        let items = match shape(tree, first) {
            _ if tree.node(first).repeats => Some(run.to_vec()),
            Shape::Array => Some(tree.children(first).collect()),
            _ => None,
        };
        Some(Member { name: tree.name(first), first, items })
    })
    .collect()
}

/// Sign, digits without zeros around them, and exponent of a number; `None` where the exponent is beyond counting.
fn decimal(literal: &str) -> Option<(bool, String, i64)> {
    let (mantissa, exponent) = literal.split_once(['e', 'E']).unwrap_or((literal, "0"));
    let unsigned = mantissa.strip_prefix('-').unwrap_or(mantissa);
    let (whole, fraction) = unsigned.split_once('.').unwrap_or((unsigned, ""));
    let digits = format!("{whole}{fraction}");
    let significant = digits.trim_start_matches('0');
    let trimmed = significant.trim_end_matches('0');
    if trimmed.is_empty() {
        return Some((false, String::new(), 0));
    }
    let zeros = i64::try_from(significant.len() - trimmed.len()).ok()?;
    let places = i64::try_from(fraction.len()).ok()?;
    let exponent = exponent.parse::<i64>().ok()?.checked_sub(places)?.checked_add(zeros)?;
    Some((mantissa.starts_with('-'), trimmed.to_owned(), exponent))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Limits;
    use crate::json::read;

    fn difference(left: &str, right: &str, numbers: Numbers) -> Option<String> {
        let tree =
            |text: &'static [u8]| read(text, None, dragoman_tree::PlaceId::NONE, &Limits::default()).tree;
        let leak = |text: &str| &*Box::leak(text.to_owned().into_boxed_str().into_boxed_bytes());
        super::difference(&tree(leak(left)), &tree(leak(right)), numbers).map(|found| found.to_string())
    }

    #[test]
    fn first_differences() {
        let cases = [
            (r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1}"#, None),
            (r#"{"a":[1,2]}"#, r#"{"a":[2,1]}"#, Some("/a/0: 1 is not 2")),
            (r#"{"a":[1]}"#, r#"{"a":1}"#, Some("/a: [1] is not 1")),
            (r#"{"a":[]}"#, r#"{"a":[{}]}"#, Some("/a/0: {} is added")),
            (r#"{"a":[]}"#, r"{}", Some("/a: [] is missing")),
            (r#"{"x":{}}"#, r#"{"x":{"a/b~":null}}"#, Some("/x/a~1b~0: null is added")),
            (r"[[1],[2,3]]", r"[[1],[2]]", Some("/1/1: 3 is missing")),
            (r#"{"a":1,"a":2}"#, r#"{"a":1,"a":3}"#, Some("/a: 2 is not 3")),
            (r#"{"a":"1"}"#, r#"{"a":1}"#, Some("/a: \"1\" is not 1")),
            (r#"{"a":null}"#, r#"{"a":false}"#, Some("/a: null is not false")),
        ];
        for (left, right, expected) in cases {
            assert_eq!(difference(left, right, Numbers::Literal).as_deref(), expected, "{left} {right}");
        }
    }

    #[test]
    fn numbers_by_literal_or_value() {
        let same = [
            ("1.50", "1.5"),
            ("15e-1", "1.5"),
            ("-0", "0"),
            ("0.00", "0e5"),
            ("1E+2", "100"),
            ("1e999999999999999999", "1e999999999999999999"),
        ];
        for (left, right) in same {
            assert_eq!(difference(left, right, Numbers::Value), None, "{left} {right}");
            assert_eq!(difference(left, right, Numbers::Literal).is_some(), left != right);
        }
        for (left, right) in [
            ("1", "-1"),
            ("10", "1"),
            ("0.1", "0.10000000000000000001"),
            ("1e99999999999999999999", "1e99999999999999999998"),
        ] {
            assert!(difference(left, right, Numbers::Value).is_some(), "{left} {right}");
        }
    }
}
