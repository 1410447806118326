//! What every reader takes and gives.

use dragoman_tree::{Finding, Tree};

/// A message as it was read. Reading never fails on content: what is wrong is a finding, and the tree holds what
/// could be read. It always has a root.
#[derive(Clone, Debug, Default)]
pub struct Read<'i> {
    /// The message.
    pub tree: Tree<'i>,
    /// What is worth saying about it, in the order in which it was met.
    pub findings: Vec<Finding>,
}

/// How much a reader takes in before it stops with a finding: input comes from anywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Levels of nesting.
    pub depth: usize,
    /// Attributes of one XML element.
    pub attributes: usize,
    /// Nodes of the tree.
    pub nodes: usize,
    /// Bytes of the input.
    pub bytes: usize,
}

impl Default for Limits {
    /// Wide enough for the largest real messages by a factor of ten: 128 levels, 256 attributes, four million
    /// nodes, 64 MiB.
    fn default() -> Self {
        Self { depth: 128, attributes: 256, nodes: 1 << 22, bytes: 1 << 26 }
    }
}
