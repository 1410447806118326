//! Pointing at a place as an authority does: the WCO section chain of an element that is there, or of the way to one
//! that is missing; its `XPath` in a format without the numbers of the WCO Data Model. What [`crate::Mapping::resolve`] takes back; simulated authorities write their rejections by it.

use dragoman_syntax::grammar::Grammar;
use dragoman_tree::{NodeId, PlaceId};

use crate::codec::pointer::{self as chain, Row};
use crate::plan::{Plan, SlotId};
use crate::pointer::Base;

/// The chain to a node of the base. An element without a number of its own in the data model is pointed at by the
/// nearest one around it that has one; `None` where there is none.
fn rows_to(base: &Base<'_>, node: NodeId, tag_of: &dyn Fn(&str) -> Option<String>) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    let around: Vec<NodeId> = base.tree.ancestors(node).collect();
    let known = around.into_iter().rev().filter(|at| base.tree.place(*at).is_known());
    for at in known.chain([node]) {
        if !extend(base.grammar, &mut rows, base.tree.place(at), sequence(base, at), tag_of) {
            break;
        }
    }
    rows
}

/// Adds what a place is to the chain: a class as a row, an attribute as the tag of the last row. False behind an
/// attribute, where nothing has a number any more.
fn extend(
    grammar: &Grammar,
    rows: &mut Vec<Row>,
    place: PlaceId,
    sequence: Option<String>,
    tag_of: &dyn Fn(&str) -> Option<String>,
) -> bool {
    let Some(found) = grammar.get(place) else { return false };
    let id = found.wco.as_deref();
    if let Some(section) = id.filter(|id| is_class(id)) {
        rows.push(Row { sequence, section: Some(section.to_owned()), tag: None });
        return true;
    }
    let tag = id.map(str::to_owned).or_else(|| tag_of(grammar.name_of(place)));
    match (tag, rows.last_mut()) {
        (Some(tag), Some(last)) => {
            last.tag = Some(tag);
            false
        }
        _ => true,
    }
}

/// Classes are numbered by two digits and a letter, `42A`; attributes by three digits, or a letter and three digits.
fn is_class(id: &str) -> bool {
    matches!(id.as_bytes(), [first, second, letter]
        if first.is_ascii_digit() && second.is_ascii_digit() && letter.is_ascii_uppercase())
}

/// The number of a repeat, as [`crate::Mapping::resolve`] reads it: the value of its key, else its position. None of a
/// class that occurs once.
fn sequence(base: &Base<'_>, node: NodeId) -> Option<String> {
    let place = base.tree.place(node);
    let found = base.grammar.get(place).filter(|found| found.max > 1)?;
    if let Some(key) = found.key.and_then(|key| base.grammar.child_named(place, key)) {
        return base.tree.child_at(node, key).and_then(|leaf| base.tree.value(leaf)).map(str::to_owned);
    }
    position(base, node).map(|position| position.to_string())
}

/// The position of an element among its like, from 1; none of one that occurs once.
fn position(base: &Base<'_>, node: NodeId) -> Option<usize> {
    let place = base.tree.place(node);
    base.grammar.get(place).filter(|found| found.max > 1)?;
    let parent = base.tree.node(node).parent;
    let before = base
        .tree
        .children(parent)
        .take_while(|other| *other != node)
        .filter(|other| base.tree.place(*other) == place);
    Some(before.count() + 1)
}

/// The chain to a canonical place at or below a node of the document: to the element that carries it where the node
/// is that place, else to where it would stand.
pub(crate) fn point(
    plan: &Plan,
    base: &Base<'_>,
    near: NodeId,
    place: PlaceId,
    tag_of: &dyn Fn(&str) -> Option<String>,
) -> Option<String> {
    let (element, way) = place_in(plan, base, near, place)?;
    let mut rows = rows_to(base, element, tag_of);
    for place in way {
        if !extend(base.grammar, &mut rows, place, None, tag_of) {
            break;
        }
    }
    chain::chain(&rows).filter(|chain| !chain.is_empty())
}

/// The same as an `XPath`; of elements that repeat it counts from 1.
pub(crate) fn xpath(plan: &Plan, base: &Base<'_>, near: NodeId, place: PlaceId) -> Option<String> {
    let (element, way) = place_in(plan, base, near, place)?;
    let around: Vec<NodeId> = base.tree.ancestors(element).collect();
    let known = around.into_iter().rev().chain([element]).filter(|at| base.tree.place(*at).is_known());
    let mut text = String::new();
    for at in known {
        text = text + "/" + base.grammar.name_of(base.tree.place(at));
        if let Some(number) = position(base, at) {
            text = format!("{text}[{number}]");
        }
    }
    Some(way.into_iter().fold(text, |text, place| text + "/" + base.grammar.name_of(place)))
}

/// The element that carries a canonical place or stands nearest to it, and the places on the way from there.
fn place_in(plan: &Plan, base: &Base<'_>, near: NodeId, place: PlaceId) -> Option<(NodeId, Vec<PlaceId>)> {
    let carried = |node: NodeId| {
        let at = base.carriers.iter().position(|carrier| *carrier == node && node != NodeId::ROOT)?;
        Some((NodeId(at as u32), node))
    };
    // Where an element is an entry of a list and its value alike, it is carried by the entry.
    let around = || base.document.tree().ancestors(near).find_map(carried);
    let (element, carrier) = carried(near).or_else(around).unwrap_or((base.root(), NodeId::ROOT));
    if base.document.tree().place(carrier) == place {
        return Some((element, Vec::new()));
    }
    Some((element, way(plan, base.tree.place(element), place)?))
}

/// The places below `from` on the way to the element that a line binds a canonical place to; none where that is the
/// element itself.
fn way(plan: &Plan, from: PlaceId, place: PlaceId) -> Option<Vec<PlaceId>> {
    let slots =
        plan.lines.iter().filter(|line| line.fields.contains(&place)).filter_map(|line| line.leaves.first());
    let leaves = slots.filter(|leaf| leaf.slot != SlotId::NONE).map(|leaf| plan.slot(leaf.slot).place);
    let inside = |leaf: &PlaceId| *leaf >= from && *leaf < plan.grammar.place(from).end;
    let leaf = leaves.into_iter().find(inside)?;
    let mut way: Vec<PlaceId> = plan.grammar.ancestry(leaf).take_while(|place| *place != from).collect();
    way.reverse();
    Some(way)
}
