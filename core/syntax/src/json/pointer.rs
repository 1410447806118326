//! JSON pointers (RFC 6901): to a node and back. Paths for people are [`crate::wire_path`].

use std::fmt::Write;

use dragoman_tree::{Kind, NameId, NodeId, Tree};

/// The JSON pointer of a node (RFC 6901): `/orders/0/orderItems/1/product/sellerSku`; empty for the whole.
pub fn pointer(tree: &Tree<'_>, node: NodeId) -> String {
    let mut nodes: Vec<_> = std::iter::once(node).chain(tree.ancestors(node)).collect();
    nodes.pop();
    let mut out = String::new();
    for node in nodes.into_iter().rev() {
        let found = tree.node(node);
        if tree.node(found.parent).kind != Kind::Array {
            let _ = write!(out, "/{}", token(tree.name(node)));
        }
        if found.repeats {
            let earlier = items(tree, found.parent, found.name).take_while(|item| *item < node);
            let _ = write!(out, "/{}", earlier.count());
        }
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
        let found = tree.node(node);
        if run || found.kind == Kind::Array {
            let (array, name) = if run { (found.parent, found.name) } else { (node, tree.names().find("")?) };
            node = items(tree, array, name).nth(index(&token)?)?;
            run = false;
        } else {
            node = tree.child(node, &token)?;
            run = tree.node(node).repeats;
        }
    }
    Some(node)
}

/// The children of that name that repeat: the items of an array.
fn items<'t>(tree: &'t Tree<'_>, parent: NodeId, name: NameId) -> impl Iterator<Item = NodeId> + 't {
    tree.children(parent).filter(move |at| tree.node(*at).repeats && tree.node(*at).name == name)
}

/// An array index as RFC 6901 has it: no sign, no leading zero.
fn index(token: &str) -> Option<usize> {
    let plain = token == "0" || !token.starts_with(['0', '+']);
    token.parse().ok().filter(|_| plain)
}
