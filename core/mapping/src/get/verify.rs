//! What can only be said of the whole document: totals, references, sums, and values that are none of their type.

use dragoman_model::{Decimal, Document, Origin, check_document, decimal, same_number};
use dragoman_syntax::WirePaths;
use dragoman_tree::{Finding, Findings, NodeId};
use rustc_hash::FxHashSet;

use super::{DANGLING, NOT_DERIVED, UNEVEN};
use crate::derived::{calculate, derive};
use crate::plan::{Line, Plan, Sum};

/// Adds findings about a document that was read, with their places in the message.
pub(super) fn verify(
    plan: &Plan,
    paths: &WirePaths<'_, '_>,
    document: &Document<'_>,
    findings: &mut Findings,
) {
    let verify = Verify { paths, document };
    findings.extend(check_document(document).into_iter().map(|found| verify.on_wire(found)));
    if !document.is_sparse() {
        findings.extend(plan.derived_lines().filter_map(|line| verify.derived(line)));
    }
    plan.reference_lines().for_each(|line| verify.references(line, findings));
    plan.sums.iter().for_each(|sum| verify.sums(sum, findings));
}

struct Verify<'v> {
    paths: &'v WirePaths<'v, 'v>,
    document: &'v Document<'v>,
}

impl Verify<'_> {
    /// Adds the place in the message to a finding about the document.
    fn on_wire(&self, finding: Finding) -> Finding {
        let node = finding.path.as_deref().and_then(|path| self.document.find(path));
        match node.map(|node| self.document.origin(node)) {
            Some(Origin::Wire(wire)) => finding.wire(self.paths.path(wire)),
            _ => finding,
        }
    }

    fn at(&self, finding: Finding, node: NodeId) -> Finding {
        let tree = self.document.tree();
        let finding = finding.at(tree.base(), tree.node(node).span);
        self.on_wire(finding.canonical(self.document.path(node)))
    }

    /// The document's nodes of a line's first leaf.
    fn nodes(&self, line: &Line) -> impl Iterator<Item = NodeId> {
        let field = line.fields.first().copied();
        let tree = self.document.tree();
        tree.ids().filter(move |node| Some(tree.place(*node)) == field)
    }

    fn derived(&self, line: &Line) -> Option<Finding> {
        let derived = line.derived.filter(|_| !line.sparse)?;
        let node = self.nodes(line).next()?;
        let stated = self.document.tree().value(node)?;
        let follows = derive(self.document.tree(), derived.how, derived.of)?;
        let differs = !same_number(stated, &follows);
        let message = format!("`{stated}` is stated, and the document has {follows}");
        differs.then(|| self.at(Finding::warning(&NOT_DERIVED, message), node))
    }

    fn references(&self, line: &Line, findings: &mut Findings) {
        let list = line.reference.and_then(|list| Some((list, self.document.schema().get(list)?.key?)));
        let Some((list, key)) = list else { return };
        let tree = self.document.tree();
        let keys = tree.ids().filter(|node| tree.place(*node) == key);
        let keys: FxHashSet<&str> = keys.filter_map(|node| tree.value(node)).collect();
        for node in self.nodes(line) {
            let Some(value) = tree.value(node).filter(|value| !keys.contains(value)) else { continue };
            findings.add(|| {
                let message = format!("`{value}` is no key of `{}`", self.document.schema().path(list));
                self.at(Finding::warning(&DANGLING, message), node)
            });
        }
    }

    fn sums(&self, sum: &Sum, findings: &mut Findings) {
        let tree = self.document.tree();
        for entry in tree.ids().filter(|node| tree.place(*node) == sum.list) {
            if let Some((message, node)) = self.sum(sum, entry) {
                findings.add(|| self.at(Finding::warning(&UNEVEN, message), node));
            }
        }
    }

    fn sum(&self, sum: &Sum, entry: NodeId) -> Option<(String, NodeId)> {
        let [left, right, result] = sum.fields.map(|field| self.document.value(entry, field));
        let (left, right, stated) = (left?, right?, result?);
        let follows = calculate(left, sum.operator, right)?;
        let within = sum.within.as_deref().map_or(Some(Decimal::ZERO), |within| decimal(within).ok())?;
        let difference = decimal(stated).ok()?.checked_sub(follows)?.abs();
        let node = sum.fields.last().and_then(|field| self.document.get(entry, *field))?;
        let message = format!("{left} {} {right} is {follows}, and `{stated}` is stated", sum.operator);
        (difference > within).then_some((message, node))
    }
}
