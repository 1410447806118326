//! The end of a reading: spread values, waiting lines, schema order, and the checks that need the whole document.

use dragoman_model::{EntryId, Origin};
use dragoman_tree::{Finding, NodeId, Span};
use rustc_hash::FxHashSet;

use super::verify::verify;
use super::{Cell, Claim, Got, MORE, NOT_DECODED, Opened, Reading, TWICE, Waiting};
use crate::codec::pointer::{self, Row};
use crate::codec::{Codec, text};
use crate::plan::{LineId, Plan, Spread};

impl<'r, 'i> Reading<'r, 'i> {
    pub(super) fn finish(mut self) -> Got<'i> {
        self.run_spreads();
        self.run_deferred();
        self.fixed_objects();
        if self.watches {
            self.take_twice();
        }
        let Self { plan, draft, claims, mut carriers, slots, arms, mut findings, paths, .. } = self;
        let document = draft.finish();
        let mut nodes = vec![NodeId::ROOT; carriers.len()];
        for node in document.tree().ids() {
            if let Origin::Wire(wire) = document.origin(node)
                && let Some(slot) = nodes.get_mut(wire.index()).filter(|slot| **slot == NodeId::ROOT)
            {
                *slot = node;
            }
        }
        for carrier in &mut carriers {
            *carrier = nodes.get(carrier.index()).copied().unwrap_or(NodeId::ROOT);
        }
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
                _ => self.lines(line, entry, &nodes),
            }
        }
    }

    /// `text(lines)`: all cells of all elements.
    fn lines(&mut self, id: LineId, entry: EntryId, nodes: &[NodeId]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        let (Some(leaf), Some(field)) = (line.leaves.first(), line.fields.first()) else { return };
        let cells: Vec<NodeId> = nodes.iter().flat_map(|node| self.all_below(*node, &leaf.path)).collect();
        let texts = cells.iter().map(|cell| self.tree.value(*cell).unwrap_or_default());
        let (Some(first), Some(text)) = (cells.first().copied(), text::join_lines(texts)) else { return };
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

    /// `pointer(wco, rows)`: the rows of one pointer, or of a list of them.
    fn rows(&mut self, id: LineId, entry: EntryId, nodes: &[NodeId]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        let mut rows = Vec::new();
        for node in nodes {
            let mut texts = [const { None }; 3];
            for (text, leaf) in texts.iter_mut().zip(&line.leaves) {
                if let Cell::Text(_, value) = self.cell(*node, leaf, false) {
                    *text = self.tree.text_of(value).map(str::to_owned);
                }
            }
            let [sequence, section, tag] = texts;
            rows.push(Row { sequence, section, tag });
        }
        let chains =
            if line.spread == Spread::Chains { pointer::chains(&rows) } else { vec![rows.as_slice()] };
        let mut at = 0;
        for rows in chains {
            let own = nodes.get(at..at + rows.len()).unwrap_or_default();
            at += rows.len();
            self.pointer(id, entry, rows, own);
        }
    }

    fn pointer(&mut self, id: LineId, entry: EntryId, rows: &[Row], nodes: &[NodeId]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        let (Some(first), [spelling, raw]) = (nodes.first().copied(), line.fields.as_slice()) else { return };
        let Some(chain) = pointer::chain(rows) else {
            let finding = Finding::warning(&NOT_DECODED, "a pointer's codes hold `.`, `#` or `/`");
            return self.note(finding, first);
        };
        let entry = match line.list {
            Some(list) => self.draft.entry(entry, list, Span::default(), Origin::Wire(first)),
            None => entry,
        };
        self.set_fixed(entry, *spelling, "wco");
        let chain = self.draft.owned(&chain);
        self.give(entry, *raw, chain, first);
        for cell in nodes.iter().flat_map(|node| self.tree.subtree(*node)) {
            if self.tree.is_leaf(cell) && self.tree.place(cell).is_known() {
                self.set_claim(cell, Claim::Carried);
                self.set_carrier(cell, first);
            }
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
