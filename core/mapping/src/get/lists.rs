//! Lists of scalars whose entries are no elements of their own: leaves side by side, and leaves that are looked at.

use dragoman_model::{EntryId, Origin};
use dragoman_tree::{NodeId, Span};

use super::{Cell, Claim, Reading};
use crate::codec::Piece;
use crate::plan::Line;

impl Reading<'_, '_> {
    /// `list[] <=> @(a, b) slots(2)`: an entry a leaf, up to the last that holds a value. One without a value
    /// before that is an empty entry, so that the others keep their leaves.
    pub(super) fn slots_of_list(&mut self, line: &Line, node: NodeId) {
        let mut cells = [const { Cell::Missing }; 4];
        for (cell, leaf) in cells.iter_mut().zip(&line.leaves) {
            *cell = self.cell(node, leaf, line.empty);
        }
        for cell in &cells {
            if let Cell::NoValue(node) = cell {
                self.set_claim(*node, Claim::Checked);
            }
        }
        let Some(last) = cells.iter().rposition(|cell| matches!(cell, Cell::Text(..))) else { return };
        let Some(entry) = self.open(line.scope, node) else { return };
        for cell in cells.into_iter().take(last + 1) {
            self.entry_of_slot(line, entry, cell);
        }
    }

    fn entry_of_slot(&mut self, line: &Line, entry: EntryId, cell: Cell) {
        let Some(list) = line.fields.first().copied() else { return };
        if let Cell::Text(leaf, value) = cell {
            let value = self.draft.adopt(self.tree, value);
            self.give(entry, list, value, leaf);
            self.set_claim(leaf, Claim::Carried);
            self.set_carrier(leaf, leaf);
        } else {
            let empty = self.draft.owned("");
            self.draft.leaf(entry, list, empty, Span::default(), Origin::None);
        }
    }

    /// `list[] <= path`: an entry for each leaf that its codec makes a value of.
    pub(super) fn looked_at(&mut self, line: &Line, node: NodeId) {
        let (Some(leaf), Some(list)) = (line.leaves.first(), line.fields.first()) else { return };
        for found in self.all_below(node, &leaf.path) {
            let text = self.tree.value(found);
            if leaf.only.as_ref().is_some_and(|test| !test.holds(text)) {
                continue;
            }
            let Cell::Text(_, value) = self.leaf_cell(found, line.empty) else { continue };
            let made = line.codec.decode(&[self.tree.text_of(value)]);
            let value = match made.map(|[piece, ..]| piece) {
                Ok(Piece::Whole(_)) => self.draft.adopt(self.tree, value),
                Ok(Piece::Part(_, range)) => self.part(value, range),
                Ok(Piece::Text(text)) => self.draft.owned(&text),
                Ok(Piece::None) | Err(_) => continue,
            };
            if let Some(entry) = self.open(line.scope, node) {
                self.give(entry, *list, value, found);
            }
        }
    }
}
