//! X12 purchase orders: the real ones, hand-checked values, an order of another channel, and hostile content.

use std::sync::Arc;

use dragoman_mapping::{Got, canonical};
use dragoman_model::Document;
use dragoman_samples::{files, sample};
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::{Limits, edifact, x12};
use dragoman_tree::{NodeId, Tree};

use crate::mapped::{Mapped, mapped};

fn order() -> &'static Mapped {
    mapped("x12/850")
}

fn orders(bytes: &[u8]) -> Vec<Tree<'_>> {
    let grammars = |kind: &x12::SetType| (kind.number == "850").then(|| order().grammar.clone());
    let all = x12::messages(bytes, &grammars).filter(|message| message.kind.number == "850");
    all.map(x12::Message::into_tree).collect()
}

fn value<'d>(document: &'d Document<'_>, path: &str) -> Option<&'d str> {
    document.find(path).and_then(|node| document.tree().value(node))
}

/// Every leaf is accounted for, and over its original every order comes back as it was.
#[test]
fn every_real_order_maps_and_comes_back() {
    let Some(folder) = sample("edi/corpus/x12/850") else { return };
    let (mut count, mut leaves, mut carried, mut residue) = (0, 0, 0, 0);
    for path in files(&folder, &[]) {
        let bytes = std::fs::read(&path).unwrap();
        for tree in orders(&bytes) {
            let got = order().get_one(&tree);
            let counts = got.counts();
            let sum = counts.carried + counts.checked + counts.residue + counts.reported;
            assert_eq!(counts.leaves, sum, "{}", path.display());
            let over = order().put_over(&got.document, &tree, &got);
            assert_eq!(edifact::difference(&tree, &over.tree), None, "{}", path.display());
            count += 1;
            leaves += counts.leaves;
            carried += counts.carried + counts.checked + counts.reported;
            residue += counts.residue;
        }
    }
    println!("{count} orders, {leaves} leaves, {carried} carried, {residue} residue");
    assert!(count >= 90 && carried * 2 > leaves, "{count} {leaves} {carried}");
}

#[test]
fn hand_checked_values_of_a_public_sample() {
    let Some(path) = sample("edi/corpus/x12/850/crate__test-data__004010_850.edi") else { return };
    let bytes = std::fs::read(path).unwrap();
    let tree = &orders(&bytes)[0];
    let got = order().get_one(tree);
    for (path, expected) in [
        ("platform.name", "x12"),
        ("envelope.sender", "SENDERISA"),
        ("envelope.sender_qualifier", "ZZ"),
        ("envelope.recipient", "0073268795005"),
        ("envelope.recipient_qualifier", "14"),
        ("envelope.prepared_at", "0202261534"),
        ("envelope.interchange", "000000001"),
        ("envelope.message_id", "000000001"),
        ("order_number", "A99999-01"),
        ("created_at", "19970214"),
        ("created_at_format", "102"),
        ("state", "open"),
        ("order_kind", "b2b"),
        ("recipient.name", "BUYSNACKS PORT"),
        ("recipient.address.street[0]", "1000 N. SAMPLE HIGHWAY"),
        ("recipient.address.city", "ATHENS"),
        ("recipient.address.region_code", "GA"),
        ("recipient.address.postal_code", "30603"),
        ("lines[0].quantity.value", "16"),
        ("lines[0].quantity.unit", "CA"),
        ("lines[0].unit_price.amount", "12.34"),
        ("lines[0].title", "CRUNCHY CHIPS LSS"),
        ("lines[6].quantity.value", "1"),
        ("lines[6].title", "MINI CHIPS LSS"),
    ] {
        let expected = if path == "envelope.prepared_at" { "0202261534" } else { expected };
        assert_eq!(value(&got.document, path), Some(expected), "{path}");
    }
    assert_eq!(value(&got.document, "lines[7].title"), None);
}

const ORDER: &str = r#"{"type":"order","platform":{"name":"x12"},"order_number":"PO-1","order_kind":"b2b","state":"open",
    "created_at":"2026-11-29T10:00:00Z","currency":"USD",
    "envelope":{"sender":"BUYER","recipient":"SELLER","prepared_at":"2026-11-29T10:00:00Z","interchange":"000000007"},
    "seller":{"name":"Seller Inc"},"buyer":{"name":"Buyer GmbH","ids":[{"scheme":"duns","value":"123456789"}]},
    "recipient":{"name":"A Shop","address":{"street":["1 High Street","Unit 2"],"city":"Belfast","postal_code":"BT1 1AA","country":"GB"}},
    "lines":[{"line":"1","sku":"BAG-22","gtin":"012345678905","title":"Handbag","quantity":{"value":"2","unit":"EA"},"unit_price":{"amount":"19.90"}}]}"#;

fn document(text: &str) -> Document<'_> {
    canonical::read(text.as_bytes(), None, &Limits::default()).into_got().1.unwrap().document
}

/// Writes a document of itself and reads what was written.
fn there_and_back(text: &str) -> String {
    let document = document(text);
    let put = order().put(&document);
    let grammar: &Grammar = &order().grammar;
    let written = x12::write(&[(&put.tree, Some(grammar))], &x12::WriteOptions::default()).unwrap();
    String::from_utf8(written.bytes).unwrap()
}

#[test]
fn an_order_is_written_as_a_valid_850() {
    let text = there_and_back(ORDER);
    let expected = [
        "ISA*00*          *00*          *ZZ*BUYER          *ZZ*SELLER         *261129*1000*U*00401*000000007*0*P*:",
        "GS*PO*BUYER*SELLER*261129*1000*1*X*004010",
        "ST*850*0001",
        "BEG*00*SA*PO-1**20261129",
        "CUR*BY*USD",
        "N1*BY*Buyer GmbH*1*123456789",
        "N1*SE*Seller Inc",
        "N1*ST*A Shop",
        "N3*1 High Street*Unit 2",
        "N4*Belfast**BT1 1AA*GB",
        "PO1*1*2*EA*19.90**VN*BAG-22*UP*012345678905",
        "PID*F****Handbag",
        "SE*11*0001",
        "GE*1*1",
        "IEA*1*000000007",
        "",
    ];
    assert_eq!(text.split('~').collect::<Vec<_>>(), expected);
    let tree = &orders(text.as_bytes())[0];
    let got: Got<'_> = order().get_one(tree);
    let grammar: &Arc<Grammar> = &order().grammar;
    assert_eq!(dragoman_syntax::validate(tree, grammar), []);
    assert_eq!(value(&got.document, "lines[0].sku"), Some("BAG-22"));
    assert_eq!(value(&got.document, "recipient.address.street[1]"), Some("Unit 2"));
}

#[test]
fn hostile_titles_come_back_as_they_are() {
    for title in ["A*B~C", "~*:^>|", "'+:?~*<&", "x*y:z", "ISA*00*~GS*PO"] {
        let order_text = ORDER.replace("Handbag", title);
        let text = there_and_back(&order_text);
        let trees = orders(text.as_bytes());
        assert_eq!(trees.len(), 1, "{text}");
        let got = order().get_one(&trees[0]);
        assert_eq!(value(&got.document, "lines[0].title"), Some(title), "{text}");
        assert!(trees[0].child(NodeId::ROOT, "<PO1>").is_some());
    }
}
