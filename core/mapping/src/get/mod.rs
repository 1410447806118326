//! Reading: a message tree to a canonical document, in one pass over the nodes.
//!
//! Every leaf ends in exactly one of four ways ([`Claim`]): carried, checked, residue, reported.

mod cells;
mod choice;
mod entries;
mod extension;
mod finish;
mod lists;
mod slots;
mod verify;

use std::ops::AddAssign;

pub(crate) use choice::arm_of;
use dragoman_model::{Document, Draft, EntryId, Origin, Schema};
use dragoman_tree::{Code, Finding, NodeId, PlaceId, Tree, Value};
use rustc_hash::{FxHashMap, FxHashSet};
use serde::Serialize;

use crate::codec::{Codec, Inputs, NOTHING, Piece, Refusal};
use crate::language::ast::Arrow;
use crate::plan::{Line, LineId, Plan, ScopeId, SlotId, Spread};

/// What became of a node of the message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// No leaf: nothing to claim.
    Branch,
    /// Its value is in the document.
    Carried,
    /// It was compared with a constant, or reads as no value.
    Checked,
    /// Nothing of the mapping is about it, or what is could not take it.
    Residue,
    /// It is ignored, and the mapping says why.
    Reported,
}

/// How many leaves ended in which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub leaves: usize,
    /// Carried across.
    pub carried: usize,
    /// Compared with a constant or a derived value.
    pub checked: usize,
    /// Kept beside the document.
    pub residue: usize,
    /// Ignored with a reason, or lost.
    pub reported: usize,
}

impl Counts {
    /// True where the four kinds make the whole.
    pub fn add_up(&self) -> bool {
        self.leaves == self.carried + self.checked + self.residue + self.reported
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.leaves += other.leaves;
        self.carried += other.carried;
        self.checked += other.checked;
        self.residue += other.residue;
        self.reported += other.reported;
    }
}

/// What reading gives.
#[derive(Clone, Debug)]
pub struct Got<'i> {
    /// The canonical document; the origin of its leaves are nodes of the message.
    pub document: Document<'i>,
    /// For each node of the message what became of it.
    pub claims: Vec<Claim>,
    /// For each node of the message the document's node that carries it both ways; the root stands for none.
    pub carriers: Vec<NodeId>,
    /// For each node of the message its slot in the plan.
    pub(crate) slots: Vec<SlotId>,
    /// For each choice of the plan the arm last taken: which alternative the message uses.
    pub(crate) arms: Vec<Option<u8>>,
    /// What is worth saying.
    pub findings: Vec<Finding>,
}

impl Got<'_> {
    /// The counts of the message's leaves.
    pub fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for claim in &self.claims {
            let kind = match claim {
                Claim::Branch => continue,
                Claim::Carried => &mut counts.carried,
                Claim::Checked => &mut counts.checked,
                Claim::Residue => &mut counts.residue,
                Claim::Reported => &mut counts.reported,
            };
            *kind += 1;
            counts.leaves += 1;
        }
        counts
    }

    /// The leaves that are not in the document.
    pub fn residue(&self) -> impl Iterator<Item = NodeId> + '_ {
        let all = self.claims.iter().enumerate();
        all.filter(|(_, claim)| **claim == Claim::Residue).map(|(at, _)| NodeId(at as u32))
    }
}

/// A value did not fit its codec.
pub const NOT_DECODED: Code = Code {
    id: "DG-E0601",
    title: "a value cannot be read as its line says",
    help: "The codec of the mapping's line has no meaning for this value. It stays beside the document as residue, \
           and goes back unchanged when the message is written over itself.",
};

/// A leaf was there twice for one value.
pub const TWICE: Code = Code {
    id: "DG-E0602",
    title: "one value is given twice",
    help: "The mapping reads one value here, and the message gives several. None of them is taken: choosing one \
           silently would be a guess. They stay beside the document as residue.",
};

/// A value that must be a constant is another.
pub const NOT_CONSTANT: Code = Code {
    id: "DG-E0603",
    title: "a value differs from the constant that it should be",
    help: "The format fixes this value. The one that was sent stays beside the document.",
};

/// A selector has a value that no arm takes.
pub const NO_ARM: Code = Code {
    id: "DG-E0604",
    title: "a code selects nothing that is known",
    help: "The mapping tells several forms of this message apart by this code, and this value is none of them. \
           Nothing is guessed: the code and what depends on it stay beside the document as residue.",
};

/// An empty leaf where emptiness means nothing.
pub const EMPTY: Code = Code {
    id: "DG-E0605",
    title: "an empty value",
    help: "The element is there and holds nothing. An empty value is no value here; it is kept as residue, so that \
           the message comes back as it was.",
};

/// A derived value differs from what it follows from.
pub const NOT_DERIVED: Code = Code {
    id: "DG-E0606",
    title: "a stated total differs from what it totals",
    help: "The value follows from the rest of the document, and the message states another. The stated value is \
           kept: the sender meant something by it.",
};

/// A key that names no entry.
pub const DANGLING: Code = Code {
    id: "DG-E0607",
    title: "a reference names no entry",
    help: "The value should be the key of an entry of a list of the same document, and no entry has it.",
};

/// Numbers that should agree do not.
pub const UNEVEN: Code = Code {
    id: "DG-E0608",
    title: "amounts do not agree",
    help: "The mapping states how three amounts depend on each other, and in this message they do not.",
};

/// White space around a value was taken off.
pub const TRIMMED: Code = Code {
    id: "DG-E0609",
    title: "white space around a value was taken off",
    help: "The format says that white space at the ends of this value, and runs of it inside, mean nothing.",
};

/// A second alternative is there too.
pub const ALSO_GIVEN: Code = Code {
    id: "DG-E0610",
    title: "a value is given in two places",
    help: "The format has two places for one thing, and the message uses both. The first is read; the other stays \
           beside the document as residue.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[
    &NOT_DECODED,
    &TWICE,
    &NOT_CONSTANT,
    &NO_ARM,
    &EMPTY,
    &NOT_DERIVED,
    &DANGLING,
    &UNEVEN,
    &TRIMMED,
    &ALSO_GIVEN,
];

/// What reads as no value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Absence {
    /// JSON `null`.
    pub null: bool,
    /// Present and empty.
    pub empty: bool,
    /// These texts.
    pub texts: Vec<Box<str>>,
}

/// Reads the subtree of `root` as a document of the plan. That a value is given twice shows at the end; it is rare,
/// and the message is then read again by a pass that watches for it.
pub(crate) fn get<'i>(plan: &Plan, tree: &Tree<'i>, root: NodeId, absence: &Absence) -> Got<'i> {
    let got = read(plan, tree, root, absence, false);
    if got.document.replaced() == 0 { got } else { read(plan, tree, root, absence, true) }
}

fn read<'i>(plan: &Plan, tree: &Tree<'i>, root: NodeId, absence: &Absence, watches: bool) -> Got<'i> {
    let schema = Schema::standard();
    let document = plan.scope(ScopeId::DOCUMENT).place;
    let mut frames = vec![None; plan.scopes.len()];
    if let Some(document) = frames.first_mut() {
        *document = Some(EntryId::ROOT);
    }
    let mut draft = Draft::new(document, tree.text(), tree.base());
    draft.reserve(tree.len());
    let mut reading = Reading {
        plan,
        tree,
        schema,
        absence,
        draft,
        slots: vec![SlotId::NONE; tree.len()],
        claims: vec![Claim::Branch; tree.len()],
        carriers: vec![NodeId::ROOT; tree.len()],
        given: Vec::new(),
        watches,
        frames,
        entries: vec![Opened { entry: EntryId::ROOT, parent: EntryId::ROOT, scope: ScopeId::DOCUMENT }],
        values: FxHashMap::default(),
        arms: vec![None; plan.choices.len()],
        spreads: Vec::new(),
        deferred: Vec::new(),
        occurrences: FxHashMap::default(),
        reported_empty: FxHashSet::default(),
        findings: Vec::new(),
    };
    reading.name_document(document);
    reading.fixed(ScopeId::DOCUMENT, EntryId::ROOT);
    for node in tree.subtree(root).filter(|node| tree.is_leaf(*node)) {
        reading.set_claim(node, Claim::Residue);
    }
    for node in tree.subtree(root) {
        reading.node(node, root);
    }
    reading.finish()
}

/// A spread line at one of its elements, or a line that waits for a canonical value.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    entry: Option<EntryId>,
    line: LineId,
    node: NodeId,
}

/// An entry of the draft.
#[derive(Clone, Copy, Debug)]
struct Opened {
    entry: EntryId,
    parent: EntryId,
    scope: ScopeId,
}

/// The state of a reading.
struct Reading<'r, 'i> {
    plan: &'r Plan,
    tree: &'r Tree<'i>,
    schema: &'static Schema,
    absence: &'r Absence,
    draft: Draft<'i>,
    slots: Vec<SlotId>,
    claims: Vec<Claim>,
    /// For each wire node the wire node that the document names as origin of what it became a part of.
    carriers: Vec<NodeId>,
    /// True where what is given is noted in `given`.
    watches: bool,
    /// The leaves that lines gave the draft: to find those that are given twice, and objects that are there.
    given: Vec<(EntryId, PlaceId, NodeId)>,
    /// The open entry of each scope.
    frames: Vec<Option<EntryId>>,
    /// All entries of the draft.
    entries: Vec<Opened>,
    /// Canonical values that choices look at.
    values: FxHashMap<(EntryId, PlaceId), String>,
    arms: Vec<Option<u8>>,
    spreads: Vec<Waiting>,
    deferred: Vec<Waiting>,
    /// The last node of a parent and place, and its number there.
    occurrences: FxHashMap<(NodeId, PlaceId), (u32, u32)>,
    reported_empty: FxHashSet<u32>,
    findings: Vec<Finding>,
}

/// The text of a wire leaf as a line sees it.
#[derive(Clone, Copy, Debug)]
enum Cell {
    /// There is no such node.
    Missing,
    /// There is, and it reads as no value.
    NoValue(NodeId),
    /// A value.
    Text(NodeId, Value),
}

impl<'r> Reading<'r, '_> {
    fn node(&mut self, node: NodeId, root: NodeId) {
        let slot = if node == root { SlotId::ROOT } else { self.slot_of(node) };
        if slot == SlotId::NONE {
            return;
        }
        self.set_slot(node, slot);
        let plan: &'r Plan = self.plan;
        let slot = plan.slot(slot);
        if let Some(line) = slot.only {
            return self.line(line, node);
        }
        if slot.ignored.is_some() {
            if self.tree.is_leaf(node) {
                self.set_claim(node, Claim::Reported);
            }
            return;
        }
        if let Some(extension) = slot.extension.and_then(|id| plan.extensions.get(id as usize)) {
            return self.carry_whole(extension, node);
        }
        if self.is_no_object(slot, node) {
            return self.set_claim(node, Claim::Checked);
        }
        for choice in &slot.choices {
            self.choose(*choice, node);
        }
        self.enter(slot, node);
        for line in &slot.lines {
            self.line(*line, node);
        }
        self.literal(slot, node);
    }

    /// Runs a line whose anchor is `node`.
    fn line(&mut self, id: LineId, node: NodeId) {
        let plan: &'r Plan = self.plan;
        let line = plan.line(id);
        if line.arrow == Arrow::Write {
            return;
        }
        match self.holds(&line.guards) {
            Some(true) => {}
            Some(false) => return,
            None => {
                let entry = self.frame(line.scope);
                return self.deferred.push(Waiting { entry, line: id, node });
            }
        }
        match line.spread {
            Spread::Once => self.run(id, node, None),
            Spread::Slots => self.slots_of_list(line, node),
            Spread::Looks => self.looked_at(line, node),
            Spread::Cells | Spread::Within | Spread::Chains => {
                let entry = self.open(line.scope, node);
                self.spreads.push(Waiting { entry, line: id, node });
            }
        }
    }

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
                if line.arrow != Arrow::Read || self.claims.get(leaf.index()) != Some(&Claim::Carried) {
                    self.set_claim(leaf, Claim::Carried);
                    self.set_carrier(leaf, leaf);
                }
            }
        }
    }

    /// Decodes the cells of a line and adds its leaves.
    fn run(&mut self, id: LineId, node: NodeId, entry: Option<EntryId>) {
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
            Ok(pieces) if line.arrow == Arrow::Read && pieces == NOTHING => {}
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
                if looks && self.claims.get(node.index()) == Some(&Claim::Carried) {
                    continue;
                }
                self.set_claim(*node, Claim::Carried);
                if !looks {
                    self.set_carrier(*node, first);
                }
            }
        }
    }

    /// The rank of a list's line among those that fill the list.
    fn rank(&self, scope: ScopeId) -> u32 {
        self.plan.index.ranks.get(scope.index()).copied().unwrap_or(0)
    }

    /// Sets a leaf of the document.
    fn give(&mut self, entry: EntryId, place: PlaceId, value: Value, from: NodeId) {
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
            let finding = self.located(finding, node);
            self.findings.push(Finding { path, ..finding });
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
