//! The wire leaves of a line: found, trimmed, told apart from no value.

use std::ops::Range;

use dragoman_tree::{Finding, Kind, NodeId, PlaceId, Value};

use super::{Cell, EMPTY, Reading, TRIMMED};
use crate::plan::Leaf;

impl Reading<'_, '_> {
    /// A leaf of a line, below its anchor.
    pub(super) fn cell(&mut self, node: NodeId, leaf: &Leaf, empty: bool) -> Cell {
        let found = match &leaf.only {
            None => self.descend(node, &leaf.path),
            Some(test) => {
                let all = self.all_below(node, &leaf.path);
                all.into_iter().find(|leaf| test.holds(self.tree.value(*leaf)))
            }
        };
        found.map_or(Cell::Missing, |leaf| self.leaf_cell(leaf, empty))
    }

    /// All leaves that a chain of places leads to.
    pub(super) fn all_below(&self, node: NodeId, path: &[PlaceId]) -> Vec<NodeId> {
        let Some((first, rest)) = path.split_first() else { return vec![node] };
        let children = self.tree.children(node).filter(|child| self.tree.place(*child) == *first);
        children.flat_map(|child| self.all_below(child, rest)).collect()
    }

    /// A leaf as a cell.
    pub(super) fn leaf_cell(&mut self, leaf: NodeId, empty: bool) -> Cell {
        let found = self.tree.node(leaf);
        if found.kind == Kind::Null {
            return if self.absence.null { Cell::NoValue(leaf) } else { Cell::Missing };
        }
        if found.kind == Kind::Array && found.end.0 == leaf.0 + 1 {
            return Cell::NoValue(leaf);
        }
        let Some(text) = self.tree.text_of(found.value) else { return Cell::Missing };
        let (value, trimmed) = self.collapse(leaf, found.value, text);
        let text = self.tree.text_of(value).unwrap_or_default();
        if text.is_empty() && !empty {
            return if self.absence.empty { Cell::NoValue(leaf) } else { self.empty_leaf(leaf) };
        }
        if self.absence.texts.iter().any(|absent| **absent == *text) {
            return Cell::NoValue(leaf);
        }
        if trimmed {
            self.note(Finding::info(&TRIMMED, "white space around the value was taken off"), leaf);
        }
        Cell::Text(leaf, value)
    }

    fn empty_leaf(&mut self, leaf: NodeId) -> Cell {
        if self.reported_empty.insert(leaf.0) {
            let name = self.tree.name(leaf).to_owned();
            self.note(Finding::warning(&EMPTY, format!("`{name}` is empty")), leaf);
        }
        Cell::Missing
    }

    /// Takes white space off the ends where the grammar says it means nothing.
    fn collapse(&self, leaf: NodeId, value: Value, text: &str) -> (Value, bool) {
        let edge = |byte: Option<&u8>| byte.is_some_and(|byte| *byte <= b' ');
        if !edge(text.as_bytes().first()) && !edge(text.as_bytes().last()) {
            return (value, false);
        }
        let collapsed = self.plan.collapsed(self.tree.place(leaf), text);
        if collapsed.len() == text.len() {
            return (value, false);
        }
        let start = text.find(collapsed).unwrap_or_default();
        (value.part(start as u32, collapsed.len() as u32), true)
    }

    /// A part of a wire value, by reference where that is possible.
    pub(super) fn part(&mut self, value: Value, range: Range<usize>) -> Value {
        let part = value.part(range.start as u32, (range.end - range.start) as u32);
        self.draft.adopt(self.tree, part)
    }

    /// Notes a finding with the place of a wire node.
    pub(super) fn note(&mut self, finding: Finding, node: NodeId) {
        let (tree, paths) = (self.tree, &self.paths);
        self.findings.add(|| finding.at(tree.base(), tree.node(node).span).wire(paths.path(node)));
    }
}
