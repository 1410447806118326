//! Writing a document over the message it was read from: what the mapping does not speak of stays as it is.
//!
//! The document is written of itself first; the result is then laid over the original, element by element. Pairs
//! are found by slot, list entries by their key; values that mean the same keep the original's literal; elements
//! of the original that carried something which the document no longer has are dropped.

use std::collections::VecDeque;

use dragoman_model::Document;
use dragoman_tree::{Names, NodeId, PlaceId, Tree, TreeBuilder, Value};

use rustc_hash::FxHashMap;

use crate::get::{Claim, Got};
use crate::plan::{Plan, ScopeId, SlotId};
use crate::put::Put;

/// Lays `fresh`, written from `document`, over the original.
pub(crate) fn over<'i>(
    plan: &Plan,
    document: &Document<'i>,
    fresh: Put<'i>,
    original: &Tree<'_>,
    got: &Got<'_>,
) -> Put<'i> {
    let names = Names::with_base(plan.grammar.names().clone());
    let out = TreeBuilder::new(fresh.tree.text(), 0, names);
    let mut parts = vec![0; document.tree().len()];
    for source in &fresh.sources {
        if let Some(count) = parts.get_mut(source.index()) {
            *count += 1;
        }
    }
    let (sources, slots) = (Vec::new(), Vec::new());
    let mut overlay = Overlay { plan, document, fresh: &fresh, original, got, out, sources, slots, parts };
    if !original.is_empty() {
        overlay.element(Pair::Both(NodeId::ROOT, NodeId::ROOT));
    }
    let Overlay { out, sources, slots, .. } = overlay;
    let tree = out.finish();
    Put { tree, sources, slots, ..fresh }
}

struct Overlay<'o, 'i> {
    plan: &'o Plan,
    document: &'o Document<'i>,
    fresh: &'o Put<'i>,
    original: &'o Tree<'o>,
    got: &'o Got<'o>,
    out: TreeBuilder<'i>,
    sources: Vec<NodeId>,
    slots: Vec<SlotId>,
    /// For each node of the document how many nodes were written from it.
    parts: Vec<u32>,
}

/// What stands at one position of the result.
#[derive(Clone, Copy, Debug)]
enum Pair {
    /// The original with all below it.
    Verbatim(NodeId),
    /// The original without what it carried.
    Rest(NodeId),
    /// Both: the document's values in the original's element.
    Both(NodeId, NodeId),
    /// Only the fresh message has it.
    New(NodeId),
}

impl Pair {
    fn original(self) -> Option<NodeId> {
        match self {
            Self::Verbatim(old) | Self::Rest(old) | Self::Both(old, _) => Some(old),
            Self::New(_) => None,
        }
    }

    fn fresh(self) -> Option<NodeId> {
        match self {
            Self::Both(_, new) | Self::New(new) => Some(new),
            Self::Verbatim(_) | Self::Rest(_) => None,
        }
    }
}

/// The elements of one slot below one parent.
#[derive(Default)]
struct Group {
    old: Vec<NodeId>,
    new: Vec<NodeId>,
    pairs: VecDeque<Pair>,
}

impl Overlay<'_, '_> {
    fn element(&mut self, pair: Pair) {
        let (tree, at): (&Tree<'_>, NodeId) = match (pair.original(), pair.fresh()) {
            (Some(old), _) => (self.original, old),
            (None, Some(new)) => (&self.fresh.tree, new),
            (None, None) => return,
        };
        let node = *tree.node(at);
        let name = self.out.names().intern(tree.name(at));
        let id = self.out.open(node.kind, name, node.place, node.span);
        let value = self.value(pair);
        self.out.node_mut(id).value = value;
        self.out.node_mut(id).repeats = node.repeats;
        self.sources.push(pair.fresh().map_or(NodeId::ROOT, |new| self.source(new)));
        self.slots.push(pair.original().map_or_else(|| self.new_slot(at), |old| self.old_slot(old)));
        for child in self.children(pair) {
            self.element(child);
        }
        self.out.close();
    }

    /// The text: the original's where the document says the same, or nothing about it.
    fn value(&mut self, pair: Pair) -> Value {
        let written = pair.fresh().and_then(|new| self.fresh.tree.value(new));
        let had = pair.original().and_then(|old| self.original.value(old));
        let keeps = match (pair, written, had) {
            (_, None, _) => true,
            (Pair::Both(old, new), Some(written), Some(had)) => {
                had.trim() == written || self.means_the_same(old, new)
            }
            (_, Some(_), _) => false,
        };
        let text = if keeps { had } else { written };
        text.map_or(Value::NONE, |text| self.out.owned(text))
    }

    /// True where the original's literal reads as the value that the document has.
    fn means_the_same(&self, old: NodeId, new: NodeId) -> bool {
        let carrier = self.got.carriers.get(old.index()).copied().unwrap_or(NodeId::ROOT);
        let source = self.source(new);
        let (before, after) = (self.got.document.tree(), self.document.tree());
        carrier != NodeId::ROOT
            && source != NodeId::ROOT
            && before.place(carrier) == after.place(source)
            && before.value(carrier) == after.value(source)
            && self.parts.get(source.index()) == Some(&1)
    }

    /// The children of a pair, in order: the original's, with new ones where the grammar wants them.
    fn children(&mut self, pair: Pair) -> Vec<Pair> {
        let fresh = pair.fresh().into_iter().flat_map(|new| self.fresh.tree.children(new));
        let old = match pair {
            Pair::Verbatim(old) => return self.original.children(old).map(Pair::Verbatim).collect(),
            Pair::New(_) => return fresh.map(Pair::New).collect(),
            Pair::Both(old, _) | Pair::Rest(old) => old,
        };
        let mut groups: FxHashMap<SlotId, Group> = FxHashMap::default();
        for at in self.original.children(old) {
            groups.entry(self.old_slot(at)).or_default().old.push(at);
        }
        let mut surplus = Vec::new();
        for at in fresh {
            match groups.get_mut(&self.new_slot(at)) {
                Some(group) => group.new.push(at),
                None => surplus.push(at),
            }
        }
        for (slot, group) in groups.iter_mut().filter(|(slot, _)| **slot != SlotId::NONE) {
            group.pairs = self.pair(*slot, &group.old, &group.new).into();
        }
        let mut pairs = Vec::new();
        for at in self.original.children(old) {
            let slot = self.old_slot(at);
            match groups.get_mut(&slot).filter(|_| slot != SlotId::NONE) {
                Some(group) if group.old.last() == Some(&at) => pairs.extend(group.pairs.drain(..)),
                Some(group) => pairs.extend(group.pairs.pop_front()),
                None => pairs.push(Pair::Verbatim(at)),
            }
        }
        for new in surplus.into_iter().filter(|new| self.is_from_document(*new)) {
            self.insert(&mut pairs, new);
        }
        pairs
    }

    /// Pairs the elements of one slot: list entries by key, others by number.
    fn pair(&self, slot: SlotId, mine: &[NodeId], theirs: &[NodeId]) -> Vec<Pair> {
        let found = self.plan.slot(slot);
        if found.spread.is_some() && self.same_cells(mine, theirs) {
            return mine.iter().map(|old| Pair::Verbatim(*old)).collect();
        }
        let key = found.entries.and_then(|scope| self.key(scope));
        let mut left: Vec<NodeId> = mine.to_vec();
        let mut pairs: Vec<Pair> = Vec::new();
        for (number, new) in theirs.iter().enumerate() {
            let partner = match &key {
                Some(path) => left.iter().position(|old| self.same_key(path, *old, *new)),
                None => mine.get(number).and_then(|old| left.iter().position(|other| other == old)),
            };
            pairs.push(partner.map_or(Pair::New(*new), |at| Pair::Both(left.remove(at), *new)));
        }
        for old in left {
            if !self.claims(old, Claim::Carried) {
                pairs.push(Pair::Verbatim(old));
            } else if found.entries.is_none() && self.claims(old, Claim::Residue) {
                pairs.push(Pair::Rest(old));
            }
        }
        pairs
    }

    /// The wire leaf of a list's key, as places below its element.
    fn key(&self, scope: ScopeId) -> Option<Vec<PlaceId>> {
        let key = self.plan.scope(scope).key?;
        let slot = self.plan.scope(scope).slot;
        let line = self.plan.lines.iter().find(|line| line.scope == scope && line.fields.contains(&key))?;
        let mut path = Vec::new();
        let mut at = line.leaves.first()?.slot;
        while at != slot && at != SlotId::NONE {
            path.push(self.plan.slot(at).place);
            at = self.plan.slot(at).parent;
        }
        path.reverse();
        Some(path)
    }

    fn same_key(&self, path: &[PlaceId], old: NodeId, new: NodeId) -> bool {
        let old = text_at(self.original, old, path);
        old.is_some() && old.map(str::trim) == text_at(&self.fresh.tree, new, path)
    }

    /// True where cells hold the same texts, however they are spread over elements.
    fn same_cells(&self, mine: &[NodeId], theirs: &[NodeId]) -> bool {
        let texts = |tree: &Tree<'_>, nodes: &[NodeId]| -> Vec<String> {
            let all = nodes.iter().flat_map(|node| tree.subtree(*node)).filter(|node| tree.is_leaf(*node));
            all.filter_map(|node| tree.value(node)).map(|text| text.trim().to_owned()).collect()
        };
        texts(self.original, mine) == texts(&self.fresh.tree, theirs)
    }

    /// Puts a new element behind the last one that the grammar has before it.
    fn insert(&self, pairs: &mut Vec<Pair>, new: NodeId) {
        let place = self.fresh.tree.place(new);
        let place_of = |pair: &Pair| match (pair.original(), pair.fresh()) {
            (Some(old), _) => self.original.place(old),
            (None, Some(new)) => self.fresh.tree.place(new),
            (None, None) => PlaceId::NONE,
        };
        let before = pairs.iter().rposition(|pair| place_of(pair).is_known() && place_of(pair) <= place);
        pairs.insert(before.map_or(0, |at| at + 1), Pair::New(new));
    }

    /// True where something of the document is in an element: constants alone are not added to an original.
    fn is_from_document(&self, new: NodeId) -> bool {
        self.fresh.tree.subtree(new).any(|node| self.source(node) != NodeId::ROOT)
    }

    fn claims(&self, old: NodeId, claim: Claim) -> bool {
        self.original.subtree(old).any(|node| self.got.claims.get(node.index()) == Some(&claim))
    }

    fn source(&self, new: NodeId) -> NodeId {
        self.fresh.sources.get(new.index()).copied().unwrap_or(NodeId::ROOT)
    }

    fn old_slot(&self, old: NodeId) -> SlotId {
        self.got.slots.get(old.index()).copied().unwrap_or(SlotId::NONE)
    }

    fn new_slot(&self, new: NodeId) -> SlotId {
        self.fresh.slots.get(new.index()).copied().unwrap_or(SlotId::NONE)
    }
}

fn text_at<'t>(tree: &'t Tree<'_>, node: NodeId, path: &[PlaceId]) -> Option<&'t str> {
    let leaf = path.iter().try_fold(node, |at, place| tree.child_at(at, *place))?;
    tree.value(leaf)
}
