//! The sparse declaration that some formats want in place of a patch: only what changed, and the way to it.

use dragoman_tree::{Finding, Kind, NodeId};

use super::branch::Branch;
use super::{Change, Op, Scalar, apply};
use crate::Document;
use crate::document::{Select, Step, steps};

/// Of the document that the changes make of the base: the leaves that were added or replaced, the keys of the
/// entries on the way, empty entries where a list has only positions, and one `amendments[]` a change with
/// its reason and the path of its target. Nothing else is in it: kind, references and pointers in an
/// authority's spelling are the caller's.
pub fn sparse(base: &Document<'_>, changes: &[Change]) -> Result<Document<'static>, Vec<Finding>> {
    let whole = Branch::of(&apply(base, changes)?, NodeId::ROOT);
    let mut part = Branch { children: Vec::new(), ..whole.clone() };
    for change in changes {
        if change.op != Op::Remove {
            copy(&whole, &mut part, &steps(&change.path).unwrap_or_default());
        }
        note(&mut part, change);
    }
    Ok(part.document())
}

/// Copies the way from `whole` to where the steps end.
fn copy(whole: &Branch, part: &mut Branch, steps: &[Step<'_>]) {
    let Some((step, rest)) = steps.split_first() else { return };
    let Some(from) = whole.position(step).and_then(|at| whole.children.get(at)) else { return };
    if part.position(step).is_none() {
        if let Select::Index(index) = step.select {
            for before in 0..index {
                let earlier = Step { select: Select::Index(before), ..*step };
                if part.position(&earlier).is_none() {
                    part.create(&earlier);
                }
            }
        }
        let Some(made) = part.create(step) else { return };
        if let Some(text) = &from.value {
            made.set(&Scalar { kind: from.kind, text: text.clone() });
        }
    }
    if let Some(to) = part.position(step).and_then(|at| part.children.get_mut(at)) {
        copy(from, to, rest);
    }
}

/// Adds the entry of `amendments` that says what changed and why.
fn note(part: &mut Branch, change: &Change) {
    let count = part.children.iter().filter(|child| child.name == "amendments").count();
    let step = |name| Step { name, select: Select::First };
    let text = |text: &str| Scalar { kind: Kind::String, text: text.into() };
    let Some(entry) = part.create(&Step { name: "amendments", select: Select::Index(count) }) else { return };
    let reason = change.reason.as_ref();
    if let Some((reason, leaf)) = reason.and_then(|reason| Some((reason, entry.create(&step("reason"))?))) {
        leaf.set(&text(reason));
    }
    if let Some(leaf) = entry.create(&step("target")).and_then(|target| target.create(&step("path"))) {
        leaf.set(&text(&change.path));
    }
}
