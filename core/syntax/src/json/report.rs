//! Collects findings while a tree grows. Their wire paths are filled in at the end, when the tree can be walked.

use std::ops::Range;

use dragoman_tree::{Finding, NodeId, Span, Tree};

use crate::WirePaths;

/// A message with more findings than this is not worth reading on, nor the time to find the place of each.
const MOST: usize = 100;

#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<Pending>,
}

/// A finding about `node` where that turns out to be a child of `parent`, else about `parent`.
#[derive(Debug)]
struct Pending {
    finding: Finding,
    parent: Option<NodeId>,
    node: Option<NodeId>,
}

impl Report {
    /// Adds a finding about some bytes of the input.
    pub fn add(
        &mut self,
        finding: Finding,
        bytes: Range<usize>,
        parent: Option<NodeId>,
        node: Option<NodeId>,
    ) {
        let finding = finding.at(0, Span::of(bytes.start, bytes.end));
        self.findings.push(Pending { finding, parent, node });
    }

    /// True where there are too many to go on.
    pub fn is_full(&self) -> bool {
        self.findings.len() >= MOST
    }

    /// The findings, each with its place in the finished tree.
    pub fn finish(self, tree: &Tree<'_>) -> Vec<Finding> {
        let paths = WirePaths::new(tree, None);
        let place = |Pending { finding, parent, node }| {
            let parent = parent.unwrap_or(NodeId::ROOT);
            let node = node.filter(|node: &NodeId| node.index() < tree.len());
            let node = node.filter(|node| tree.node(*node).parent == parent).unwrap_or(parent);
            finding.wire(paths.path(node))
        };
        self.findings.into_iter().map(place).collect()
    }
}
