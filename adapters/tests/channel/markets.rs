//! The platforms that are data alone: what they ask, how they go on from page to page, and what failures mean.

use dragoman_channel::{Before, Cursor, Grant, Next, Outcome, Plan, Stream, Values};
use dragoman_exchange::ErrorClass;

use crate::{answer, at, channel, failure, json, outcome, request};

const NOW: &str = "2026-11-22T12:00:00Z";

fn account() -> Values {
    Values::new()
        .with("account.client_id", "77")
        .with("account.client_secret", "hidden")
        .with("account.refresh_token", "r1")
        .with("account.shop_id", "9")
        .with("account.host", "shop.example")
        .with("order.id", "5")
}

/// The address that reads the page after an answer; none after the last.
fn next(adapter: &str, body: &str) -> (String, Option<String>) {
    let channel = channel(adapter);
    let stream: &Stream = channel.stream("orders").unwrap();
    let cursor = Cursor { swept_at: Some(at(NOW)), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
    let Plan::Read(window) = stream.plan(&cursor, at(NOW)) else { panic!("{adapter}: it rests") };
    let url = |window: &dragoman_channel::Window| {
        let mut values = account();
        stream.fill(window, &mut values);
        request(&channel, stream.operation(window), &values, None).url
    };
    let page = stream.page(&window, &answer(200, &[], body)).unwrap();
    let then = match page.next {
        Next::More(window) => Some(url(&window)),
        _ => None,
    };
    (url(&window), then)
}

#[test]
fn pages_are_counted_where_no_answer_names_a_place() {
    let order = "{\"id\":1}";
    let full = format!("[{}]", vec![order; 100].join(","));
    let (first, second) = next("woocommerce", &full);
    assert!(first.contains("dates_are_gmt=true") && !first.contains("&page="), "{first}");
    assert!(second.unwrap().contains("&page=2"));
    assert_eq!(next("woocommerce", "[{\"id\":1}]").1, None);
    assert_eq!(next("woocommerce", "[]").1, None);
}

#[test]
fn items_are_counted_up_to_their_total() {
    let (first, second) = next("ebay", "{\"total\":2,\"orders\":[{\"orderId\":\"1\"}]}");
    assert!(first.contains("filter=lastmodifieddate%3A%5B2026-11-22T10%3A55%3A00.000Z.."), "{first}");
    assert!(second.unwrap().ends_with("limit=200&offset=1"));
    assert_eq!(next("ebay", "{\"total\":1,\"orders\":[{\"orderId\":\"1\"}]}").1, None);
    // A page without orders ends a list whose total is wrong.
    assert_eq!(next("mercadolibre", "{\"paging\":{\"total\":9},\"results\":[]}").1, None);
}

#[test]
fn a_place_that_is_a_whole_query_goes_out_as_it_came() {
    let page = |cursor: &str| {
        format!("{{\"list\":{{\"meta\":{{\"nextCursor\":\"{cursor}\"}},\"elements\":{{\"order\":[]}}}}}}")
    };
    let (_, second) = next("walmart", &page("?limit=10&soIndex=31&createdEndDate=2019-09-17T18:47:03.703Z"));
    let wanted = "/v3/orders?limit=10&soIndex=31&createdEndDate=2019-09-17T18:47:03.703Z";
    assert!(second.as_ref().unwrap().ends_with(wanted), "{second:?}");
    // What is no query begins nothing else.
    let (first, second) = next("walmart", &page("?a=b c#d"));
    assert_eq!(second, Some(first));
}

#[test]
fn failures_inside_200_are_failures() {
    let shopee = channel("shopee");
    let of = |error: &str| {
        let body = format!("{{\"error\":\"{error}\",\"message\":\"m\",\"response\":{{}}}}");
        failure(&shopee, "list_orders", &answer(200, &[], &body)).class
    };
    assert_eq!(of("error_rate_limit"), ErrorClass::RateLimited);
    assert_eq!(of("error_limit"), ErrorClass::QuotaDayExhausted);
    assert_eq!(of("order.order_list_invalid_time"), ErrorClass::WindowTooLarge);
    assert_eq!(of("error_auth"), ErrorClass::AuthExpired);
    assert_eq!(of("error_param"), ErrorClass::InvalidRequest);
    let good = answer(200, &[], "{\"error\":\"\",\"message\":\"\",\"response\":{\"order_list\":[]}}");
    assert!(matches!(outcome(&shopee, "list_orders", &good), Outcome::Done(_)));

    let tiktok = channel("tiktok");
    let of = |body: &str| failure(&tiktok, "get_order", &answer(200, &[], body)).class;
    assert_eq!(of("{\"code\":105002,\"message\":\"expired\"}"), ErrorClass::AuthExpired);
    assert_eq!(of("{\"code\":36009004,\"message\":\"wrong\"}"), ErrorClass::InvalidRequest);
    assert_eq!(of("{\"code\":0,\"data\":{\"orders\":[]}}"), ErrorClass::NotFound);

    let vendure = channel("vendure");
    let of = |operation: &str, body: &str| failure(&vendure, operation, &answer(200, &[], body)).class;
    let denied = "{\"errors\":[{\"extensions\":{\"code\":\"FORBIDDEN\"}}],\"data\":null}";
    assert_eq!(of("list_orders", denied), ErrorClass::AuthExpired);
    let again = "{\"data\":{\"addFulfillmentToOrder\":{\"errorCode\":\"ITEMS_ALREADY_FULFILLED_ERROR\"}}}";
    let done = outcome(&vendure, "ship", &answer(200, &[], again));
    let is_done = match &done {
        Outcome::Done(_) => true,
        Outcome::Failed(failure) => failure.class == ErrorClass::AlreadyDone,
        Outcome::Unknown(_) => false,
    };
    assert!(is_done, "{done:?}");
}

#[test]
fn tokens_come_by_operations_of_the_counterparts_own() {
    let now = at(NOW);
    let shopee = channel("shopee");
    let mut asked = shopee.token_request(Grant::Refresh, &account()).unwrap();
    let base = shopee.sign(&mut asked, &account(), now).unwrap().unwrap().base;
    assert_eq!(base, format!("77/api/v2/auth/access_token/get{}", now.as_second()));
    assert_eq!(json(&asked)["refresh_token"], "r1");
    let body = "{\"access_token\":\"a2\",\"refresh_token\":\"r2\",\"expire_in\":14400,\"error\":\"\"}";
    let token = shopee.token(&answer(200, &[], body), now).unwrap();
    assert_eq!((&*token.access, token.refresh.as_deref()), ("a2", Some("r2")));
    assert_eq!(token.expires_at.duration_since(now).as_hours(), 4);
    let refused = "{\"error\":\"error_param\",\"message\":\"invalid refresh_token\"}";
    let refused = shopee.token(&answer(200, &[], refused), now).unwrap_err();
    assert_eq!(refused.class, ErrorClass::AuthRevoked);

    let tiktok = channel("tiktok");
    let mut asked = tiktok.token_request(Grant::Refresh, &account()).unwrap();
    assert_eq!(tiktok.sign(&mut asked, &account(), now).unwrap(), None);
    assert!(asked.url.starts_with("https://auth.tiktok-shops.com/"), "{}", asked.url);
    // The end of its life is a moment here.
    let end = now.as_second() + 3600;
    let body = format!("{{\"code\":0,\"data\":{{\"access_token\":\"a\",\"access_token_expire_in\":{end}}}}}");
    let token = tiktok.token(&answer(200, &[], &body), now).unwrap();
    assert_eq!(token.expires_at.duration_since(now).as_hours(), 1);

    let vendure = channel("vendure");
    let asked = vendure.token_request(Grant::Client, &account()).unwrap();
    assert_eq!(json(&asked)["variables"]["username"], "77");
    let body = "{\"data\":{\"login\":{\"id\":\"1\"}}}";
    let given = answer(200, &[("vendure-auth-token", "v1")], body);
    assert_eq!(vendure.token(&given, now).unwrap().access, "v1");
}

#[test]
fn a_parcel_is_looked_for_before_it_is_told() {
    let parcel = account().with("shipment.tracking_number", "T-1").with("shipment.carrier", "DHL");
    for (adapter, there) in [
        ("woocommerce", "[{\"note\":\"DHL T-1\"}]"),
        ("ebay", "{\"fulfillments\":[{\"shipmentTrackingNumber\":\"T-1\"}]}"),
        ("allegro", "{\"shipments\":[{\"waybill\":\"T-1\"}]}"),
        ("etsy", "{\"shipments\":[{\"tracking_code\":\"T-1\"}]}"),
        ("vendure", "{\"data\":{\"order\":{\"id\":\"5\",\"fulfillments\":[{\"trackingCode\":\"T-1\"}]}}}"),
        ("shopee", "{\"response\":{\"tracking_number\":\"T-1\"}}"),
        ("tiktok", "{\"code\":0,\"data\":{\"orders\":[{\"line_items\":[{\"tracking_number\":\"T-1\"}]}]}}"),
    ] {
        let channel = channel(adapter);
        let first = channel.operation("ship").unwrap().first.clone().unwrap();
        assert_eq!(first.read(&answer(200, &[], there), &parcel), Before::AlreadyDone, "{adapter}");
        let other = there.replace("T-1", "T-2");
        assert!(matches!(first.read(&answer(200, &[], &other), &parcel), Before::Open(_)), "{adapter}");
    }
}
