//! What can only be said of the whole document: totals, references, sums, and values that are none of their type.

use dragoman_model::{Decimal, Document, Origin, check_document, decimal, same_number};
use dragoman_syntax::wire_path;
use dragoman_tree::{Finding, NodeId, Tree};

use super::{DANGLING, NOT_DERIVED, UNEVEN};
use crate::derived::{calculate, derive};
use crate::plan::{Line, Plan, Sum};

/// Findings about a document that was read, with their places in the message.
pub(super) fn verify(plan: &Plan, tree: &Tree<'_>, document: &Document<'_>) -> Vec<Finding> {
    let verify = Verify { plan, tree, document };
    let mut findings: Vec<Finding> =
        check_document(document).into_iter().map(|found| verify.on_wire(found)).collect();
    if !document.is_sparse() {
        findings.extend(plan.derived_lines().filter_map(|line| verify.derived(line)));
    }
    findings.extend(plan.reference_lines().flat_map(|line| verify.references(line)));
    findings.extend(plan.sums.iter().flat_map(|sum| verify.sums(sum)));
    findings
}

struct Verify<'v> {
    plan: &'v Plan,
    tree: &'v Tree<'v>,
    document: &'v Document<'v>,
}

impl Verify<'_> {
    /// Adds the place in the message to a finding about the document.
    fn on_wire(&self, finding: Finding) -> Finding {
        let node = finding.path.as_deref().and_then(|path| self.document.find(path));
        match node.map(|node| self.document.origin(node)) {
            Some(Origin::Wire(wire)) => finding.wire(wire_path(self.tree, wire, Some(&self.plan.grammar))),
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

    fn references(&self, line: &Line) -> Vec<Finding> {
        let Some(list) = line.reference else { return Vec::new() };
        let Some(key) = self.document.schema().get(list).and_then(|field| field.key) else {
            return Vec::new();
        };
        let tree = self.document.tree();
        let keys: Vec<&str> =
            tree.ids().filter(|node| tree.place(*node) == key).filter_map(|node| tree.value(node)).collect();
        let dangling =
            self.nodes(line).filter(|node| tree.value(*node).is_some_and(|value| !keys.contains(&value)));
        let found = |node: NodeId| {
            let value = tree.value(node).unwrap_or_default();
            let message = format!("`{value}` is no key of `{}`", self.document.schema().path(list));
            self.at(Finding::warning(&DANGLING, message), node)
        };
        dangling.map(found).collect()
    }

    fn sums(&self, sum: &Sum) -> Vec<Finding> {
        let tree = self.document.tree();
        let entries = tree.ids().filter(|node| tree.place(*node) == sum.list);
        entries.filter_map(|entry| self.sum(sum, entry)).collect()
    }

    fn sum(&self, sum: &Sum, entry: NodeId) -> Option<Finding> {
        let [left, right, result] = sum.fields.map(|field| self.document.value(entry, field));
        let (left, right, stated) = (left?, right?, result?);
        let follows = calculate(left, sum.operator, right)?;
        let within = sum.within.as_deref().map_or(Some(Decimal::ZERO), |within| decimal(within).ok())?;
        let difference = decimal(stated).ok()?.checked_sub(follows)?.abs();
        let node = sum.fields.last().and_then(|field| self.document.get(entry, *field))?;
        let message = format!("{left} {} {right} is {follows}, and `{stated}` is stated", sum.operator);
        (difference > within).then(|| self.at(Finding::warning(&UNEVEN, message), node))
    }
}
