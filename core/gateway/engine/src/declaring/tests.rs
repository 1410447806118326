use std::io;

use dragoman_adapters::{Catalogue, Customs, Data};
use dragoman_model::At;
use jiff::civil::date;

use super::*;
use crate::config::{Account, Config};
use crate::view::{OrderTree, Pane, PaneLine, canonical, order, wire};

const CONFIG: &str = r#"
[[account]]
adapter = "gb-cds"
name = "acme"
profile = "adapters/gb-cds/demo/seller.toml"

[[flow]]
name = "uk"
to = "acme"
consignment = "adapters/gb-cds/demo/consignment.toml"
rates = "adapters/gb-cds/demo/rates.csv"
"#;

fn demo() -> (Catalogue, Flow, Customs) {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let config: Config = toml::from_str(CONFIG).unwrap();
    let account: &Account = &config.account[0];
    let file = |path: &str| {
        let text = catalogue.data().get(path).map(str::to_owned);
        text.ok_or_else(|| io::Error::from(io::ErrorKind::NotFound))
    };
    let customs = Customs::of(&catalogue, &account.adapter).unwrap();
    let flow = Flow::new(&config.flow[0], account, &file).unwrap();
    (catalogue, flow, customs)
}

#[test]
fn orders_of_a_list_have_bytes_of_their_own() {
    let (catalogue, ..) = demo();
    let text = catalogue.data().get("adapters/gb-cds/demo/orders/amazon.json").unwrap();
    let message = catalogue.message("amazon/order").unwrap();
    let one = read_orders(&catalogue, &message, text.as_bytes()).unwrap().remove(0);
    let order = serde_json::from_slice::<serde_json::Value>(&one.bytes).unwrap();
    let order =
        order.get("order").or_else(|| order.get("orders").and_then(|all| all.get(0))).unwrap_or(&order);
    let page = format!("{{\"orders\":[{order},{order}]}}");
    let two = read_orders(&catalogue, &message, page.as_bytes()).unwrap();
    assert_eq!(two.len(), 2);
    for order in &two {
        assert!(
            page.contains(std::str::from_utf8(&order.bytes).unwrap()) && order.bytes.len() * 2 < page.len()
        );
        let number = At::root(&order.document).get("order_number").unwrap();
        let span = order.document.tree().file_span(number.node());
        let said = &order.bytes[span.start as usize..span.end as usize];
        assert_eq!(std::str::from_utf8(said).unwrap().trim_matches('"'), number.value().unwrap());
    }
    assert!(read_orders(&catalogue, &message, b"{}").unwrap_err()[0].code.starts_with("DG-E"));
}

#[test]
fn the_same_basis_makes_the_same_bytes() {
    let (catalogue, flow, customs) = demo();
    let data = catalogue.data();
    let mut orders = Vec::new();
    for (name, path) in [("amazon/order", "amazon"), ("shopify/order", "shopify")] {
        let text = data.get(&format!("adapters/gb-cds/demo/orders/{path}.json")).unwrap();
        let message = catalogue.message(name).unwrap();
        orders.extend(read_orders(&catalogue, &message, text.as_bytes()).unwrap());
    }
    let documents: Vec<_> = orders.iter().map(|order| &order.document).collect();
    let making = Making {
        customs: &customs,
        orders: &documents,
        master: data.get("adapters/gb-cds/demo/master.csv").unwrap(),
        profile: &flow.profile.read,
        consignment: &flow.consignment.read,
        rates: &flow.rates.read,
        lrns: &["A".into(), "B".into()],
        on: date(2026, 11, 28),
        moment: jiff::Timestamp::UNIX_EPOCH,
    };
    let (one, two) = (making.make().unwrap(), making.make().unwrap());
    assert_eq!(one.pieces.len(), 2);
    for (index, (one, two)) in one.pieces.iter().zip(&two.pieces).enumerate() {
        assert_eq!(one.declaration.bytes, two.declaration.bytes);
        assert_eq!(one.orders, [index]);
    }
    let without = Making { master: "sku\n", ..making }.make().unwrap();
    assert!(without.findings.iter().any(|one| one.finding.code == dragoman_declare::NOT_IN_MASTER.id));
}

/// Every value of the message has its canonical line, and most of an order's lines lead there.
#[test]
fn pointing_at_a_value_lights_its_sources() {
    let (catalogue, flow, customs) = demo();
    let data = catalogue.data();
    let text = data.get("adapters/gb-cds/demo/orders/shopify.json").unwrap();
    let message = catalogue.message("shopify/order").unwrap();
    let read = read_orders(&catalogue, &message, text.as_bytes()).unwrap().remove(0);
    let making = Making {
        customs: &customs,
        orders: &[&read.document],
        master: data.get("adapters/gb-cds/demo/master.csv").unwrap(),
        profile: &flow.profile.read,
        consignment: &flow.consignment.read,
        rates: &flow.rates.read,
        lrns: &["A".into()],
        on: date(2026, 11, 28),
        moment: jiff::Timestamp::UNIX_EPOCH,
    };
    let made = making.make().unwrap().pieces.remove(0).declaration;
    let canonical = canonical(&made.document);
    let wire = wire("gb-cds/declaration", &made.put.tree, &made.put.sources);
    let mut pane = None;
    dragoman_adapters::receive(&catalogue, &message, text.as_bytes(), &mut |received| {
        let tree = OrderTree { number: "#1001", tree: received.tree, node: received.node };
        pane = Some(order(&tree, &made.document));
    });
    let pane = pane.unwrap();
    let line = |pane: &Pane, name: &str, value: &str| {
        let is_it = |line: &&PaneLine| line.name == name && line.value.as_deref() == Some(value);
        pane.lines.iter().find(is_it).unwrap_or_else(|| panic!("{name} {value}")).clone()
    };
    let sku = line(&pane, "sku", "LAMP-3");
    let price = line(&wire, "ItemChargeAmount", "240.00");
    let carrier = canonical.lines.iter().find(|line| line.of == price.of).unwrap();
    assert_eq!(carrier.path.as_deref(), Some("goods_items[sequence=1].price.amount"));
    assert_eq!(carrier.from[0].by, "order");
    let lit = pane.lines.iter().filter(|line| line.of.contains(&price.of[0]));
    assert_eq!(lit.map(|line| line.value.as_deref()).collect::<Vec<_>>(), [Some("10"), Some("24.00")]);
    assert!(!sku.of.is_empty(), "the article number is the declaration's too");
    let values = wire.lines.iter().filter(|line| line.value.is_some());
    let (linked, loose): (Vec<_>, Vec<_>) = values.partition(|line| !line.of.is_empty());
    assert!(linked.len() > 10 * loose.len(), "{} {loose:?}", linked.len());
}
