//! Paths of nodes, for findings.

use std::fmt::Write;

use dragoman_tree::{NodeId, Tree};

/// The indexed path of a node: `/CUSDEC[1]/<RFF>[2]/RFF[1]/C506[1]/1154[1]`. What the grammar does not know is named by
/// its position: `/CUSDEC[1]/BGM[1]/9[1]`.
pub fn wire_path(tree: &Tree<'_>, node: NodeId) -> String {
    let mut nodes: Vec<_> = std::iter::once(node).chain(tree.ancestors(node)).collect();
    nodes.reverse();
    let mut path = String::new();
    for id in nodes {
        let _ = write!(path, "/{}[{}]", tree.name(id), tree.occurrence(id));
    }
    path
}
