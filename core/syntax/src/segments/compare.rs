//! Whether two messages of segments say the same.

use std::fmt;

use dragoman_tree::{Kind, NodeId, Tree};

use crate::path::wire_path;

/// Where two messages part for the first time: path and value on each side, `None` where one has nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The left message's place and value.
    pub left: Option<(String, Option<String>)>,
    /// The right message's.
    pub right: Option<(String, Option<String>)>,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |side: &Option<(String, Option<String>)>| match side {
            Some((path, Some(value))) => format!("{path} {value:?}"),
            Some((path, None)) => path.clone(),
            None => "nothing".into(),
        };
        write!(f, "{} against {}", shown(&self.left), shown(&self.right))
    }
}

/// The first difference of two messages, or `None`.
///
/// Groups, segments with UNB and UNG before them, their order and the elements that hold something count, each at its
/// position. Service characters, line ends, trailers and empty elements do not.
pub fn difference(left: &Tree<'_>, right: &Tree<'_>) -> Option<Difference> {
    match (left.is_empty(), right.is_empty()) {
        (true, true) => None,
        (false, false) => Pair { left, right }.node(NodeId::ROOT, NodeId::ROOT),
        (true, false) => Some(Pair { left, right }.differ(None, Some(NodeId::ROOT))),
        (false, true) => Some(Pair { left, right }.differ(Some(NodeId::ROOT), None)),
    }
}

struct Pair<'p, 'l, 'r> {
    left: &'p Tree<'l>,
    right: &'p Tree<'r>,
}

impl Pair<'_, '_, '_> {
    fn node(&self, left: NodeId, right: NodeId) -> Option<Difference> {
        let (one, two) = (self.left.node(left), self.right.node(right));
        let same = one.place == two.place && self.left.name(left) == self.right.name(right);
        if !same || self.left.value(left).unwrap_or_default() != self.right.value(right).unwrap_or_default() {
            return Some(self.differ(Some(left), Some(right)));
        }
        let mut theirs = parts(self.right, right);
        for mine in parts(self.left, left) {
            let found = match theirs.next() {
                Some(their) => self.node(mine, their),
                None => Some(self.differ(Some(mine), None)),
            };
            if found.is_some() {
                return found;
            }
        }
        theirs.next().map(|their| self.differ(None, Some(their)))
    }

    fn differ(&self, left: Option<NodeId>, right: Option<NodeId>) -> Difference {
        let side = |tree: &Tree<'_>, node: NodeId| {
            (wire_path(tree, node, None), tree.value(node).map(str::to_owned))
        };
        Difference {
            left: left.map(|node| side(self.left, node)),
            right: right.map(|node| side(self.right, node)),
        }
    }
}

/// The children that count.
fn parts<'t>(tree: &'t Tree<'_>, node: NodeId) -> impl Iterator<Item = NodeId> + 't {
    tree.children(node).filter(|child| !is_empty(tree, *child))
}

/// True for elements and composites that hold nothing. A segment without elements is there.
fn is_empty(tree: &Tree<'_>, node: NodeId) -> bool {
    match tree.node(node).kind {
        Kind::Data => tree.value(node).is_none_or(str::is_empty),
        Kind::Composite => tree.children(node).all(|child| is_empty(tree, child)),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::edifact::messages;

    fn tree(text: &str) -> Tree<'_> {
        messages(text.as_bytes(), &|_| None).next().unwrap().into_tree()
    }

    #[test]
    fn service_characters_and_empty_elements_do_not_count() {
        let one = tree("UNB+UNOC:3+A+B+261101:0900+1'UNH+1+X:D:96B:UN'BGM+1::+2++'UNT+3+1'UNZ+1+1'");
        let two = tree("UNA:+.? 'UNB+UNOC:3+A+B+261101:0900+1'UNH+1+X:D:96B:UN'\r\nBGM+1+2'UNT+3+1'UNZ+1+1'");
        assert_eq!(difference(&one, &two), None);
    }

    #[test]
    fn everything_else_counts() {
        let base = "UNH+1+X:D:96B:UN'BGM+1+2'FTX+A'UNT+4+1'";
        for other in ["BGM+2+2'FTX+A", "BGM+1++2'FTX+A", "BGM+1+2", "FTX+A'BGM+1+2", "BGM+1+2'FTX+A'FTX+A"] {
            let text = format!("UNH+1+X:D:96B:UN'{other}'UNT+4+1'");
            let (one, two) = (tree(base), tree(&text));
            assert!(difference(&one, &two).is_some() && difference(&two, &one).is_some(), "{other}");
        }
        let text = base.replace("FTX+A", "FTX+B");
        let shown = difference(&tree(base), &tree(&text)).unwrap().to_string();
        assert_eq!(shown, "/X[1]/FTX[1]/1[1] \"A\" against /X[1]/FTX[1]/1[1] \"B\"");
    }
}
