//! The nodes of a message as lines: depth, name, value, meaning, and the findings about each.

use std::collections::HashMap;

use dragoman_syntax::WirePaths;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Finding, Kind, NodeId, Tree};

use super::lists::Lists;
use super::names::Names;

/// A line of the tree.
pub struct Entry {
    /// How deep it is; the message is 0.
    pub depth: usize,
    /// Its name in the message.
    pub name: String,
    /// What that name means.
    pub title: Option<String>,
    /// Its value.
    pub value: Option<String>,
    /// What the value means, where it is a code.
    pub meaning: Option<String>,
    /// False where the grammar has no place for it.
    pub known: bool,
    /// What is worth saying about it.
    pub findings: Vec<Finding>,
}

/// All nodes in order, and the findings that are about none of them.
pub fn entries(
    tree: &Tree<'_>,
    grammar: Option<&Grammar>,
    (names, lists): (&Names<'_>, &Lists),
    findings: Vec<Finding>,
) -> (Vec<Entry>, Vec<Finding>) {
    let paths = WirePaths::new(tree, grammar);
    let mut at: HashMap<String, NodeId> = HashMap::new();
    let mut depths: Vec<usize> = Vec::with_capacity(tree.len());
    let mut all = Vec::with_capacity(tree.len());
    for node in tree.ids() {
        let above =
            (node != NodeId::ROOT).then(|| depths.get(tree.node(node).parent.index()).copied()).flatten();
        let depth = above.map_or(0, |above| above + 1);
        depths.push(depth);
        at.insert(paths.path(node), node);
        let mut entry = entry(tree, grammar, names, node, depth);
        entry.meaning = entry.meaning.or_else(|| lists.meaning(tree, node));
        all.push(entry);
    }
    let mut others = Vec::new();
    for finding in findings {
        let node = place(tree, &at, &finding);
        match node.and_then(|node| all.get_mut(node.index())) {
            Some(entry) => entry.findings.push(finding),
            None => others.push(finding),
        }
    }
    (all, others)
}

fn entry(tree: &Tree<'_>, grammar: Option<&Grammar>, names: &Names<'_>, node: NodeId, depth: usize) -> Entry {
    let name = tree.name(node);
    let value = tree.value(node).map(str::to_owned);
    let found = tree.node(node);
    let segment =
        std::iter::once(node).chain(tree.ancestors(node)).find(|at| tree.node(*at).kind == Kind::Segment);
    let segment = segment.map_or("", |segment| tree.name(segment));
    Entry {
        depth,
        name: name.to_owned(),
        title: names.title(found.kind, segment, name),
        meaning: value.as_deref().and_then(|value| names.code(segment, name, value)),
        known: grammar.is_none() || found.place.is_known(),
        value,
        findings: Vec::new(),
    }
}

/// The node that a finding is about: of its path or the nearest that is there, else the innermost of its bytes.
fn place(tree: &Tree<'_>, at: &HashMap<String, NodeId>, finding: &Finding) -> Option<NodeId> {
    let mut path = finding.wire_path.as_deref();
    while let Some(found) = path.filter(|path| !path.is_empty()) {
        if let Some(node) = at.get(found) {
            return Some(*node);
        }
        path = found.rfind(['/', '.']).and_then(|end| found.get(..end));
    }
    let span = finding.span.clone()?;
    let is_around = |node: &NodeId| {
        let own = tree.file_span(*node);
        !own.is_empty() && own.start <= span.start && span.end <= own.end
    };
    tree.ids().rfind(is_around)
}
