//! Amendments as patches: what changes between two versions of a document, one change a leaf.
//!
//! `apply(base, diff(base, target))` is `target`, but for what belongs to the sending. Paths are those of the
//! base as the changes before left it, so a patch is applied in its order.

mod apply;
mod batch;
mod branch;
mod complete;
mod diff;
mod sparse;
#[cfg(test)]
mod tests;

use dragoman_tree::{Code, Kind, NodeId, Span};

pub use apply::apply;
pub use batch::{batch, single};
pub use complete::Completion;
pub use diff::diff;
pub use sparse::sparse;

use crate::{Document, DocumentBuilder, EntryId, Origin, PathError, Schema};

/// Findings of this module.
pub const CODES: &[&Code] = &[&NO_PLACE, &OTHER_VALUE];

/// A change of what is not there.
pub const NO_PLACE: Code = Code {
    id: "DG-E0530",
    title: "change that does not fit its base",
    help: "The patch replaces or removes something that the base does not have, or adds what it has. It was \
           made against another version: compare it with the version that customs holds, and make it anew.",
};
/// A change of another value than was thought.
pub const OTHER_VALUE: Code = Code {
    id: "DG-E0531",
    title: "the base has another value than the patch says",
    help: "The patch says what the value was before, and the base has another. It was made against another \
           version: compare it with the version that customs holds, and make it anew.",
};

/// What is done to a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// A value, or an empty object, where there was none.
    Add,
    /// A value in place of another.
    Replace,
    /// A value, or an object with all that is in it, is taken away.
    Remove,
}

impl Op {
    const ALL: [(Self, &'static str); 3] =
        [(Self::Add, "add"), (Self::Replace, "replace"), (Self::Remove, "remove")];

    /// The word in `changes[].op`.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(op, _)| *op == self).map_or("", |(_, word)| word)
    }
}

/// A value with the kind that it has in a document.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Scalar {
    /// String, or Bool.
    pub kind: Kind,
    /// Its literal.
    pub text: Box<str>,
}

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What is done.
    pub op: Op,
    /// Where: a path in the stable form or with indices.
    pub path: String,
    /// The value before; checked against the base where it is stated.
    pub old: Option<Scalar>,
    /// The value after.
    pub new: Option<Scalar>,
    /// Why (`changes[].reason`).
    pub reason: Option<Box<str>>,
}

impl Change {
    /// Writes the change as an entry of `changes` of an amendment.
    pub fn write(&self, amendment: &mut DocumentBuilder) -> Result<(), PathError> {
        let entry = amendment.entry(EntryId::ROOT, "changes", Origin::None)?;
        amendment.set(entry, "op", self.op.word(), Origin::None)?;
        amendment.set(entry, "path", &self.path, Origin::None)?;
        if let Some(reason) = &self.reason {
            amendment.set(entry, "reason", reason, Origin::None)?;
        }
        let draft = amendment.draft();
        for (name, scalar) in [("old", &self.old), ("new", &self.new)] {
            let place = Schema::standard().child(draft.place_of(entry), name);
            if let (Some(place), Some(scalar)) = (place, scalar) {
                let value = draft.owned(&scalar.text);
                draft.any_leaf(entry, place, scalar.kind, value, Span::default(), Origin::None);
            }
        }
        Ok(())
    }

    /// The changes of an amendment. An entry without a known `op` or a path is left out.
    pub fn read(amendment: &Document<'_>) -> Vec<Self> {
        let changes = amendment.schema().child(amendment.document(), "changes");
        let entries = changes.into_iter().flat_map(|place| amendment.entries(NodeId::ROOT, place));
        entries.filter_map(|entry| Self::of_entry(amendment, entry)).collect()
    }

    fn of_entry(amendment: &Document<'_>, entry: NodeId) -> Option<Self> {
        let tree = amendment.tree();
        let text = |name: &str| tree.child(entry, name).and_then(|child| tree.value(child));
        let scalar = |name: &str| scalar(amendment, tree.child(entry, name)?);
        let (op, _) = *Op::ALL.iter().find(|(_, word)| Some(*word) == text("op"))?;
        let path = text("path")?.to_owned();
        Some(Self {
            op,
            path,
            old: scalar("old"),
            new: scalar("new"),
            reason: text("reason").map(Into::into),
        })
    }
}

/// The value of a node.
fn scalar(document: &Document<'_>, node: NodeId) -> Option<Scalar> {
    let tree = document.tree();
    tree.value(node).map(|text| Scalar { kind: tree.node(node).kind, text: text.into() })
}
