//! Collects findings while a tree grows. Their wire paths are filled in at the end, when the tree can be walked.

use std::ops::Range;

use dragoman_tree::{Code, Finding, NodeId, Severity, Span, Tree};

use super::path::path;

/// What a finding is about: the node to come where it turns out to be a child of `parent`, else `parent`.
#[derive(Clone, Copy, Debug)]
pub(super) struct About {
    pub next: NodeId,
    pub parent: NodeId,
}

/// A message with more errors than this is not JSON; reading stops.
const MOST: usize = 1000;

#[derive(Debug, Default)]
pub(super) struct Report {
    findings: Vec<(Finding, About)>,
}

impl Report {
    /// Adds a finding about some bytes of the input.
    pub fn add(
        &mut self,
        code: &'static Code,
        about: About,
        bytes: Range<usize>,
        message: String,
        hint: &str,
    ) {
        let severity = if code.id == super::codes::BOM.id { Severity::Warning } else { Severity::Error };
        let mut finding = Finding::new(code, severity, message).at(0, Span::of(bytes.start, bytes.end));
        finding.hint = (!hint.is_empty()).then(|| hint.to_owned());
        self.findings.push((finding, about));
    }

    /// True where there are too many to go on.
    pub fn is_full(&self) -> bool {
        self.findings.len() >= MOST
    }

    /// The findings, each with its place in the finished tree.
    pub fn finish(self, tree: &Tree<'_>) -> Vec<Finding> {
        let is_child =
            |about: About| about.next.index() < tree.len() && tree.node(about.next).parent == about.parent;
        let node = |about: About| if is_child(about) { about.next } else { about.parent };
        self.findings.into_iter().map(|(finding, about)| finding.wire(path(tree, node(about)))).collect()
    }
}
