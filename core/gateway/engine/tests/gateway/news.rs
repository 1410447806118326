use dragoman_engine::EngineError;
use dragoman_engine::people::{Actor, Role};
use dragoman_store::Query;
use dragoman_transport::webhook::{Signed, SigningKey, verify};
use wiremock::matchers::method;
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::{Setup, clerk};

const ALLOWED: &str = "[gateway]\nallow_private = [\"127.0.0.0/8\"]\nplain_webhooks = true\n";

fn admin() -> Actor {
    Actor::person("main", "root", Role::Admin)
}

/// News are signed, told once, and only of what was asked for.
#[tokio::test]
async fn news_are_signed_and_told_once() {
    let customer = MockServer::start().await;
    Mock::given(method("POST")).respond_with(ResponseTemplate::new(204)).mount(&customer).await;
    let setup = Setup::new(ALLOWED).await;
    let (gateway, events) = (&setup.gateway, ["declaration.drafted".to_owned(), "order.received".to_owned()]);
    let (endpoint, key) = gateway.add_endpoint(&admin(), &customer.uri(), "test", &events).await.unwrap();
    gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    setup.declared("amazon").await;
    while gateway.tell().await.unwrap() > 0 {}
    while gateway.work().await.unwrap() > 0 {}
    while gateway.tell().await.unwrap() > 0 {}
    let told = customer.received_requests().await.unwrap();
    // Deliveries run side by side: which arrives first is not promised.
    let mut types: Vec<String> =
        told.iter().map(|news| read(news)["type"].as_str().unwrap().into()).collect();
    types.sort();
    assert_eq!(types, events);
    let news = told.iter().find(|news| read(news)["type"] == "order.received").unwrap();
    let header = |name: &str| news.headers.get(name).unwrap().to_str().unwrap().to_owned();
    let signed = Signed {
        id: header("webhook-id"),
        timestamp: header("webhook-timestamp"),
        signature: header("webhook-signature"),
    };
    let keys = [SigningKey::read(&key).unwrap()];
    verify(&keys, &signed, &news.body, gateway.clock().now()).unwrap();
    assert!(read(news)["data"]["exchange"].is_string());
    let shown = gateway.endpoints(&admin()).await.unwrap();
    assert_eq!((shown.len(), shown[0].id == endpoint.id), (1, true));
    assert!(!serde_json::to_string(&shown).unwrap().contains(&key));
    setup.settle().await;
    let hooks = Query { kind: Some("webhook".into()), limit: 10, ..Query::default() };
    let rows = gateway.list(&clerk(), hooks).await.unwrap().data;
    assert!(rows.len() == 2 && rows.iter().all(|row| row.state == "delivered"), "{rows:?}");
}

fn read(news: &wiremock::Request) -> serde_json::Value {
    serde_json::from_slice(&news.body).unwrap()
}

/// An address that is not public is refused, when it is added and when it is sent to; redirects are not followed.
#[tokio::test]
async fn private_addresses_are_refused() {
    let setup = Setup::new("").await;
    for url in
        ["http://127.0.0.1/", "https://127.0.0.1/", "https://[::1]/", "https://10.1.2.3/", "ftp://a/", "x"]
    {
        let refused = setup.gateway.add_endpoint(&admin(), url, "", &[]).await;
        assert!(matches!(refused, Err(EngineError::Refused { .. })), "{url}");
    }
    let refused = setup.gateway.add_endpoint(&clerk(), "https://example.com/", "", &[]).await;
    assert!(matches!(refused, Err(EngineError::Forbidden(_))));
    // A name says nothing about where it leads: that is seen when it is sent to.
    hooked(&setup, "https://localhost/").await;
    let row = &hooks(&setup).await[0];
    assert_eq!(row.state, "refused");
    let customer = MockServer::start().await;
    let away = ResponseTemplate::new(302).insert_header("location", "http://127.0.0.1:1/");
    Mock::given(method("POST")).respond_with(away).mount(&customer).await;
    let setup = Setup::new(ALLOWED).await;
    hooked(&setup, &customer.uri()).await;
    assert_eq!(customer.received_requests().await.unwrap().len(), 1);
    assert_eq!(hooks(&setup).await[0].state, "deferred");
}

/// An order arrives, which an address is told of.
async fn hooked(setup: &Setup, url: &str) {
    setup.gateway.add_endpoint(&admin(), url, "", &["order.received".into()]).await.unwrap();
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    setup.declared("amazon").await;
    setup.gateway.tell().await.unwrap();
    setup.gateway.work().await.unwrap();
}

async fn hooks(setup: &Setup) -> Vec<dragoman_store::Row> {
    setup.settle().await;
    let query = Query { kind: Some("webhook".into()), limit: 10, ..Query::default() };
    setup.gateway.list(&clerk(), query).await.unwrap().data
}
