//! Pointers: rows of the WCO data model, error points of EDIFACT.

use dragoman_model::{EntryId, Origin};
use dragoman_tree::{Finding, NodeId, Span};

use super::{Cell, Claim, NOT_DECODED, Reading};
use crate::codec::erp;
use crate::codec::pointer::{self, Row};
use crate::plan::{Line, LineId, Plan, Spread};

impl<'r> Reading<'r, '_> {
    /// `pointer(wco, rows)`: the rows of one pointer, or of a list of them.
    pub(super) fn rows(&mut self, id: LineId, entry: EntryId, nodes: &[NodeId]) {
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
        let Some(first) = nodes.first().copied() else { return };
        let Some(chain) = pointer::chain(rows) else {
            let finding = Finding::warning(&NOT_DECODED, "a pointer's codes hold `.`, `#` or `/`");
            return self.note(finding, first);
        };
        self.give_pointer(line, entry, "wco", &chain, first);
        for cell in nodes.iter().flat_map(|node| self.tree.subtree(*node)) {
            if self.tree.is_leaf(cell) && self.tree.place(cell).is_known() {
                self.set_claim(cell, Claim::Carried);
                self.set_carrier(cell, first);
            }
        }
    }

    /// `pointer(erp)`: each segment is a pointer.
    pub(super) fn error_points(&mut self, id: LineId, entry: EntryId, nodes: &[NodeId]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        for node in nodes {
            let mut cells = erp::Cells::default();
            let mut first = None;
            for (cell, leaf) in cells.iter_mut().zip(&line.leaves) {
                let Cell::Text(found, value) = self.cell(*node, leaf, false) else { continue };
                *cell = self.tree.text_of(value).map(str::to_owned);
                self.set_claim(found, Claim::Carried);
                self.set_carrier(found, *first.get_or_insert(found));
            }
            if let Some(first) = first {
                self.give_pointer(line, entry, "erp", &erp::spell(&cells), first);
            }
        }
    }

    /// Sets how a pointer is spelt, and the pointer.
    fn give_pointer(&mut self, line: &'r Line, entry: EntryId, spelling: &str, raw: &str, from: NodeId) {
        let [spelt, place] = line.fields.as_slice() else { return };
        let entry = match line.list {
            Some(list) => self.draft.entry(entry, list, Span::default(), Origin::Wire(from)),
            None => entry,
        };
        self.set_fixed(entry, *spelt, spelling);
        let raw = self.draft.owned(raw);
        self.give(entry, *place, raw, from);
    }
}
