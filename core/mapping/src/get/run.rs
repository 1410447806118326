//! One line at one element: its cells are decoded, its leaves given to the document, its nodes claimed.

use dragoman_model::{EntryId, Origin};
use dragoman_tree::{Finding, NodeId, PlaceId, Value};

use super::{Cell, Claim, NOT_DECODED, Reading};
use crate::codec::{Codec, Inputs, NOTHING, Piece, Refusal};
use crate::language::ast::Arrow;
use crate::plan::{Line, LineId, Plan, ScopeId};

impl<'r> Reading<'r, '_> {
    /// Carries one leaf to one leaf as it is: most lines do.
    fn pass(&mut self, line: &'r Line, node: NodeId, entry: Option<EntryId>) {
        let (Some(leaf), Some(field)) = (line.leaves.first(), line.fields.first()) else { return };
        match self.cell(node, leaf, line.empty) {
            Cell::Missing => {}
            Cell::NoValue(node) => self.set_claim(node, Claim::Checked),
            Cell::Text(leaf, value) => {
                let Some(entry) = entry.or_else(|| self.open(line.scope, node)) else { return };
                let value = self.draft.adopt(self.tree, value);
                self.draft.rank(self.rank(line.scope));
                self.give(entry, *field, value, leaf);
                self.set_claim(leaf, Claim::Carried);
                if line.arrow != Arrow::Read {
                    self.set_carrier(leaf, leaf);
                }
            }
        }
    }

    /// Decodes the cells of a line and adds its leaves.
    pub(super) fn run(&mut self, id: LineId, node: NodeId, entry: Option<EntryId>) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        if line.codec.passes() {
            return self.pass(line, node, entry);
        }
        let mut cells = [const { Cell::Missing }; 4];
        for (cell, leaf) in cells.iter_mut().zip(&line.leaves) {
            *cell = self.cell(node, leaf, line.empty);
        }
        if cells.iter().all(|cell| matches!(cell, Cell::Missing)) {
            return;
        }
        for cell in &cells {
            if let Cell::NoValue(node) = cell {
                self.set_claim(*node, Claim::Checked);
            }
        }
        let values = cells.map(|cell| match cell {
            Cell::Text(_, value) => self.tree.text_of(value),
            _ => None,
        });
        if values.iter().all(Option::is_none) {
            return;
        }
        let inputs: &Inputs<'_> = values.get(..line.leaves.len()).unwrap_or_default();
        let pieces = match &line.codec {
            Codec::Arms(choice) => self.arm_name(*choice, inputs),
            codec => codec.decode(inputs),
        };
        match pieces {
            Ok(pieces) if pieces == NOTHING => {}
            Ok(pieces) => {
                if let Some(entry) = entry.or_else(|| self.open(line.scope, node)) {
                    self.draft.rank(self.rank(line.scope));
                    self.carry(id, entry, &cells, &pieces);
                }
            }
            Err(Refusal(message)) => self.refuse(id, &cells, &message),
        }
    }

    /// Adds the leaves that a codec made, and claims what they were made of.
    fn carry(&mut self, id: LineId, entry: EntryId, cells: &[Cell; 4], pieces: &[Piece; 4]) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        let first = first_text(cells);
        let claims = self.claims_selector(id);
        let looks = line.arrow == Arrow::Read;
        for (field, piece) in line.fields.iter().zip(pieces) {
            let (from, value) = match (piece, first) {
                (Piece::None, _) | (_, None) => continue,
                (Piece::Whole(at), Some(first)) => match cells.get(*at) {
                    Some(Cell::Text(node, value)) => (*node, self.draft.adopt(self.tree, *value)),
                    _ => (first, Value::NONE),
                },
                (Piece::Part(at, range), Some(first)) => match cells.get(*at) {
                    Some(Cell::Text(node, value)) => (*node, self.part(*value, range.clone())),
                    _ => (first, Value::NONE),
                },
                (Piece::Text(text), Some(first)) => (first, self.draft.owned(text)),
            };
            self.give(entry, *field, value, from);
        }
        for cell in cells {
            if let (Cell::Text(node, _), Some(first)) = (cell, first.filter(|_| claims)) {
                self.set_claim(*node, Claim::Carried);
                if !looks {
                    self.set_carrier(*node, first);
                }
            }
        }
    }

    /// The rank of a list's line among those that fill the list.
    pub(super) fn rank(&self, scope: ScopeId) -> u32 {
        self.plan.index.ranks.get(scope.index()).copied().unwrap_or(0)
    }

    /// Sets a leaf of the document.
    pub(super) fn give(&mut self, entry: EntryId, place: PlaceId, value: Value, from: NodeId) {
        let plan: &'r Plan = self.plan;
        if plan.index.watched.contains(&place) {
            let text = self.draft.text_of(value).unwrap_or_default().to_owned();
            self.values.insert((entry, place), text);
        }
        if self.watches || plan.index.fixes_objects {
            self.given.push((entry, place, from));
        }
        self.draft.leaf(entry, place, value, self.tree.node(from).span, Origin::Wire(from));
    }

    fn refuse(&mut self, id: LineId, cells: &[Cell; 4], message: &str) {
        let node = first_text(cells);
        if let (Some(node), Codec::Arms(_)) = (node, &self.plan.line(id).codec) {
            return self.no_arm(node, message.to_owned());
        }
        if let Some(node) = node {
            let path = self.plan.line(id).fields.first().map(|field| self.schema.path(*field));
            let finding = Finding::warning(&NOT_DECODED, message.to_owned());
            self.note(Finding { path, ..finding }, node);
        }
    }
}

/// The first cell that holds a text.
fn first_text(cells: &[Cell; 4]) -> Option<NodeId> {
    cells.iter().find_map(|cell| match cell {
        Cell::Text(node, _) => Some(*node),
        _ => None,
    })
}
