//! When two documents say the same: numbers are compared as numbers, an empty list is no list, and the order
//! of the members of an extension does not count (mapping language, Laws).

use std::collections::BTreeMap;

use dragoman_tree::{Kind, NodeId, PlaceId};

use crate::{Document, Type, same_number};

/// What of two documents is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Everything.
    Whole,
    /// All but `id`, `profile` and `envelope`, which belong to the sending.
    Business,
}

/// The first place where two documents differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The place, as a path in the first document where it is there, else in the second.
    pub path: String,
    /// The value in the first; `None` where there is none, or where an object stands.
    pub left: Option<String>,
    /// The value in the second.
    pub right: Option<String>,
}

/// The first difference between two documents, in the order of writing.
pub fn difference(left: &Document<'_>, right: &Document<'_>, scope: Scope) -> Option<Difference> {
    compare(left, right, (NodeId::ROOT, NodeId::ROOT), scope)
}

fn compare(
    left: &Document<'_>,
    right: &Document<'_>,
    at: (NodeId, NodeId),
    scope: Scope,
) -> Option<Difference> {
    let value = |document: &Document<'_>, node| document.tree().value(node).map(str::to_owned);
    if !same_value(left, right, at) {
        return Some(Difference {
            path: left.path(at.0),
            left: value(left, at.0),
            right: value(right, at.1),
        });
    }
    let (ours, mut theirs) = (Members::of(left, at.0, scope), Members::of(right, at.1, scope));
    for (member, nodes) in ours.0 {
        let others = theirs.0.remove(&member).unwrap_or_default();
        let mut pairs = nodes.iter().zip(&others);
        if let Some(found) = pairs.find_map(|(one, two)| compare(left, right, (*one, *two), scope)) {
            return Some(found);
        }
        if let Some(node) = nodes.get(others.len()) {
            return Some(Difference { path: left.path(*node), left: value(left, *node), right: None });
        }
        if let Some(node) = others.get(nodes.len()) {
            return Some(Difference { path: right.path(*node), left: None, right: value(right, *node) });
        }
    }
    let (_, nodes) = theirs.0.pop_first()?;
    nodes.first().map(|node| Difference { path: right.path(*node), left: None, right: value(right, *node) })
}

/// True where two nodes hold the same literal, or both none.
pub(crate) fn same_value(left: &Document<'_>, right: &Document<'_>, at: (NodeId, NodeId)) -> bool {
    match (left.tree().value(at.0), right.tree().value(at.1)) {
        (Some(one), Some(two)) => same_literal(left.type_of(at.0), one, two),
        (one, two) => one.is_none() == two.is_none(),
    }
}

/// True where two literals of a type are the same value.
pub(crate) fn same_literal(ty: Type, one: &str, two: &str) -> bool {
    one == two || (ty.is_number() && same_number(one, two))
}

/// The members of an object: the nodes of each place, or of each name inside an extension. Empty lists are
/// none.
pub(crate) struct Members<'d>(pub BTreeMap<(PlaceId, &'d str), Vec<NodeId>>);

impl<'d> Members<'d> {
    pub fn of(document: &'d Document<'_>, node: NodeId, scope: Scope) -> Self {
        let tree = document.tree();
        let mut members = BTreeMap::<_, Vec<NodeId>>::new();
        for child in tree.children(node).filter(|child| tree.node(*child).kind != Kind::Array) {
            let (place, name) = (tree.place(child), tree.name(child));
            let sending = node == NodeId::ROOT && matches!(name, "id" | "profile" | "envelope");
            if scope == Scope::Whole || !sending {
                let own_name = if place.is_known() { "" } else { name };
                members.entry((place, own_name)).or_default().push(child);
            }
        }
        Self(members)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{choices, chosen, document};

    fn found(left: &str, right: &str, scope: Scope) -> Option<String> {
        let found = difference(&document("declaration", left), &document("declaration", right), scope)?;
        Some(format!("{}: {:?} {:?}", found.path, found.left, found.right))
    }

    #[test]
    fn numbers_are_numbers_and_texts_are_texts() {
        let price = |amount: &str| format!("goods_items[0].price.amount = {amount}");
        assert_eq!(found(&price("12.50"), &price("+012.5"), Scope::Whole), None);
        let differs = found(&price("12.50"), &price("12.51"), Scope::Whole);
        assert_eq!(differs.as_deref(), Some(r#"goods_items[0].price.amount: Some("12.50") Some("12.51")"#));
        let differs = found("lrn = 1.0", "lrn = 1", Scope::Whole);
        assert_eq!(differs.as_deref(), Some(r#"lrn: Some("1.0") Some("1")"#));
    }

    #[test]
    fn what_is_missing_is_named_from_the_side_that_has_it() {
        let one = "goods_items[0].sequence = 1\n goods_items[1].sequence = 2";
        let differs = found("goods_items[0].sequence = 1", one, Scope::Whole);
        assert_eq!(differs.as_deref(), Some("goods_items[sequence=2]: None None"));
        assert_eq!(found("lrn = 1", "", Scope::Whole).as_deref(), Some(r#"lrn: Some("1") None"#));
    }

    #[test]
    fn the_envelope_is_no_business() {
        let envelope = "envelope.message_id = 1";
        assert_eq!(found(envelope, "envelope.message_id = 2", Scope::Business), None);
        assert!(found(envelope, "", Scope::Whole).is_some());
    }

    proptest! {
        #[test]
        fn a_document_is_the_same_as_itself_only(one in choices(), two in choices()) {
            let (left, right) = (chosen("order", &one).finish(), chosen("order", &two).finish());
            prop_assert_eq!(difference(&left, &left, Scope::Whole), None);
            let (here, back) = (difference(&left, &right, Scope::Whole), difference(&right, &left, Scope::Whole));
            prop_assert_eq!(here.is_some(), back.is_some());
        }
    }
}
