//! Writing a document over the message it was read from: what the mapping does not speak of stays as it is.
//!
//! The document is written of itself first; the result is then laid over the original, element by element. Pairs
//! are found by slot, list entries by their key; values that mean the same keep the original's literal; elements
//! of the original that carried something which the document no longer has are dropped.

use std::collections::VecDeque;

use dragoman_model::Document;
use dragoman_syntax::json::{self, Style};
use dragoman_tree::{Kind, Names, NodeId, PlaceId, Tree, TreeBuilder, Value};

use rustc_hash::FxHashMap;

use crate::get::{Claim, Got};
use crate::plan::{Plan, ScopeId, Slot, SlotId};
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
    let root = got.slots.iter().position(|slot| *slot == SlotId::ROOT);
    if let Some(root) = root.filter(|_| !original.is_empty()) {
        overlay.around(NodeId::ROOT, NodeId(root as u32));
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
    /// The original's wrapper around a document, and the document in it.
    fn around(&mut self, at: NodeId, document: NodeId) {
        if at == document {
            return self.element(Pair::Both(document, NodeId::ROOT));
        }
        let node = *self.original.node(at);
        let name = self.out.names().intern(self.original.name(at));
        let id = self.out.open(node.kind, name, node.place, node.span);
        self.out.node_mut(id).repeats = node.repeats;
        self.sources.push(NodeId::ROOT);
        self.slots.push(SlotId::NONE);
        for child in self.original.children(at) {
            let holds = child <= document && document < self.original.node(child).end;
            if holds { self.around(child, document) } else { self.element(Pair::Verbatim(child)) }
        }
        self.out.close();
    }

    fn element(&mut self, pair: Pair) {
        let (tree, at): (&Tree<'_>, NodeId) = match (pair.original(), pair.fresh()) {
            (Some(old), _) => (self.original, old),
            (None, Some(new)) => (&self.fresh.tree, new),
            (None, None) => return,
        };
        let node = *tree.node(at);
        let name = self.out.names().intern(tree.name(at));
        let id = self.out.open(node.kind, name, node.place, node.span);
        let (value, kind) = self.value(pair, node.kind);
        self.out.node_mut(id).value = value;
        self.out.node_mut(id).kind = kind;
        self.out.node_mut(id).repeats = node.repeats;
        self.sources.push(pair.fresh().map_or(NodeId::ROOT, |new| self.source(new)));
        self.slots.push(pair.original().map_or_else(|| self.new_slot(at), |old| self.old_slot(old)));
        for child in self.children(pair) {
            self.element(child);
        }
        self.out.close();
    }

    /// The text with its kind: the original's where the document says the same, or nothing about it.
    fn value(&mut self, pair: Pair, kind: Kind) -> (Value, Kind) {
        let written = pair.fresh().and_then(|new| self.fresh.tree.value(new));
        let had = pair.original().and_then(|old| self.original.value(old));
        let keeps = match (pair, written, had) {
            (_, None, _) => true,
            (Pair::Both(old, new), ..) if self.is_made(new) && !self.is_carried(old) => true,
            (Pair::Both(old, new), Some(written), Some(_)) => {
                self.had(old) == Some(written) || self.means_the_same(old, new)
            }
            (_, Some(_), _) => false,
        };
        let text = if keeps { had } else { written };
        let kind = match pair.fresh() {
            Some(new) if !keeps => self.fresh.tree.node(new).kind,
            _ => kind,
        };
        (text.map_or(Value::NONE, |text| self.out.owned(text)), kind)
    }

    /// The original's text as far as it counts.
    fn had(&self, old: NodeId) -> Option<&str> {
        Some(self.plan.collapsed(self.original.place(old), self.original.value(old)?))
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

    /// Pairs the elements of one slot: list entries by key, others by number. What has no partner and stays keeps
    /// its place behind the one before it.
    fn pair(&self, slot: SlotId, mine: &[NodeId], theirs: &[NodeId]) -> Vec<Pair> {
        let found = self.plan.slot(slot);
        let same = found.extension.is_some() && self.same_texts(mine, theirs);
        if same || found.spread.is_some() && self.same_cells(mine, theirs) {
            return mine.iter().map(|old| Pair::Verbatim(*old)).collect();
        }
        if found.extension.is_some() && !theirs.is_empty() {
            return theirs.iter().map(|new| Pair::New(*new)).collect();
        }
        let key = found.entries.and_then(|scope| self.key(scope));
        let mut left: Vec<NodeId> =
            mine.iter().copied().filter(|old| !self.is_replaced(found, *old, theirs)).collect();
        let numbered = self.numbered(found, &left);
        let mut pairs: Vec<Pair> = Vec::new();
        for (number, new) in theirs.iter().enumerate() {
            let partner = match &key {
                Some(path) => left.iter().position(|old| self.same_key(path, *old, *new)),
                None => numbered.get(number).and_then(|old| left.iter().position(|other| other == old)),
            };
            pairs.push(partner.map_or(Pair::New(*new), |at| Pair::Both(left.remove(at), *new)));
        }
        for old in left {
            let pair = if !self.is_carried(old) {
                Pair::Verbatim(old)
            } else if found.entries.is_none() && self.claims(old, Claim::Residue) {
                Pair::Rest(old)
            } else {
                continue;
            };
            let before = mine.iter().rev().skip_while(|other| **other != old).nth(1);
            let behind = pairs.iter().position(|pair| pair.original() == before.copied());
            pairs.insert(behind.filter(|_| before.is_some()).map_or(0, |at| at + 1), pair);
        }
        pairs
    }

    /// True for a null, an empty array or a scalar in JSON where the document has something of another shape.
    fn is_replaced(&self, slot: &Slot, old: NodeId, theirs: &[NodeId]) -> bool {
        let node = self.original.node(old);
        let branch = |new: &NodeId| self.fresh.tree.children(*new).next().is_some();
        let stated = theirs.iter().any(|new| self.is_from_document(*new));
        match node.kind {
            Kind::Null | Kind::Array => self.original.is_leaf(old) && !node.repeats && stated,
            kind => is_scalar(kind) && slot.entries.is_none() && theirs.iter().any(branch),
        }
    }

    /// What is paired by number: the entries of a list, else what a value came from, where anything did.
    fn numbered(&self, slot: &Slot, left: &[NodeId]) -> Vec<NodeId> {
        let of =
            |is: &dyn Fn(NodeId) -> bool| left.iter().copied().filter(|old| is(*old)).collect::<Vec<_>>();
        match slot.entries {
            Some(scope) => of(&|old| self.is_entry(scope, old)),
            None => {
                Some(of(&|old| self.is_carried(old))).filter(|some| !some.is_empty()).unwrap_or(left.to_vec())
            }
        }
    }

    /// True for what reading made an entry of.
    fn is_entry(&self, scope: ScopeId, old: NodeId) -> bool {
        let texts = self.document.schema().children(self.plan.scope(scope).place).next().is_none();
        let kind = self.original.node(old).kind;
        if texts {
            self.is_carried(old)
        } else {
            !matches!(kind, Kind::Null | Kind::Array) && !is_scalar(kind)
        }
    }

    /// True where what the original's elements carried is what the fresh ones hold.
    fn same_texts(&self, mine: &[NodeId], theirs: &[NodeId]) -> bool {
        let text = |tree: &Tree<'_>, node: NodeId| {
            let mut text = String::new();
            json::write_node(tree, node, Style::Compact, &mut text);
            text
        };
        let is_kept = |old: NodeId| {
            if self.original.is_leaf(old) { self.is_carried(old) } else { !self.claims(old, Claim::Residue) }
        };
        let kept = mine.iter().filter(|old| is_kept(**old));
        let had = kept.map(|old| text(self.original, *old));
        had.eq(theirs.iter().map(|new| text(&self.fresh.tree, *new)))
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

    /// True where both have the same key, or neither has one that was read.
    fn same_key(&self, path: &[PlaceId], old: NodeId, new: NodeId) -> bool {
        let kind = self.original.node(old).kind;
        if kind == Kind::Null || is_scalar(kind) {
            return false;
        }
        let key = leaf_at(self.original, old, path).filter(|key| self.is_carried(*key));
        let stated = leaf_at(&self.fresh.tree, new, path).filter(|key| !self.is_made(*key));
        let has = stated.and_then(|key| self.fresh.tree.value(key));
        key.and_then(|key| self.had(key)) == has
    }

    /// True where cells hold the same texts, however they are spread over elements.
    fn same_cells(&self, mine: &[NodeId], theirs: &[NodeId]) -> bool {
        let texts = |tree: &Tree<'_>, nodes: &[NodeId]| -> Vec<String> {
            let all = nodes.iter().flat_map(|node| tree.subtree(*node)).filter(|node| tree.is_leaf(*node));
            let value =
                |node: NodeId| Some(self.plan.collapsed(tree.place(node), tree.value(node)?).to_owned());
            all.filter_map(value).collect()
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

    /// True for a constant, or what else the document does not say.
    fn is_made(&self, new: NodeId) -> bool {
        self.source(new) == NodeId::ROOT
    }

    /// True where something of the document is in an element: constants alone are not added to an original.
    fn is_from_document(&self, new: NodeId) -> bool {
        self.fresh.tree.subtree(new).any(|node| !self.is_made(node))
    }

    /// True where a value of the document that is also written came from an element.
    fn is_carried(&self, old: NodeId) -> bool {
        let carrier = |node: NodeId| self.got.carriers.get(node.index()).copied();
        let claimed = |node: NodeId| self.got.claims.get(node.index()) == Some(&Claim::Carried);
        self.original.subtree(old).any(|node| claimed(node) && carrier(node) != Some(NodeId::ROOT))
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

/// True for scalars of JSON.
fn is_scalar(kind: Kind) -> bool {
    matches!(kind, Kind::String | Kind::Number | Kind::Bool)
}

fn leaf_at(tree: &Tree<'_>, node: NodeId, path: &[PlaceId]) -> Option<NodeId> {
    path.iter().try_fold(node, |at, place| tree.child_at(at, *place))
}
