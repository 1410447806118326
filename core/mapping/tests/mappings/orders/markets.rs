//! Orders of the platforms that are data alone: each complete order comes back, hand-checked leaves hold, and real
//! messages are read without a rest.

use std::fs;

use dragoman_samples::sample;
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::json::{self, Style};
use dragoman_tree::NodeId;

use crate::mapped::{Mapped, canonical, file, mapped};
use crate::orders::road::comes_back;
use crate::triples::{Triple, broken};

/// The traps of each platform, checked by hand against its reference.
const MARKETS: &[(&str, &[Triple])] = &[
    (
        "woocommerce/order",
        &[
            ("date_created_gmt", "created_at", "2026-11-02T09:15:00"),
            ("line_items[0].total", "lines[0].price.amount", "38.00"),
            ("line_items[0].price", "lines[0].unit_price.amount", "19"),
            ("status", "state", "open"),
            ("shipping.country", "recipient.address.country", "DE"),
        ],
    ),
    (
        "ebay/order",
        &[
            ("lineItems[0].lineItemCost.value", "lines[0].price.amount", "39.98"),
            (
                "lineItems[0].ebayCollectAndRemitTaxes[0].ebayReference.value",
                "lines[0].tax_collections[0].number.value",
                "IM2760000742",
            ),
            (
                "lineItems[0].ebayCollectAndRemitTaxes[0].ebayReference.name",
                "lines[0].tax_collections[0].scheme",
                "ioss",
            ),
            (
                "lineItems[0].ebayCollectAndRemitTaxes[0].taxType",
                "lines[0].tax_collections[0].collector",
                "platform",
            ),
            ("fulfillmentStartInstructions[0].shippingStep.shipTo.fullName", "ship_to.name", "Hub 7"),
        ],
    ),
    (
        "allegro/order",
        &[
            ("lineItems[0].price.amount", "lines[0].unit_price.amount", "60.00"),
            ("lineItems[0].offer.external.id", "lines[0].sku", "BAG-22"),
            ("delivery.address.zipCode", "recipient.address.postal_code", "110 00"),
            ("status", "state", "open"),
        ],
    ),
    (
        "mercadolibre/order",
        &[
            ("order_items[0].unit_price", "lines[0].unit_price.amount", "499.90"),
            ("date_created", "created_at", "2026-11-02T05:15:00.000-04:00"),
            ("pack_id", "associated[0].order", "2000000101334825"),
            ("buyer.billing_info.doc_number", "tax_registrations[0].party.ids[0].value", "12345678909"),
        ],
    ),
    (
        "vendure/order",
        &[
            ("data.orders.items[0].lines[0].unitPriceWithTax", "lines[0].unit_price.amount", "35.88"),
            ("data.orders.items[0].totalWithTax", "totals.grand.amount", "77.81"),
            (
                "data.orders.items[0].lines[0].productVariant.customFields.hsCode",
                "lines[0].customs.code",
                "940521",
            ),
            ("data.orders.items[0].state", "state", "partly_shipped"),
        ],
    ),
    (
        "shopee/order",
        &[
            ("response.order_list[0].create_time", "created_at", "2026-11-02T09:15:00Z"),
            (
                "response.order_list[0].item_list[0].model_discounted_price",
                "lines[0].unit_price.amount",
                "159.9",
            ),
            ("response.order_list[0].item_list[0].cancelled_qty", "lines[0].quantity_cancelled.value", "1"),
            ("response.order_list[0].buyer_cpf_id", "tax_registrations[0].party.ids[0].value", "12345678909"),
        ],
    ),
    (
        "walmart/order",
        &[
            ("list.elements.order[0].orderDate", "created_at", "2026-11-02T09:15:00.000Z"),
            ("list.elements.order[0].shippingInfo.postalAddress.country", "recipient.address.country", "US"),
            (
                "list.elements.order[0].orderLines.orderLine[0].charges.charge[0].chargeAmount.amount",
                "lines[0].price.amount",
                "19.10",
            ),
        ],
    ),
    (
        "tiktok/order",
        &[
            ("data.orders[0].line_items[0].id", "lines[0].quantity.value", "1"),
            ("data.orders[0].line_items[0].sale_price", "lines[0].unit_price.amount", "19.10"),
            ("data.orders[0].cpf", "tax_registrations[0].party.ids[0].value", "12345678909"),
        ],
    ),
    (
        "lazada/order",
        &[
            ("data.created_at", "created_at", "2026-11-02T17:15:00+08:00"),
            ("data.address_shipping.country", "recipient.address.country", "SG"),
            ("data.order_items[0].item_price", "lines[0].unit_price.amount", "149.0"),
            ("data.order_items[0].voucher_seller", "lines[0].discounts[0].amount.amount", "4.0"),
            ("data.order_items[0].order_item_id", "lines[0].quantity.value", "1"),
            ("data.order_items[1].status", "lines[1].quantity_cancelled.value", "1"),
            ("data.order_items[0].currency", "currency", "SGD"),
            ("data.tax_code", "tax_registrations[0].party.ids[0].value", "0105556176239"),
        ],
    ),
    (
        "aliexpress/order",
        &[
            (
                "aliexpress_solution_order_info_get_response.result.data.gmt_create",
                "created_at",
                "2026-11-02T01:15:00-08:00",
            ),
            (
                "aliexpress_solution_order_info_get_response.result.data.gmt_pay_success",
                "paid_at",
                "2026-10-31T23:59:59-07:00",
            ),
            (
                "aliexpress_solution_order_info_get_response.result.data.receipt_address.country",
                "recipient.address.country",
                "GB",
            ),
            (
                "aliexpress_solution_order_info_get_response.result.data.child_order_list.global_aeop_tp_child_order_dto[0].product_price.cent",
                "lines[0].unit_price.amount",
                "17.90",
            ),
            (
                "aliexpress_solution_order_info_get_response.result.data.child_order_list.global_aeop_tp_child_order_dto[1].product_unit",
                "lines[1].quantity.unit",
                "lot",
            ),
        ],
    ),
    (
        "adobe-commerce/order",
        &[
            ("items[0].created_at", "created_at", "2026-11-02T09:15:00Z"),
            ("items[0].order_currency_code", "currency", "EUR"),
            ("items[0].grand_total", "totals.grand.amount", "314.8"),
            ("items[0].items[0].price", "lines[0].unit_price.amount", "19.1"),
            ("items[0].items[0].row_total", "lines[0].price.amount", "57.3"),
            ("items[0].items[0].qty_canceled", "lines[0].quantity_cancelled.value", "1"),
            ("items[0].items[1].parent_item_id", "lines[1].parent", "101"),
            ("items[0].items[2].tax_amount", "lines[2].tax_collections[0].collector", "seller"),
            (
                "items[0].extension_attributes.shipping_assignments[0].shipping.address.country_id",
                "recipient.address.country",
                "DE",
            ),
            ("items[0].billing_address.vat_id", "tax_registrations[1].party.ids[0].value", "GB987654321"),
        ],
    ),
    (
        "etsy/order",
        &[
            ("results[0].grandtotal.amount", "totals.grand.amount", "45.50"),
            ("results[0].transactions[0].price.amount", "lines[0].unit_price.amount", "20.00"),
            ("results[0].create_timestamp", "created_at", "2026-11-02T09:15:00Z"),
        ],
    ),
];

fn complete(name: &str) -> String {
    let adapter = name.split('/').next().unwrap();
    file(&format!("adapters/{adapter}/cases/complete.in")).unwrap()
}

#[test]
fn triples_hold() {
    for (name, triples) in MARKETS {
        assert_eq!(broken(mapped(name), &complete(name), "", "", triples), [""; 0], "{name}");
    }
}

#[test]
fn complete_orders_come_back() {
    for (name, _) in MARKETS {
        comes_back(mapped(name), &complete(name));
    }
}

/// What the document says at a path when a part of the complete order is another.
fn changed(name: &'static str, from: &str, to: &str, path: &str) -> Option<String> {
    let text = complete(name);
    assert!(text.contains(from), "{name}: {from}");
    let text = text.replace(from, to);
    let mapped = mapped(name);
    let tree = mapped.read(&text);
    let got = mapped.get(&tree).remove(0);
    let node = got.document.find(path)?;
    got.document.tree().value(node).map(str::to_owned)
}

#[test]
fn a_form_that_can_still_change_is_no_order_yet() {
    let state =
        |status: &str| changed("allegro/order", "READY_FOR_PROCESSING", status, "state").unwrap_or_default();
    assert_eq!(
        [state("FILLED_IN"), state("BOUGHT"), state("CANCELLED")],
        ["pending", "pending", "cancelled"]
    );
}

#[test]
fn a_divisor_is_not_always_a_hundred() {
    let path = "totals.grand.amount";
    let amount = |divisor: &str| {
        let to = format!("\"amount\": 4550, \"divisor\": {divisor}");
        changed("etsy/order", "\"amount\": 4550, \"divisor\": 100", &to, path)
    };
    assert_eq!(amount("1").as_deref(), Some("4550"));
    assert_eq!(amount("1000").as_deref(), Some("4.550"));
    assert_eq!(amount("3"), None);
}

/// Whole units stand in fractions: how many make a whole is said, and is not always a hundred.
#[test]
fn cents_are_not_always_hundredths() {
    let price = |cent: &str, factor: &str| {
        let from = "\"cent\": 1790,\n        \"cent_factor\": 100";
        let to = format!("\"cent\": {cent}, \"cent_factor\": {factor}");
        changed("aliexpress/order", from, &to, "lines[0].unit_price.amount")
    };
    assert_eq!(price("1790", "100").as_deref(), Some("17.90"));
    assert_eq!(price("1790", "1").as_deref(), Some("1790"));
    assert_eq!(price("17900", "1000").as_deref(), Some("17.900"));
}

#[test]
fn a_clock_that_is_put_back_is_read_by_the_day() {
    let moment = |day: &str| {
        let to = format!("\"gmt_create\": \"{day} 01:15:00\"");
        changed("aliexpress/order", "\"gmt_create\": \"2026-11-02 01:15:00\"", &to, "created_at")
    };
    assert_eq!(moment("2026-07-02").as_deref(), Some("2026-07-02T01:15:00-07:00"));
    assert_eq!(moment("2026-12-02").as_deref(), Some("2026-12-02T01:15:00-08:00"));
}

#[test]
fn an_order_that_ended_was_sent_or_cancelled() {
    let state = |logistics: &str| {
        let from = "\"logistics_status\": \"WAIT_SELLER_SEND_GOODS\"";
        let text = complete("aliexpress/order")
            .replacen("\"order_status\": \"WAIT_SELLER_SEND_GOODS\"", "\"order_status\": \"FINISH\"", 1)
            .replacen(from, &format!("\"logistics_status\": \"{logistics}\""), 1);
        let mapped = mapped("aliexpress/order");
        let tree = mapped.read(&text);
        let got = mapped.get(&tree).remove(0);
        let node = got.document.find("state").unwrap();
        got.document.tree().value(node).unwrap().to_owned()
    };
    let states = ["BUYER_ACCEPT_GOODS", "SELLER_SEND_PART_GOODS", "NO_LOGISTICS"].map(state);
    assert_eq!(states, ["shipped", "partly_shipped", "cancelled"]);
}

/// The state of an order of which each piece has a word of its own.
#[test]
fn the_words_of_all_pieces_make_the_state() {
    let state = |words: &str| {
        let from = "\"statuses\": [\n   \"pending\",\n   \"canceled\"\n  ]";
        changed("lazada/order", from, &format!("\"statuses\": [{words}]"), "state").unwrap()
    };
    assert_eq!(state("\"canceled\""), "cancelled");
    assert_eq!(state("\"canceled\", \"pending\""), "open");
    assert_eq!(state("\"canceled\", \"shipped\""), "shipped");
    assert_eq!(state("\"ready_to_ship\", \"delivered\""), "partly_shipped");
    assert_eq!(state("\"unpaid\""), "pending");
    assert_eq!(state("\"lost_by_3pl\""), "pending");
}

/// What no table knows is no country; the word stays in the message.
#[test]
fn a_country_by_a_name_that_is_not_known_is_none() {
    let country = |name: &str| {
        let to = format!("\"country\": \"{name}\"");
        changed("lazada/order", "\"country\": \"Singapore\"", &to, "recipient.address.country")
    };
    assert_eq!(country("Thailand").as_deref(), Some("TH"));
    assert_eq!(country("Atlantis"), None);
    let other =
        |to: &str| changed("aliexpress/order", "\"country\": \"UK\"", to, "recipient.address.country");
    assert_eq!(other("\"country\": \"FR\"").as_deref(), Some("FR"));
    assert_eq!(other("\"country\": \"ATL\""), None);
}

#[test]
fn a_status_that_no_table_knows_is_pending() {
    for (name, word) in [
        ("woocommerce/order", "\"processing\""),
        ("shopee/order", "\"READY_TO_SHIP\""),
        ("vendure/order", "\"PartiallyShipped\""),
        ("walmart/order", "\"Shipped\""),
        ("mercadolibre/order", "\"status\": \"paid\""),
        ("aliexpress/order", "\"WAIT_SELLER_SEND_GOODS\""),
        ("adobe-commerce/order", "\"processing\""),
    ] {
        let other = if word.contains(':') { "\"status\": \"odd\"" } else { "\"odd\"" };
        assert_eq!(changed(name, word, other, "state").as_deref(), Some("pending"), "{name}");
    }
}

/// The orders of a real message are read without a rest, and come back over it.
fn is_read_whole(mapped: &Mapped, text: &str) -> usize {
    let tree = mapped.read(text);
    let all = mapped.get(&tree);
    for got in &all {
        let counts = got.counts();
        assert!(counts.add_up() && counts.residue == 0, "{counts:?} {}", canonical(&got.document));
        let over = mapped.put_over(&got.document, &tree, got);
        assert_eq!(mapped.difference(&tree, &over.tree), None);
    }
    all.len()
}

#[test]
fn real_messages_are_read_without_a_rest() {
    let folder = "marketplaces";
    for (name, path, orders) in [
        ("woocommerce/order", "woocommerce/order_v3_sample.json", 1),
        ("woocommerce/order", "woocommerce/orders_list_v3_sample.json", 2),
        ("vendure/order", "vendure/orders_list_real.json", 1),
        ("shopee/order", "shopee/get_order_detail_sample.json", 1),
    ] {
        let Some(path) = sample(&format!("{folder}/{path}")) else { return };
        let text = fs::read_to_string(path).unwrap();
        assert_eq!(is_read_whole(mapped(name), &text), orders, "{name}");
    }
}

/// Walmart's own example lacks what its schema demands; it is read all the same.
#[test]
fn the_examples_of_a_description_are_read_without_a_rest() {
    let Some(path) = sample("marketplaces/walmart/us_mp_orders.json") else { return };
    let model = fs::read(path).unwrap();
    let tree = json::read(&model, None, Grammar::ROOT, &Limits::default()).tree;
    let holds_orders = |node: &NodeId| {
        let elements = tree.child(*node, "list").and_then(|list| tree.child(list, "elements"));
        let order = elements.and_then(|elements| tree.child(elements, "order"));
        let id = order.and_then(|order| tree.child(order, "purchaseOrderId"));
        id.is_some_and(|id| tree.value(id).is_some())
    };
    let mut orders = 0;
    for node in tree.ids().filter(holds_orders) {
        let mut text = String::new();
        json::write_node(&tree, node, Style::Compact, &mut text);
        orders += is_read_whole(mapped("walmart/order"), &text);
    }
    assert!(orders > 0);
}
