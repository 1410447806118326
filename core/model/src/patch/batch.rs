//! A document as the only one of a batch, for messages that hold several.

use dragoman_tree::{Kind, NodeId, PlaceId};

use super::Scalar;
use super::branch::Branch;
use crate::{Document, Schema, Type};

/// The batch that holds a document alone. Its envelope becomes that of the batch. `None` where the model has no batch of
/// such documents.
pub fn batch(document: &Document<'_>) -> Option<Document<'static>> {
    let schema = Schema::standard();
    let name = format!("{}_batch", document.kind());
    let place = schema.document(&name)?;
    let whole = Branch::of(document, NodeId::ROOT);
    let (around, own): (Vec<_>, Vec<_>) =
        whole.children.iter().partition(|child| ["type", "envelope"].contains(&child.name.as_str()));
    let mut root = Branch { children: Vec::new(), ..whole.clone() }.at(place);
    let mut entry = Branch::object("docs", schema.child(place, "docs")?, true);
    entry.children = own.into_iter().filter_map(|child| child.below(entry.place)).collect();
    for child in around.into_iter().filter_map(|child| child.below(place)) {
        let is_type = child.name == "type";
        root.children.push(child);
        if let Some(own) = root.children.last_mut().filter(|_| is_type) {
            own.set(&Scalar { kind: Kind::String, text: name.as_str().into() });
        }
    }
    root.children.push(entry);
    Some(root.document())
}

/// The document that a batch holds alone, with the envelope of the batch. `None` of anything else.
pub fn single(batch: &Document<'_>) -> Option<Document<'static>> {
    let name = batch.kind().strip_suffix("_batch")?;
    let place = Schema::standard().document(name)?;
    let whole = Branch::of(batch, NodeId::ROOT);
    let (docs, around): (Vec<_>, Vec<_>) = whole.children.iter().partition(|child| child.name == "docs");
    let [only] = docs.as_slice() else { return None };
    let mut root = Branch { children: Vec::new(), ..whole.clone() }.at(place);
    // What stands beside the documents belongs to the one as well.
    for child in only.children.iter().chain(around).filter_map(|child| child.below(place)) {
        match root.children.iter_mut().find(|own| own.name == child.name && !child.repeats) {
            Some(own) => own.merge(&child),
            None => root.children.push(child),
        }
    }
    if let Some(kind) = root.children.iter_mut().find(|child| child.name == "type") {
        kind.set(&Scalar { kind: Kind::String, text: name.into() });
    }
    Some(root.document())
}

impl Branch {
    /// The same below another place; `None` where there is no such member.
    pub fn below(&self, parent: PlaceId) -> Option<Self> {
        let schema = Schema::standard();
        let is_open = !parent.is_known() || schema.type_of(parent) == Type::Open;
        let place = if is_open { PlaceId::NONE } else { schema.child(parent, &self.name)? };
        Some(self.clone().at(place))
    }

    fn at(self, place: PlaceId) -> Self {
        let children = self.children.iter().filter_map(|child| child.below(place)).collect();
        Self { place, children, ..self }
    }
}
