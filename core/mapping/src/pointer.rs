//! What an authority points at: its own spelling of a place to the element of the message as it was sent, and
//! from there to the canonical document.
//!
//! A pointer is resolved against the **base**: the declaration as customs holds it. The number of a WCO row is
//! the key of the repeat where its class has one (`68A#2` is the item whose sequence is 2), else its position; a
//! missing number means every candidate; numbers on classes that occur once are ignored (the authority writes
//! them, and they count something else). An element that the base lacks resolves to the longest part of the way
//! that is there, and to the place that the rest names.

use dragoman_model::{Document, Schema};
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::wire_path;
use dragoman_tree::{NodeId, PlaceId, Tree};

use crate::codec::pointer::{self as chain, Row};
use crate::plan::{LineId, Plan, SlotId};

/// The message that a pointer is about, as it was sent or stored, with what it was written from or read to.
#[derive(Clone, Copy, Debug)]
pub struct Base<'b> {
    /// The message.
    pub tree: &'b Tree<'b>,
    /// The grammar it was read or written with.
    pub grammar: &'b Grammar,
    /// Its canonical document.
    pub document: &'b Document<'b>,
    /// For each node of the message the document's node that carries it; the root stands for none.
    pub carriers: &'b [NodeId],
}

impl Base<'_> {
    /// The root of the message in what may stand around it.
    pub fn root(&self) -> NodeId {
        self.tree.ids().find(|node| self.tree.place(*node) == Grammar::ROOT).unwrap_or(NodeId::ROOT)
    }
}

/// How sure a resolution is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Confidence {
    /// One element.
    Exact,
    /// One of several repeats; the pointer does not say which.
    RepeatUnknown,
    /// The element is not in the base: the nearest one around it, and the place that is meant.
    Missing,
    /// The pointer names nothing that the format has.
    NotFound,
}

/// What a pointer points at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolution {
    /// How sure it is.
    pub confidence: Confidence,
    /// The elements; for a missing one the nearest around it.
    pub nodes: Vec<NodeId>,
    /// Their indexed wire paths; for a missing one with the rest of the way, without index.
    pub wire_paths: Vec<String>,
    /// Their canonical paths.
    pub paths: Vec<String>,
    /// The document's nodes that carry them, where there are any.
    pub carriers: Vec<NodeId>,
}

impl Resolution {
    pub(crate) fn not_found() -> Self {
        let (nodes, wire_paths, paths, carriers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { confidence: Confidence::NotFound, nodes, wire_paths, paths, carriers }
    }
}

/// Resolves a WCO section chain, `42A.67A.68A#1.23A.21A#3/145`, against a base. `aliases` gives the name of an
/// attribute whose id the published schema lacks.
pub(crate) fn resolve(
    plan: &Plan,
    base: &Base<'_>,
    text: &str,
    aliases: &dyn Fn(&str) -> Option<String>,
) -> Resolution {
    let rows = chain::rows(text);
    let Some(way) = way(base.grammar, &rows, aliases) else { return Resolution::not_found() };
    let mut found = vec![base.root()];
    let mut unknown = false;
    for (at, step) in way.iter().enumerate().skip(1) {
        let next = follow(base, &found, step);
        if next.is_empty() {
            let rest: Vec<PlaceId> = way.iter().skip(at).map(|step| step.place).collect();
            return missing(plan, base, &found, &rest);
        }
        unknown |= next.len() > 1;
        found = next;
    }
    self::found(plan, base, found, unknown)
}

/// What was found, all of it; `unknown` where the pointer does not say which of several.
pub(crate) fn found(plan: &Plan, base: &Base<'_>, found: Vec<NodeId>, unknown: bool) -> Resolution {
    let nodes: Vec<NodeId> = found.into_iter().map(|node| only_leaf(plan, base, node)).collect();
    let confidence = if unknown { Confidence::RepeatUnknown } else { Confidence::Exact };
    let carriers = nodes.iter().filter_map(|node| carrier(base, *node)).collect();
    Resolution {
        confidence,
        wire_paths: nodes.iter().map(|node| wire_path(base.tree, *node, Some(base.grammar))).collect(),
        paths: nodes.iter().filter_map(|node| canonical(plan, base, *node, base.tree.place(*node))).collect(),
        carriers,
        nodes,
    }
}

/// True for a chain that names a part of the message it stands in (an amendment, an error), not of the base: it
/// goes into class 06A or starts from class 07B. Resolve it against that message.
pub fn names_own_message(pointer: &str) -> bool {
    let rows = chain::rows(pointer);
    let class = |row: &Row, id: &str| row.section.as_deref() == Some(id);
    rows.first().is_some_and(|row| class(row, "07B")) || rows.iter().any(|row| class(row, "06A"))
}

/// A step of the way: a place, and which repeat of it.
#[derive(Debug)]
struct Step {
    place: PlaceId,
    sequence: Option<String>,
}

/// The places from the root to what the rows name; `None` where the format has no such way.
fn way(grammar: &Grammar, rows: &[Row], aliases: &dyn Fn(&str) -> Option<String>) -> Option<Vec<Step>> {
    let (first, rest) = rows.split_first()?;
    let section = first.section.as_deref()?;
    let start = (0..grammar.len() as u32).map(PlaceId).find(|place| is(grammar, *place, section))?;
    let mut steps: Vec<Step> = grammar.ancestry(start).map(|place| Step { place, sequence: None }).collect();
    steps.reverse();
    let mut tag = first.tag.as_deref();
    for row in rest {
        let section = row.section.as_deref()?;
        let place = below(grammar, &mut steps, section)?;
        steps.push(Step { place, sequence: row.sequence.clone() });
        tag = row.tag.as_deref();
    }
    if let Some(tag) = tag {
        let class = steps.last()?.place;
        let attribute = grammar.children(class).find(|place| is(grammar, *place, tag));
        let alias = || grammar.child(class, &aliases(tag)?);
        let place = attribute.or_else(alias).or_else(|| other_role(grammar, class, tag))?;
        steps.push(Step { place, sequence: None });
    }
    Some(steps)
}

/// The attribute of a class that another class of its kind has under that id. Parties, places and means of transport
/// have ids of their own for each role (`T002` of arrival, `T004` of departure), and authorities mix them up.
fn other_role(grammar: &Grammar, class: PlaceId, tag: &str) -> Option<PlaceId> {
    let kind = tag.chars().next().filter(char::is_ascii_uppercase)?;
    let named = |name: &str| {
        let all = (0..grammar.len() as u32).map(PlaceId);
        all.filter(|place| is(grammar, *place, tag)).any(|place| grammar.name_of(place) == name)
    };
    grammar.children(class).find(|place| {
        let own = grammar.get(*place).and_then(|found| found.wco.as_deref());
        own.is_some_and(|own| own.starts_with(kind)) && named(grammar.name_of(*place))
    })
}

fn is(grammar: &Grammar, place: PlaceId, id: &str) -> bool {
    grammar.get(place).is_some_and(|found| found.wco.as_deref() == Some(id))
}

/// The class below the last step. Authorities keep pointers of earlier versions of the model, in which a class
/// stood elsewhere: then the way goes back to the nearest class around that has it.
fn below(grammar: &Grammar, steps: &mut Vec<Step>, section: &str) -> Option<PlaceId> {
    let child = |parent: PlaceId| grammar.children(parent).find(|place| is(grammar, *place, section));
    let at = steps.iter().rposition(|step| child(step.place).is_some())?;
    steps.truncate(at + 1);
    child(steps.last()?.place)
}

/// The elements of a step below those found so far.
fn follow(base: &Base<'_>, from: &[NodeId], step: &Step) -> Vec<NodeId> {
    let found = base.grammar.place(step.place);
    let children = from.iter().flat_map(|node| base.tree.children(*node));
    let mut all: Vec<NodeId> = children.filter(|node| base.tree.place(*node) == step.place).collect();
    let Some(sequence) = step.sequence.as_ref().filter(|_| found.max > 1) else { return all };
    match found.key.and_then(|key| base.grammar.child_named(step.place, key)) {
        Some(key) => all.retain(|node| {
            let value = base.tree.child_at(*node, key).and_then(|leaf| base.tree.value(leaf));
            value.is_some_and(|value| same_number(value, sequence))
        }),
        None => {
            let position = sequence.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            all = position.and_then(|position| all.get(position).copied()).into_iter().collect();
        }
    }
    all
}

fn same_number(one: &str, other: &str) -> bool {
    let plain = |text: &str| text.trim().trim_start_matches('0').to_owned();
    plain(one) == plain(other)
}

/// A group whose block maps one leaf means that leaf: a date is pointed at, its text is meant.
fn only_leaf(plan: &Plan, base: &Base<'_>, node: NodeId) -> NodeId {
    if base.tree.is_leaf(node) {
        return node;
    }
    let mut leaves = base.tree.subtree(node).filter(|below| {
        base.tree.value(*below).is_some() && base.tree.node(*below).kind != dragoman_tree::Kind::Attribute
    });
    let first = leaves.next();
    let lines = lines_within(plan, base.tree.place(node)).len();
    first.filter(|_| leaves.next().is_none() && lines <= 1).unwrap_or(node)
}

/// The lines whose wire leaves stand at a place or below.
fn lines_within(plan: &Plan, place: PlaceId) -> Vec<LineId> {
    let end = plan.grammar.place(place).end;
    let inside = |slot: SlotId| slot != SlotId::NONE && (place..end).contains(&plan.slot(slot).place);
    let lines = plan.lines.iter().enumerate();
    let within = lines.filter(|(_, line)| line.leaves.first().is_some_and(|leaf| inside(leaf.slot)));
    within.map(|(id, _)| id as LineId).collect()
}

fn carrier(base: &Base<'_>, node: NodeId) -> Option<NodeId> {
    base.carriers.get(node.index()).copied().filter(|carrier| *carrier != NodeId::ROOT)
}

/// The way ends before the element that is meant.
pub(crate) fn missing(plan: &Plan, base: &Base<'_>, found: &[NodeId], rest: &[PlaceId]) -> Resolution {
    let names: Vec<&str> = rest.iter().map(|place| base.grammar.name_of(*place)).collect();
    let place = rest.last().copied().unwrap_or(PlaceId::NONE);
    let path =
        |node: &NodeId| format!("{}/{}", wire_path(base.tree, *node, Some(base.grammar)), names.join("/"));
    Resolution {
        confidence: Confidence::Missing,
        nodes: found.to_vec(),
        wire_paths: found.iter().map(path).collect(),
        paths: found.iter().filter_map(|node| canonical(plan, base, *node, place)).collect(),
        carriers: found.iter().filter_map(|node| carrier(base, *node)).collect(),
    }
}

/// The canonical path of a place at or below a node: of the document's own node where there is one, else the
/// innermost entry around it and the name that the mapping gives the place.
pub(crate) fn canonical(plan: &Plan, base: &Base<'_>, node: NodeId, place: PlaceId) -> Option<String> {
    if base.tree.place(node) == place
        && let Some(carrier) = carrier(base, node)
    {
        return Some(base.document.path(carrier));
    }
    let schema = Schema::standard();
    let field = field_of(plan, place)?;
    let around = std::iter::once(node).chain(base.tree.ancestors(node));
    let entry = around.into_iter().find_map(|at| {
        let carrier = carrier(base, at)?;
        let own = base.document.tree().place(carrier);
        (own != field && schema.contains(own, field)).then_some(carrier)
    });
    let Some(entry) = entry else { return Some(schema.path(field)) };
    let prefix = schema.path(base.document.tree().place(entry));
    let rest = schema.path(field);
    let rest = rest.strip_prefix(&format!("{prefix}.")).unwrap_or(&rest).to_owned();
    Some(format!("{}.{rest}", base.document.path(entry)))
}

/// The canonical place that the mapping binds to a place of the wire: of its list, its object or its line. A group whose
/// lines go to places that have nothing in common is at none.
fn field_of(plan: &Plan, place: PlaceId) -> Option<PlaceId> {
    let slots = || plan.slots_of(place).map(|slot| plan.slot(slot));
    let scope = |scope| plan.scope(scope).place;
    let list = slots().find_map(|slot| slot.entries).map(scope);
    let joined = || slots().find_map(|slot| slot.joined.first().copied()).map(scope);
    let object = slots().find_map(|slot| slot.objects.first().map(|object| object.place));
    let line = || {
        let schema = Schema::standard();
        let of = |line: &LineId| {
            let line = plan.line(*line);
            match line.fields.as_slice() {
                [field, _, ..] if line.codec.makes_object() => schema.get(*field).map(|field| field.parent),
                [field, ..] => Some(*field),
                [] => None,
            }
        };
        let fields: Vec<PlaceId> = lines_within(plan, place).iter().filter_map(of).collect();
        let holds_all = |at: &PlaceId| fields.iter().all(|field| schema.contains(*at, *field));
        let found = schema.ancestry(*fields.first()?).find(holds_all);
        found.filter(|at| schema.document_of(*at) != Some(*at))
    };
    list.or(object).or_else(joined).or_else(line)
}
