//! Where a node is in its message: as the paths of mappings write it, and as a JSON pointer.

use std::fmt::Write;

use dragoman_tree::{Kind, NodeId, Tree};

/// The wire path of a node, indices from 0: `orders[0].orderItems[1].product.sellerSku`; `.` for the whole.
/// A name that is no plain word is quoted: `'@type'`.
pub fn path(tree: &Tree<'_>, node: NodeId) -> String {
    let mut out = String::new();
    for step in steps(tree, node) {
        match step {
            Step::Member(name) if is_plain(name) => {
                let _ = write!(out, "{}{name}", if out.is_empty() { "" } else { "." });
            }
            Step::Member(name) => {
                let _ = write!(out, "{}'{name}'", if out.is_empty() { "" } else { "." });
            }
            Step::Item(index) => {
                let _ = write!(out, "[{index}]");
            }
        }
    }
    if out.is_empty() { ".".into() } else { out }
}

/// The JSON pointer of a node (RFC 6901): `/orders/0/orderItems/1/product/sellerSku`; empty for the whole.
pub fn pointer(tree: &Tree<'_>, node: NodeId) -> String {
    let mut out = String::new();
    for step in steps(tree, node) {
        let _ = match step {
            Step::Member(name) => write!(out, "/{}", token(name)),
            Step::Item(index) => write!(out, "/{index}"),
        };
    }
    out
}

/// A name as it stands in a JSON pointer.
pub(super) fn token(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The node that a JSON pointer points to. An array that is a run of siblings has no node: a pointer to it gives
/// its first item.
pub fn find(tree: &Tree<'_>, pointer: &str) -> Option<NodeId> {
    let mut node = (!tree.is_empty()).then_some(NodeId::ROOT)?;
    let mut run = false;
    let mut tokens = pointer.split('/');
    tokens.next().filter(|before| before.is_empty())?;
    for token in tokens {
        let token = token.replace("~1", "/").replace("~0", "~");
        if run || tree.node(node).kind == Kind::Array {
            let first = if run { Some(node) } else { tree.children(node).next() };
            node = items(tree, first?).nth(index(&token)?)?;
            run = false;
        } else {
            node = tree.child(node, &token)?;
            run = tree.node(node).repeats;
        }
    }
    Some(node)
}

/// The items of the array that `first` is the first of: its siblings of the same name that repeat.
pub(super) fn items<'t>(tree: &'t Tree<'_>, first: NodeId) -> impl Iterator<Item = NodeId> + 't {
    let node = tree.node(first);
    let (name, parent) = (node.name, node.parent);
    tree.children(parent)
        .filter(move |at| *at >= first && tree.node(*at).repeats && tree.node(*at).name == name)
}

/// An array index as RFC 6901 has it: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| plain)
}

enum Step<'t> {
    Member(&'t str),
    Item(usize),
}

/// From the root down.
fn steps<'t>(tree: &'t Tree<'_>, node: NodeId) -> Vec<Step<'t>> {
    let mut steps = Vec::new();
    let below_root = tree.ancestors(node).filter(|at| *at != NodeId::ROOT);
    for at in std::iter::once(node).filter(|at| *at != NodeId::ROOT).chain(below_root) {
        let found = tree.node(at);
        if found.repeats {
            let earlier = tree.children(found.parent).take_while(|sibling| *sibling < at);
            let same = |id: &NodeId| tree.node(*id).repeats && tree.node(*id).name == found.name;
            steps.push(Step::Item(earlier.filter(same).count()));
        }
        if tree.node(found.parent).kind != Kind::Array {
            steps.push(Step::Member(tree.name(at)));
        }
    }
    steps.reverse();
    steps
}

fn is_plain(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')
}
