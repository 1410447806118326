//! Pointers that are indexed `XPath`s: `/ie:CC315A[1]/GOOITEGDS[2]/TRACONCE2[1]`. Prefixes do not count, since every
//! sender chooses its own; a step without an index means every element of that name.

use dragoman_tree::{NodeId, PlaceId};

use crate::plan::Plan;
use crate::pointer::{self, Base, Resolution};

/// Resolves an `XPath` against a base. What stands around the message may be part of the path.
pub(crate) fn resolve(plan: &Plan, base: &Base<'_>, text: &str) -> Resolution {
    let root = base.root();
    let place = base.tree.place(root);
    let is_root = |(name, _): &(&str, Option<usize>)| *name == base.grammar.name_of(place);
    let steps: Option<Vec<_>> = text.split('/').skip(1).map(step).collect();
    let Some(mut steps) = steps.map(|steps| steps.into_iter().skip_while(|step| !is_root(step))) else {
        return Resolution::not_found();
    };
    if steps.next().is_none() {
        return Resolution::not_found();
    }
    let steps: Vec<_> = steps.collect();
    let Some(places) = places(base, place, &steps) else { return Resolution::not_found() };
    let (mut found, mut unknown) = (vec![root], false);
    for (at, ((_, index), place)) in steps.iter().zip(&places).enumerate() {
        let next: Vec<NodeId> = found.iter().flat_map(|node| below(base, *node, *place, *index)).collect();
        if next.is_empty() {
            return pointer::missing(plan, base, &found, places.get(at..).unwrap_or_default());
        }
        unknown |= next.len() > 1;
        found = next;
    }
    pointer::found(plan, base, found, unknown)
}

/// The local name of a step, and its number.
fn step(text: &str) -> Option<(&str, Option<usize>)> {
    let (name, index) = match text.split_once('[') {
        Some((name, index)) => (name, Some(index.strip_suffix(']')?.trim().parse().ok()?)),
        None => (text, None),
    };
    let name = name.rsplit_once(':').map_or(name, |(_, local)| local).trim();
    (!name.is_empty()).then_some((name, index))
}

/// The places that the steps below the root lead to; `None` where the format has no such way.
fn places(base: &Base<'_>, root: PlaceId, steps: &[(&str, Option<usize>)]) -> Option<Vec<PlaceId>> {
    let mut place = root;
    let mut follow = |(name, _): &(&str, Option<usize>)| {
        place = base.grammar.child(place, name)?;
        Some(place)
    };
    steps.iter().map(&mut follow).collect()
}

fn below(base: &Base<'_>, node: NodeId, place: PlaceId, index: Option<usize>) -> Vec<NodeId> {
    let all = base.tree.children(node).filter(|child| base.tree.place(*child) == place);
    match index {
        Some(index) => all.skip(index.saturating_sub(1)).take(usize::from(index > 0)).collect(),
        None => all.collect(),
    }
}
