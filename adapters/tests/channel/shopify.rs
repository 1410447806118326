//! Shopify: GraphQL with failures inside 200, a budget of points, signed webhooks, parcels by fulfilment orders.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_adapters::{Catalogue, Data, receive};
use dragoman_channel::{Before, Cursor, Next, Outcome, Plan, Values};
use dragoman_exchange::ErrorClass;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::Sha256;

use crate::{answer, at, channel, failure, json, outcome, request};

fn account() -> Values {
    Values::new()
        .with("account.shop", "example-shop")
        .with("account.access_token", "shpat_1")
        .with("account.client_secret", "new")
        .with("account.old_client_secret", "old")
}

#[test]
fn a_query_goes_out_with_the_shops_token() {
    let shopify = channel("shopify");
    let values = account().with("order.id", "gid://shopify/Order/1");
    let mut asked = request(&shopify, "get_order", &values, None);
    shopify.settings.auth.authorise(&mut asked, &values, None).unwrap();
    assert_eq!(asked.url, "https://example-shop.myshopify.com/admin/api/2026-10/graphql.json");
    assert_eq!(asked.header("x-shopify-access-token"), Some("shpat_1"));
    assert_eq!(asked.header("content-type"), Some("application/json"));
    assert_eq!(json(&asked)["variables"]["id"], "gid://shopify/Order/1");
}

/// Brackets match, every fragment that is used is there once, and every variable is declared and given.
#[test]
fn the_queries_are_well_formed() {
    let shopify = channel("shopify");
    for operation in &shopify.operations {
        let query = operation.graphql.as_deref().unwrap();
        let count = |what: &str| query.matches(what).count();
        assert_eq!((count("{"), count("(")), (count("}"), count(")")), "{}", &*operation.name);
        for fragment in query.split("...").skip(1) {
            let name = fragment.split(|letter: char| !letter.is_alphanumeric()).next().unwrap();
            assert_eq!(count(&format!("fragment {name} on ")), 1, "{name}");
        }
        for variable in query.split('$').skip(1) {
            let name: String = variable.chars().take_while(|letter| letter.is_alphanumeric()).collect();
            let head = query.split('{').next().unwrap();
            assert!(head.contains(&format!("${name}: ")), "{name} is not declared");
            assert!(
                format!("{:?}", operation.variables).contains(&format!("\"{name}\"")),
                "{name} is not given"
            );
        }
    }
}

/// What the mapping reads is asked for: the published case of an order has no member that the query leaves out, but for
/// what is deprecated.
#[test]
fn the_query_asks_for_what_the_mapping_reads() {
    let text = include_str!("../../shopify/cases/complete.in");
    let case: serde_json::Value = serde_json::from_str(text).unwrap();
    let shopify = channel("shopify");
    let query = shopify.operation("get_order").unwrap().graphql.clone().unwrap();
    let words: Vec<_> = query.split(|letter: char| !letter.is_alphanumeric()).collect();
    let mut names = Vec::new();
    members(&case["data"]["order"], &mut names);
    // `shippingLine` is the first of `shippingLines`; discounts stand in the lines' own amounts.
    let left_out = ["shippingLine", "discountApplications", "discountAllocations", "discountApplication"];
    let left_out =
        left_out.iter().chain(&["index", "allocationMethod", "targetSelection", "targetType", "value"]);
    let left_out: Vec<_> = left_out.chain(&["percentage", "allocatedAmountSet"]).collect();
    for name in names {
        assert!(words.contains(&&*name) || left_out.contains(&&&*name), "{name} is not asked for");
    }
}

fn members(value: &serde_json::Value, names: &mut Vec<String>) {
    match value {
        serde_json::Value::Object(object) => {
            for (name, member) in object {
                names.push(name.clone());
                members(member, names);
            }
        }
        serde_json::Value::Array(items) => items.iter().for_each(|item| members(item, names)),
        _ => {}
    }
}

fn errors(code: &str, message: &str) -> String {
    format!(r#"{{"errors":[{{"message":"{message}","extensions":{{"code":"{code}"}}}}]}}"#)
}

#[test]
fn failures_inside_200_have_their_class() {
    let shopify = channel("shopify");
    let class = |status, body: &str| failure(&shopify, "get_order", &answer(status, &[], body)).class;
    assert_eq!(class(200, &errors("THROTTLED", "Throttled")), ErrorClass::RateLimited);
    assert_eq!(
        class(200, &errors("ACCESS_DENIED", "Access denied for orders field.")),
        ErrorClass::AuthRevoked
    );
    let withheld = "This app is not approved to access the Customer object. See https://shopify.dev/docs/apps/launch/protected-customer-data for more details.";
    assert_eq!(class(200, &errors("ACCESS_DENIED", withheld)), ErrorClass::ForbiddenPii);
    assert_eq!(class(200, &errors("INTERNAL_SERVER_ERROR", "x")), ErrorClass::Transient);
    assert_eq!(class(200, &errors("undefinedField", "x")), ErrorClass::InvalidRequest);
    assert_eq!(class(200, r#"{"data":{"order":null},"extensions":{}}"#), ErrorClass::NotFound);
    assert_eq!(class(401, r#"{"errors":"[API] Invalid API key or access token"}"#), ErrorClass::AuthRevoked);
    assert_eq!(class(402, "{}"), ErrorClass::AuthRevoked);
    assert_eq!(class(429, "{}"), ErrorClass::RateLimited);
    assert_eq!(class(502, "<html>"), ErrorClass::Transient);
    assert_eq!(class(200, "<html>captive portal"), ErrorClass::Transient);
    let failed = failure(&shopify, "get_order", &answer(401, &[], r#"{"errors":"[API] Invalid API key"}"#));
    assert_eq!(failed.message.as_deref(), Some("[API] Invalid API key"));
}

#[test]
fn the_bucket_says_how_long_to_wait() {
    let shopify = channel("shopify");
    let cost = |available: u32| {
        format!(
            r#""extensions":{{"cost":{{"requestedQueryCost":520,"actualQueryCost":null,"throttleStatus":{{"maximumAvailable":2000.0,"currentlyAvailable":{available},"restoreRate":100.0}}}}}}"#
        )
    };
    let throttled = format!(
        r#"{{"errors":[{{"message":"Throttled","extensions":{{"code":"THROTTLED"}}}}],{}}}"#,
        cost(20)
    );
    let failed = failure(&shopify, "list_orders", &answer(200, &[], &throttled));
    assert_eq!(failed.wait, Some(SignedDuration::from_secs(5)));
    // After a success, the next query of the same size waits as well.
    let list = shopify.operation("list_orders").unwrap();
    let limit = shopify.limits_of(list).next().unwrap();
    let done = |available| answer(200, &[], &format!(r#"{{"data":{{}},{}}}"#, cost(available)));
    assert_eq!(limit.learned(&done(320)).pause, Some(SignedDuration::from_secs(2)));
    assert_eq!(limit.learned(&done(1480)).pause, None);
}

#[test]
fn a_list_names_orders_and_each_is_fetched() {
    let shopify = channel("shopify");
    let stream = shopify.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let cursor = Cursor { swept_at: Some(now), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
    let Plan::Read(window) = stream.plan(&cursor, now) else { panic!() };
    let mut values = account();
    stream.fill(&window, &mut values);
    let asked = request(&shopify, stream.operation(&window), &values, None);
    let variables = &json(&asked)["variables"];
    assert_eq!(
        variables["query"],
        "updated_at:>='2026-11-22T10:55:00Z' AND updated_at:<='2026-11-22T11:59:50Z'"
    );
    assert!(variables.get("after").is_none());
    let body = |more: bool| {
        format!(
            r#"{{"data":{{"orders":{{"nodes":[{{"id":"gid://shopify/Order/1","updatedAt":"u"}}],"pageInfo":{{"hasNextPage":{more},"endCursor":"c1"}}}}}}}}"#
        )
    };
    assert!(matches!(outcome(&shopify, "list_orders", &answer(200, &[], &body(true))), Outcome::Done(_)));
    let page = stream.page(&window, &answer(200, &[], &body(true))).unwrap();
    assert_eq!((&*page.items[0].id, page.items[0].whole), ("gid://shopify/Order/1", false));
    let Next::More(second) = page.next else { panic!() };
    stream.fill(&second, &mut values);
    let asked = request(&shopify, stream.operation(&second), &values, None);
    assert_eq!(json(&asked)["variables"]["after"], "c1");
    // The last page has a cursor as well.
    assert_eq!(
        stream.page(&second, &answer(200, &[], &body(false))).unwrap().next,
        Next::End(at("2026-11-22T11:59:50Z"))
    );
}

#[test]
fn the_answer_to_the_query_of_an_order_is_an_order() {
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let body = include_bytes!("../../shopify/cases/complete.in");
    let shopify = channel("shopify");
    let text = std::str::from_utf8(body).unwrap();
    assert!(matches!(outcome(&shopify, "get_order", &answer(200, &[], text)), Outcome::Done(_)));
    let message = catalogue.message("shopify/order").unwrap();
    let mut orders = Vec::new();
    receive(&catalogue, &message, body, &mut |received| orders.push(received.got.is_some()));
    assert_eq!(orders, [true]);
}

const OPEN: &str = r#"{"data":{"order":{"id":"gid://shopify/Order/1","fulfillments":[{"trackingInfo":[{"number":"TRACK 0"}]}],
"fulfillmentOrders":{"nodes":[
{"id":"gid://shopify/FulfillmentOrder/8","status":"CLOSED","lineItems":{"nodes":[{"id":"gid://shopify/FulfillmentOrderLineItem/80","remainingQuantity":0,"lineItem":{"id":"gid://shopify/LineItem/11"}}]}},
{"id":"gid://shopify/FulfillmentOrder/9","status":"OPEN","lineItems":{"nodes":[{"id":"gid://shopify/FulfillmentOrderLineItem/90","remainingQuantity":2,"lineItem":{"id":"gid://shopify/LineItem/11"}}]}}]}}}}"#;

fn parcel(tracking: &str) -> Values {
    let mut values = account()
        .with("order.id", "gid://shopify/Order/1")
        .with("shipment.tracking_number", tracking)
        .with("shipment.carrier_name", "DHL");
    let line = Values::new().with("id", "11").with("quantity", "2");
    values.set_list("shipment.lines", vec![line]);
    values
}

#[test]
fn a_parcel_is_told_by_the_parts_of_fulfilment_orders_and_only_once() {
    let shopify = channel("shopify");
    let ship = shopify.operation("ship").unwrap();
    let first = ship.first.as_ref().unwrap();
    let open = answer(200, &[], OPEN);
    assert_eq!(first.read(&open, &parcel("TRACK 0")), Before::AlreadyDone);
    let Before::Open(shared) = first.read(&open, &parcel("TRACK 1")) else { panic!() };
    let mut values = parcel("TRACK 1");
    values.extend(&shared);
    let sent = request(&shopify, "ship", &values, None);
    let expected: serde_json::Value = serde_json::from_str(
        r#"{"notifyCustomer":true,"trackingInfo":{"company":"DHL","number":"TRACK 1"},"lineItemsByFulfillmentOrder":[
        {"fulfillmentOrderId":"gid://shopify/FulfillmentOrder/9","fulfillmentOrderLineItems":[{"id":"gid://shopify/FulfillmentOrderLineItem/90","quantity":2}]}]}"#,
    )
    .unwrap();
    assert_eq!(json(&sent)["variables"]["fulfillment"], expected);
}

#[test]
fn what_a_parcel_is_refused_for_comes_inside_200() {
    let shopify = channel("shopify");
    let refused = r#"{"data":{"fulfillmentCreate":{"fulfillment":null,"userErrors":[{"field":["fulfillment"],"message":"Invalid fulfillment order line item quantity requested."}]}}}"#;
    let failed = failure(&shopify, "ship", &answer(200, &[], refused));
    assert_eq!(failed.class, ErrorClass::InvalidRequest);
    assert_eq!(failed.message.as_deref(), Some("Invalid fulfillment order line item quantity requested."));
    let done = r#"{"data":{"fulfillmentCreate":{"fulfillment":{"id":"gid://shopify/Fulfillment/5","status":"SUCCESS"},"userErrors":[]}}}"#;
    let Outcome::Done(given) = outcome(&shopify, "ship", &answer(200, &[], done)) else { panic!() };
    assert_eq!(given.get("shipment.platform_id"), Some("gid://shopify/Fulfillment/5"));
    // It may have been told: it is asked for, not told again.
    for open in
        [answer(502, &[], ""), answer(200, &[], ""), answer(200, &[], &errors("INTERNAL_SERVER_ERROR", "x"))]
    {
        assert!(matches!(outcome(&shopify, "ship", &open), Outcome::Unknown(_)), "{open:?}");
    }
}

fn signed(secret: &str, topic: &str, body: &[u8]) -> Vec<(String, String)> {
    let code = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap().chain_update(body).finalize();
    let code = STANDARD.encode(code.into_bytes());
    let headers =
        [("x-shopify-hmac-sha256", &*code), ("x-shopify-topic", topic), ("x-shopify-event-id", "e-1")];
    headers.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec()
}

#[test]
fn a_webhook_is_a_hint_to_fetch_the_order() {
    let shopify = channel("shopify");
    let hook = shopify.webhook("events").unwrap();
    let body =
        br#"{"id":820982911946154508,"admin_graphql_api_id":"gid://shopify/Order/820982911946154508"}"#;
    // While the secret is changed, both are good.
    for secret in ["new", "old"] {
        let hint = hook.read(&signed(secret, "orders/updated", body), body, &account()).unwrap();
        assert_eq!(hint.id.as_deref(), Some("e-1"));
        assert_eq!(hint.values.get("order.id"), Some("gid://shopify/Order/820982911946154508"));
        assert_eq!(hint.on.unwrap().fetch.as_deref(), Some("get_order"));
    }
    assert!(hook.read(&signed("other", "orders/updated", body), body, &account()).is_err());
    let erase = hook.read(&signed("new", "customers/redact", b"{}"), b"{}", &account()).unwrap();
    assert!(erase.on.unwrap().person.is_some());
}
