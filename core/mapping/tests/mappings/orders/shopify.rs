//! Orders of Shopify.

use crate::faults;
use crate::mapped::{Mapped, canonical, file, shopify};
use crate::orders::road::{Alone, comes_back, empties_come_back, leaves};
use crate::triples::{Triple, broken};

/// An order that holds every leaf of the grammar.
pub fn complete() -> String {
    file("adapters/shopify/cases/complete.in").unwrap()
}

/// Checked by hand against the API's reference and the canonical model's table.
pub const TRIPLES: &[Triple] = &[
    ("data.order.id", "aliases[0].number", "1001"),
    ("data.order.name", "order_number", "#1001"),
    ("data.order.poNumber", "buyer_reference", "PO-7"),
    ("data.order.createdAt", "created_at", "2026-11-02T09:15:00Z"),
    ("data.order.processedAt", "placed_at", "2026-11-02T09:15:01Z"),
    ("data.order.updatedAt", "updated_at", "2026-11-02T09:20:11Z"),
    ("data.order.cancelledAt", "state", "cancelled"),
    ("data.order.displayFinancialStatus", "extensions.shopify.financial_status", "PAID"),
    ("data.order.currencyCode", "currency", "EUR"),
    ("data.order.taxesIncluded", "prices_include[0]", "tax"),
    ("data.order.dutiesIncluded", "prices_include[1]", "duty"),
    ("data.order.email", "buyer.contact.email", "order@buyer.example"),
    ("data.order.customer.id", "buyer.ids[0].value", "7"),
    ("data.order.customer.lastName", "buyer.person.family", "Example"),
    ("data.order.billingAddress.name", "buyer.name", "Alex Payer"),
    ("data.order.billingAddress.zip", "buyer.address.postal_code", "LS1 1AA"),
    ("data.order.shippingAddress.address2", "recipient.address.street[1]", "Unit 2"),
    ("data.order.shippingAddress.provinceCode", "recipient.address.region_code", "NIR"),
    ("data.order.shippingAddress.zip", "recipient.address.postal_code", "BT3 9DT"),
    ("data.order.shippingAddress.phone", "recipient.contact.phone", "+44 1632 960014"),
    ("data.order.subtotalPriceSet.shopMoney.amount", "totals.goods.amount", "56.00"),
    ("data.order.totalPriceSet.shopMoney.amount", "totals.grand.amount", "75.21"),
    ("data.order.originalTotalDutiesSet.shopMoney.amount", "totals.duties.amount", "2.30"),
    (
        "data.order.totalPriceSet.presentmentMoney.amount",
        "extensions.shopify.presentment.grand.amount",
        "65.40",
    ),
    ("data.order.taxLines[0].channelLiable", "tax_collections[0].collector", "platform"),
    ("data.order.taxLines[0].ratePercentage", "tax_collections[0].rate", "20.0"),
    ("data.order.shippingLines.nodes[0].code", "service_level", "STD"),
    (
        "data.order.shippingLines.nodes[0].originalPriceSet.shopMoney.amount",
        "charges[0].amount.amount",
        "4.92",
    ),
    ("data.order.lineItems.nodes[0].id", "lines[line=11].line", "11"),
    ("data.order.lineItems.nodes[0].sku", "lines[0].sku", "TEE-M"),
    ("data.order.lineItems.nodes[0].variant.barcode", "lines[0].gtin", "4006381333931"),
    ("data.order.lineItems.nodes[0].currentQuantity", "lines[0].quantity.value", "2"),
    ("data.order.lineItems.nodes[0].quantity", "lines[0].extensions.shopify.quantity", "3"),
    ("data.order.lineItems.nodes[0].unfulfilledQuantity", "lines[0].quantity_open.value", "1"),
    (
        "data.order.lineItems.nodes[0].originalUnitPriceSet.shopMoney.amount",
        "lines[0].unit_price.amount",
        "20.00",
    ),
    ("data.order.lineItems.nodes[0].duties[0].harmonizedSystemCode", "lines[0].customs.code", "610910"),
    ("data.order.lineItems.nodes[0].duties[0].countryCodeOfOrigin", "lines[0].customs.origin", "CN"),
    (
        "data.order.lineItems.nodes[0].duties[0].price.shopMoney.amount",
        "lines[0].charges[0].amount.amount",
        "2.31",
    ),
    (
        "data.order.lineItems.nodes[0].variant.inventoryItem.measurement.weight.unit",
        "lines[0].customs.net_mass.unit",
        "KGM",
    ),
    (
        "data.order.lineItems.nodes[0].variant.inventoryItem.measurement.weight.value",
        "lines[0].customs.sources[2].source",
        "shopify/inventory-item",
    ),
];

#[test]
fn triples_hold() {
    assert_eq!(broken(shopify(), &complete(), "", "", TRIPLES), [""; 0]);
}

#[test]
fn nothing_empty_goes_without_a_word() {
    empties_come_back(shopify(), &complete(), &[("data.order.id", "no document")]);
}

#[test]
fn the_complete_order_comes_back() {
    assert_eq!(comes_back(shopify(), &complete()).1, Alone::Equal);
}

/// No leaf that a sync asks for is without a line: each is in the complete order, and nothing of that is left over.
/// What a connection has by its nodes it has by its edges too.
#[test]
fn every_leaf_of_the_grammar_is_carried() {
    let [missing, canonical, extensions] = leaves(shopify(), &complete());
    assert_eq!((canonical.len(), extensions.len()), (76, 154), "{extensions:#?}");
    let by_edges: Vec<_> = missing.iter().filter(|path| !path.ends_with(".cursor")).collect();
    let by_nodes: Vec<_> = by_edges.iter().map(|path| path.replace(".edges.node", ".nodes")).collect();
    let carried = |path: &String| canonical.contains(path) || extensions.contains(path);
    assert!(by_edges.iter().all(|path| path.contains(".edges.node.")), "{by_edges:#?}");
    assert!(by_nodes.iter().all(carried), "{by_nodes:#?}");
}

/// What the document of the complete order says at a path when a part of its text is another.
fn changed(from: &str, to: &str, path: &str) -> Option<String> {
    let text = complete();
    assert!(text.contains(from), "{from}");
    let text = text.replace(from, to);
    let tree = shopify().read(&text);
    let got = shopify().get(&tree).remove(0);
    let node = got.document.find(path)?;
    got.document.tree().value(node).map(str::to_owned)
}

#[test]
fn three_members_make_the_state() {
    let cancelled = "\"cancelledAt\": \"2026-11-03T08:00:00Z\"";
    let state = |financial: &str, fulfilment: &str| {
        let text = complete()
            .replace(cancelled, "\"cancelledAt\": null")
            .replace("\"PAID\"", financial)
            .replace("PARTIALLY_FULFILLED", fulfilment);
        let tree = shopify().read(&text);
        let got = shopify().get(&tree).remove(0);
        let state = got.document.find("state").and_then(|node| got.document.tree().value(node));
        state.unwrap_or_default().to_owned()
    };
    let of = [
        ("\"PAID\"", "UNFULFILLED", "open"),
        ("\"PENDING\"", "UNFULFILLED", "pending"),
        ("\"PENDING\"", "FULFILLED", "shipped"),
        ("\"PAID\"", "PARTIALLY_FULFILLED", "partly_shipped"),
        ("\"REFUNDED\"", "FULFILLED", "refunded"),
        ("\"PAID\"", "ON_HOLD", "held"),
        ("null", "IN_PROGRESS", "open"),
        ("\"PAID\"", "A_NEW_ONE", "pending"),
    ];
    for (financial, fulfilment, expected) in of {
        assert_eq!(state(financial, fulfilment), expected, "{financial} {fulfilment}");
    }
    assert_eq!(changed("PARTIALLY_FULFILLED", "FULFILLED", "state").as_deref(), Some("cancelled"));
}

/// Customs data of the article counts where no duty of the order says it.
#[test]
fn customs_data_says_its_source() {
    let without =
        |path| changed("\"harmonizedSystemCode\": \"610910\"", "\"harmonizedSystemCode\": null", path);
    assert_eq!(without("lines[0].customs.code").as_deref(), Some("610990"));
    assert_eq!(without("lines[0].customs.sources[0].source").as_deref(), Some("shopify/inventory-item"));
    assert_eq!(without("lines[0].customs.sources[1].source").as_deref(), Some("shopify/duty"));
}

/// An order of more lines than were asked for is not whole.
#[test]
fn lines_that_were_not_asked_for_are_a_finding() {
    let text = complete().replace("\"hasNextPage\": false", "\"hasNextPage\": true");
    let tree = shopify().read(&text);
    let got = shopify().get(&tree).remove(0);
    let codes: Vec<_> = got.findings.iter().map(|finding| &*finding.code).collect();
    assert!(codes.contains(&"DG-E0603"), "{codes:?}");
    assert_eq!(got.counts().residue, 1);
}

/// What neither case has.
const DISCOUNT: &str = r#"{"data":{"order":{"id":"gid://shopify/Order/1","discountApplications":{"edges":[{"node":{"code":"X"}}]}}}}"#;

/// The cases find every line that is left out and every two that are swapped.
#[test]
fn planted_faults_are_found() {
    let cases = ["complete", "edges"].map(|name| {
        let part = |ending: &str| file(&format!("adapters/shopify/cases/{name}.{ending}")).unwrap();
        (part("in"), part("json"))
    });
    let finds = |mapped: &Mapped| {
        let is = |text: &str| mapped.get(&mapped.read(text)).first().map(|got| canonical(&got.document));
        let discount = is(DISCOUNT).is_some_and(|text| text.contains("discount_edges"));
        !discount || cases.iter().any(|(text, expected)| is(text).as_ref() != Some(expected))
    };
    assert_eq!(faults::unfound("shopify/order", &finds), [""; 0]);
}
