//! Hand-checked triples, which hold the meaning that laws cannot: a swapped pair round-trips.

use dragoman_model::Origin;

use crate::mapped::Mapped;

/// Where a value stands on both sides: wire path, canonical path, value.
pub type Triple = (&'static str, &'static str, &'static str);

/// The triples that do not hold for a message.
pub fn broken(mapped: &Mapped, message: &(impl AsRef<[u8]> + ?Sized), triples: &[Triple]) -> Vec<String> {
    let tree = mapped.read(message);
    let Some(got) = mapped.get(&tree).into_iter().next() else { return vec!["no document".into()] };
    let wire = |path: &str| tree.ids().find(|node| mapped.path(&tree, *node) == path);
    let holds = |(from, to, value): &Triple| {
        let node = got.document.find(to)?;
        let same = got.document.origin(node) == Origin::Wire(wire(from)?);
        (same && got.document.tree().value(node) == Some(value)).then_some(())
    };
    let found = |to: &str| got.document.find(to).and_then(|node| got.document.tree().value(node));
    triples
        .iter()
        .filter(|triple| holds(triple).is_none())
        .map(|triple| format!("{triple:?}, but {:?}", found(triple.1)))
        .collect()
}
