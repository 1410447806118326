use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use dragoman_engine::{EngineError, OrderIn, PartIn, PartsIn, PartsLine, ShipmentIn, ShipmentLine};
use dragoman_store::Query;
use serde_json::{Value, json};
use wiremock::matchers::{method, path, path_regex};
use wiremock::{Mock, MockServer, Request, ResponseTemplate};

use crate::setup::{Setup, clerk};

/// A shop that gives tokens.
async fn shop() -> MockServer {
    let shop = MockServer::start().await;
    let token = json!({"access_token": "a", "token_type": "bearer", "expires_in": 3600});
    Mock::given(method("POST"))
        .and(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(token))
        .mount(&shop)
        .await;
    shop
}

fn order(number: &str, status: &str) -> Value {
    let text = Setup::demo("orders/amazon.json");
    let whole: Value = serde_json::from_str(&text).unwrap();
    let order = whole.get("order").or_else(|| whole.get("orders").and_then(|all| all.get(0)));
    let mut order = order.unwrap_or(&whole).clone();
    *order.pointer_mut("/orderId").unwrap() = number.into();
    *order.pointer_mut("/fulfillment/fulfillmentStatus").unwrap() = status.into();
    order
}

fn page(orders: &[Value], next: Option<&str>) -> Value {
    let before = "2026-11-28T05:00:00Z";
    match next {
        Some(next) => {
            json!({"orders": orders, "lastUpdatedBefore": before, "pagination": {"nextToken": next}})
        }
        None => json!({"orders": orders, "lastUpdatedBefore": before}),
    }
}

async fn synced(shop: &MockServer) -> Setup {
    let setup = Setup::between(&shop.uri(), None, "").await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    setup
}

/// Pages are read to their end, every order once, and what was read before is not read again.
#[tokio::test]
async fn orders_are_read_page_by_page_and_once() {
    let shop = shop().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(move |request: &Request| {
            count.fetch_add(1, Ordering::SeqCst);
            let is_second = request.url.query().unwrap().contains("paginationToken=two");
            let body = if is_second {
                page(&[order("3", "UNSHIPPED")], None)
            } else {
                page(&[order("1", "UNSHIPPED"), order("2", "UNSHIPPED")], Some("two"))
            };
            ResponseTemplate::new(200).set_body_json(body)
        })
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    let round = setup.gateway.sync("shop").await.unwrap();
    assert_eq!((round.orders, asked.load(Ordering::SeqCst) >= 2), (3, true));
    setup.settle().await;
    let query = Query { kind: Some("declaration".into()), limit: 10, ..Query::default() };
    let listed = setup.gateway.list(&clerk(), query).await.unwrap().data;
    assert!(listed.len() == 3 && listed.iter().all(|row| row.state == "queued"), "{listed:?}");
    setup.pass(600);
    let again = setup.gateway.sync("shop").await.unwrap();
    assert_eq!(again.orders, 0, "the overlap brings them again, and nothing happens");
    let status = setup.gateway.sync_status(&clerk()).await.unwrap();
    assert_eq!((status[0].account.as_str(), status[0].trouble.is_none()), ("shop", true));
}

/// A token that comes twice ends the window, as does a page that is none; the next round begins it anew.
#[tokio::test]
async fn a_list_that_does_not_end_is_left() {
    let shop = shop().await;
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(
            ResponseTemplate::new(200).set_body_json(page(&[order("1", "UNSHIPPED")], Some("same"))),
        )
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    let round = setup.gateway.sync("shop").await.unwrap();
    assert_eq!(round.orders, 1);
    assert!(shop.received_requests().await.unwrap().len() < 20);
}

/// What the platform is not done with is kept, and declared once it is.
#[tokio::test]
async fn a_pending_order_is_declared_when_it_is_settled() {
    let shop = shop().await;
    let is_settled = Arc::new(AtomicUsize::new(0));
    let seen = Arc::clone(&is_settled);
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(&[order("1", "PENDING")], None)))
        .mount(&shop)
        .await;
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders/1"))
        .respond_with(move |_: &Request| {
            let status = if seen.load(Ordering::SeqCst) == 0 { "PENDING" } else { "UNSHIPPED" };
            ResponseTemplate::new(200).set_body_json(json!({"order": order("1", status)}))
        })
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    setup.gateway.sync("shop").await.unwrap();
    setup.settle().await;
    let declarations = Query { kind: Some("declaration".into()), limit: 10, ..Query::default() };
    assert!(setup.gateway.list(&clerk(), declarations.clone()).await.unwrap().data.is_empty());
    let unsettled = async || setup.gateway.sync_status(&clerk()).await.unwrap()[0].unsettled;
    assert_eq!(unsettled().await, 1);
    // It is shown in an answer of its own, and as it was.
    setup.pass(1200);
    assert_eq!((setup.gateway.sync("shop").await.unwrap().orders, unsettled().await), (0, 1));
    is_settled.store(1, Ordering::SeqCst);
    setup.pass(2400);
    assert_eq!((setup.gateway.sync("shop").await.unwrap().orders, unsettled().await), (1, 0));
    setup.settle().await;
    assert_eq!(setup.gateway.list(&clerk(), declarations).await.unwrap().data.len(), 1);
}

/// A change that leaves the time of the last change where it was is a change all the same.
#[tokio::test]
async fn a_change_without_a_time_is_seen_where_a_list_shows_it() {
    let shop = shop().await;
    let asked = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&asked);
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(move |_: &Request| {
            let status = if count.load(Ordering::SeqCst) == 0 { "UNSHIPPED" } else { "SHIPPED" };
            ResponseTemplate::new(200).set_body_json(page(&[order("1", status)], None))
        })
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    assert_eq!(setup.gateway.sync("shop").await.unwrap().orders, 1);
    asked.store(1, Ordering::SeqCst);
    setup.gateway.sync_from(&clerk(), "shop", None).await.unwrap();
    assert_eq!(setup.gateway.sync("shop").await.unwrap().orders, 1);
    setup.gateway.sync_from(&clerk(), "shop", None).await.unwrap();
    assert_eq!(setup.gateway.sync("shop").await.unwrap().orders, 0);
}

/// What is to be fetched again is so many, and so far behind, that it takes several rounds: none waits for ever.
#[tokio::test]
async fn everything_that_is_not_settled_has_its_turn() {
    let shop = shop().await;
    let numbers: Vec<_> = (100..350).map(|number| number.to_string()).collect();
    let pending: Vec<_> = numbers.iter().map(|number| order(number, "PENDING")).collect();
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(&pending, None)))
        .up_to_n_times(2)
        .mount(&shop)
        .await;
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(&[], None)))
        .mount(&shop)
        .await;
    Mock::given(method("GET"))
        .and(path_regex("^/orders/2026-01-01/orders/[0-9]+$"))
        .respond_with(|request: &Request| {
            // The first ones never get on.
            let number = request.url.path().rsplit('/').next().unwrap();
            let status = if number < "210" { "PENDING" } else { "UNSHIPPED" };
            ResponseTemplate::new(200).set_body_json(json!({"order": order(number, status)}))
        })
        .mount(&shop)
        .await;
    let unlimited = "\n[[account]]\nadapter = \"amazon\"\nname = \"store\"\nregion = \"eu\"\nmarketplaces = \"A1F83G8C2ARO7P\"\n\
                     client_id = \"id\"\nclient_secret = \"secret\"\nrefresh_token = \"refresh\"\nbase_url = \"SHOP\"\n\
                     token_url = \"SHOP/token\"\nsince = \"2026-11-28T00:00:00Z\"\nlimits = false\n";
    let setup = Setup::between(&shop.uri(), None, &unlimited.replace("SHOP", &shop.uri())).await;
    setup.gateway.sync("store").await.unwrap();
    for _ in 0..4 {
        setup.pass(660);
        setup.gateway.sync("store").await.unwrap();
    }
    let status = setup.gateway.sync_status(&clerk()).await.unwrap();
    assert_eq!(status.iter().find(|one| one.account == "store").unwrap().unsettled, 110);
}

/// A failure is seen in the state of the sync, and the cursor stays.
#[tokio::test]
async fn a_failure_moves_nothing() {
    let shop = shop().await;
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(ResponseTemplate::new(500))
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    let before = setup.gateway.sync_status(&clerk()).await.unwrap().remove(0).cursor;
    setup.gateway.sync("shop").await.unwrap();
    let status = setup.gateway.sync_status(&clerk()).await.unwrap().remove(0);
    assert_eq!((status.cursor, status.trouble.is_some()), (before, true));
}

/// A parcel is told of once; the same again changes nothing, another content under its number is refused.
#[tokio::test]
async fn a_parcel_is_told_of_once() {
    let shop = shop().await;
    Mock::given(method("GET"))
        .and(path("/orders/2026-01-01/orders"))
        .respond_with(ResponseTemplate::new(200).set_body_json(page(&[order("1", "UNSHIPPED")], None)))
        .mount(&shop)
        .await;
    Mock::given(method("POST"))
        .and(path("/orders/v0/orders/1/shipmentConfirmation"))
        .respond_with(ResponseTemplate::new(204))
        .expect(1)
        .mount(&shop)
        .await;
    let setup = synced(&shop).await;
    setup.gateway.sync("shop").await.unwrap();
    setup.settle().await;
    let orders = Query { kind: Some("order".into()), limit: 10, ..Query::default() };
    let id = setup.gateway.list(&clerk(), orders).await.unwrap().data.remove(0).id;
    let shipment = ShipmentIn {
        number: "1".into(),
        carrier: Some("DHL".into()),
        tracking_number: Some("T1".into()),
        shipped_at: Some("2026-11-28T09:15:00Z".into()),
        lines: vec![ShipmentLine { id: "1".into(), quantity: "1".into() }],
        ..ShipmentIn::default()
    };
    let first = setup.gateway.ship(&clerk(), &id, &shipment).await.unwrap();
    let again = setup.gateway.ship(&clerk(), &id, &shipment).await.unwrap();
    assert!(again.repeated && again.declarations == first.declarations);
    let other = ShipmentIn { tracking_number: Some("T2".into()), ..shipment };
    assert!(matches!(setup.gateway.ship(&clerk(), &id, &other).await, Err(EngineError::Conflict(_))));
    while setup.gateway.work().await.unwrap() > 0 {}
    let view = setup.view(&id).await;
    let told = view.submissions.iter().find(|one| one.purpose == "fulfilment").unwrap();
    assert_eq!(told.state, "delivered");
}

const TIKTOK: &str = r#"
[[account]]
adapter = "tiktok"
name = "tiktok"
shop_cipher = "cipher"
client_id = "id"
client_secret = "secret"
refresh_token = "refresh"
base_url = "SHOP"
token_url = "SHOP/tiktok/token"
"#;

/// A platform that clears parcels itself is asked whether it wants to know what a set consists of, and told once.
#[tokio::test]
async fn what_a_set_consists_of_is_told_once() {
    let shop = shop().await;
    let answers = |at: &'static str, body: Value| {
        let answer = ResponseTemplate::new(200).set_body_json(body);
        Mock::given(path(at)).respond_with(answer)
    };
    let token = json!({"access_token": "a", "refresh_token": "r", "access_token_expire_in": 2_000_000_000});
    answers("/tiktok/token", json!({"code": 0, "data": token})).mount(&shop).await;
    let wanted = json!({"order_id": "576461413038785752", "need_fill_clearance": true, "already_filled_clearance": false});
    let asked = answers(
        "/fulfillment/202607/orders/customs_info/query",
        json!({"code": 0, "data": {"order_clearance_list": [wanted]}}),
    );
    asked.expect(1).mount(&shop).await;
    let told = answers("/fulfillment/202607/orders/customs_info/submit", json!({"code": 0, "data": {}}));
    told.expect(1).mount(&shop).await;
    let setup = Setup::between(&shop.uri(), None, &TIKTOK.replace("SHOP", &shop.uri())).await;
    let bytes = Setup::case("tiktok/cases/complete.in");
    let order = OrderIn {
        message: "tiktok/order",
        bytes: bytes.as_bytes(),
        from: Some("tiktok"),
        ..OrderIn::default()
    };
    let id = setup.gateway.receive_order(&clerk(), order).await.unwrap().orders.remove(0).id;
    let part = |id: &str, share: &str| PartIn { id: id.into(), quantity: "1".into(), share: share.into() };
    let parts = |second: &str| {
        let parts = vec![part("7", "0.6"), part("8", second)];
        PartsIn { lines: vec![PartsLine { id: "577086512123755123".into(), parts }] }
    };
    for wrong in ["0.3", "0.5", "-0.4", "much", "0"] {
        let refused = setup.gateway.tell_parts(&clerk(), &id, &parts(wrong)).await;
        assert!(matches!(refused, Err(EngineError::Refused { .. })), "{wrong}: {refused:?}");
    }
    let first = setup.gateway.tell_parts(&clerk(), &id, &parts("0.4")).await.unwrap();
    let again = setup.gateway.tell_parts(&clerk(), &id, &parts("0.4")).await.unwrap();
    assert!(again.repeated && again.declarations == first.declarations);
    while setup.gateway.work().await.unwrap() > 0 {}
    let view = setup.view(&id).await;
    assert_eq!(view.submissions[0].state, "delivered", "{:?}", view.submissions);
    let requests = shop.received_requests().await.unwrap();
    let submit = requests.iter().find(|one| one.url.path().ends_with("submit")).unwrap();
    let body: Value = serde_json::from_slice(&submit.body).unwrap();
    let detail = &body["order_list"][0]["item_list"][0]["item_detail"];
    assert_eq!((&detail[0]["price_percent"], &detail[1]["price_percent"]), (&json!(60), &json!(40)));
}
