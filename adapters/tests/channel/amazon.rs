//! Amazon: requests against Amazon's own models, answers as they show them.

use dragoman_adapters::{Catalogue, Data, receive};
use dragoman_channel::{By, Cursor, Grant, Next, Outcome, Plan, Request, Values};
use dragoman_exchange::ErrorClass;
use dragoman_samples::sample;
use jiff::SignedDuration;
use serde_json::Value;

use crate::{answer, at, channel, failure, json, outcome, request};

pub fn account() -> Values {
    Values::new()
        .with("account.region", "eu")
        .with("account.marketplaces", "A1PA6795UKMFR9,A1F83G8C2ARO7P")
        .with("account.client_id", "amzn1.application")
        .with("account.client_secret", "secret")
        .with("account.refresh_token", "Atzr|1")
}

fn query(request: &Request) -> Vec<(String, String)> {
    let query = request.url.split_once('?').unwrap().1;
    let decoded = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8().unwrap().into_owned();
    query
        .split('&')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (decoded(name), decoded(value)))
        .collect()
}

/// The parameters of an operation of a model, by path and method.
fn parameters(model: &str, path: &str, method: &str) -> Option<Vec<Value>> {
    let text = std::fs::read_to_string(sample(&format!("marketplaces/amazon/{model}"))?).unwrap();
    let model: Value = serde_json::from_str(&text).unwrap();
    let operation = model.get("paths")?.get(path)?.get(method)?;
    operation.get("parameters")?.as_array().cloned()
}

fn window(by: By) -> (Values, Request) {
    let amazon = channel("amazon");
    let stream = amazon.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let mut cursor = Cursor::new(at("2026-11-22T11:00:00Z"));
    if by == By::Updated {
        cursor.swept_at = Some(now);
    }
    let Plan::Read(window) = stream.plan(&cursor, now) else { panic!() };
    assert_eq!(window.by, by);
    let mut values = account();
    stream.fill(&window, &mut values);
    let asked = request(&amazon, stream.operation(&window), &values, None);
    (values, asked)
}

#[test]
fn an_access_token_comes_from_the_sellers_refresh_token() {
    let amazon = channel("amazon");
    let asked = amazon.token_request(Grant::Refresh, &account()).unwrap();
    assert_eq!(asked.url, "https://api.amazon.com/auth/o2/token");
    let body = std::str::from_utf8(asked.bytes()).unwrap();
    assert!(body.ends_with("grant_type=refresh_token&refresh_token=Atzr%7C1"), "{body}");
    let (values, mut listed) = window(By::Updated);
    amazon.settings.auth.authorise(&mut listed, &values, Some("Atza|2")).unwrap();
    assert_eq!(listed.header("x-amz-access-token"), Some("Atza|2"));
    assert!(listed.url.starts_with("https://sellingpartnerapi-eu.amazon.com/orders/2026-01-01/orders?"));
}

/// Exactly one of the two begins is given, and an end only of the same kind (the model says so in prose).
#[test]
fn a_window_begins_by_update_or_by_creation_never_by_both() {
    for (by, given, other) in
        [(By::Updated, "lastUpdated", "created"), (By::Created, "created", "lastUpdated")]
    {
        let (_, asked) = window(by);
        let names: Vec<_> = query(&asked).into_iter().map(|(name, _)| name).collect();
        assert!(names.contains(&format!("{given}After")), "{names:?}");
        assert!(!names.iter().any(|name| name.starts_with(other)), "{names:?}");
        // Where no end is given, the answer says it: it cannot be too young then.
        assert!(!names.contains(&format!("{given}Before")), "{names:?}");
    }
}

/// Every parameter that is sent is one of the model's, with a value that the model allows.
#[test]
fn the_model_knows_every_parameter() {
    let Some(known) = parameters("orders_2026-01-01.json", "/orders/2026-01-01/orders", "get") else {
        return;
    };
    for by in [By::Updated, By::Created] {
        let (_, asked) = window(by);
        for (name, value) in query(&asked) {
            let parameter = known.iter().find(|one| one["name"] == *name).unwrap_or_else(|| panic!("{name}"));
            if let Some(allowed) = parameter["items"]["enum"].as_array() {
                assert!(value.split(',').all(|one| allowed.contains(&Value::from(one))), "{name}: {value}");
            }
            if parameter["format"] == "date-time" {
                assert!(value.ends_with('Z') && value.len() == 20, "{name}: {value}");
            }
        }
    }
}

#[test]
fn the_rates_are_those_of_the_model() {
    let Some(path) = sample("marketplaces/amazon/orders_2026-01-01.json") else { return };
    let text = std::fs::read_to_string(path).unwrap();
    let model: Value = serde_json::from_str(&text).unwrap();
    let amazon = channel("amazon");
    let usage =
        [("list_orders", "/orders/2026-01-01/orders"), ("get_order", "/orders/2026-01-01/orders/{orderId}")];
    for (operation, path) in usage {
        let prose = model["paths"][path]["get"]["description"].as_str().unwrap();
        let row = prose.lines().find(|line| line.starts_with("| 0")).unwrap_or_else(|| panic!("{prose}"));
        let mut cells = row.split('|').map(str::trim).filter(|cell| !cell.is_empty());
        let (rate, burst): (&str, u32) = (cells.next().unwrap(), cells.next().unwrap().parse().unwrap());
        let limit = amazon.limits_of(amazon.operation(operation).unwrap()).next().unwrap();
        let learned = limit.learned(&answer(200, &[("x-amzn-RateLimit-Limit", rate)], ""));
        assert_eq!((learned.rate, limit.burst), (Some(limit.rate), burst), "{operation}");
    }
    // Prism and the model's own examples have words there.
    let limit = amazon.limits_of(amazon.operation("list_orders").unwrap()).next().unwrap();
    assert_eq!(limit.learned(&answer(200, &[("x-amzn-RateLimit-Limit", "string")], "")).rate, None);
    assert!(limit.rate.interval > SignedDuration::from_secs(178));
}

#[test]
fn the_echoed_end_is_the_next_begin_and_the_last_page_has_no_pagination() {
    let amazon = channel("amazon");
    let stream = amazon.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let cursor = Cursor { swept_at: Some(now), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
    let Plan::Read(window) = stream.plan(&cursor, now) else { panic!() };
    let first = r#"{"orders":[{"orderId":"1","lastUpdatedTime":"t","fulfillment":{"fulfillmentStatus":"PENDING"}}],"pagination":{"nextToken":"n1"},"lastUpdatedBefore":"2026-11-22T11:57:58.500Z"}"#;
    let page = stream.page(&window, &answer(200, &[], first)).unwrap();
    assert!(page.items[0].whole && !page.items[0].shown.ended, "a pending order is read again");
    let Next::More(second) = &page.next else { panic!() };
    let mut values = account();
    stream.fill(second, &mut values);
    let mut asked = query(&request(&amazon, "list_orders", &values, None));
    // All other parameters stay the same.
    let mut without = account();
    stream.fill(&window, &mut without);
    let mut expected = query(&request(&amazon, "list_orders", &without, None));
    expected.push(("paginationToken".into(), "n1".into()));
    expected.sort();
    asked.sort();
    assert_eq!(asked, expected);
    let last = r#"{"orders":[],"lastUpdatedBefore":"2026-11-22T11:58:30Z"}"#;
    let last = stream.page(second, &answer(200, &[], last)).unwrap();
    assert_eq!(stream.after(&cursor, second, &last).since, at("2026-11-22T11:57:58.500Z"));
    // A mock gives the same token for ever.
    let Next::More(third) = stream.page(second, &answer(200, &[], &first.replace("n1", "n2"))).unwrap().next
    else {
        panic!()
    };
    assert_eq!(stream.page(&third, &answer(200, &[], first)).unwrap().next, Next::Repeated);
}

/// The model's own example of an answer is a page.
#[test]
fn the_models_example_is_a_page() {
    let Some(path) = sample("marketplaces/amazon/orders_2026-01-01.json") else { return };
    let model: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let example = &model["paths"]["/orders/2026-01-01/orders"]["get"]["responses"]["200"]["examples"]["application/json"];
    assert!(example.is_object());
    let amazon = channel("amazon");
    let stream = amazon.stream("orders").unwrap();
    let now = at("2026-11-22T12:00:00Z");
    let cursor = Cursor { swept_at: Some(now), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
    let Plan::Read(window) = stream.plan(&cursor, now) else { panic!() };
    let page = stream.page(&window, &answer(200, &[], &example.to_string())).unwrap();
    assert_eq!(page.items.len(), example["orders"].as_array().unwrap().len());
    assert!(page.items.iter().all(|item| item.whole && item.updated.is_some()));
    assert!(serde_json::from_slice::<Value>(&page.items[0].shown.bytes).unwrap() == example["orders"][0]);
    // What is on a page is what the mapping reads.
    let catalogue = Catalogue::new(Data::embedded()).unwrap();
    let message = catalogue.message("amazon/order").unwrap();
    for item in &page.items {
        let mut orders = Vec::new();
        receive(&catalogue, &message, &item.shown.bytes, &mut |received| orders.push(received.got.is_some()));
        assert_eq!(orders, [true], "{}", item.id);
    }
}

fn error(code: &str, message: &str) -> String {
    format!(r#"{{"errors":[{{"code":"{code}","message":"{message}","details":""}}]}}"#)
}

#[test]
fn errors_have_their_class() {
    let amazon = channel("amazon");
    let failed = |status, code: &str, message: &str| {
        failure(&amazon, "list_orders", &answer(status, &[], &error(code, message)))
    };
    let quota = failed(429, "QuotaExceeded", "You exceeded your quota for the requested resource.");
    assert_eq!((quota.class, quota.wait), (ErrorClass::RateLimited, Some(SignedDuration::from_secs(60))));
    assert_eq!(
        failed(403, "Unauthorized", "Access to requested resource is denied.").class,
        ErrorClass::AuthExpired
    );
    assert_eq!(failed(401, "Unauthorized", "x").class, ErrorClass::AuthExpired);
    assert_eq!(
        failed(400, "InvalidInput", "Invalid value for createdAfter").class,
        ErrorClass::InvalidRequest
    );
    assert_eq!(
        failed(400, "InvalidInput", "The PaginationToken has expired").class,
        ErrorClass::CursorExpired
    );
    assert_eq!(failed(404, "NotFound", "x").class, ErrorClass::NotFound);
    assert_eq!(failed(503, "InternalFailure", "x").class, ErrorClass::Transient);
    assert_eq!(failed(500, "InternalFailure", "x").message.as_deref(), Some("x"));
}

pub fn parcel() -> Values {
    let mut values = account()
        .with("order.id", "902-1106328-1059050")
        .with("order.marketplace", "ATVPDKIKX0DER")
        .with("shipment.number", "1")
        .with("shipment.carrier", "FedEx")
        .with("shipment.tracking_number", "112345678")
        .with("shipment.shipped_at", "2026-11-21T01:00:00Z");
    let line = Values::new().with("id", "79039765272157").with("quantity", "1");
    values.set_list("shipment.lines", vec![line]);
    values
}

#[test]
fn a_parcel_is_confirmed_as_the_model_wants_it() {
    let amazon = channel("amazon");
    let sent = request(&amazon, "ship", &parcel(), None);
    assert!(sent.url.ends_with("/orders/v0/orders/902-1106328-1059050/shipmentConfirmation"));
    let body = json(&sent);
    let expected = r#"{"marketplaceId":"ATVPDKIKX0DER","packageDetail":{"packageReferenceId":"1","carrierCode":"FedEx","trackingNumber":"112345678","shipDate":"2026-11-21T01:00:00Z","orderItems":[{"orderItemId":"79039765272157","quantity":1}]}}"#;
    assert_eq!(body, serde_json::from_str::<Value>(expected).unwrap());
    assert!(matches!(outcome(&amazon, "ship", &answer(204, &[], "")), Outcome::Done(_)));
    // The parcel's number makes it the same parcel: sending it again is no second one.
    assert_eq!(failure(&amazon, "ship", &answer(504, &[], "")).class, ErrorClass::Transient);
    let Some(path) = sample("marketplaces/amazon/ordersV0.json") else { return };
    let model: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let required = model["definitions"]["PackageDetail"]["required"].as_array().unwrap();
    let detail = body["packageDetail"].as_object().unwrap();
    assert!(required.iter().all(|name| detail.contains_key(name.as_str().unwrap())), "{required:?}");
    let known = model["definitions"]["PackageDetail"]["properties"].as_object().unwrap();
    assert!(detail.keys().all(|name| known.contains_key(name)));
}
