//! Hand-checked triples, which hold the meaning that laws cannot: a swapped pair round-trips.

use std::collections::BTreeMap;

use dragoman_model::Origin;
use dragoman_tree::NodeId;

use crate::mapped::Mapped;

/// Where a value stands on both sides: wire path, canonical path, value.
pub type Triple = (&'static str, &'static str, &'static str);

/// The triples that do not hold for a message; their paths begin with these.
pub fn broken(
    mapped: &Mapped,
    message: &(impl AsRef<[u8]> + ?Sized),
    wire: &str,
    canonical: &str,
    triples: &[Triple],
) -> Vec<String> {
    let tree = mapped.read(message);
    let Some(got) = mapped.get(&tree).into_iter().next() else { return vec!["no document".into()] };
    let document = &got.document;
    let paths: BTreeMap<String, NodeId> = tree.ids().map(|node| (mapped.path(&tree, node), node)).collect();
    let wrong = |(from, to, value): &Triple| {
        let node = document.find(&format!("{canonical}{to}"));
        let origin = node.map(|node| document.origin(node));
        let from = paths.get(&format!("{wire}{from}")).map(|node| Origin::Wire(*node));
        let found = node.and_then(|node| document.tree().value(node));
        (from.is_none() || origin != from || found != Some(value)).then_some(found)
    };
    let said = |triple: &Triple| wrong(triple).map(|found| format!("{triple:?}, but {found:?}"));
    triples.iter().filter_map(said).collect()
}
