//! The documents of requests: what the adapter's channel states in them, and of an amendment what changes.

use dragoman_adapters::Customs;
use dragoman_channel::{Encoding, Operation, Values};
use dragoman_mapping::Base;
use dragoman_model::{Change, Document, Op, Scalar, apply, sparse};
use dragoman_tree::{Kind, NodeId};

use crate::draft::Draft;
use crate::error::Answer;
use crate::intake::refused;

/// A request that says again of a declaration what the channel keeps, and states what it says.
pub(crate) fn plain(
    declaration: &Document<'static>,
    operation: &Operation,
    values: &Values,
) -> Answer<Document<'static>> {
    stated(&kept(declaration, &operation.keeps)?, operation, values)
}

/// What is said again: of each path what stands at and below it.
fn kept(declaration: &Document<'static>, keeps: &[String]) -> Answer<Document<'static>> {
    let mut gone = Vec::new();
    others(declaration, NodeId::ROOT, "", keeps, &mut gone);
    apply(declaration, &gone).map_err(|findings| refused("the request cannot be made", &findings))
}

/// Takes away what stands below a node and is not said again.
fn others(document: &Document<'_>, node: NodeId, path: &str, keeps: &[String], gone: &mut Vec<Change>) {
    let tree = document.tree();
    for child in tree.children(node) {
        let name = tree.name(child);
        let path = if path.is_empty() { name.to_owned() } else { format!("{path}.{name}") };
        let is_around = |kept: &String| kept.strip_prefix(&path).is_some_and(|rest| rest.starts_with('.'));
        if keeps.iter().any(|kept| kept == "." || *kept == path) {
            continue;
        }
        if keeps.iter().any(is_around) {
            others(document, child, &path, keeps, gone);
        } else {
            // Each entry of a list is the first one when it is its turn.
            let path = if tree.node(child).repeats { format!("{path}[0]") } else { path };
            gone.push(Change { op: Op::Remove, new: None, ..added(path, "") });
        }
    }
}

/// An amendment: of what changes, and of what the channel says.
pub(crate) fn amendment(
    draft: &Draft,
    changes: &[Change],
    operation: &Operation,
    values: &Values,
) -> Answer<Document<'static>> {
    let base = &draft.declaration.document;
    let part = sparse(base, changes).map_err(|findings| refused("the changes do not fit", &findings))?;
    let after = apply(base, changes).map_err(|findings| refused("the changes do not fit", &findings))?;
    let pointers: Vec<_> =
        changes.iter().map(|change| pointer(&draft.customs, draft, &after, &change.path)).collect();
    let add = |(index, raw): (usize, Option<String>)| {
        let text = raw?;
        Some(added(format!("amendments[{index}].target.raw"), &text))
    };
    let pointed: Vec<_> = pointers.into_iter().enumerate().filter_map(add).collect();
    let part =
        apply(&part, &pointed).map_err(|findings| refused("the changes cannot be pointed at", &findings))?;
    stated(&part, operation, values)
}

/// The pointer by which the authority means a place of the declaration.
fn pointer(customs: &Customs, draft: &Draft, after: &Document<'_>, path: &str) -> Option<String> {
    let mapping = customs.declaration.mapping()?;
    let declaration = &draft.declaration;
    let grammar = declaration.grammar.as_deref()?;
    let base = Base {
        tree: &declaration.put.tree,
        grammar,
        document: &declaration.document,
        carriers: &declaration.put.sources,
    };
    let place = after.find(path).map(|node| after.tree().place(node));
    let own = declaration.document.find(path);
    let place = place.or_else(|| own.map(|node| declaration.document.tree().place(node)))?;
    // What is new is pointed at from the nearest thing around it that customs has.
    let near = own.unwrap_or_else(|| nearest(&declaration.document, path));
    mapping.point(&base, near, place)
}

/// The node of the longest beginning of a path that is there.
fn nearest(document: &Document<'_>, path: &str) -> NodeId {
    let ends = path.match_indices('.').map(|(at, _)| at).collect::<Vec<_>>();
    let mut prefixes = ends.into_iter().rev().filter_map(|end| path.get(..end));
    prefixes.find_map(|prefix| document.find(prefix)).unwrap_or(NodeId::ROOT)
}

/// A document with what the channel states in it.
fn stated(document: &Document<'_>, operation: &Operation, values: &Values) -> Answer<Document<'static>> {
    let filled = operation.states.iter().filter_map(|(path, template)| {
        let text = template.fill(values, Encoding::Plain).ok()?;
        let is_there = document.find(path).is_some();
        match (text.is_empty(), is_there) {
            (true, true) => Some(Change { op: Op::Remove, new: None, ..added(path.clone(), "") }),
            (true, false) => None,
            (false, true) => Some(Change { op: Op::Replace, ..added(path.clone(), &text) }),
            (false, false) => Some(added(path.clone(), &text)),
        }
    });
    let changes: Vec<_> = filled.collect();
    apply(document, &changes).map_err(|findings| refused("the request cannot be made", &findings))
}

fn added(path: String, text: &str) -> Change {
    let new = Some(Scalar { kind: Kind::String, text: text.into() });
    Change { op: Op::Add, path, old: None, new, reason: None }
}
