//! The simulated platforms over HTTP, as a gateway meets them.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod seen;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use dragoman_simulators::{Change, Hook, NewOrders, Options, Play, Running};
use hmac::{Hmac, KeyInit, Mac};
use seen::{Listener, Message, client, start};
use serde_json::{Value, json};
use sha2::Sha256;

fn orders(make: u32) -> Change {
    Change { orders: Some(NewOrders { make, ..NewOrders::default() }), ..Change::default() }
}

/// Everything is seen at once: two minutes are no longer than two milliseconds.
fn fast(change: Change) -> Options {
    Options { faster: 60_000, limits: false, change, ..Options::default() }
}

fn play(behaviour: &str) -> Change {
    let play = Play { behaviour: behaviour.to_owned(), ..Play::default() };
    Change { clear: true, plays: vec![play], ..Change::default() }
}

/// A seller's program.
struct Seller {
    url: String,
    token: String,
}

impl Seller {
    async fn at(running: &Running) -> Self {
        let mut seller = Self { url: running.url(), token: String::new() };
        seller.token = seller.token().await;
        seller
    }

    async fn token(&self) -> String {
        let form = "grant_type=refresh_token&refresh_token=r&client_id=i&client_secret=s";
        let request = client().post(format!("{}/auth/o2/token", self.url)).body(form);
        seen::sent(request).await.json()["access_token"].as_str().unwrap().to_owned()
    }

    async fn get(&self, path: &str) -> Message {
        seen::sent(client().get(format!("{}{path}", self.url)).header("x-amz-access-token", &self.token))
            .await
    }

    async fn list(&self, parameters: &str) -> Message {
        self.get(&format!("/orders/2026-01-01/orders?{parameters}")).await
    }

    /// The ids of all pages, and how many pages there are.
    async fn all(&self, parameters: &str) -> (Vec<String>, usize) {
        let (mut ids, mut pages, mut token) = (Vec::new(), 0, String::new());
        loop {
            let page = self.list(&format!("{parameters}&paginationToken={token}")).await;
            assert_eq!(page.status, 200, "{}", page.body);
            let page = page.json();
            let orders = page["orders"].as_array().unwrap();
            ids.extend(orders.iter().map(|order| order["orderId"].as_str().unwrap().to_owned()));
            pages += 1;
            match page["pagination"]["nextToken"].as_str() {
                Some(next) if next != token && pages < 50 => token = next.into(),
                _ => return (ids, pages),
            }
        }
    }

    async fn ship(&self, order: &str, number: &str, quantity: u32) -> Message {
        let body = json!({ "marketplaceId": "A1F83G8C2ARO7P", "packageDetail": {
            "packageReferenceId": number, "carrierCode": "RM", "trackingNumber": format!("T{number}"),
            "shipDate": "2026-11-22T10:00:00Z",
            "orderItems": [{ "orderItemId": "10000000000001", "quantity": quantity }] } });
        let request = client().post(format!("{}/orders/v0/orders/{order}/shipmentConfirmation", self.url));
        let request = request.header("x-amz-access-token", &self.token).json(&body);
        seen::sent(request).await
    }
}

const SINCE: &str = "lastUpdatedAfter=2026-01-01T00:00:00Z";

#[tokio::test(flavor = "multi_thread")]
async fn every_order_is_on_one_page_and_the_last_page_has_no_token() {
    let running = start("amazon", fast(orders(25))).await;
    let seller = Seller::at(&running).await;
    for (size, pages) in [(10, 3), (25, 1), (1, 25), (100, 1)] {
        let (ids, counted) = seller.all(&format!("{SINCE}&maxResultsPerPage={size}")).await;
        let different: std::collections::HashSet<_> = ids.iter().collect();
        assert_eq!((ids.len(), different.len(), counted), (25, 25, pages), "{size}");
    }
    // The first is the demonstration's own.
    let first =
        seller.get("/orders/2026-01-01/orders/026-1000001-1000001?includedData=RECIPIENT").await.json();
    assert_eq!(first["order"]["recipient"]["deliveryAddress"]["city"], "Belfast");
    assert_eq!(first["order"]["buyer"], Value::Null);
    let made = seller.list(&format!("{SINCE}&includedData=PROCEEDS,FULFILLMENT")).await.json();
    for order in made["orders"].as_array().unwrap() {
        assert_eq!(order["fulfillment"]["fulfillmentStatus"], "UNSHIPPED", "{order}");
        assert!(order["orderItems"][0]["product"]["sellerSku"].is_string(), "{order}");
        assert!(order["proceeds"]["grandTotal"]["amount"].is_string(), "{order}");
    }
}

/// What the descriptions of the API demand.
#[tokio::test(flavor = "multi_thread")]
async fn lists_keep_the_rules_of_the_platform() {
    let running = start("amazon", Options { limits: false, change: orders(2), ..Options::default() }).await;
    let seller = Seller::at(&running).await;
    let now = jiff::Timestamp::now();
    let ago = |minutes: i64| now.checked_sub(jiff::SignedDuration::from_mins(minutes)).unwrap();
    let refused = [
        String::new(),
        format!("{SINCE}&createdAfter=2026-01-01T00:00:00Z"),
        format!("{SINCE}&maxResultsPerPage=101"),
        format!("{SINCE}&maxResultsPerPage=0"),
        format!("lastUpdatedAfter={}&lastUpdatedBefore={}", ago(10), ago(1)),
        format!("lastUpdatedAfter={}&lastUpdatedBefore={}", ago(10), ago(20)),
        "lastUpdatedAfter=yesterday".to_owned(),
        format!("{SINCE}&paginationToken=other"),
    ];
    for parameters in refused {
        let answer = seller.list(&parameters).await;
        assert_eq!(answer.status, 400, "{parameters}");
        assert_eq!(answer.json()["errors"][0]["code"], "InvalidInput");
    }
    // Orders of the last two minutes are hidden, and the answer says up to when it reaches.
    let answer = seller.list(SINCE).await;
    assert_eq!(answer.header("x-amzn-ratelimit-limit"), "0.0056");
    let page = answer.json();
    assert_eq!(page["orders"], json!([]));
    let echoed: jiff::Timestamp = page["lastUpdatedBefore"].as_str().unwrap().parse().unwrap();
    let before = now.duration_since(echoed).as_secs();
    assert!((115..=120).contains(&before), "{before}");
    // Orders that were placed when they say themselves are there.
    let order = json!({ "orders": [{ "orderId": "1", "createdTime": "2026-02-01T00:00:00Z",
        "lastUpdatedTime": "2026-02-02T00:00:00Z", "salesChannel": {}, "orderItems": [] }] });
    let old = NewOrders { place: vec![order], as_stated: true, ..NewOrders::default() };
    running.change(Change { orders: Some(old), ..Change::default() }).unwrap();
    assert_eq!(seller.all(SINCE).await.0, ["1"]);
    assert_eq!(seller.all("createdAfter=2026-02-01T12:00:00Z").await.0, [""; 0]);
    assert_eq!(seller.all("lastUpdatedAfter=2026-02-01T12:00:00Z").await.0, ["1"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn tokens_end_and_limits_hold() {
    let running = start("amazon", Options { change: orders(2), ..Options::default() }).await;
    let seller = Seller::at(&running).await;
    for _ in 0..20 {
        assert_eq!(seller.list(SINCE).await.status, 200);
    }
    let over = seller.list(SINCE).await;
    assert_eq!((over.status, &over.json()["errors"][0]["code"]), (429, &json!("QuotaExceeded")));
    assert_eq!(seller.get("/orders/2026-01-01/orders/none").await.status, 404);
    running.change(Change { expire_tokens: true, ..Change::default() }).unwrap();
    assert_eq!(seller.get("/orders/2026-01-01/orders/none").await.status, 403);
    let seller = Seller::at(&running).await;
    assert_eq!(seller.get("/orders/2026-01-01/orders/none").await.status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_misbehave_as_they_are_told() {
    let running = start("amazon", fast(orders(6))).await;
    let seller = Seller::at(&running).await;
    let parameters = format!("{SINCE}&maxResultsPerPage=2");
    let usual = seller.all(&parameters).await;
    assert_eq!((usual.0.len(), usual.1), (6, 3));
    running.change(play("endless")).unwrap();
    let page = async |token: &str| seller.list(&format!("{parameters}&paginationToken={token}")).await.json();
    let first = page("").await["pagination"]["nextToken"].as_str().unwrap().to_owned();
    let second = page(&first).await["pagination"]["nextToken"].as_str().unwrap().to_owned();
    assert_eq!(first, second);
    running.change(play("repeat")).unwrap();
    let repeated = seller.all(&parameters).await.0;
    assert!(repeated.len() > 6, "{repeated:?}");
    running.change(play("shuffle")).unwrap();
    let shuffled = seller.all(&parameters).await.0;
    assert_ne!(shuffled, usual.0);
    assert!(usual.0.iter().all(|id| shuffled.contains(id)));
    running.change(play("forget")).unwrap();
    assert_eq!(seller.list(&format!("{parameters}&paginationToken={first}")).await.status, 400);
    // A change that does not move the time of the last change is not in the list of changes.
    running.change(play("lose")).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let before = jiff::Timestamp::now();
    assert_eq!(seller.ship("026-1000001-1000001", "1", 1).await.status, 204);
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let since = format!("lastUpdatedAfter={}", before.strftime("%Y-%m-%dT%H:%M:%SZ"));
    assert_eq!(seller.all(&since).await.0, [""; 0]);
    running.change(Change { clear: true, ..Change::default() }).unwrap();
    assert_eq!(seller.all(&since).await.0, ["026-1000001-1000001"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_parcel_of_the_same_number_replaces_what_was_said_of_it() {
    let running = start("amazon", fast(orders(1))).await;
    let seller = Seller::at(&running).await;
    let id = "026-1000001-1000001";
    let shown = async || {
        let order =
            seller.get(&format!("/orders/2026-01-01/orders/{id}?includedData=PACKAGES,FULFILLMENT")).await;
        let order = order.json()["order"].clone();
        let item = &order["orderItems"][0]["fulfillment"];
        let quantities =
            [&item["quantityFulfilled"], &item["quantityUnfulfilled"]].map(|value| value.as_u64().unwrap());
        (
            order["fulfillment"]["fulfillmentStatus"].as_str().unwrap().to_owned(),
            quantities,
            order["packages"].clone(),
        )
    };
    assert_eq!(seller.ship(id, "1", 1).await.status, 204);
    let (status, quantities, packages) = shown().await;
    assert_eq!((&*status, quantities), ("PARTIALLY_SHIPPED", [1, 1]));
    assert_eq!(packages[0]["trackingNumber"], "T1");
    assert_eq!(seller.ship(id, "1", 2).await.status, 204);
    assert_eq!(shown().await.1, [2, 0]);
    let too_many = seller.ship(id, "2", 1).await;
    assert_eq!((too_many.status, &too_many.json()["errors"][0]["code"]), (400, &json!("InvalidInput")));
    assert_eq!(shown().await.1, [2, 0]);
    assert_eq!(seller.ship("none", "1", 1).await.status, 404);
    assert_eq!(running.twice().len(), 1, "sending a parcel again shows in the log");
}

/// A shop's program.
async fn ask(running: &Running, query: &str, variables: Value) -> Value {
    let request = client().post(format!("{}/admin/api/2026-10/graphql.json", running.url()));
    let request = request.header("X-Shopify-Access-Token", "t");
    seen::sent(request.json(&json!({ "query": query, "variables": variables }))).await.json()
}

const LIST: &str = "query Orders($after: String, $query: String) { orders(first: 4, after: $after, query: $query) \
    { nodes { id updatedAt } pageInfo { hasNextPage endCursor } } }";

#[tokio::test(flavor = "multi_thread")]
async fn a_shop_answers_what_it_is_asked_and_no_more() {
    let running = start("shopify", fast(orders(9))).await;
    let (mut ids, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer =
            ask(&running, LIST, json!({ "after": after, "query": "updated_at:>='2026-01-01T00:00:00Z'" }))
                .await;
        let page = &answer["data"]["orders"];
        for node in page["nodes"].as_array().unwrap() {
            assert_eq!(node.as_object().unwrap().len(), 2, "{node}");
            ids.push(node["id"].as_str().unwrap().to_owned());
        }
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(ids.len(), 9, "{ids:?}");
    assert_eq!(ids[0], "gid://shopify/Order/1001");
    let none = ask(&running, LIST, json!({ "query": "updated_at:>='2999-01-01T00:00:00Z'" })).await;
    assert_eq!(none["data"]["orders"]["nodes"], json!([]));
    let query = "query($id: ID!) { order(id: $id) { name ...more } } fragment more on Order { lineItems(first: 1) { nodes { sku unknown } pageInfo { hasNextPage } } }";
    let answer = ask(&running, query, json!({ "id": ids[1] })).await;
    let order = &answer["data"]["order"];
    assert!(order["lineItems"]["nodes"][0]["sku"].is_string(), "{answer}");
    assert_eq!(order["lineItems"]["nodes"].as_array().unwrap().len(), 1);
    assert_eq!(order["lineItems"]["nodes"][0]["unknown"], Value::Null);
    assert_eq!(
        ask(&running, query, json!({ "id": "gid://shopify/Order/0" })).await["data"]["order"],
        Value::Null
    );
    for wrong in ["{ nothing { id } }", "{ orders(", ""] {
        assert!(ask(&running, wrong, json!({})).await["errors"][0]["message"].is_string(), "{wrong}");
    }
    let without = client().post(format!("{}/admin/api/2026-10/graphql.json", running.url())).json(&json!({}));
    assert_eq!(seen::sent(without).await.status, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn points_run_out_and_come_back() {
    let running = start("shopify", Options { change: orders(1), ..Options::default() }).await;
    let mut asked = 0;
    let throttled = loop {
        let answer = ask(&running, LIST, json!({})).await;
        if answer["errors"][0]["extensions"]["code"] == "THROTTLED" {
            break answer;
        }
        let status = &answer["extensions"]["cost"]["throttleStatus"];
        assert_eq!((&status["maximumAvailable"], &status["restoreRate"]), (&json!(2000), &json!(100)));
        asked += 1;
        assert!(asked < 1000, "no points are taken");
    };
    let cost = &throttled["extensions"]["cost"];
    assert!(
        cost["requestedQueryCost"].as_u64() > cost["throttleStatus"]["currentlyAvailable"].as_u64(),
        "{cost}"
    );
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    assert_eq!(ask(&running, LIST, json!({})).await["errors"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_open_is_sent_by_its_own_parts_once() {
    let running = start("shopify", fast(orders(1))).await;
    let open = "query($id: ID!) { order(id: $id) { displayFulfillmentStatus fulfillments(first: 5) { trackingInfo(first: 5) { number } } fulfillmentOrders(first: 5) { nodes { id status lineItems(first: 50) { nodes { id remainingQuantity lineItem { id } } } } } } }";
    let id = json!({ "id": "gid://shopify/Order/1001" });
    let before = ask(&running, open, id.clone()).await;
    let group = &before["data"]["order"]["fulfillmentOrders"]["nodes"][0];
    assert_eq!(group["status"], "OPEN", "{before}");
    let parts = group["lineItems"]["nodes"].as_array().unwrap();
    let lines: Vec<_> =
        parts.iter().map(|part| json!({ "id": part["id"], "quantity": part["remainingQuantity"] })).collect();
    let ship = "mutation($fulfillment: FulfillmentInput!) { fulfillmentCreate(fulfillment: $fulfillment) { fulfillment { id status } userErrors { field message } } }";
    let parcel = json!({ "fulfillment": { "trackingInfo": { "company": "Carrier", "number": "T1" },
        "lineItemsByFulfillmentOrder": [{ "fulfillmentOrderId": group["id"], "fulfillmentOrderLineItems": lines }] } });
    let sent = ask(&running, ship, parcel.clone()).await;
    assert_eq!(sent["data"]["fulfillmentCreate"]["userErrors"], json!([]), "{sent}");
    assert!(sent["data"]["fulfillmentCreate"]["fulfillment"]["id"].is_string(), "{sent}");
    let after = ask(&running, open, id).await;
    let order = &after["data"]["order"];
    assert_eq!(order["displayFulfillmentStatus"], "FULFILLED", "{after}");
    assert_eq!(order["fulfillmentOrders"]["nodes"][0]["status"], "CLOSED");
    assert_eq!(order["fulfillments"][0]["trackingInfo"][0]["number"], "T1");
    let again = ask(&running, ship, parcel).await;
    assert!(again["data"]["fulfillmentCreate"]["userErrors"][0]["message"].is_string(), "{again}");
    assert_eq!(again["data"]["fulfillmentCreate"]["fulfillment"], Value::Null);
}

#[tokio::test(flavor = "multi_thread")]
async fn webhooks_are_signed_and_can_be_lost_or_come_twice() {
    let listener = Listener::start(200).await;
    let hook = Hook { url: listener.url(), secret: "s".into() };
    let running = start("shopify", fast(Change { webhook: Some(hook), ..orders(1) })).await;
    let heard = listener.wait_for(1).await;
    assert_eq!(heard[0].header("x-shopify-topic"), "orders/create");
    assert_eq!(heard[0].json()["admin_graphql_api_id"], "gid://shopify/Order/1001");
    let mut mac = Hmac::<Sha256>::new_from_slice(b"s").unwrap();
    mac.update(heard[0].body.as_bytes());
    assert_eq!(heard[0].header("x-shopify-hmac-sha256"), STANDARD.encode(mac.finalize().into_bytes()));
    running.change(play("silent")).unwrap();
    running.change(orders(1)).unwrap();
    running.change(play("twice")).unwrap();
    running.change(orders(1)).unwrap();
    let heard = listener.wait_for(3).await;
    assert_eq!(heard.len(), 3);
    assert_eq!(heard[1].header("x-shopify-event-id"), heard[2].header("x-shopify-event-id"));
    assert_ne!(heard[0].header("x-shopify-event-id"), heard[2].header("x-shopify-event-id"));
}
