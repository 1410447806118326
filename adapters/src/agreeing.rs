//! What the documents of one sale have to say alike, applied to what was received.

use std::collections::BTreeMap;
use std::sync::Arc;

use dragoman_model::Origin;
use dragoman_rules::{Agreement, DIFFERS, Entry, Located};
use dragoman_syntax::WirePaths;
use dragoman_tree::{Finding, Findings, NodeId};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::receive::Received;

/// Documents that are compared with each other: those of one adapter, as its agreement says.
#[derive(Debug)]
pub struct Agreeing<'c> {
    catalogue: &'c Catalogue,
    /// By the name of the agreement.
    read: BTreeMap<String, (Arc<Agreement>, Vec<Entry>)>,
}

impl<'c> Agreeing<'c> {
    /// Nothing so far.
    pub fn new(catalogue: &'c Catalogue) -> Self {
        Self { catalogue, read: BTreeMap::new() }
    }

    /// Takes what a document says, where its adapter names an agreement. `file` is a number of the caller's.
    pub fn read(&mut self, file: usize, received: &Received<'_, '_>) -> Result<(), CatalogueError> {
        let agreement = received.message.map(|message| self.catalogue.agreement_of(message));
        let (Some(agreement), Some(got)) = (agreement.transpose()?.flatten(), &received.got) else {
            return Ok(());
        };
        let name = agreement.name.to_string();
        let paths = WirePaths::new(received.tree, received.grammar.map(|grammar| &**grammar));
        let (document, base) = (&got.document, received.tree.base() + received.offset);
        let locate = |node: NodeId| {
            let wire = match document.origin(node) {
                Origin::Wire(wire) => Some(wire),
                _ => None,
            };
            let span = wire.map_or(document.tree().node(node).span, |wire| received.tree.node(wire).span);
            Located {
                span: base + u64::from(span.start)..base + u64::from(span.end),
                wire_path: wire.map(|wire| paths.path(wire)),
                path: document.path(node),
            }
        };
        let entries = agreement.read(file, document, &locate);
        self.read.entry(name).or_insert_with(|| (agreement, Vec::new())).1.extend(entries);
        Ok(())
    }

    /// What does not agree, by file.
    pub fn findings(&self) -> BTreeMap<usize, Vec<Finding>> {
        let mut found: BTreeMap<usize, Findings> = BTreeMap::new();
        for (agreement, entries) in self.read.values() {
            for (file, finding) in agreement.compare(entries) {
                found.entry(file).or_default().push(finding);
            }
        }
        found.into_iter().map(|(file, mut findings)| (file, findings.take(&DIFFERS))).collect()
    }
}
