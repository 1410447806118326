//! Orders of Amazon.

use dragoman_syntax::json::{self, Style};

use crate::faults;
use crate::mapped::{Mapped, amazon, canonical, document, file};
use crate::orders::road::{Alone, comes_back, empties_come_back, leaves, vendor_examples};
use crate::triples::{Triple, broken};

/// An order that holds every leaf of the published model.
pub fn complete() -> String {
    file("adapters/amazon/cases/complete.in").unwrap()
}

/// Checked by hand against the model's descriptions and the canonical model's table.
pub const TRIPLES: &[Triple] = &[
    ("order.orderId", "order_number", "026-0000001-0000001"),
    ("order.orderAliases[0].aliasId", "aliases[0].number", "WEB-2026-0042"),
    ("order.associatedOrders[0].orderId", "associated[0].order", "026-0000001-0000009"),
    ("order.createdTime", "created_at", "2026-11-02T09:15:00Z"),
    ("order.lastUpdatedTime", "updated_at", "2026-11-03T16:30:01Z"),
    ("order.programs[1]", "programs[1]", "PREMIUM"),
    ("order.programs[0]", "order_kind", "b2b"),
    ("order.salesChannel.marketplaceId", "platform.marketplace", "A1F83G8C2ARO7P"),
    ("order.fulfillment.fulfillmentStatus", "state", "partly_shipped"),
    ("order.fulfillment.fulfilledBy", "fulfilled_by", "seller"),
    ("order.buyer.buyerCompanyName", "buyer.company", "Example Purchasing Ltd"),
    ("order.buyer.buyerPurchaseOrderNumber", "buyer_reference", "PO-77"),
    ("order.recipient.deliveryAddress.addressLine3", "recipient.address.street[2]", "Back yard"),
    ("order.recipient.deliveryAddress.postalCode", "recipient.address.postal_code", "BT3 9DT"),
    ("order.recipient.deliveryAddress.districtOrCounty", "recipient.address.district", "County Antrim"),
    ("order.recipient.deliveryAddress.phone", "recipient.contact.phone", "+44 1632 960001"),
    ("order.fulfillment.shipByWindow.latestDateTime", "ship_by.to", "2026-11-04T23:59:59Z"),
    ("order.fulfillment.deliverByWindow.earliestDateTime", "deliver_by.from", "2026-11-05T00:00:00Z"),
    ("order.proceeds.grandTotal.amount", "totals.grand.amount", "121.47"),
    ("order.proceeds.breakdowns[1].subtotal.amount", "totals.shipping.amount", "6.50"),
    ("order.proceeds.breakdowns[2].subtotal.amount", "totals.discount.amount", "-3.00"),
    ("order.proceeds.breakdowns[4].subtotal.amount", "charges[0].amount.amount", "2.00"),
    ("order.payment.paymentExecutions[0].paymentAmount.amount", "payments[0].amount.amount", "119.47"),
    (
        "order.tax.taxRegistrations[0].legalName",
        "tax_registrations[0].party.name",
        "Example Purchasing Limited",
    ),
    (
        "order.tax.taxRegistrations[0].taxRegistrationNumber",
        "tax_registrations[0].party.ids[0].value",
        "GB000000001",
    ),
    ("order.tax.taxRegistrations[0].taxRegistrationType", "tax_registrations[0].party.ids[0].scheme", "vat"),
    ("order.orderItems[0].orderItemId", "lines[line=00000000000011].line", "00000000000011"),
    ("order.orderItems[0].product.sellerSku", "lines[0].sku", "BAG-22"),
    ("order.orderItems[0].product.asin", "lines[0].platform_item", "B000000001"),
    ("order.orderItems[0].quantityOrdered", "lines[0].quantity.value", "3"),
    ("order.orderItems[0].fulfillment.quantityFulfilled", "lines[0].quantity_fulfilled.value", "2"),
    ("order.orderItems[0].fulfillment.quantityUnfulfilled", "lines[0].quantity_open.value", "1"),
    ("order.orderItems[0].product.price.unitPrice.amount", "lines[0].unit_price.amount", "31.99"),
    ("order.orderItems[0].proceeds.breakdowns[0].subtotal.amount", "lines[0].price.amount", "95.97"),
    (
        "order.orderItems[0].proceeds.breakdowns[2].subtotal.amount",
        "lines[0].charges[1].amount.amount",
        "19.99",
    ),
    (
        "order.orderItems[0].fulfillment.shipping.internationalShipping.iossNumber",
        "lines[0].tax_collections[0].number.value",
        "IM0000000001",
    ),
    ("order.orderItems[0].tax.taxCollections[0].model", "lines[0].tax_collections[0].collector", "platform"),
    (
        "order.orderItems[0].cancellation.cancellationExecution.cancelledBy",
        "lines[0].cancellation.executed_by",
        "AMAZON",
    ),
    ("order.packages[0].packageReferenceId", "shipment_refs[0]", "PKG-1"),
    (
        "order.packages[0].packageItems[0].transparencyCodes[1]",
        "extensions.amazon.packages[0].packageItems[0].transparencyCodes[1]",
        "T-0002",
    ),
];

#[test]
fn triples_hold() {
    assert_eq!(broken(amazon(), &complete(), "", "", TRIPLES), [""; 0]);
}

#[test]
fn nothing_empty_goes_without_a_word() {
    empties_come_back(
        amazon(),
        &complete(),
        &[
            // An order without its number is none.
            ("order.orderId", "no document"),
            // The order's currency is read of the total, and is written with its amount.
            ("order.proceeds.grandTotal.amount", "currency: Some(\"GBP\") against None"),
        ],
    );
}

#[test]
fn the_complete_order_comes_back() {
    assert_eq!(comes_back(amazon(), &complete()).1, Alone::Equal);
}

/// No leaf of the model is without a line: each is in the complete order, and nothing of that is left over.
#[test]
fn every_leaf_of_the_model_is_carried() {
    let [missing, canonical, extensions] = leaves(amazon(), &complete());
    assert_eq!(missing, [""; 0]);
    assert_eq!((canonical.len(), extensions.len()), (98, 74), "{extensions:#?}");
}

#[test]
fn the_vendors_examples_come_back() {
    let examples = vendor_examples();
    let equal = examples.iter().filter(|text| comes_back(amazon(), text).1 == Alone::Equal).count();
    assert!(examples.is_empty() || (examples.len(), equal) == (8, 1), "{equal} of {}", examples.len());
}

/// From the vendor's example of `getOrder`.
#[test]
fn triples_of_an_example_hold() {
    let triples: &[Triple] = &[
        ("order.orderId", "order_number", "202-1234567-8901234"),
        ("order.recipient.deliveryAddress.addressLine2", "recipient.address.street[1]", "Unit 4B"),
        ("order.recipient.deliveryAddress.stateOrRegion", "recipient.address.region", "England"),
        ("order.fulfillment.fulfillmentStatus", "state", "shipped"),
        ("order.salesChannel.channelName", "order_kind", "b2c"),
        ("order.proceeds.breakdowns[0].subtotal.amount", "totals.goods.amount", "89.97"),
        ("order.proceeds.breakdowns[2].subtotal.amount", "totals.tax.amount", "4.00"),
        ("order.orderItems[0].product.price.unitPrice.amount", "lines[0].unit_price.amount", "29.99"),
        ("order.orderItems[0].proceeds.breakdowns[0].subtotal.amount", "lines[0].price.amount", "89.97"),
        ("order.orderItems[0].proceeds.breakdowns[1].type", "lines[0].charges[0].code", "SHIPPING"),
        (
            "order.orderItems[0].fulfillment.shipping.internationalShipping.iossNumber",
            "lines[0].tax_collections[0].scheme",
            "ioss",
        ),
        (
            "order.orderItems[0].promotion.breakdowns[0].promotionId",
            "lines[0].discounts[0].code",
            "UK-BOXING-DAY-2024",
        ),
    ];
    let examples = vendor_examples();
    let Some(example) = examples.iter().find(|text| text.contains("202-1234567-8901234")) else { return };
    assert_eq!(broken(amazon(), example, "", "", triples), [""; 0]);
}

/// The price is of one. The API before this one gave the price of the line under a name much like it.
#[test]
fn a_unit_price_that_is_the_lines_is_found_out() {
    let codes = |from: &str, to: &str| {
        let text = complete().replace(from, to);
        let tree = amazon().read(&text);
        let findings = amazon().get(&tree).remove(0).findings;
        findings.into_iter().map(|finding| (finding.code.into_owned(), finding.path)).collect::<Vec<_>>()
    };
    let uneven = ("DG-E0608".to_owned(), Some("lines[line=00000000000011].price.amount".to_owned()));
    assert_eq!(codes("31.99", "95.97"), [uneven]);
    assert_eq!(codes("31.99", "31.993"), []);
}

#[test]
fn a_status_is_a_state_and_an_unknown_one_is_pending() {
    let state = |status: &str| {
        let text = complete().replace("PARTIALLY_SHIPPED", status);
        let tree = amazon().read(&text);
        let got = amazon().get(&tree).remove(0);
        let state = got.document.find("state").and_then(|node| got.document.tree().value(node));
        state.map(str::to_owned).unwrap_or_default()
    };
    let states =
        ["PENDING_AVAILABILITY", "PENDING", "UNSHIPPED", "SHIPPED", "CANCELLED", "UNFULFILLABLE", "NEW_ONE"];
    assert_eq!(states.map(state), ["pending", "pending", "open", "shipped", "cancelled", "held", "pending"]);
}

#[test]
fn a_page_is_its_orders_and_an_empty_one_none() {
    let text = complete();
    let tree = amazon().read(&text);
    let mut one = String::new();
    json::write_node(&tree, amazon().mapping.documents(&tree)[0], Style::Compact, &mut one);
    let count = |text: &str| amazon().get(&amazon().read(text)).len();
    let page =
        |orders: &str| format!("{{\"orders\": [{orders}], \"createdBefore\": \"2026-11-03T00:00:00Z\"}}");
    assert_eq!([count(&complete()), count(&one), count(&page(&one))], [1, 1, 1]);
    assert_eq!([count(&page(&format!("{one},{one}"))), count(&page("")), count("{}")], [2, 0, 0]);
}

/// Over the original, a null or an empty array makes room for what the document has.
#[test]
fn what_was_absent_can_be_given() {
    let text = r#"{"orders":[{"orderId":"1","programs":[],"buyer":null,"salesChannel":{"channelName":""},"x":[1]}],"y":2}"#;
    let tree = amazon().read(text);
    let got = amazon().get(&tree).remove(0);
    let text = canonical(&got.document).replace(
        "\"order_number\": \"1\"",
        "\"order_number\": \"2\", \"programs\": [\"PRIME\"], \"buyer\": {\"name\": \"Robin\"}, \
         \"extensions\": {\"amazon\": {\"channel\": \"AMAZON\", \"packages\": [{\"carrier\": \"Post\"}]}}",
    );
    let over = amazon().put_over(&document(&text), &tree, &got);
    assert_eq!(
        json::write(&over.tree, Style::Compact),
        r#"{"orders":[{"orderId":"2","programs":["PRIME"],"buyer":{"buyerName":"Robin"},"salesChannel":{"channelName":"AMAZON"},"packages":[{"carrier":"Post"}],"x":[1]}],"y":2}"#
    );
}

/// The case finds every line that is left out and every two that are swapped.
#[test]
fn planted_faults_are_found() {
    let case = file("adapters/amazon/cases/complete.json").unwrap();
    let finds = |mapped: &Mapped| {
        let message = complete();
        mapped.get(&mapped.read(&message)).first().is_none_or(|got| canonical(&got.document) != case)
    };
    assert_eq!(faults::unfound("amazon/order", &finds), [""; 0]);
}
