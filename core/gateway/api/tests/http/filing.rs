//! Orders in, declarations out: what programs do every day.

use dragoman_api::Options;
use dragoman_engine::people::Right;
use http::StatusCode;
use serde_json::{Value, json};

use crate::site::{Answer, Site, demo, request};

/// An order as its marketplace writes it.
pub fn order() -> String {
    demo("adapters/gb-cds/demo/orders/amazon.json").unwrap()
}

/// The customs master of the demonstration.
pub fn master() -> String {
    demo("adapters/gb-cds/demo/master.csv").unwrap()
}

async fn site() -> (Site, String) {
    let site = Site::new(Options::default()).await;
    let key = site.key("main", "shop", &[Right::Read, Right::Personal, Right::Write]).await;
    (site, key)
}

async fn keyed(site: &Site, path: &str, key: &str, idempotency: &str, body: String) -> Answer {
    let request = request("POST", path, key).header("idempotency-key", idempotency);
    let request = request.header("content-type", "application/json");
    site.send(request.body(body.into()).unwrap()).await
}

#[tokio::test]
async fn an_order_waits_for_the_master_and_is_declared() {
    let (site, key) = site().await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await;
    assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
    let body = taken.json();
    let id = body["orders"][0]["id"].as_str().unwrap();
    assert_eq!(taken.header("location"), format!("/v1/orders/{id}"));
    let gaps = body["orders"][0]["gaps"].as_array().unwrap();
    assert!(!gaps.is_empty() && body["declarations"].is_null(), "{body}");
    let import = site.post("/v1/goods", &key, "text/csv", master()).await;
    assert_eq!(import.status, StatusCode::OK, "{}", import.text());
    assert!(import.json()["taken"].as_u64().unwrap() > 1);
    let ask = json!({ "orders": [id], "account": "acme" }).to_string();
    let declared = site.post("/v1/consignments", &key, "application/json", ask.clone()).await;
    let declaration = declared.json()["declarations"][0].clone();
    assert_eq!(declaration["state"], "queued", "{}", declared.text());
    let again = site.post("/v1/consignments", &key, "application/json", ask).await;
    assert_eq!((again.status, again.problem()), (StatusCode::CONFLICT, "conflict".into()));
    let shown = site.get(&format!("/v1/orders/{id}"), &key).await.json();
    assert_eq!(shown["declarations"][0]["id"], declaration["id"], "{shown}");
}

#[tokio::test]
async fn a_declaration_is_shown_with_its_panes_and_corrected_before_others_see_an_old_one() {
    let (site, key) = site().await;
    site.post("/v1/goods", &key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await.json();
    let id = taken["declarations"][0]["id"].as_str().unwrap().to_owned();
    let path = format!("/v1/declarations/{id}");
    let view = site.get(&path, &key).await.json();
    assert_eq!((view["kind"].as_str(), view["revision"].as_u64()), (Some("declaration"), Some(1)), "{view}");
    assert!(view["panes"]["wire"]["lines"].as_array().unwrap().len() > 10);
    let timeline = site.get(&format!("/v1/exchanges/{id}/timeline"), &key).await.json();
    let words: Vec<_> =
        timeline["data"].as_array().unwrap().iter().map(|one| one["what"].as_str().unwrap()).collect();
    assert!(words.contains(&"accepted"), "{words:?}");
    let documents = site.get(&format!("/v1/exchanges/{id}/documents"), &key).await.json();
    let one = documents["data"].as_array().unwrap().last().unwrap();
    let bytes = site.get(&format!("/v1/exchanges/{id}/documents/{}", one["seq"]), &key).await;
    assert_eq!(bytes.status, StatusCode::OK);
    assert!(bytes.header("content-disposition").starts_with("attachment"));
    let change = json!({ "path": "goods_items[sequence=1].description", "new": "Handbag of leather" });
    let seen = json!({ "changes": [change] }).to_string();
    let before = site.post(&format!("{path}/difference"), &key, "application/json", seen).await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.text());
    assert!(before.json()["wire"].as_array().unwrap().iter().any(|line| line["kind"] == "added"));
    let corrected = |revision: u64| json!({ "revision": revision, "changes": [change] }).to_string();
    let patch = async |body: String| {
        let request = request("PATCH", &path, &key).header("content-type", "application/json");
        site.send(request.body(body.into()).unwrap()).await
    };
    assert_eq!(patch(corrected(1)).await.status, StatusCode::OK);
    assert_eq!(patch(corrected(1)).await.problem(), "conflict", "somebody else saw an older one");
}

#[tokio::test]
async fn a_document_is_given_in_the_form_that_is_asked_for() {
    let (site, key) = site().await;
    site.post("/v1/goods", &key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await.json();
    let id = taken["declarations"][0]["id"].as_str().unwrap();
    let path = format!("/v1/exchanges/{id}/document");
    let get = async |path: &str, accept: &str| {
        let request = request("GET", path, &key).header("accept", accept);
        site.send(request.body(String::new().into()).unwrap()).await
    };
    let canonical = get(&path, "*/*").await;
    assert_eq!((canonical.status, canonical.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(
        (canonical.json()["type"].as_str(), canonical.header("dragoman-findings")),
        (Some("declaration"), "0")
    );
    let lrn = canonical.json()["lrn"].as_str().unwrap().to_owned();
    for accept in ["application/xml", "text/xml;q=0.9, application/json;q=0.1"] {
        let wire = get(&path, accept).await;
        assert_eq!(
            (wire.status, wire.header("content-type")),
            (StatusCode::OK, "application/xml"),
            "{accept}"
        );
        assert!(wire.text().contains(&format!("<FunctionalReferenceID>{lrn}</FunctionalReferenceID>")));
    }
    let named = get(&format!("{path}?as=gb-cds/declaration"), "application/json").await;
    assert_eq!(named.header("content-type"), "application/xml");
    assert_eq!(get(&format!("{path}?as=amazon/order"), "*/*").await.problem(), "content");
    assert_eq!(get(&format!("{path}?as=nothing"), "*/*").await.problem(), "malformed");
    let order = taken["orders"][0]["id"].as_str().unwrap();
    let order = get(&format!("/v1/exchanges/{order}/document"), "application/json").await;
    assert_eq!(order.json()["type"], "order");
    assert_eq!(get("/v1/exchanges/none/document", "*/*").await.problem(), "not_found");
}

#[tokio::test]
async fn the_same_key_gives_the_same_answer_and_another_request_is_refused() {
    let (site, key) = site().await;
    let path = "/v1/orders?account=shop";
    let first = keyed(&site, path, &key, "k-1", order()).await;
    let again = keyed(&site, path, &key, "k-1", order()).await;
    assert_eq!((first.status, first.text()), (again.status, again.text()));
    assert_eq!((first.header("idempotency-replayed"), again.header("idempotency-replayed")), ("", "true"));
    let other = keyed(&site, path, &key, "k-1", order().replace("026-1000001-1000001", "026-2")).await;
    assert_eq!((other.status, other.problem()), (StatusCode::CONFLICT, "conflict".into()));
    let anew = site.post(path, &key, "application/json", order()).await.json();
    assert_eq!(anew["orders"][0]["news"], "known", "{anew}");
    for wrong in ["", "a b", "ä"] {
        let refused = keyed(&site, path, &key, wrong, order()).await;
        assert_eq!(refused.problem(), "malformed", "{wrong}");
    }
}

#[tokio::test]
async fn lists_come_in_pages() {
    let (site, key) = site().await;
    for number in 0..7 {
        let order = order().replace("026-1000001-1000001", &format!("026-{number}"));
        let taken = site.post("/v1/orders?account=shop", &key, "application/json", order).await;
        assert_eq!(taken.status, StatusCode::CREATED, "{}", taken.text());
    }
    site.settle().await;
    let (mut ids, mut next) = (Vec::new(), String::new());
    loop {
        let page = site.get(&format!("/v1/orders?limit=3{next}"), &key).await.json();
        ids.extend(page["data"].as_array().unwrap().iter().map(|row| row["id"].as_str().unwrap().to_owned()));
        let Some(cursor) = page["next"].as_str() else { break };
        next = format!("&after={cursor}");
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!((count, ids.len()), (7, 7));
    let found = site.get("/v1/orders?q=026-3", &key).await.json();
    assert_eq!(found["data"].as_array().unwrap().len(), 1, "{found}");
    for wrong in
        ["/v1/orders?limit=0", "/v1/orders?kind=parked&limit=501", "/v1/dead-letters?state=held&limit=0"]
    {
        assert_eq!(site.get(wrong, &key).await.problem(), "malformed", "{wrong}");
    }
    for other in ["/v1/orders?kind=parked", "/v1/dead-letters?state=held"] {
        assert_eq!(site.get(other, &key).await.text(), r#"{"data":[]}"#, "{other}");
    }
    assert_eq!(site.get("/v1/orders?after=x", &key).await.problem(), "not_found");
    assert_eq!(site.get("/v1/declarations", &key).await.json()["data"], Value::Array(Vec::new()));
    assert_eq!(site.get("/v1/ledger", &key).await.json()["balances"], true);
}

#[tokio::test]
async fn rows_of_the_master_that_are_wrong_are_said_one_by_one() {
    let (site, key) = site().await;
    let broken = master() + "BROKEN,42022210,gb-tariff,CN,1,x,en,seller,some day\n";
    let import = site.post("/v1/goods", &key, "text/csv", broken).await.json();

    let row = import["rows"].as_array().unwrap().iter().find(|row| row["sku"] == "BROKEN").unwrap();
    assert_eq!(row["taken"], false);
    assert!(row["findings"][0]["span"]["line"].as_u64().unwrap() > 1, "{row}");
    let none = site.post("/v1/goods", &key, "text/csv", "nothing of a table").await;
    assert_eq!(none.problem(), "content");
    assert_eq!(site.post("/v1/goods", &key, "application/json", "{}").await.problem(), "media_type");
}

/// What came by mail goes where a pushed answer does.
#[tokio::test]
async fn answers_are_taken_in_by_hand() {
    let (site, key) = site().await;
    site.post("/v1/goods", &key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await.json();
    let declared = taken["declarations"][0].clone();
    let (id, lrn) = (declared["id"].as_str().unwrap(), declared["lrn"].as_str().unwrap());
    let text = format!(
        "<MetaData xmlns=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\"><Response \
         xmlns=\"urn:wco:datamodel:WCO:RES-DMS:2\"><FunctionCode>01</FunctionCode><FunctionalReferenceID>R1\
         </FunctionalReferenceID><Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID>\
         <ID>26GB00000000000001</ID></Declaration></Response></MetaData>"
    );
    let path = "/v1/accounts/acme/answers";
    let answer = site.post(path, &key, "application/xml", text.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let one = answer.json()["data"][0].clone();
    assert_eq!(
        (one["id"].as_str(), &one["parked"], &one["repeated"]),
        (Some(id), &json!(false), &json!(false))
    );
    let again = site.post(path, &key, "application/xml", text.clone()).await.json();
    assert_eq!(again["data"][0]["repeated"], true, "{again}");
    let shown = site.get(&format!("/v1/declarations/{id}"), &key).await.json();
    assert_eq!(shown["outcomes"][0]["mrn"], "26GB00000000000001", "{shown}");
    let nothing = site.post(path, &key, "application/json", "{}").await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", nothing.text());
    let nobody = site.post("/v1/accounts/nobody/answers", &key, "application/xml", text.clone()).await;
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    let reader = site.key("main", "reader", &[Right::Read]).await;
    assert_eq!(site.post(path, &reader, "application/xml", text).await.status, StatusCode::FORBIDDEN);
}

/// A key that may read and no more sees no persons, whatever it asks for.
#[tokio::test]
async fn persons_are_withheld_from_a_key_without_that_scope() {
    let (site, key) = site().await;
    site.post("/v1/goods", &key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await.json();
    let id = taken["declarations"][0]["id"].as_str().unwrap();
    let reader = site.key("main", "reader", &[Right::Read]).await;
    let city = site.get(&format!("/v1/exchanges/{id}/document"), &key).await.json();
    let city = city["importer"]["address"]["city"].as_str().map(str::to_owned);
    for path in ["", "/document", "/timeline", "/findings"] {
        let shown = site.get(&format!("/v1/exchanges/{id}{path}"), &reader).await;
        assert_eq!(shown.status, StatusCode::OK, "{path}: {}", shown.text());
        assert!(city.as_ref().is_none_or(|city| !shown.text().contains(city)), "{path}");
    }
    for path in ["documents/1", "evidence"] {
        let refused = site.get(&format!("/v1/exchanges/{id}/{path}"), &reader).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.text().contains("personal"), "{}", refused.text());
    }
}

/// A person is forgotten by somebody who administers, and nobody else.
#[tokio::test]
async fn a_person_is_forgotten() {
    let (site, key) = site().await;
    site.post("/v1/goods", &key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await.json();
    let id = taken["orders"][0]["id"].as_str().unwrap();
    let wish = serde_json::json!({ "exchange": id }).to_string();
    let refused = site.post("/v1/erasures", &key, "application/json", wish.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let admin = site.key("main", "admin", &Right::ALL).await;
    let done = site.post("/v1/erasures", &admin, "application/json", wish).await;
    assert_eq!(done.status, StatusCode::OK, "{}", done.text());
    let done = done.json();
    let wishes = site.get("/v1/erasures", &admin).await.json();
    let kept = done["data"][0]["kept"].as_array().unwrap().len();
    assert_eq!(wishes["data"].as_array().unwrap().is_empty(), kept == 0, "{done} {wishes}");
    let unknown = r#"{"exchange":"nothing"}"#;
    let unknown = site.post("/v1/erasures", &admin, "application/json", unknown).await;
    assert_eq!(unknown.status, StatusCode::NOT_FOUND);
}

/// The number of a payment card is refused where it is stated, and nothing of the message is kept.
#[tokio::test]
async fn numbers_of_payment_cards_are_refused() {
    let (site, key) = site().await;
    let order = r#"{"type":"order","order_number":"1","currency":"GBP","seller":{"name":"Example Ltd"},
        "payments":[{"method":"card","transaction":"4111 1111 1111 1111"}]}"#;
    let refused = site.post("/v1/orders?as=canonical", &key, "application/json", order).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let text = refused.text();
    assert!(text.contains("DG-E1006") && !text.contains("4111"), "{text}");
    let listed = site.get("/v1/orders", &key).await.json();
    assert_eq!(listed["data"].as_array().unwrap().len(), 0, "{listed}");
    let reference = order.replace("4111 1111 1111 1111", "4111 1111 1111 1112");
    let taken = site.post("/v1/orders?as=canonical", &key, "application/json", reference).await;
    assert!(taken.status.is_success(), "{}", taken.text());
}
