//! Reading: a message tree to a canonical document, in one pass over the nodes.
//!
//! Every leaf ends in exactly one of four ways ([`Claim`]): carried, checked, residue, reported.

mod cells;
mod choice;
mod codes;
mod entries;
mod extension;
mod finish;
mod got;
mod groups;
mod lists;
mod pointers;
mod run;
mod slots;
mod verify;

pub(crate) use choice::arm_of;
pub(crate) use codes::CODES;
pub use codes::{
    ALSO_GIVEN, DANGLING, EMPTY, MORE, NO_ARM, NOT_CONSTANT, NOT_DECODED, NOT_DERIVED, TRIMMED, TWICE,
    UNEVEN, UNGROUPED,
};
use dragoman_model::{Draft, EntryId, Schema};
use dragoman_syntax::WirePaths;
use dragoman_tree::{Findings, Kind, NodeId, PlaceId, Tree, Value};
pub use got::{Claim, Counts, Got};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::language::ast::Arrow;
use crate::plan::{LineId, Plan, ScopeId, SlotId, Spread};

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
        keys: FxHashMap::default(),
        around: None,
        findings: Findings::default(),
        paths: WirePaths::new(tree, Some(&plan.grammar)),
    };
    reading.fixed(ScopeId::DOCUMENT, EntryId::ROOT);
    reading.unclaimed(root);
    if tree.is_leaf(root) && tree.value(root).is_none() {
        // A message that says nothing is a document that says nothing.
        reading.set_claim(root, Claim::Carried);
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
    /// The elements of outer lists so far, by the scope of the list inside and their keys.
    keys: FxHashMap<(ScopeId, String), NodeId>,
    around: Option<groups::Around>,
    findings: Findings,
    /// Wire paths, for findings.
    paths: WirePaths<'r, 'i>,
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
    /// All leaves are residue until something claims them. What stands around an XML message is no part of it: it is
    /// kept over the original, and left out elsewhere.
    fn unclaimed(&mut self, root: NodeId) {
        let inside = root.0..self.tree.node(root).end.0;
        for node in self.tree.ids().filter(|node| self.tree.is_leaf(*node)) {
            if inside.contains(&node.0) {
                self.set_claim(node, Claim::Residue);
            } else if matches!(self.tree.node(node).kind, Kind::Element | Kind::Attribute | Kind::Text) {
                self.set_claim(node, Claim::Reported);
            }
        }
    }

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
}
