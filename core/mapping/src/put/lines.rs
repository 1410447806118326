//! Lines: canonical leaves to wire leaves.

use dragoman_tree::{Finding, NodeId, PlaceId, Value};

use super::{NOT_ENCODED, Pending, Use, Writing};
use crate::codec::{Codec, Inputs, Piece, Refusal};
use crate::language::ast::{Arrow, Derivation};
use crate::plan::{Line, LineId, Plan, SlotId, Spread};

impl<'w> Writing<'w, '_> {
    /// Encodes a line whose anchor was opened; its values wait for their slots.
    pub(super) fn line(&mut self, id: LineId) {
        let plan: &'w Plan = self.plan;
        let line = plan.line(id);
        if line.arrow == Arrow::Read || !self.hold(&line.guards) {
            return;
        }
        match line.spread {
            Spread::Once => {}
            Spread::Within => return self.cells_within(line),
            Spread::Slots => return self.slots_of_list(line),
            _ => return,
        }
        if let Codec::Arms(choice) = line.codec {
            return self.selector(line, choice);
        }
        let mut nodes = [None; 4];
        for (node, field) in nodes.iter_mut().zip(&line.fields) {
            *node = self.node_at(line.scope, *field).filter(|node| line.empty || self.is_text(line, *node));
        }
        let values = nodes.map(|node| node.and_then(|node| self.document.value(node)));
        if values.iter().all(Option::is_none) {
            return self.implied(line);
        }
        let inputs: &Inputs<'_> = values.get(..line.fields.len()).unwrap_or_default();
        match line.codec.encode(inputs) {
            Ok(pieces) => self.place_pieces(line, &nodes, &pieces),
            Err(Refusal(message)) => self.refused(&nodes, &message),
        }
    }

    /// False of a text of which the wire keeps nothing: it is lost.
    fn is_text(&mut self, line: &Line, node: NodeId) -> bool {
        let place = line.leaves.first().map_or(PlaceId::NONE, |leaf| self.plan.slot(leaf.slot).place);
        let text = self.document.value(node).map(|text| self.plan.collapsed(place, text));
        let is_empty = text.is_some_and(str::is_empty);
        if is_empty {
            self.lose(node, "an empty value cannot be told from none here");
        }
        !is_empty
    }

    fn place_pieces(&mut self, line: &'w Line, nodes: &[Option<NodeId>; 4], pieces: &[Piece; 4]) {
        if let Some(why) = self.pieces_misfit(line, nodes, pieces) {
            return nodes.iter().flatten().for_each(|node| self.lose(*node, why.clone()));
        }
        let first = nodes.iter().flatten().next().copied().unwrap_or(NodeId::ROOT);
        for (leaf, piece) in line.leaves.iter().zip(pieces) {
            let node_of = |at: usize| nodes.get(at).copied().flatten().unwrap_or(first);
            let (from, value) = match piece {
                Piece::None => continue,
                Piece::Whole(at) => {
                    let node = node_of(*at);
                    (node, self.out.adopt(self.document, self.document.node(node).value))
                }
                Piece::Part(at, range) => {
                    let node = node_of(*at);
                    let value = self.document.node(node).value;
                    let part = value.part(range.start as u32, (range.end - range.start) as u32);
                    (node, self.out.adopt(self.document, part))
                }
                Piece::Text(text) => (first, self.out.owned(text)),
            };
            self.wait(leaf.slot, Pending { value, from, soft: false });
        }
        for node in nodes.iter().flatten() {
            self.set_use(*node, Use::Carried);
        }
    }

    /// Why one of the texts that a codec made cannot stand in its leaf.
    fn pieces_misfit(&self, line: &Line, nodes: &[Option<NodeId>; 4], pieces: &[Piece; 4]) -> Option<String> {
        let value = |at: usize| self.document.value(nodes.get(at).copied().flatten()?);
        line.leaves.iter().zip(pieces).find_map(|(leaf, piece)| {
            let text = match piece {
                Piece::None => return None,
                Piece::Whole(at) => value(*at)?,
                Piece::Part(at, range) => value(*at)?.get(range.clone())?,
                Piece::Text(text) => text,
            };
            self.misfit(leaf.slot, text)
        })
    }

    /// Each entry goes to the leaf of its number. An empty one leaves its leaf out; at the end it would not be read
    /// back, and there it is lost.
    fn slots_of_list(&mut self, line: &'w Line) {
        let entries = line.list.map(|list| self.list(line.scope, list)).unwrap_or_default();
        let is_empty = |node: &NodeId| self.document.value(*node).is_none_or(str::is_empty);
        let last = entries.iter().rposition(|entry| !is_empty(entry));
        for (at, node) in entries.iter().copied().enumerate() {
            match line.leaves.get(at).filter(|_| Some(at) <= last) {
                Some(_) if is_empty(&node) => self.set_use(node, Use::Checked),
                Some(leaf) => {
                    let value = self.out.adopt(self.document, self.document.node(node).value);
                    self.wait(leaf.slot, Pending { value, from: node, soft: false });
                    self.set_use(node, Use::Carried);
                }
                None => self
                    .lose(node, format!("there are {} places for entries of this list", line.leaves.len())),
            }
        }
    }

    /// A value that the document does not state: derived, or a default.
    fn implied(&mut self, line: &'w Line) {
        if line.sparse || self.is_sparse() {
            return;
        }
        let Some(leaf) = line.leaves.first() else { return };
        let mandatory = self.plan.grammar.place(self.plan.slot(leaf.slot).place).min > 0;
        let text = match (&line.derived, &line.default) {
            _ if line.position && (line.always || mandatory) => {
                self.positions.get(line.scope.index()).map(ToString::to_string)
            }
            (Some(derived), _) if line.always || mandatory => self.derive(derived.how, derived.of),
            (_, Some(default)) => Some(default.to_string()),
            _ => None,
        };
        if let Some(text) = text {
            let value = self.out.owned(&text);
            self.wait(leaf.slot, Pending { value, from: NodeId::ROOT, soft: !line.always });
        }
    }

    fn derive(&self, how: Derivation, of: dragoman_tree::PlaceId) -> Option<String> {
        crate::derived::derive(self.document, how, of)
    }

    fn refused(&mut self, nodes: &[Option<NodeId>; 4], message: &str) {
        let first = nodes.iter().flatten().next().copied();
        let path = first.map(|node| self.schema.path(self.document.place(node)));
        let finding = Finding::error(&NOT_ENCODED, message.to_owned());
        self.findings.push(Finding { path, ..finding });
        for node in nodes.iter().flatten() {
            self.lose(*node, message.to_owned());
        }
    }

    pub(super) fn wait(&mut self, slot: SlotId, pending: Pending) {
        if pending.value == Value::NONE {
            return;
        }
        let Some(waiting) = self.pending.get_mut(slot.index()) else { return };
        if waiting.replace(pending).is_none() {
            self.await_in(slot, 1);
        }
    }

    /// The value that waits for a slot, which no longer does.
    pub(super) fn taken(&mut self, slot: SlotId) -> Option<Pending> {
        let taken = self.pending.get_mut(slot.index()).and_then(Option::take)?;
        self.await_in(slot, -1);
        Some(taken)
    }

    /// Counts a value that waits in a slot and in all that it is in.
    fn await_in(&mut self, slot: SlotId, by: i32) {
        let mut at = slot;
        while let Some(count) = self.awaited.get_mut(at.index()) {
            *count += by;
            at = self.plan.slot(at).parent;
        }
    }

    /// True where values wait for a slot or for one below.
    pub(super) fn is_awaited(&self, slot: SlotId) -> bool {
        !self.cells.is_empty() || self.awaited.get(slot.index()).is_some_and(|count| *count > 0)
    }
}
