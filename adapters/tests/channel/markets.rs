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
        .with("account.market", "sg")
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

/// A list that goes no further than its 5000th order is left before that; the window is halved then.
#[test]
fn a_list_that_ends_too_early_is_read_in_parts() {
    let body = |ids: &str| format!("{{\"code\":\"0\",\"data\":{{\"countTotal\":9000,\"orders\":[{ids}]}}}}");
    let one = "{\"order_id\":303147148000001,\"updated_at\":\"2026-11-02 17:20:11 +0800\"}";
    let (first, second) = next("lazada", &body(&vec![one; 100].join(",")));
    assert!(
        first.contains("update_after=2026-11-22T18%3A50%3A00%2B08%3A00") && first.contains("&offset=0"),
        "{first}"
    );
    assert!(second.unwrap().contains("&offset=100&"));
    let channel = channel("lazada");
    let stream = channel.stream("orders").unwrap();
    let mut cursor = Cursor { swept_at: Some(at(NOW)), ..Cursor::new(at("2026-11-12T11:00:00Z")) };
    for page in 1..=50 {
        let Plan::Read(window) = stream.plan(&cursor, at(NOW)) else { panic!("page {page}") };
        let read = stream.page(&window, &answer(200, &[], &body(&vec![one; 100].join(",")))).unwrap();
        assert_eq!(read.next == Next::Capped, page == 50, "{page}");
        cursor = stream.after(&cursor, &window, &read);
    }
    let Plan::Read(window) = stream.plan(&cursor, at(NOW)) else { panic!("it rests") };
    let half = at(NOW).duration_since(window.since).as_secs() / 2;
    let length = window.until.unwrap().duration_since(window.since).as_secs();
    assert!((half - 3600..=half).contains(&length), "{length}");
}

/// Windows of time by a clock that is put forward, in JSON that is a parameter; an empty list is left out.
#[test]
fn windows_are_asked_for_by_the_clock_of_the_counterpart() {
    let list = |total: &str, orders: &str| {
        format!(
            "{{\"aliexpress_solution_order_get_response\":{{\"result\":{{\"success\":true,\"total_count\":{total}{orders}}}}}}}"
        )
    };
    let orders = ",\"target_list\":{\"order_dto\":[{\"order_id\":1160045860056286}]}";
    let (first, second) = next("aliexpress", &list("60", orders));
    let wanted = "{\"current_page\":1,\"modified_date_end\":\"2026-11-22 03:59:00\",\"modified_date_start\":\"2026-11-22 02:50:00\",\"page_size\":50}";
    let parameter = |url: &str| {
        let query = url.split("param0=").nth(1).unwrap().split('&').next().unwrap();
        percent_encoding::percent_decode_str(query).decode_utf8().unwrap().into_owned()
    };
    assert_eq!(parameter(&first), wanted);
    assert_eq!(parameter(&second.unwrap()), wanted.replace("page\":1", "page\":2"));
    assert_eq!(next("aliexpress", &list("0", "")).1, None);
    let channel = channel("aliexpress");
    let stream = channel.stream("orders").unwrap();
    let cursor = Cursor { swept_at: Some(at(NOW)), ..Cursor::new(at("2026-11-22T11:00:00Z")) };
    let Plan::Read(window) = stream.plan(&cursor, at(NOW)) else { panic!("it rests") };
    assert!(stream.page(&window, &answer(200, &[], &list("3", ""))).is_err(), "three orders and no list");
}

/// Behind its last page the list gives the last page again: the number of all ends it.
#[test]
fn a_list_that_repeats_its_last_page_is_ended_by_its_total() {
    let order = "{\"entity_id\":1,\"updated_at\":\"2026-11-22 11:20:11\"}";
    let page = |total: &str| {
        let orders = vec![order; 100].join(",");
        format!("{{\"items\":[{orders}],\"search_criteria\":{{}},\"total_count\":{total}}}")
    };
    let (first, second) = next("adobe-commerce", &page("101"));
    let wanted = "filter_groups%5D%5B0%5D%5Bfilters%5D%5B0%5D%5Bvalue%5D=2026-11-22%2010%3A50%3A00";
    assert!(first.contains(wanted) && first.contains("currentPage%5D=1&"), "{first}");
    assert!(second.unwrap().contains("currentPage%5D=2&"));
    assert_eq!(next("adobe-commerce", &page("100")).1, None);
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
}

#[test]
fn failures_of_gateways_that_sign_are_failures() {
    let lazada = channel("lazada");
    let of = |code: &str, kind: &str| {
        let body =
            format!("{{\"code\":\"{code}\",\"type\":\"{kind}\",\"message\":\"m\",\"request_id\":\"r\"}}");
        failure(&lazada, "get_order", &answer(200, &[], &body)).class
    };
    assert_eq!(of("SellerCallLimit", "ISV"), ErrorClass::RateLimited);
    assert_eq!(of("IllegalAccessToken", "ISV"), ErrorClass::AuthExpired);
    assert_eq!(of("InsufficientPermission", "ISV"), ErrorClass::AuthRevoked);
    assert_eq!(of("16", "ISP"), ErrorClass::NotFound);
    assert_eq!(of("501", "SYSTEM"), ErrorClass::Transient);
    assert_eq!(of("MissingParameter", "ISV"), ErrorClass::InvalidRequest);

    let aliexpress = channel("aliexpress");
    let of = |operation: &str, body: &str| failure(&aliexpress, operation, &answer(200, &[], body)).class;
    let gateway = |code: &str, sub: &str| {
        format!("{{\"error_response\":{{\"code\":{code},\"msg\":\"m\",\"sub_code\":\"{sub}\"}}}}")
    };
    assert_eq!(
        of("list_orders", &gateway("7", "accesscontrol.limited-by-api-access-count")),
        ErrorClass::RateLimited
    );
    assert_eq!(of("list_orders", &gateway("27", "sessionkey-expired")), ErrorClass::AuthExpired);
    assert_eq!(
        of("list_orders", &gateway("15", "isp.top-remote-service-unavailable")),
        ErrorClass::Transient
    );
    assert_eq!(of("ship", &gateway("50", "isv.invalid-parameter")), ErrorClass::InvalidRequest);
    assert_eq!(
        of("list_orders", "{\"type\":\"ISV\",\"code\":\"IllegalAccessToken\"}"),
        ErrorClass::AuthExpired
    );
    let refused = "{\"aliexpress_solution_order_get_response\":{\"result\":{\"success\":false,\"error_code\":\"F00-10-10000-001\"}}}";
    let refused = failure(&aliexpress, "list_orders", &answer(200, &[], refused));
    assert_eq!(refused.code.as_deref(), Some("F00-10-10000-001"));
}

/// A shop of one's own is at any host, port and path.
#[test]
fn a_host_has_its_port_and_its_path() {
    for (adapter, host, url) in [
        ("vendure", "127.0.0.1:3000", "https://127.0.0.1:3000/admin-api"),
        ("woocommerce", "shop.example:8443/en", "https://shop.example:8443/en/wp-json/wc/v3/orders/5"),
        ("adobe-commerce", "shop.example/store", "https://shop.example/store/rest/V1/orders/5"),
    ] {
        let asked = request(&channel(adapter), "get_order", &account().with("account.host", host), None);
        assert_eq!(asked.url.split('?').next().unwrap(), url);
    }
}

#[test]
fn failures_of_queries_are_failures() {
    let vendure = channel("vendure");
    let of = |operation: &str, body: &str| failure(&vendure, operation, &answer(200, &[], body)).class;
    let denied = "{\"errors\":[{\"extensions\":{\"code\":\"FORBIDDEN\"}}],\"data\":null}";
    assert_eq!(of("list_orders", denied), ErrorClass::AuthExpired);
    // The goods went in a parcel, and it was not this one: that was asked before.
    let gone = "{\"data\":{\"addFulfillmentToOrder\":{\"errorCode\":\"ITEMS_ALREADY_FULFILLED_ERROR\"}}}";
    assert_eq!(of("ship", gone), ErrorClass::InvalidRequest);
}

#[test]
fn tokens_come_by_operations_of_the_counterparts_own() {
    let now = at(NOW);
    let shopee = channel("shopee");
    let mut asked = shopee.token_request(Grant::Refresh, &account()).unwrap();
    let base = shopee.sign(&mut asked, &account(), now, "nonce").unwrap().unwrap().base;
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
    assert_eq!(tiktok.sign(&mut asked, &account(), now, "nonce").unwrap(), None);
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

/// The address is in one answer and the lines are in another: together they are the order.
#[test]
fn an_order_in_two_answers_is_one() {
    let lazada = channel("lazada");
    let order = "{\"code\":\"0\",\"data\":{\"order_id\":7,\"price\":\"10.00\"}}";
    let items = "{\"code\":\"0\",\"data\":[{\"order_item_id\":8,\"item_price\":10.00}]}";
    let [join] = &lazada.operation("get_order").unwrap().join[..] else { panic!() };
    let whole = join.put(order.as_bytes(), items.as_bytes()).unwrap();
    let wanted = "{\"code\":\"0\",\"data\":{\"order_id\":7,\"price\":\"10.00\",\"order_items\":[{\"order_item_id\":8,\"item_price\":10.00}]}}";
    assert_eq!(String::from_utf8(whole).unwrap(), wanted);
}

/// What a platform is told of a parcel.
#[test]
fn parcels_are_told_as_each_platform_wants() {
    let mut parcel = account().with("shipment.tracking_number", "T-1");
    parcel
        .set("shipment.carrier", "DHL")
        .set("shipment.carrier_name", "DHL Paket")
        .set("shipment.extent", "part");
    let line = |id: &str| Values::new().with("id", id).with("quantity", "1");
    parcel.set_list("shipment.lines", vec![line("101"), line("103")]);
    let told = request(&channel("lazada"), "ship", &parcel, None).url;
    assert!(told.contains("/order/rts?") && told.contains("order_item_ids=%5B101%2C103%5D"), "{told}");
    let told = request(&channel("aliexpress"), "ship", &parcel, None).url;
    assert!(told.contains("logistics_no=T-1") && told.contains("send_type=part"), "{told}");
    let told = json(&request(&channel("adobe-commerce"), "ship", &parcel, None));
    assert_eq!(told["items"][1], serde_json::json!({ "order_item_id": 103, "qty": 1 }));
    assert_eq!(told["tracks"][0]["track_number"], "T-1");
}

/// A note of the shop's own, which customers do not see, and which is there once.
#[test]
fn what_customs_made_of_an_order_is_a_note_of_the_shop() {
    let woocommerce = channel("woocommerce");
    let mut told = account().with("order.id", "7");
    told.set("declaration.mrn", "26GB1").set("declaration.status", "released");
    let body = json(&request(&woocommerce, "customs", &told, None));
    assert_eq!(body, serde_json::json!({ "note": "Customs: released, MRN 26GB1", "customer_note": false }));
    let first = woocommerce.operation("customs").unwrap().first.clone().unwrap();
    let notes = |note: &str| answer(200, &[], &serde_json::json!([{ "note": note }]).to_string());
    assert_eq!(first.read(&notes("Customs: released, MRN 26GB1"), &told), Before::AlreadyDone);
    assert!(matches!(first.read(&notes("Customs: accepted, MRN 26GB1"), &told), Before::Open(_)));
}

/// A set is one line to the buyer and several goods to customs; what was told is not told again, nor what nobody asks for.
#[test]
fn what_a_set_consists_of_is_told_where_it_is_asked_for() {
    let tiktok = channel("tiktok");
    let part = |id: &str, quantity: &str, percent: &str| {
        Values::new().with("id", id).with("quantity", quantity).with("percent", percent)
    };
    let mut line = Values::new().with("id", "101");
    line.set_list("parts", vec![part("7", "1", "60"), part("8", "2", "40")]);
    let mut told = account().with("order.id", "5");
    told.set_list("order.lines", vec![line]);
    let body = json(&request(&tiktok, "parts", &told, None));
    let detail = serde_json::json!([
        { "sku_id": "7", "qty": 1, "price_percent": 60 }, { "sku_id": "8", "qty": 2, "price_percent": 40 }
    ]);
    let item = serde_json::json!({ "order_line_id": "101", "item_detail": detail });
    assert_eq!(body, serde_json::json!({ "order_list": [{ "order_id": "5", "item_list": [item] }] }));
    let asked = json(&request(&tiktok, "customs_info", &told, None));
    assert_eq!(asked, serde_json::json!({ "order_ids": ["5"] }));
    let first = tiktok.operation("parts").unwrap().first.clone().unwrap();
    for (need, filled, before) in [
        ("true", "false", None),
        ("true", "true", Some(Before::AlreadyDone)),
        ("false", "false", Some(Before::AlreadyDone)),
    ] {
        let said = format!(
            "{{\"code\":0,\"data\":{{\"order_clearance_list\":[{{\"order_id\":\"5\",\"need_fill_clearance\":{need},\"already_filled_clearance\":{filled}}}]}}}}"
        );
        let found = first.read(&answer(200, &[], &said), &told);
        assert!(before.map_or(matches!(found, Before::Open(_)), |before| found == before), "{need} {filled}");
    }
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
        ("lazada", "{\"code\":\"0\",\"data\":[{\"tracking_code\":\"T-1\"}]}"),
        (
            "aliexpress",
            "{\"aliexpress_solution_order_info_get_response\":{\"result\":{\"data\":{\"logistic_info_list\":{\"global_aeop_tp_logistic_info_dto\":[{\"logistics_no\":\"T-1\"}]}}}}}",
        ),
        ("adobe-commerce", "{\"items\":[{\"tracks\":[{\"track_number\":\"T-1\"}]}]}"),
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
