//! The end of a reading: spread values, waiting lines, schema order, and the checks that need the whole document.

use dragoman_model::{Document, EntryId, Origin};
use dragoman_tree::{Finding, NodeId, Tree};
use rustc_hash::FxHashSet;

use super::verify::verify;
use super::{Claim, Got, MORE, Opened, Reading, TWICE, Waiting};
use crate::codec::{Codec, text};
use crate::plan::{LineId, Plan};

impl<'r, 'i> Reading<'r, 'i> {
    pub(super) fn finish(mut self) -> Got<'i> {
        self.run_spreads();
        self.run_deferred();
        self.fixed_objects();
        if self.watches {
            self.take_twice();
        }
        let Self { plan, tree, draft, mut claims, mut carriers, slots, arms, mut findings, paths, .. } = self;
        let document = draft.finish();
        settle(tree, &document, &mut claims, &mut carriers);
        verify(plan, &paths, &document, &mut findings);
        let findings = findings.take(&MORE);
        Got { document, claims, carriers, slots, arms, findings }
    }

    /// Values that were given twice are not taken: their leaves become residue.
    fn take_twice(&mut self) {
        self.given.sort_by_key(|(entry, place, _)| (*entry, *place));
        let given = std::mem::take(&mut self.given);
        let mut forgotten = FxHashSet::default();
        for run in given.chunk_by(|one, two| (one.0, one.1) == (two.0, two.1)) {
            let Some((entry, place, _)) = run.first().filter(|_| run.len() > 1).copied() else { continue };
            if self.schema.get(place).is_some_and(|field| field.list) {
                continue;
            }
            forgotten.insert((entry, place));
            for (_, _, node) in run {
                self.set_claim(*node, Claim::Residue);
                let path = self.schema.path(place);
                let message = format!("`{}` gives `{path}` another value", self.tree.name(*node));
                self.note(Finding::warning(&TWICE, message).canonical(path), *node);
            }
        }
        self.draft.forget(&forgotten);
    }

    /// Makes one value, or one list, of all elements that a line is spread over.
    fn run_spreads(&mut self) {
        let mut spreads = std::mem::take(&mut self.spreads);
        spreads.sort_by_key(|waiting| (waiting.entry, waiting.line));
        for run in spreads.chunk_by(|one, two| (one.entry, one.line) == (two.entry, two.line)) {
            let Some(Waiting { entry, line, .. }) = run.first().copied() else { continue };
            let Some(entry) = entry else { continue };
            let nodes: Vec<NodeId> = run.iter().map(|waiting| waiting.node).collect();
            match self.plan.line(line).codec {
                Codec::Pointer => self.rows(line, entry, &nodes),
                Codec::ErrorPoint => self.error_points(line, entry, &nodes),
                _ => self.lines(line, entry, &nodes),
            }
        }
    }

    /// `text(lines)` and `text(cut)`: all cells of all elements.
    fn lines(&mut self, id: LineId, entry: EntryId, nodes: &[NodeId]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        let (Some(leaf), Some(field)) = (line.leaves.first(), line.fields.first()) else { return };
        let cells: Vec<NodeId> = nodes.iter().flat_map(|node| self.all_below(*node, &leaf.path)).collect();
        let texts = cells.iter().map(|cell| self.tree.value(*cell).unwrap_or_default());
        let joined = match line.codec {
            Codec::Cut => text::join_cut(texts, plan.room(leaf)),
            _ => text::join_lines(texts),
        };
        let (Some(first), Some(text)) = (cells.first().copied(), joined) else { return };
        let value = match cells.as_slice() {
            [only] => self.draft.adopt(self.tree, self.tree.node(*only).value),
            _ => self.draft.owned(&text),
        };
        self.give(entry, *field, value, first);
        for cell in cells {
            self.set_claim(cell, Claim::Carried);
            self.set_carrier(cell, first);
        }
    }

    /// Sets the fixed leaves of objects that turned out to be there.
    fn fixed_objects(&mut self) {
        let plan: &'r Plan = self.plan;
        if !plan.index.fixes_objects {
            return;
        }
        let mut given: Vec<_> = self.given.iter().map(|(entry, place, _)| (*entry, *place)).collect();
        given.sort_unstable();
        for Opened { entry, scope, .. } in self.entries.clone() {
            let scope = plan.scope(scope);
            let first = given.partition_point(|(owner, _)| *owner < entry);
            let own = given.get(first..).unwrap_or_default().iter().take_while(|(owner, _)| *owner == entry);
            for fixed in scope.fixed.iter().filter(|fixed| fixed.within != scope.place) {
                if own.clone().any(|(_, place)| self.schema.contains(fixed.within, *place)) {
                    self.set_fixed(entry, fixed.place, &fixed.value);
                }
            }
        }
    }
}

/// Makes carriers out of origins, and residue of what stands for nothing but itself and the document does not have:
/// an empty object that is not empty there, as something else is in it.
fn settle(tree: &Tree<'_>, document: &Document<'_>, claims: &mut [Claim], carriers: &mut [NodeId]) {
    let mut nodes = vec![NodeId::ROOT; carriers.len()];
    for node in document.tree().ids() {
        if let Origin::Wire(wire) = document.origin(node)
            && let Some(slot) = nodes.get_mut(wire.index()).filter(|slot| **slot == NodeId::ROOT)
        {
            *slot = node;
        }
    }
    for (wire, (claim, carrier)) in tree.ids().zip(claims.iter_mut().zip(carriers)) {
        let is_own = *carrier == wire && wire != NodeId::ROOT && *claim == Claim::Carried;
        *carrier = nodes.get(carrier.index()).copied().unwrap_or(NodeId::ROOT);
        let is_kept = || {
            let found = document.tree().node(*carrier);
            tree.value(wire).is_some() || found.repeats || found.end.0 == carrier.0 + 1
        };
        if is_own && (*carrier == NodeId::ROOT || !is_kept()) {
            (*claim, *carrier) = (Claim::Residue, NodeId::ROOT);
        }
    }
}
