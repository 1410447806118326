//! Values that take several elements: lines of text over cells, pointers over rows.

use dragoman_tree::{NodeId, PlaceId};

use super::{Life, Pending, Use, Writing};
use crate::codec::pointer::{self, Row};
use crate::codec::{Codec, erp, text};
use crate::plan::{Line, LineId, Plan, Slot, SlotId, Spread};

/// What follows from where a pointer points.
const FOLLOW: [&str; 5] = ["spelling", "wire_path", "path", "index_known", "targets"];

impl<'w> Writing<'w, '_> {
    /// A line that opens as many elements as it needs.
    pub(super) fn spread(&mut self, id: SlotId, slot: &'w Slot, line: LineId) -> Life {
        let plan: &'w Plan = self.plan;
        let line = plan.line(line);
        if line.arrow == crate::language::ast::Arrow::Read || !self.hold(&line.guards) {
            return Life::Nothing;
        }
        match line.codec {
            Codec::Pointer | Codec::ErrorPoint => self.pointers(id, slot, line),
            _ => self.texts(id, slot, line),
        }
    }

    fn pointers(&mut self, id: SlotId, slot: &'w Slot, line: &'w Line) -> Life {
        let Some(raw) = line.fields.last().copied() else { return Life::Nothing };
        let nodes: Vec<NodeId> = match (line.spread, line.list) {
            (Spread::Chains, Some(list)) => {
                let entries = self.list(line.scope, list);
                entries.iter().filter_map(|entry| self.document.child_at(*entry, raw)).collect()
            }
            _ => self.node_at(line.scope, raw).into_iter().collect(),
        };
        let mut life = Life::Nothing;
        for node in nodes.into_iter().take(self.vacancies(slot)) {
            match self.rows_of(line, self.document.value(node).unwrap_or_default()) {
                Ok(rows) => {
                    for row in &rows {
                        self.row(id, slot, line, node, row);
                    }
                    self.use_pointer(node);
                    life = Life::Document;
                }
                Err(why) => self.lose(node, why),
            }
        }
        life
    }

    /// The values of the elements that a pointer takes, by leaf.
    fn rows_of(&self, line: &Line, raw: &str) -> Result<Vec<Vec<Option<String>>>, String> {
        if !matches!(line.codec, Codec::ErrorPoint) {
            let rows = pointer::rows(raw).into_iter();
            return Ok(rows.map(|Row { sequence, section, tag }| vec![sequence, section, tag]).collect());
        }
        let cells = erp::cells(raw).ok_or_else(|| format!("`{raw}` is no error point"))?;
        let given = line.leaves.iter().zip(&cells).filter_map(|(leaf, cell)| Some((leaf, cell.as_deref()?)));
        match given.into_iter().find_map(|(leaf, cell)| self.misfit(leaf.slot, cell)) {
            Some(why) => Err(why),
            None => Ok(vec![cells.to_vec()]),
        }
    }

    /// The raw chain is written; what else is known of a pointer follows from it.
    fn use_pointer(&mut self, raw: NodeId) {
        self.set_use(raw, Use::Carried);
        let parent = self.document.node(raw).parent;
        for member in self.document.children(parent) {
            if FOLLOW.contains(&self.document.name(member)) {
                for node in self.document.subtree(member) {
                    self.set_use(node, Use::Checked);
                }
            }
        }
    }

    fn row(&mut self, id: SlotId, slot: &'w Slot, line: &'w Line, node: NodeId, row: &[Option<String>]) {
        self.open_from(slot.place, id, node);
        for (leaf, text) in line.leaves.iter().zip(row) {
            if let Some(text) = text {
                let value = self.out.owned(text);
                self.wait(leaf.slot, Pending { value, from: node, soft: false });
            }
        }
        self.contents(id, slot);
        self.out.close();
    }

    fn texts(&mut self, id: SlotId, slot: &'w Slot, line: &'w Line) -> Life {
        let Some((node, lines)) = self.text_lines(line) else { return Life::Nothing };
        let room = self.room(line).max(1);
        let elements = self.vacancies(slot).min(self.plan.grammar.place(slot.place).max as usize);
        if lines.len() > room.saturating_mul(elements) {
            let message = format!("{} lines do not fit into {elements} times {room} cells", lines.len());
            self.lose(node, message);
            return Life::Nothing;
        }
        if let Some(why) = lines.chunks(room).find_map(|chunk| self.cells_misfit(line, chunk)) {
            self.lose(node, why);
            return Life::Nothing;
        }
        for chunk in lines.chunks(room) {
            self.open_from(slot.place, id, node);
            self.queue(line, node, chunk);
            self.contents(id, slot);
            self.out.close();
        }
        self.set_use(node, Use::Carried);
        Life::Document
    }

    /// `text <=> . >> 4440 text(lines)`: the cells of the element that is open.
    pub(super) fn cells_within(&mut self, line: &'w Line) {
        let Some((node, lines)) = self.text_lines(line) else { return };
        let room = self.room(line);
        if lines.len() > room {
            return self.lose(node, format!("{} lines do not fit into {room} cells", lines.len()));
        }
        if let Some(why) = self.cells_misfit(line, &lines) {
            return self.lose(node, why);
        }
        self.queue(line, node, &lines);
        self.set_use(node, Use::Carried);
    }

    fn text_lines(&self, line: &Line) -> Option<(NodeId, Vec<String>)> {
        let node = self.node_at(line.scope, *line.fields.first()?)?;
        let value = self.document.value(node)?;
        let lines = match (&line.codec, line.leaves.first()) {
            (Codec::Cut, Some(leaf)) => text::cut(value, self.plan.room(leaf)),
            _ => value.split('\n').map(str::to_owned).collect(),
        };
        Some((node, lines))
    }

    /// How many cells one element holds.
    fn room(&self, line: &Line) -> usize {
        let max = |place: &PlaceId| self.plan.grammar.place(*place).max as usize;
        line.leaves.first().map_or(1, |leaf| leaf.path.iter().map(max).fold(1, usize::saturating_mul))
    }

    fn queue(&mut self, line: &Line, node: NodeId, lines: &[String]) {
        let Some(leaf) = line.leaves.first() else { return };
        for text in lines {
            let value = self.out.owned(text);
            self.cells.push((leaf.slot, Pending { value, from: node, soft: false }));
        }
    }
}
