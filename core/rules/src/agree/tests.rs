//! Agreement, on canonical documents.

use dragoman_model::{Document, DocumentBuilder, EntryId, Origin};
use dragoman_tree::{NodeId, Severity};
use proptest::prelude::*;

use super::{Agreement, Entry, Located, load_agreement};

const TEXT: &str = r#"
title = "t"
source = "s"
[[document]]
type = "order"
called = "order"
[[document]]
type = "payment"
called = "payment"
[[document]]
type = "declaration"
called = "inventory"
[sales.key]
what = "order number"
at = { order = "order_number", payment = "order_ref", declaration = "order_refs[].order" }
[[sales.agree]]
what = "amount paid"
at = { order = "totals.paid.amount", payment = "amount.amount" }
[[sales.agree]]
what = "name of the buyer"
severity = "warning"
at = { order = "buyer.name", payment = "payer.name", declaration = "buyer.name or consignee.name" }
[lines.of]
order = "lines"
declaration = "goods_items"
[lines.key]
what = "line number"
at = { order = "line", declaration = "sequence" }
[[lines.agree]]
what = "quantity"
at = { order = "quantity.value", declaration = "quantity.value" }
"#;

fn agreement() -> Agreement {
    load_agreement("rules/test", TEXT).unwrap()
}

/// A document in which these leaves stand; `/` begins an entry: `lines/quantity.value`.
fn document(kind: &str, leaves: &[(&str, &str)]) -> Document<'static> {
    let mut builder = DocumentBuilder::new(kind).unwrap();
    let origin = Origin::Wire(NodeId::ROOT);
    let mut entry = None;
    for (path, value) in leaves {
        match path.split_once('/') {
            None => builder.set(EntryId::ROOT, path, value, origin).unwrap(),
            Some((list, path)) => {
                let begins = matches!(path, "line" | "sequence" | "order");
                let own = entry.filter(|_| !begins);
                let own = own.unwrap_or_else(|| builder.entry(EntryId::ROOT, list, origin).unwrap());
                entry = Some(own);
                builder.set(own, path, value, origin).unwrap();
            }
        }
    }
    builder.finish()
}

fn order(number: &str, paid: &str, quantity: &str) -> Document<'static> {
    document(
        "order",
        &[
            ("order_number", number),
            ("totals.paid.amount", paid),
            ("buyer.name", "A"),
            ("lines/line", "1"),
            ("lines/quantity.value", quantity),
        ],
    )
}

fn payment(number: &str, paid: &str, name: &str) -> Document<'static> {
    document("payment", &[("order_ref", number), ("amount.amount", paid), ("payer.name", name)])
}

fn inventory(number: &str, line: &str, quantity: &str, name: &str) -> Document<'static> {
    document(
        "declaration",
        &[
            ("consignee.name", name),
            ("order_refs/order", number),
            ("goods_items/sequence", line),
            ("goods_items/quantity.value", quantity),
        ],
    )
}

fn read(documents: &[Document<'static>]) -> Vec<Entry> {
    let read = |(file, document): (usize, &Document<'static>)| {
        let locate = |node| Located { path: document.path(node), ..Located::default() };
        agreement().read(file, document, &locate)
    };
    documents.iter().enumerate().flat_map(read).collect()
}

/// File, severity, path and message of each finding.
fn said(documents: &[Document<'static>]) -> Vec<(usize, Severity, String, String)> {
    let said = agreement().compare(&read(documents)).into_iter();
    said.map(|(file, one)| (file, one.severity, one.path.unwrap_or_default(), one.message)).collect()
}

#[test]
fn what_agrees_says_nothing() {
    let documents = [order("1", "25.10", "2"), payment("1", "25.1", "A"), inventory("1", "1", "2.0", "A")];
    assert_eq!(said(&documents), []);
    assert_eq!(said(&documents[..1]), []);
}

#[test]
fn what_differs_is_said_in_both_documents() {
    let said = said(&[order("1", "25.10", "2"), payment("1", "25.11", "B"), inventory("1", "1", "2", "A")]);
    let texts: Vec<_> = said.iter().map(|(file, severity, path, _)| (*file, *severity, &**path)).collect();
    assert_eq!(
        texts,
        [
            (1, Severity::Error, "amount.amount"),
            (0, Severity::Info, "totals.paid.amount"),
            (1, Severity::Warning, "payer.name"),
            (0, Severity::Info, "buyer.name"),
        ]
    );
    assert_eq!(said[0].3, "the amount paid is `25.11` here, but `25.10` in the order (totals.paid.amount)");
}

#[test]
fn documents_and_lines_without_a_counterpart_are_said() {
    let found = said(&[order("1", "1", "2"), payment("2", "1", "A"), inventory("1", "3", "2", "A")]);
    let messages: Vec<_> =
        found.iter().map(|(file, _, path, message)| (*file, &**path, &**message)).collect();
    assert_eq!(
        messages,
        [
            (0, "order_number", "no payment has the order number 1"),
            (1, "order_ref", "no order has the order number 2"),
            (1, "order_ref", "no inventory has the order number 2"),
            (0, "lines[line=1].line", "no line of the inventory has the line number 1"),
            (2, "goods_items[sequence=3].sequence", "no line of the order has the line number 3"),
        ]
    );
}

#[test]
fn mistakes_are_refused_with_what_is_wrong() {
    let refused = |from: &str, to: &str| {
        let errors = load_agreement("rules/test", &TEXT.replacen(from, to, 1)).unwrap_err();
        errors.into_iter().map(|error| error.message).collect::<Vec<_>>().join("; ")
    };
    assert!(refused("totals.paid.amount", "totals.payed.amount").contains("`payed`"));
    assert!(refused("type = \"payment\"", "type = \"paiment\"").contains("there is no document `paiment`"));
    assert!(refused("order = \"lines\"", "order = \"line\"").contains("the order has no `line`"));
    assert!(
        refused("{ order = \"line\",", "{ payment = \"amount\",").contains("the payment has no list here")
    );
    assert!(refused("payment = \"order_ref\"", "shipment = \"id\"").contains("no document `shipment`"));
}

proptest! {
    /// The order in which documents come changes nothing but the order of what is said, and each difference is said twice.
    #[test]
    fn the_order_of_the_documents_does_not_matter(
        paid in prop::collection::vec("[12]", 3),
        numbers in prop::collection::vec("[12]", 3),
        turn in 0usize..3,
    ) {
        let documents = [
            order(&numbers[0], &paid[0], "1"),
            payment(&numbers[1], &paid[1], "A"),
            inventory(&numbers[2], "1", &paid[2], "A"),
        ];
        let mut straight = agreement().compare(&read(&documents));
        let mut entries = read(&documents);
        entries.rotate_left(turn);
        let mut turned = agreement().compare(&entries);
        let key = |one: &(usize, dragoman_tree::Finding)| (one.0, one.1.path.clone(), one.1.message.clone());
        straight.sort_by_key(key);
        turned.sort_by_key(key);
        prop_assert_eq!(&straight, &turned);
        let differing = straight.iter().filter(|(_, finding)| finding.code == super::DIFFERS.id);
        let notes = differing.clone().filter(|(_, finding)| finding.severity == Severity::Info);
        prop_assert_eq!(differing.count(), notes.count() * 2);
    }
}
