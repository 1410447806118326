//! The translation report: what became of every leaf of a message on its way to another.

use std::ops::Range;

use dragoman_model::{Document, DocumentPaths};
use dragoman_syntax::WirePaths;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{Code, Finding, FindingRecord, Findings, NodeId, SpanRecord, Tree};
use rustc_hash::FxHashSet;
use serde::Serialize;

use crate::get::{Claim, Counts, Got, MORE};
use crate::lineage::{Link, links};
use crate::plan::SlotId;
use crate::put::Put;

/// The report of one document's translation. Its JSON is a stable interface.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// The file, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// The message that was read.
    pub from: String,
    /// The message that was written.
    pub to: String,
    /// How many leaves ended in which way.
    pub counts: BothCounts,
    /// What is worth saying.
    pub findings: Vec<FindingRecord>,
    /// What was read and is not in the document.
    pub residue: Vec<Residue>,
    /// What the document has and was not written.
    pub lost: Vec<LostLeaf>,
    /// Where every leaf went.
    pub lineage: Vec<Lineage>,
}

/// The counts of both directions; each adds up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct BothCounts {
    /// The leaves of the message that was read.
    pub read: Counts,
    /// The leaves of the document, on their way to the message that was written.
    pub written: Counts,
}

/// A leaf that is not in the document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Residue {
    /// Where in the message.
    pub wire_path: String,
    /// Its text; none of a JSON null or an empty array.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
}

/// A leaf of the document that was not written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LostLeaf {
    /// Where in the document.
    pub path: String,
    /// Its text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// Why.
    pub why: String,
}

/// The way of one value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Lineage {
    /// Where it was read.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourcePlace>,
    /// Where it is in the document.
    pub canonical: String,
    /// Where it was written.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
}

/// A leaf of the message that was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct SourcePlace {
    /// Its wire path.
    pub path: String,
    /// Its bytes.
    pub span: SpanRecord,
}

/// One direction of a translation: a message and what its grammar is.
#[derive(Clone, Copy, Debug)]
pub struct Side<'r, 'i> {
    /// The message's name.
    pub name: &'r str,
    /// The message.
    pub tree: &'r Tree<'i>,
    /// Its grammar.
    pub grammar: Option<&'r Grammar>,
    /// The offset in the file of the text that the tree was read from, beyond the tree's own base.
    pub offset: u64,
}

impl Report {
    /// The report of a message that was read to `got`, and of that document written to `put`.
    pub fn new(from: Side<'_, '_>, got: &Got<'_>, to: Side<'_, '_>, put: &Put<'_>) -> Self {
        let document = &got.document;
        let paths = Paths {
            document: DocumentPaths::new(document),
            source: WirePaths::new(from.tree, from.grammar),
            target: WirePaths::new(to.tree, to.grammar),
        };
        let residue = got.residue().map(|node| Residue {
            wire_path: paths.source.path(node),
            value: from.tree.value(node).map(str::to_owned),
        });
        let lost = put.lost.iter().map(|lost| LostLeaf {
            path: paths.document.path(lost.node),
            value: document.tree().value(lost.node).map(str::to_owned),
            why: lost.why.clone(),
        });
        let place = |node: NodeId| {
            let span = from.tree.file_span(node);
            let span =
                SpanRecord { start: span.start + from.offset, end: span.end + from.offset, position: None };
            SourcePlace { path: paths.source.path(node), span }
        };
        let lineage =
            links(from.tree, got, put).into_iter().filter_map(|Link { source, canonical, target }| {
                let canonical = paths.document.path(canonical?);
                Some(Lineage {
                    source: source.map(place),
                    canonical,
                    target: target.map(|node| paths.target.path(node)),
                })
            });
        Self {
            file: None,
            from: from.name.to_owned(),
            to: to.name.to_owned(),
            counts: BothCounts { read: got.counts(), written: put.counts },
            findings: Vec::new(),
            residue: residue.collect(),
            lost: lost.collect(),
            lineage: lineage.collect(),
        }
    }
}

struct Paths<'r, 'i> {
    source: WirePaths<'r, 'i>,
    document: DocumentPaths<'r, 'i>,
    target: WirePaths<'r, 'i>,
}

/// A value that no line reads.
pub const NOT_READ: Code = Code {
    id: "DG-E0691",
    title: "a value is not carried into the document",
    help: "The mapping has no line for this place, or the line could not take the value. It is listed as residue in \
           the report, and stays where it is when the message is written over itself.",
};

/// A value that the other format has no place for.
pub const NOT_WRITTEN: Code = Code {
    id: "DG-E0692",
    title: "a value of the document is not in the message",
    help: "The format that was written has no place for this value, or none here. It is listed as lost in the report.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[&NOT_READ, &NOT_WRITTEN];

/// A warning for each part of the message that is not in the document, where no other finding is about it; of many
/// parts for the first hundreds.
pub fn residue_findings(from: Side<'_, '_>, got: &Got<'_>) -> Vec<Finding> {
    if got.residue().next().is_none() {
        return Vec::new();
    }
    let tree = from.tree;
    let is_residue = |node: NodeId| got.claims.get(node.index()) == Some(&Claim::Residue);
    let slot = |node: NodeId| got.slots.get(node.index()).copied().unwrap_or(SlotId::NONE);
    let is_known = |node: NodeId| node == NodeId::ROOT || (slot(node) != SlotId::NONE && !tree.is_leaf(node));
    let paths = WirePaths::new(tree, from.grammar);
    let said: FxHashSet<_> = got.findings.iter().filter_map(|finding| finding.wire_path.as_deref()).collect();
    let mut findings = Findings::default();
    let mut next = NodeId::ROOT;
    while next.index() < tree.len() {
        let leaves = || tree.subtree(next).filter(|node| tree.is_leaf(*node));
        let is_whole = leaves().next().is_some() && leaves().all(is_residue);
        if !is_whole || is_known(next) {
            next = NodeId(next.0 + 1);
            continue;
        }
        let path = paths.path(next);
        if !said.contains(path.as_str()) {
            findings.add(|| {
                let name = tree.name(next);
                let message = match leaves().count() {
                    1 => format!("no line of the mapping carries `{name}`"),
                    count => format!("no line of the mapping carries `{name}` with its {count} values"),
                };
                let span = bytes(tree.file_span(next), from.offset);
                Finding { span, ..Finding::warning(&NOT_READ, message).wire(path) }
            });
        }
        next = tree.node(next).end;
    }
    findings.take(&MORE)
}

/// A warning for each leaf of the document that was not written, with the bytes that it was read from; of many leaves
/// for the first hundreds.
pub fn lost_findings(from: Side<'_, '_>, document: &Document<'_>, put: &Put<'_>) -> Vec<Finding> {
    let mut findings = Findings::default();
    let paths = DocumentPaths::new(document);
    for lost in &put.lost {
        findings.add(|| {
            let path = paths.path(lost.node);
            let message = format!("`{path}` is not written: {}", lost.why);
            let span = bytes(document.tree().file_span(lost.node), from.offset);
            Finding { span, ..Finding::warning(&NOT_WRITTEN, message).canonical(path) }
        });
    }
    findings.take(&MORE)
}

/// Bytes of a text that begins at an offset of its file; none of what was made.
fn bytes(span: Range<u64>, offset: u64) -> Option<Range<u64>> {
    (!span.is_empty()).then(|| span.start + offset..span.end + offset)
}
