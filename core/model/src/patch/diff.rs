//! From two versions to the changes between them.
//!
//! The entries of a list are matched by their key, else by `type` and `id` together (where entries only went
//! or only came), else by position: by the first of these that tells all entries apart on both sides and
//! under which the target is the base without what was removed, then what was added. Inside a list the order
//! is: changes in what stays, removals from the end, additions.

use dragoman_tree::{NodeId, PlaceId};
use rustc_hash::FxHashMap;

use super::{Change, Op, scalar};
use crate::Document;
use crate::compare::{Members, Scope, same_value};
use crate::document::{is_key, quoted};

/// The changes that make `target` of `base`, but for `id`, `profile` and `envelope`.
pub fn diff(base: &Document<'_>, target: &Document<'_>) -> Vec<Change> {
    let mut diff = Diff { base, target, changes: Vec::new() };
    diff.object((NodeId::ROOT, NodeId::ROOT), "");
    diff.changes
}

struct Diff<'d, 'b, 't> {
    base: &'d Document<'b>,
    target: &'d Document<'t>,
    changes: Vec<Change>,
}

impl Diff<'_, '_, '_> {
    /// Two nodes of the same place.
    fn node(&mut self, (old, new): (NodeId, NodeId), path: &str) {
        let is_leaf = |document: &Document<'_>, node| document.tree().value(node).is_some();
        match (is_leaf(self.base, old), is_leaf(self.target, new)) {
            (false, false) => self.object((old, new), path),
            (true, true) if same_value(self.base, self.target, (old, new)) => {}
            (true, true) => self.push(Op::Replace, path, Some(old), Some(new)),
            _ => {
                self.remove(old, path);
                self.add(new, path, None);
            }
        }
    }

    fn object(&mut self, (old, new): (NodeId, NodeId), path: &str) {
        let (base, target) = (self.base, self.target);
        let (ours, mut theirs) =
            (Members::of(base, old, Scope::Business), Members::of(target, new, Scope::Business));
        for (member, nodes) in ours.0 {
            let others = theirs.0.remove(&member).unwrap_or_default();
            self.member(&nodes, &others, path);
        }
        for nodes in theirs.0.values() {
            self.member(&[], nodes, path);
        }
    }

    /// The nodes of one member on both sides.
    fn member(&mut self, old: &[NodeId], new: &[NodeId], path: &str) {
        let name = match (old.first(), new.first()) {
            (Some(node), _) => self.base.tree().name(*node),
            (None, Some(node)) => self.target.tree().name(*node),
            (None, None) => return,
        };
        let at = if path.is_empty() { quoted(name).into_owned() } else { format!("{path}.{}", quoted(name)) };
        let repeats = |document: &Document<'_>, nodes: &[NodeId]| {
            nodes.first().is_some_and(|node| document.tree().node(*node).repeats)
        };
        if repeats(self.base, old) || repeats(self.target, new) {
            self.list(old, new, &at);
            return;
        }
        match (old.first(), new.first()) {
            (Some(old), Some(new)) => self.node((*old, *new), &at),
            (Some(old), None) => self.remove(*old, &at),
            (None, Some(new)) => self.add(*new, &at, None),
            (None, None) => {}
        }
    }

    fn list(&mut self, old: &[NodeId], new: &[NodeId], path: &str) {
        let matching = Matching::of((self.base, old), (self.target, new));
        for (at, node) in old.iter().enumerate() {
            if let Some(other) = matching.other(at).and_then(|other| new.get(other)) {
                self.node((*node, *other), &matching.step(path, at, at));
            }
        }
        for (at, node) in old.iter().enumerate().rev().filter(|(at, _)| matching.other(*at).is_none()) {
            self.remove(*node, &matching.step(path, at, at));
        }
        for (at, node) in new.iter().enumerate().skip(matching.kept()) {
            self.add(*node, &matching.step(path, old.len() + at, at), matching.key);
        }
    }

    fn remove(&mut self, node: NodeId, path: &str) {
        self.push(Op::Remove, path, Some(node), None);
    }

    /// Adds what stands at a node, one change a leaf; the key of an entry is in its path and needs none.
    fn add(&mut self, node: NodeId, path: &str, key: Option<PlaceId>) {
        let tree = self.target.tree();
        let mut members = Members::of(self.target, node, Scope::Whole).0;
        members.retain(|(place, _), _| key != Some(*place));
        if tree.value(node).is_some() || members.is_empty() {
            self.push(Op::Add, path, None, Some(node));
        }
        for nodes in members.values() {
            self.member(&[], nodes, path);
        }
    }

    fn push(&mut self, op: Op, path: &str, old: Option<NodeId>, new: Option<NodeId>) {
        let old = old.and_then(|node| scalar(self.base, node));
        let new = new.and_then(|node| scalar(self.target, node));
        self.changes.push(Change { op, path: path.to_owned(), old, new, reason: None });
    }
}

/// Which entries of two lists belong together: the kept ones come first in the new list, in their old order.
struct Matching {
    /// For each old entry, the new one.
    pairs: Vec<Option<usize>>,
    /// Matched by key: the keys of the old entries, then of the new ones, as they stand in a path.
    labels: Vec<String>,
    /// Matched by key: which.
    key: Option<PlaceId>,
}

impl Matching {
    fn of(old: (&Document<'_>, &[NodeId]), new: (&Document<'_>, &[NodeId])) -> Self {
        let place = old.1.first().map(|node| old.0.tree().place(*node));
        let place = place.or_else(|| new.1.first().map(|node| new.0.tree().place(*node)));
        let field = place.and_then(|place| old.0.schema().get(place));
        let key = field.and_then(|field| field.key);
        let key_name = key.map(|key| old.0.schema().name_of(key));
        let by = |names: &[&str]| {
            let (ours, theirs) = labels(old, names).zip(labels(new, names))?;
            Some((matched(&ours, &theirs)?, [ours, theirs].concat()))
        };
        let by_key = key_name.and_then(|name| by(&[name]).map(|found| (name, found)));
        if let Some((name, (pairs, labels))) =
            by_key.filter(|(_, (_, labels))| labels.iter().all(|own| is_key(own)))
        {
            let labels = labels.iter().map(|label| format!("{name}={label}")).collect();
            return Self { pairs, labels, key };
        }
        // A type and id are no identity: where entries went and others came, one was probably changed.
        let grown_or_shrunk = |pairs: &[Option<usize>]| {
            let kept = pairs.iter().flatten().count();
            kept == old.1.len() || kept == new.1.len()
        };
        if let Some((pairs, _)) = by(&["type", "id"]).filter(|(pairs, _)| grown_or_shrunk(pairs)) {
            return Self { pairs, labels: Vec::new(), key: None };
        }
        let pairs = (0..old.1.len()).map(|at| Some(at).filter(|at| *at < new.1.len())).collect();
        Self { pairs, labels: Vec::new(), key: None }
    }

    fn other(&self, old: usize) -> Option<usize> {
        self.pairs.get(old).copied().flatten()
    }

    fn kept(&self) -> usize {
        self.pairs.iter().flatten().count()
    }

    /// The path of an entry, by its label or its index.
    fn step(&self, path: &str, label: usize, index: usize) -> String {
        match self.labels.get(label) {
            Some(label) => format!("{path}[{label}]"),
            None => format!("{path}[{index}]"),
        }
    }
}

/// What tells each entry apart; `None` where it does not. All names but the last may be absent.
fn labels((document, nodes): (&Document<'_>, &[NodeId]), names: &[&str]) -> Option<Vec<String>> {
    let tree = document.tree();
    let text = |node: NodeId, name: &str| tree.child(node, name).and_then(|child| tree.value(child));
    let mut labels = Vec::new();
    for node in nodes {
        let own = text(*node, names.last()?)?;
        let first = names.first().filter(|_| names.len() > 1).and_then(|name| text(*node, name));
        labels.push(first.map_or_else(|| own.to_owned(), |first| format!("{first}\u{0}{own}")));
    }
    let mut sorted: Vec<_> = labels.iter().collect();
    sorted.sort_unstable();
    sorted.is_sorted_by(|one, two| one < two).then_some(labels)
}

/// For each old label its place among the new ones, where those are the kept ones in their old order and then
/// others.
fn matched(old: &[String], new: &[String]) -> Option<Vec<Option<usize>>> {
    let places: FxHashMap<_, _> = new.iter().enumerate().map(|(at, label)| (label, at)).collect();
    let pairs: Vec<_> = old.iter().map(|label| places.get(label).copied()).collect();
    pairs.iter().flatten().copied().eq(0..pairs.iter().flatten().count()).then_some(pairs)
}
