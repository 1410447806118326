//! Laws that hold whatever the orders are.

use dragoman_model::{Decimal, Origin, Source};
use proptest::prelude::*;

use crate::world::{World, complete, leaves, line, order, value, word};

/// Orders of some lines, each of an article, a quantity and a price in pence.
type Orders = Vec<Delivered>;
/// Whether an order goes to Northern Ireland, and its lines.
type Delivered = (bool, Vec<(bool, u32, u32)>);

fn orders() -> impl Strategy<Value = Orders> {
    let line = (any::<bool>(), 1u32..40, 0u32..30_000);
    prop::collection::vec((any::<bool>(), prop::collection::vec(line, 1..5)), 1..4)
}

fn world(orders: &Orders) -> World {
    let one = |(number, (is_north, lines)): (usize, &Delivered)| {
        let text = |(index, (is_bag, quantity, pence)): (usize, &(bool, u32, u32))| {
            let price = format!("{}.{:02}", pence / 100, pence % 100);
            let sku = if *is_bag { "BAG-22" } else { "HAT-1" };
            line(&(index + 1).to_string(), sku, &quantity.to_string(), &price)
        };
        let lines: Vec<_> = lines.iter().enumerate().map(text).collect();
        let postcode = if *is_north { "BT1 1AA" } else { "SS1 1AA" };
        order(&format!("{}", 1001 + number), postcode, &lines.join(","), "")
    };
    World {
        orders: orders.iter().enumerate().map(one).collect(),
        lrns: (0..4).map(|number| format!("LRN-{number}")).collect(),
        ..complete()
    }
}

/// The number at a path of every item of a declaration.
fn numbers(document: &dragoman_model::Document<'_>, path: &str) -> Vec<Decimal> {
    let place = |index: usize| format!("goods_items[{index}]");
    let items = (0..).take_while(|index| document.find(&place(*index)).is_some());
    items.filter_map(|index| value(document, &format!("{}.{path}", place(index)))?.parse().ok()).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn items_add_up(orders in orders()) {
        let world = world(&orders);
        world.declare(|declared| {
            let mut pence = Decimal::ZERO;
            let mut lines = 0;
            for document in &declared.declarations {
                let count: Decimal = value(document, "totals.items").unwrap().parse().unwrap();
                prop_assert_eq!(count, Decimal::from(numbers(document, "sequence").len()));
                lines += numbers(document, "sequence").len();
                let place = if value(document, "data_set").unwrap() == "H7" { "valuation.customs_value" } else { "price" };
                pence += numbers(document, &format!("{place}.amount")).iter().sum::<Decimal>();
                if let Some(total) = value(document, "totals.packages") {
                    prop_assert_eq!(total.parse::<Decimal>().unwrap(), numbers(document, "packages[0].count").iter().sum());
                }
                if declared.declarations.len() == 1 {
                    prop_assert_eq!(numbers(document, "mass.gross.value").iter().sum::<Decimal>(), Decimal::new(14, 1));
                }
            }
            let ordered = orders.iter().flat_map(|(_, lines)| lines);
            prop_assert_eq!(lines, ordered.clone().count());
            let total: u32 = ordered.map(|(_, _, pence)| *pence).sum();
            prop_assert_eq!(pence, Decimal::new(total.into(), 2));
            Ok(())
        })?;
    }

    #[test]
    fn the_order_of_lines_permutes_items_and_nothing_else(lines in prop::collection::vec((any::<bool>(), 1u32..9, 1u32..9999), 1..6)) {
        let goods = |lines: Vec<(bool, u32, u32)>| {
            let world = world(&vec![(false, lines)]);
            world.declare(|declared| {
                let document = &declared.declarations[0];
                let items = numbers(document, "sequence").len();
                let one = |index: usize, path: &str| value(document, &format!("goods_items[{index}].{path}"));
                let paths = ["product.sku", "price.amount", "mass.net.value", "origins[0].country", "commodity.codes[0].code"];
                let mut goods: Vec<_> = (0..items).map(|index| paths.map(|path| one(index, path))).collect();
                goods.sort();
                let head: Vec<_> = leaves(document).into_iter().filter(|leaf| !leaf.starts_with("goods_items")).collect();
                (goods, head)
            })
        };
        let reversed = lines.iter().rev().copied().collect();
        prop_assert_eq!(goods(lines), goods(reversed));
    }

    #[test]
    fn every_leaf_has_an_origin_and_its_bytes_hold_the_value(orders in orders()) {
        let world = world(&orders);
        world.declare(|declared| {
            for document in &declared.declarations {
                for leaf in document.leaves() {
                    let (path, text) = (document.path(leaf), document.tree().value(leaf).unwrap());
                    let origin = document.origin(leaf);
                    let sources = document.sources(origin);
                    prop_assert!(origin == Origin::Derived || !sources.is_empty(), "{} comes from nobody", path);
                    if let [source] = sources {
                        let Some(bytes) = world.bytes(source) else { continue };
                        let made = ["commodity.codes", "mass.", "documents", "representative.status", "goods_location", "containerised", "packages"];
                        let is_made = made.iter().any(|part| path.contains(part));
                        prop_assert!(bytes == text || is_made, "{}: {} from {}", path, text, bytes);
                        prop_assert!(is_held(&path, bytes, text), "{}: {} from {}", path, text, bytes);
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn nothing_that_order_or_master_could_supply_comes_from_the_profile(orders in orders()) {
        let mut world = world(&orders);
        world.profile.push_str("\n[exporter]\nname = \"Another\"\n[exporter.address]\ncountry = \"FR\"\n\n[seller]\nname = \"A third\"\n");
        let standing = ["declarant", "representative", "importer", "deferred_payments", "authorisations", "guarantees"];
        world.declare(|declared| {
            for document in &declared.declarations {
                for leaf in document.leaves() {
                    let path = document.path(leaf);
                    let is_profile = |source: &Source| word(source) == "profile";
                    if document.sources(document.origin(leaf)).iter().any(is_profile) {
                        prop_assert!(standing.iter().any(|part| path.starts_with(part)), "{}", path);
                    }
                }
            }
            Ok(())
        })?;
    }

    #[test]
    fn declaring_twice_gives_the_same(orders in orders()) {
        let world = world(&orders);
        let show = |world: &World| world.declare(|declared| format!("{:?}", declared.declarations.iter().map(leaves).collect::<Vec<_>>()));
        prop_assert_eq!(show(&world), show(&world.clone()));
        prop_assert_eq!(world.findings(), world.findings());
    }
}

/// True where a value that was made of its bytes can be recognised in them.
fn is_held(path: &str, bytes: &str, text: &str) -> bool {
    let parts = ["commodity.codes", "goods_location"];
    !parts.iter().any(|part| path.contains(part)) || bytes.contains(text)
}
