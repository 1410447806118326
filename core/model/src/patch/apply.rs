//! From a base and changes to the next version.

use dragoman_tree::{Finding, NodeId};

use super::branch::Branch;
use super::{Change, NO_PLACE, OTHER_VALUE, Op, Scalar};
use crate::compare::same_literal;
use crate::document::{Step, steps};
use crate::{Document, Schema};

/// The document that the changes make of the base, applied in their order. What they leave alone keeps its sources
/// outside the message. Changes that do not fit the base are all named, and nothing is made then.
pub fn apply(base: &Document<'_>, changes: &[Change]) -> Result<Document<'static>, Vec<Finding>> {
    let mut root = Branch::of(base, NodeId::ROOT);
    let refused = |change: &Change, error: &Refusal| error.finding(change);
    let findings: Vec<_> = changes
        .iter()
        .filter_map(|change| one(&mut root, change).err().map(|error| refused(change, &error)))
        .collect();
    if findings.is_empty() { Ok(root.document()) } else { Err(findings) }
}

/// Why a change does not fit.
#[derive(Debug)]
enum Refusal {
    NotThere,
    Already,
    NoSuchMember,
    Other(Box<str>),
}

impl Refusal {
    fn finding(&self, change: &Change) -> Finding {
        let op = change.op.word();
        let finding = match self {
            Self::NotThere => Finding::error(&NO_PLACE, format!("{op}: there is no {}", change.path)),
            Self::Already => Finding::error(&NO_PLACE, format!("{op}: {} is there already", change.path)),
            Self::NoSuchMember => {
                Finding::error(&NO_PLACE, format!("{op}: the model has no {}", change.path))
            }
            Self::Other(found) => {
                let thought = change.old.as_ref().map_or("", |old| &old.text);
                Finding::error(&OTHER_VALUE, format!("{op}: the base has `{found}`, not `{thought}`"))
            }
        };
        finding.canonical(change.path.clone())
    }
}

fn one(root: &mut Branch, change: &Change) -> Result<(), Refusal> {
    let steps = steps(&change.path).ok_or(Refusal::NoSuchMember)?;
    let (last, way) = steps.split_last().ok_or(Refusal::NoSuchMember)?;
    let mut parent = root;
    for step in way {
        parent = child(parent, step, change.op == Op::Add)?;
    }
    let found = parent.position(last);
    match (change.op, found.and_then(|at| parent.children.get_mut(at))) {
        (Op::Add, Some(there)) if there.value.is_some() || change.new.is_some() => Err(Refusal::Already),
        (Op::Add, Some(_)) => Ok(()),
        (Op::Add, None) => {
            let made = parent.create(last).ok_or(Refusal::NoSuchMember)?;
            if let Some(new) = &change.new {
                made.set(new);
            }
            Ok(())
        }
        (Op::Replace, Some(there)) => {
            agree(there, change.old.as_ref())?;
            if let Some(new) = &change.new {
                there.set(new);
            }
            Ok(())
        }
        (Op::Remove, Some(there)) => {
            agree(there, change.old.as_ref())?;
            found.map(|at| parent.children.remove(at));
            Ok(())
        }
        (Op::Replace | Op::Remove, None) => Err(Refusal::NotThere),
    }
}

fn child<'b>(parent: &'b mut Branch, step: &Step<'_>, create: bool) -> Result<&'b mut Branch, Refusal> {
    match parent.position(step) {
        Some(at) => parent.children.get_mut(at).ok_or(Refusal::NotThere),
        None if create => parent.create(step).ok_or(Refusal::NoSuchMember),
        None => Err(Refusal::NotThere),
    }
}

/// The value before is the one that the change was made for, where it says so.
fn agree(there: &Branch, old: Option<&Scalar>) -> Result<(), Refusal> {
    let ty = Schema::standard().type_of(there.place);
    match (&there.value, old) {
        (Some(value), Some(old)) if !same_literal(ty, value, &old.text) => Err(Refusal::Other(value.clone())),
        _ => Ok(()),
    }
}
