//! Lineage: which leaf of a message became which leaf of the document, and which leaf of another message that
//! became.

use std::ops::Range;

use dragoman_model::{Document, Origin, Source};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{NodeId, PlaceId, Tree};

use crate::codec::Codec;
use crate::get::Got;
use crate::load::Mapping;
use crate::plan::{Plan, SlotId};
use crate::put::Put;

/// One value on its way. Where a value is made of several, or several are made of it, there is a link for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Link {
    /// The leaf of the message that was read; none of a value that the message does not state.
    pub source: Option<NodeId>,
    /// The leaf of the document; none of a leaf that it does not carry, and of a constant that is written.
    pub canonical: Option<NodeId>,
    /// The leaf of the message that was written; none of a value that is lost.
    pub target: Option<NodeId>,
}

/// The links of one translation: the leaves that were read in their order, then what the document has besides,
/// then what was written besides.
pub fn links(tree: &Tree<'_>, got: &Got<'_>, put: &Put<'_>) -> Vec<Link> {
    let sources = sources(tree, got);
    let targets = targets(put);
    let mut links = Vec::with_capacity(sources.len());
    for node in tree.ids().filter(|node| tree.is_leaf(*node)) {
        let made = pairs(&sources, node);
        if made.is_empty() {
            links.push(Link { source: Some(node), canonical: None, target: None });
        }
        for (_, canonical) in made {
            onwards(Some(node), *canonical, &targets, &mut links);
        }
    }
    let mut stated: Vec<_> = sources.iter().map(|(_, canonical)| *canonical).collect();
    stated.sort_unstable();
    for node in got.document.leaves().filter(|node| stated.binary_search(node).is_err()) {
        onwards(None, node, &targets, &mut links);
    }
    for node in put.tree.ids().filter(|node| put.tree.is_leaf(*node)) {
        if source_of(put, node).is_none() {
            links.push(Link { source: None, canonical: None, target: Some(node) });
        }
    }
    links
}

/// One link for each leaf that was written from a leaf of the document.
fn onwards(source: Option<NodeId>, canonical: NodeId, targets: &[(NodeId, NodeId)], links: &mut Vec<Link>) {
    let written = pairs(targets, canonical);
    if written.is_empty() {
        links.push(Link { source, canonical: Some(canonical), target: None });
    }
    links.extend(written.iter().map(|(_, target)| Link {
        source,
        canonical: Some(canonical),
        target: Some(*target),
    }));
}

/// Pairs of a leaf that was read and a leaf of the document, sorted.
fn sources(tree: &Tree<'_>, got: &Got<'_>) -> Vec<(NodeId, NodeId)> {
    let document = &got.document;
    let mut pairs: Vec<(NodeId, NodeId)> = Vec::new();
    for node in document.leaves() {
        let origin = document.origin(node);
        let named = document.sources(origin).iter().filter_map(|source| match source {
            Source::Wire(wire) => Some(*wire),
            _ => None,
        });
        let own = if let Origin::Wire(wire) = origin { Some(wire) } else { None };
        pairs.extend(own.into_iter().chain(named).map(|wire| (wire, node)));
    }
    pairs.sort_unstable();
    // A leaf that is a part of a value, and not the one that the document names as its origin.
    let is_part = |wire: NodeId| self::pairs(&pairs, wire).is_empty();
    let parts =
        tree.ids().zip(&got.carriers).filter(|(wire, carrier)| **carrier != NodeId::ROOT && is_part(*wire));
    let parts: Vec<_> = parts.map(|(wire, carrier)| (wire, *carrier)).collect();
    pairs.extend(parts);
    pairs.sort_unstable();
    pairs
}

/// Pairs of a leaf of the document and a leaf that was written from it, sorted.
fn targets(put: &Put<'_>) -> Vec<(NodeId, NodeId)> {
    let leaves = put.tree.ids().filter(|node| put.tree.is_leaf(*node));
    let mut pairs: Vec<_> = leaves.filter_map(|node| Some((source_of(put, node)?, node))).collect();
    pairs.sort_unstable();
    pairs
}

/// The node of the document that a node was written from.
fn source_of(put: &Put<'_>, node: NodeId) -> Option<NodeId> {
    put.sources.get(node.index()).copied().filter(|source| *source != NodeId::ROOT)
}

/// The pairs that begin with a node.
fn pairs(sorted: &[(NodeId, NodeId)], first: NodeId) -> &[(NodeId, NodeId)] {
    let start = sorted.partition_point(|(node, _)| *node < first);
    let rest = sorted.get(start..).unwrap_or_default();
    rest.get(..rest.partition_point(|(node, _)| *node == first)).unwrap_or_default()
}

/// The line of a mapping that a value went through.
#[derive(Clone, Copy, Debug)]
pub struct Rule<'m> {
    /// The codec's name; none where the text goes as it is.
    pub codec: Option<&'static str>,
    /// The mapping that the line stands in.
    pub file: &'m str,
    /// The bytes of the line there.
    pub at: &'m Range<usize>,
}

impl Mapping {
    /// The line that read a leaf of a message, to that leaf of the document.
    pub fn rule_read(
        &self,
        got: &Got<'_>,
        grammar: &Grammar,
        wire: NodeId,
        canonical: NodeId,
    ) -> Option<Rule<'_>> {
        let plan = self.plans.iter().find(|plan| plan.grammar.name() == grammar.name())?;
        rule(plan, *got.slots.get(wire.index())?, place(&got.document, canonical))
    }

    /// The line that wrote a leaf of a message, from that leaf of the document.
    pub fn rule_written(
        &self,
        put: &Put<'_>,
        document: &Document<'_>,
        wire: NodeId,
        canonical: NodeId,
    ) -> Option<Rule<'_>> {
        rule(self.plans.get(self.writes)?, *put.slots.get(wire.index())?, place(document, canonical))
    }
}

fn place(document: &Document<'_>, canonical: NodeId) -> PlaceId {
    document.tree().place(canonical)
}

fn rule(plan: &Plan, slot: SlotId, field: PlaceId) -> Option<Rule<'_>> {
    let mut lines = plan.lines.iter().filter(|line| line.leaves.iter().any(|leaf| leaf.slot == slot));
    let line = lines.clone().find(|line| line.fields.contains(&field)).or_else(|| lines.next())?;
    let codec = (!matches!(line.codec, Codec::Same)).then(|| line.codec.name());
    Some(Rule { codec, file: &line.source.file, at: &line.source.at })
}
