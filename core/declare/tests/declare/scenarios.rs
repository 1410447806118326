//! Two published scenarios, made from orders: every leaf that differs is explained, and each says who supplied it.

use std::collections::{BTreeMap, BTreeSet};

use dragoman_model::Document;
use dragoman_samples::sample;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::{Limits, WirePaths, validate, xml};
use dragoman_tree::{NodeId, Severity, Tree};
use jiff::civil::date;

use crate::world::{World, grammar, mapping, supplier};

/// A published message; nothing, visibly, where there are no samples.
fn published(name: &str) -> Option<Vec<u8>> {
    let file = sample(&format!("uk-cds/samples/annotated_XML_samples/{name}"))?;
    Some(std::fs::read(file).unwrap())
}

/// Low value into Northern Ireland with IOSS: the order says who sells, who buys, what it cost and what shipping did.
pub fn h7() -> World {
    World {
        orders: vec![
            r#"{
  "type": "order", "order_number": "281-284", "placed_at": "2024-11-25T09:30:00Z", "order_kind": "b2c", "currency": "USD",
  "seller": {"name": "Invaluable Fine Arts Inc", "address": {"street": ["26 Broadway Ave."], "city": "Sydney", "postal_code": "SY1 4NY", "country": "AU"}},
  "buyer": {"name": "Example Buyer", "ids": [{"scheme": "eori", "value": "XI553202734852"}]},
  "recipient": {"name": "Example Buyer", "address": {"street": ["1 Example Street"], "city": "Belfast", "postal_code": "BT1 1AA", "country": "GB"}},
  "totals": {"goods": {"amount": "140", "currency": "USD"}, "shipping": {"amount": "13.75", "currency": "USD"}},
  "lines": [{"line": "1", "sku": "PRINT-7", "title": "Antique engraving <rare> & signed", "quantity": {"value": "1"},
    "price": {"amount": "140", "currency": "USD"},
    "tax_collections": [{"scheme": "ioss", "number": {"scheme": "ioss", "value": "IM5532027340"}, "collector": "platform"}]}]
}"#
            .into(),
        ],
        master: "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from
PRINT-7,9702000000,gb-tariff,AU,1500,\"Antiques - Original engravings, prints and lithographs\",en,seller,2024-01-01
"
        .into(),
        profile: r#"
[declarant]
eori = "XI603202734852"

[representation]
status = "direct"

[importer]
eori = "XI000000000000"

[[authorisation]]
type = "CGU"
holder = "XI603202734852"
"#
        .into(),
        consignment: r#"
dispatch = "AU"
goods_location = { id = "GBAUBELBFSBEL", type = "A", qualifier = "U" }

[transport]
border_mode = "5"

[[package]]
type = "CT"
count = 1
marks = "281-284"
gross_mass_g = 2000

[[previous_document]]
category = "Z"
type = "271"
id = "PL20241125-281-284"

[[document]]
category = "9"
type = "WKS"
id = "See attached Worksheet1154-01122021"
name = "See attached worksheet"
status = "AE"
"#
        .into(),
        rates: "date,purpose,from,to,rate,source
2024-11-01,customs-month,USD,GBP,0.7716,example
"
        .into(),
        lrns: vec!["U.7847323X8D5G".into()],
        on: date(2024, 11, 25),
        ..World::default()
    }
}

/// A sale to a business in Great Britain: fifty boxes of parts.
#[expect(clippy::too_many_lines, reason = "a scenario is one table")]
pub fn h1() -> World {
    World {
        orders: vec![
            r#"{
  "type": "order", "order_number": "12345", "placed_at": "2024-01-19T08:00:00Z", "order_kind": "b2b", "currency": "GBP",
  "seller": {"name": "US Clipper Inc.", "address": {"street": ["1 Shaver Street"], "city": "New York", "postal_code": "NY1 234", "country": "US"}},
  "buyer": {"name": "Example Importer", "ids": [{"scheme": "eori", "value": "GB553202734852"}]},
  "recipient": {"name": "Example Importer", "address": {"street": ["1 Example Street"], "city": "Southend", "postal_code": "SS1 1AA", "country": "GB"}},
  "lines": [{"line": "1", "sku": "CLIP-50", "title": "Clipper parts", "quantity": {"value": "50"},
    "unit_price": {"amount": "20", "currency": "GBP"}, "price": {"amount": "1000", "currency": "GBP"}}]
}"#
            .into(),
        ],
        master: "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from
CLIP-50,8510900000,gb-tariff,US,2000,\"Parts for electric shavers, hair clippers and hair-removing appliances\",en,seller,2024-01-01
"
        .into(),
        profile: r#"
[declarant]
eori = "GB603202734852"

[representation]
status = "direct"

[[authorisation]]
type = "CGU"
holder = "GB553202734852"
number = "GBCGU55320273485220191113093459"

[[authorisation]]
type = "DPO"
holder = "GB553202734852"
number = "GBDPO1108654"

[[deferment]]
account = "1108654"

[[guarantee]]
type = "1"
reference = "GBCGU55320273485220191113093459"
"#
        .into(),
        consignment: r#"
dispatch = "US"
goods_location = { id = "GBAUWLALONBTW", type = "A", qualifier = "U" }
delivery_terms = { code = "CIF", place = "GBWLA" }

[transport]
border_mode = "1"
nationality = "US"
arrival = { id = "12345", id_type = "10" }
containers = ["AD12345"]

[[package]]
type = "BX"
count = 50
marks = "BX-1234228/34"
gross_mass_g = 150000

[[previous_document]]
category = "Z"
type = "DCR"
id = "4GB553202734852-12345"

[[previous_document]]
category = "Z"
type = "355"
id = "24GB34F7Y1O2CX8PT4"
line = 1
"#
        .into(),
        lrns: vec!["7847767E1WB6".into()],
        on: date(2024, 1, 22),
        ..World::default()
    }
}

/// The leaves of a message with their paths; white space at the ends of a value does not count.
fn leaves(tree: &Tree<'_>, grammar: &Grammar) -> Vec<(String, String)> {
    let paths = WirePaths::new(tree, Some(grammar));
    let leaf = |node: NodeId| Some((paths.path(node), tree.value(node)?.trim().to_owned()));
    tree.ids().filter(|node| tree.is_leaf(*node)).filter_map(leaf).collect()
}

/// The differences of the message that is made from the published one, as `path: ours | theirs`.
fn differences(world: &World, published: &[u8]) -> Vec<String> {
    let (mapping, grammar) = (mapping(), grammar());
    let theirs = xml::read(published, Some(&grammar), &Limits::default());
    world.declare(|declared| {
        let [declaration] = declared.declarations.as_slice() else { panic!("{:?}", declared.findings) };
        let put = mapping.put(declaration).unwrap();
        let written =
            xml::write(&put.tree, Some(&grammar), &xml::WriteOptions { indent: Some(2), declaration: true });
        let ours = xml::read(&written.bytes, Some(&grammar), &Limits::default());
        let invalid: Vec<_> = validate(&ours.tree, &grammar)
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        assert!(invalid.is_empty(), "{invalid:?}");
        let (ours, theirs) = (leaves(&ours.tree, &grammar), leaves(&theirs.tree, &grammar));
        let common = |one: &[(String, String)], two: &[(String, String)]| -> Vec<String> {
            let known: BTreeSet<_> = two.iter().map(|(path, _)| path).collect();
            one.iter().map(|(path, _)| path).filter(|path| known.contains(path)).cloned().collect()
        };
        assert_eq!(common(&ours, &theirs), common(&theirs, &ours), "the order of elements");
        let (ours, theirs): (BTreeMap<_, _>, BTreeMap<_, _>) =
            (ours.into_iter().collect(), theirs.into_iter().collect());
        let paths: BTreeSet<_> = ours.keys().chain(theirs.keys()).collect();
        let differing = paths.into_iter().filter(|path| ours.get(*path) != theirs.get(*path));
        let side = |value: Option<&String>| value.map_or("-".to_owned(), |value| format!("{value:?}"));
        differing
            .map(|path| format!("{path}: {} | {}", side(ours.get(path)), side(theirs.get(path))))
            .collect()
    })
}

/// Values of the declaration that the format has no place for: they lead back to the order, or steer rules.
fn lost(world: &World) -> Vec<String> {
    world.declare(|declared| {
        let declaration = &declared.declarations[0];
        let put = mapping().put(declaration).unwrap();
        put.lost.iter().map(|lost| declaration.path(lost.node)).collect()
    })
}

/// All leaves with who supplied them, one a line; values of a goods item by their path below it.
fn suppliers(world: &World) -> String {
    world.declare(|declared| {
        let declaration: &Document<'_> = &declared.declarations[0];
        let line = |path: String| {
            let short = path.replace("goods_items[sequence=1]", "");
            format!("{short} {}\n", supplier(declaration, &path))
        };
        declaration.leaves().map(|leaf| line(declaration.path(leaf))).collect()
    })
}

#[test]
fn low_value_into_northern_ireland_is_tt_im124a() {
    let world = h7();
    assert_eq!(world.value("data_set").as_deref(), Some("H7"));
    assert_eq!(world.findings(), Vec::<String>::new());
    if let Some(published) = published("TT_IM124a/Step1_TT_IM124a.xml") {
        assert_eq!(differences(&world, &published), Vec::<String>::new());
    }
    assert_eq!(
        lost(&world),
        [
            "data_set",
            "order_refs[0].order",
            "fiscal_references[0].id.scheme",
            "goods_items[sequence=1].order_lines[0].order",
            "goods_items[sequence=1].order_lines[0].line",
            "goods_items[sequence=1].order_lines[0].quantity.value",
            "goods_items[sequence=1].product.sku",
            "goods_items[sequence=1].product.name",
            "goods_items[sequence=1].quantity.value",
        ]
    );
}

#[test]
fn everything_else_is_tt_im001a() {
    let world = h1();
    assert_eq!(world.value("data_set").as_deref(), Some("H1"));
    assert_eq!(world.findings(), Vec::<String>::new());
    if let Some(published) = published("TT_IM001a/Step1_TT_IM001a.xml") {
        let measure = "/MetaData[1]/Declaration[1]/GoodsShipment[1]/GovernmentAgencyGoodsItem[1]/Commodity[1]/GoodsMeasure[1]";
        // The published message leaves the units of masses out; the format takes kilograms then.
        let unit = |name: &str| format!("{measure}/{name}[1]/@unitCode: \"KGM\" | -");
        assert_eq!(differences(&world, &published), [unit("GrossMassMeasure"), unit("NetNetWeightMeasure")]);
    }
    assert_eq!(
        lost(&world),
        [
            "data_set",
            "order_refs[0].order",
            "authorisations[0].number",
            "authorisations[1].number",
            "goods_items[sequence=1].order_lines[0].order",
            "goods_items[sequence=1].order_lines[0].line",
            "goods_items[sequence=1].order_lines[0].quantity.value",
            "goods_items[sequence=1].product.sku",
            "goods_items[sequence=1].product.name",
            "goods_items[sequence=1].quantity.value",
        ]
    );
}

#[test]
fn every_leaf_of_low_value_says_who_supplied_it() {
    insta::assert_snapshot!(suppliers(&h7()));
}

#[test]
fn every_leaf_of_the_full_data_set_says_who_supplied_it() {
    insta::assert_snapshot!(suppliers(&h1()));
}

/// What was stated and is not declared, with the rule.
#[test]
fn what_the_super_reduced_data_set_lacks_is_left_out_and_said() {
    let left_out = h7().declare(|declared| {
        let one = |left: &dragoman_declare::LeftOut| format!("{} {}", left.path, left.rule);
        declared.left_out.iter().map(one).collect::<Vec<_>>()
    });
    for expected in ["dispatch.country gb-h7-elements", "goods_items[0].origins[0].country gb-h7-elements"] {
        assert!(left_out.iter().any(|one| one == expected), "{left_out:?}");
    }
}
