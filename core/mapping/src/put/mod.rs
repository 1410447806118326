//! Writing: a canonical document to a message tree, in the order of the grammar.

mod blank;
mod emit;
mod extension;
mod frames;
mod groups;
mod lines;
mod room;
mod selector;
mod spread;

use dragoman_model::{Document, Schema};
use dragoman_tree::{Code, Finding, Kind, Names, NodeId, Tree, TreeBuilder, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::get::{Counts, Got};
use crate::plan::{Plan, ScopeId, SlotId};
use selector::Selected;

/// A canonical leaf that is not in the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// The node of the document.
    pub node: NodeId,
    /// Why.
    pub why: String,
}

/// What writing gives.
#[derive(Clone, Debug)]
pub struct Put<'i> {
    /// The message.
    pub tree: Tree<'i>,
    /// For each node of the message the node of the document it was written from; the root's stands for none.
    pub sources: Vec<NodeId>,
    /// For each node of the message its slot in the plan.
    pub(crate) slots: Vec<SlotId>,
    /// What of the document is not in the message.
    pub lost: Vec<Lost>,
    /// What became of the document's leaves.
    pub counts: Counts,
    /// What is worth saying.
    pub findings: Vec<Finding>,
}

/// A value cannot be written as its line says.
pub const NOT_ENCODED: Code = Code {
    id: "DG-E0651",
    title: "a value cannot be written in this format",
    help: "The codec of the mapping's line has no form for this value. It is listed as lost: the message goes \
           without it.",
};

/// Values take one position in the message, and the first is missing.
pub const NO_FIRST: Code = Code {
    id: "DG-E0652",
    title: "the first of several positions is empty",
    help: "The format tells the first occurrence of this element from those after it. There is nothing for the \
           first, so that the next one would be taken for it.",
};

/// The findings of this module.
pub(crate) const CODES: &[&Code] = &[&NOT_ENCODED, &NO_FIRST];

/// What became of a leaf of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Use {
    Unused,
    Carried,
    Checked,
    Lost,
}

/// A value that waits for its slot.
#[derive(Clone, Debug)]
struct Pending {
    value: Value,
    from: NodeId,
    /// Made without the document saying so: a default, a derived value.
    soft: bool,
}

/// Whether an element came to life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Life {
    /// Nothing was written.
    Nothing,
    /// Only constants.
    Constant,
    /// Something of the document.
    Document,
}

/// Writes a document by the plan. `original` decides which of several places an alternative or an entry goes to.
pub(crate) fn put<'i>(plan: &Plan, document: &Document<'i>, original: Option<&Got<'_>>) -> Put<'i> {
    let names = Names::with_base(plan.grammar.names().clone());
    let scopes = plan.scopes.len();
    let document = document.tree();
    let mut writing = Writing {
        plan,
        document,
        schema: Schema::standard(),
        is_over: original.is_some(),
        lived: lived(plan, original),
        alternatives: original.map(|got| got.arms.as_slice()).unwrap_or_default(),
        out: TreeBuilder::new(document.text(), 0, names),
        sources: Vec::new(),
        slots: Vec::new(),
        frames: vec![None; scopes],
        tables: plan.scopes.iter().map(|scope| vec![NONE; (scope.end.0 - scope.place.0) as usize]).collect(),
        assigned: vec![Vec::new(); scopes],
        groups: FxHashMap::default(),
        positions: vec![0; scopes],
        pending: vec![None; plan.slots.len()],
        awaited: vec![0; plan.slots.len()],
        cells: Vec::new(),
        uses: vec![Use::Unused; document.len()],
        selected: Vec::new(),
        carried: Vec::new(),
        lost: Vec::new(),
        findings: Vec::new(),
    };
    writing.set_frame(ScopeId::DOCUMENT, Some(NodeId::ROOT));
    writing.mark_identity();
    writing.root();
    writing.finish()
}

/// The lists that the original has, by their scopes.
fn lived(plan: &Plan, original: Option<&Got<'_>>) -> Vec<bool> {
    let slots = original.map(|got| got.slots.as_slice()).unwrap_or_default();
    plan.scopes.iter().map(|scope| slots.contains(&scope.slot)).collect()
}

const NONE: u32 = u32::MAX;

/// The state of a writing.
struct Writing<'w, 'i> {
    plan: &'w Plan,
    document: &'w Tree<'i>,
    schema: &'static Schema,
    /// The result will be laid over an original, which may hold what this document leaves out.
    is_over: bool,
    /// For each scope whether the original has entries where its line reads them.
    lived: Vec<bool>,
    alternatives: &'w [Option<u8>],
    out: TreeBuilder<'i>,
    sources: Vec<NodeId>,
    slots: Vec<SlotId>,
    /// The current entry of each scope.
    frames: Vec<Option<NodeId>>,
    /// For each scope and place in it the document's node.
    tables: Vec<Vec<u32>>,
    /// For each scope the entries of its list that its line writes.
    assigned: Vec<Vec<NodeId>>,
    /// For each flat list over nested elements its entries by what they name.
    groups: FxHashMap<ScopeId, groups::Groups<'w>>,
    /// For each scope the number of the current entry among those of its element.
    positions: Vec<usize>,
    pending: Vec<Option<Pending>>,
    /// For each slot how many values wait for it and those below.
    awaited: Vec<i32>,
    /// The cells that wait for a repeated leaf, last first.
    cells: Vec<(SlotId, Pending)>,
    uses: Vec<Use>,
    /// Values that wait for a line in their arm to write them.
    selected: Vec<Selected>,
    /// The leaves that were carried so far.
    carried: Vec<NodeId>,
    lost: Vec<Lost>,
    findings: Vec<Finding>,
}

impl<'i> Writing<'_, 'i> {
    fn finish(mut self) -> Put<'i> {
        self.settle_selected();
        self.settle_choices_by_value();
        let mut counts = Counts::default();
        let sources: FxHashSet<_> = self.sources.iter().copied().collect();
        for node in self.document.ids().filter(|node| self.document.is_leaf(*node)) {
            counts.leaves += 1;
            match self.use_of(node) {
                // What holds nothing is there by being there.
                Use::Unused if self.is_empty_object(node) && sources.contains(&node) => counts.carried += 1,
                Use::Carried => counts.carried += 1,
                Use::Checked => counts.checked += 1,
                Use::Lost => counts.reported += 1,
                Use::Unused => {
                    counts.reported += 1;
                    let why = self.unused(node);
                    self.lost.push(Lost { node, why });
                }
            }
        }
        let Self { out, sources, slots, lost, findings, .. } = self;
        Put { tree: out.finish(), sources, slots, lost, counts, findings }
    }

    fn is_empty_object(&self, node: NodeId) -> bool {
        self.document.node(node).kind == Kind::Object
    }

    /// Why nothing wrote a leaf.
    fn unused(&self, node: NodeId) -> String {
        let place = self.document.place(node);
        if !place.is_known() {
            return "an extension of another format".into();
        }
        if self.plan.index.fields.binary_search(&place).is_ok() {
            "the line for it does not count here, or has no room".into()
        } else {
            "this format has no place for it".into()
        }
    }

    fn use_of(&self, node: NodeId) -> Use {
        self.uses.get(node.index()).copied().unwrap_or(Use::Unused)
    }

    fn set_use(&mut self, node: NodeId, how: Use) {
        if let Some(slot) = self.uses.get_mut(node.index())
            && *slot == Use::Unused
        {
            *slot = how;
            if how == Use::Carried {
                self.carried.push(node);
            }
        }
    }

    fn lose(&mut self, node: NodeId, why: impl Into<String>) {
        if self.use_of(node) == Use::Unused {
            self.set_use(node, Use::Lost);
            self.lost.push(Lost { node, why: why.into() });
        }
    }
}
