//! Changes that a person makes, as changes of a canonical document.

use dragoman_model::{Change, Document, Op, Scalar};
use dragoman_tree::Kind;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A value that is to stand at a place, or to go.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Correction {
    /// Where: a canonical path, in the stable form or with indices.
    pub path: String,
    /// What stood there when the person looked; it is checked where it is stated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// What is to stand there; none to take it away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
    /// Why, a code of the authority's, for an amendment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Correction {
    /// The change of a document that it is.
    pub(crate) fn of(&self, document: &Document<'_>) -> Change {
        let there = document.find(&self.path);
        let op = match (&self.new, there) {
            (None, _) => Op::Remove,
            (Some(_), Some(_)) => Op::Replace,
            (Some(_), None) => Op::Add,
        };
        let kind = there.map(|node| document.tree().node(node).kind);
        let kind = kind.filter(|kind| matches!(kind, Kind::Bool | Kind::Number)).unwrap_or(Kind::String);
        let scalar = |text: &String| Scalar { kind, text: text.as_str().into() };
        Change {
            op,
            path: self.path.clone(),
            old: self.old.as_ref().map(scalar),
            new: self.new.as_ref().map(scalar),
            reason: self.reason.as_deref().map(Into::into),
        }
    }
}

impl Correction {
    /// As the journal has it.
    pub(crate) fn recorded(&self) -> dragoman_exchange::Change {
        let (path, before, after) = (self.path.clone(), self.old.clone(), self.new.clone());
        dragoman_exchange::Change { path, before, after, withheld: false }
    }
}

/// One change between two versions, for people.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChangeView {
    /// `add`, `replace`, `remove`.
    pub op: &'static str,
    /// Where.
    pub path: String,
    /// The value before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub old: Option<String>,
    /// The value after.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new: Option<String>,
}

impl From<&Change> for ChangeView {
    fn from(change: &Change) -> Self {
        let text = |scalar: &Option<Scalar>| scalar.as_ref().map(|scalar| scalar.text.to_string());
        Self {
            op: change.op.word(),
            path: change.path.clone(),
            old: text(&change.old),
            new: text(&change.new),
        }
    }
}

impl From<&dragoman_exchange::Change> for Correction {
    fn from(change: &dragoman_exchange::Change) -> Self {
        let (path, old, new) = (change.path.clone(), change.before.clone(), change.after.clone());
        Self { path, old, new, reason: None }
    }
}
