//! Objects of another party's server: fetched with those that they name, and told of.

use dragoman_engine::{EngineError, News, Taken};
use dragoman_simulators::{Change, Options, Play};
use serde_json::{Value, json};

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "iata-one-record"
name = "air"
base_url = "OFFICE"
token_url = "OFFICE/token"
client_id = "declarant"
client_secret = "secret"
limits = false
"#;

async fn setup() -> Setup {
    let options = Options { faster: 100, limits: false, ..Options::default() };
    Setup::asking("iata-one-record", CONFIG, options).await
}

/// The address of an object at the other server.
fn at(setup: &Setup, name: &str) -> String {
    format!("{}/logistics-objects/{name}", setup.office.as_ref().unwrap().url())
}

async fn fetched(setup: &Setup, name: &str) -> Result<Taken, EngineError> {
    setup.gateway.fetch_object(&clerk(), "air", &at(setup, name)).await
}

async fn document(setup: &Setup, id: &str) -> Value {
    let found = setup.gateway.document(&clerk(), id).await.unwrap().unwrap();
    serde_json::from_str(&found.canonical).unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shipment_is_fetched_with_all_that_it_names() {
    let setup = setup().await;
    let taken = fetched(&setup, "shipment-42").await.unwrap();
    let shipment = &taken.shipments[0];
    assert_eq!((taken.shipments.len(), shipment.news), (1, News::New));
    assert_eq!(shipment.number, at(&setup, "shipment-42"));
    let said = document(&setup, &shipment.id).await;
    let expected = [
        ("/house_document/id", json!("EXH00042")),
        ("/house_document/type", json!("HOUSE")),
        ("/transport/unloading/id", json!("TIA")),
        ("/ship_from/name", json!("Examplia Goods Ltd")),
        ("/ship_from/address/country", json!("CN")),
        ("/packages/0/gross_mass", json!({ "value": "5.88", "unit": "KGM" })),
        ("/packages/1/number", json!(at(&setup, "piece-2"))),
        ("/lines/0/commodity", json!("420222")),
        ("/lines/0/quantity/value", json!("2")),
        ("/lines/0/package", json!(at(&setup, "piece-1"))),
        ("/lines/1/sku", json!("SCARF-7")),
        ("/lines/1/package", json!(at(&setup, "piece-2"))),
        // Where no account of ours is known nothing is asked.
        ("/consignee", json!({ "reference": "https://elsewhere.example/logistics-objects/company-2" })),
    ];
    for (path, value) in expected {
        assert_eq!(said.pointer(path), Some(&value), "{path}: {said:#}");
    }
    // What is kept is what was given, byte for byte.
    let events = setup.store.stream("main", &shipment.id).await.unwrap();
    let kept = setup.gateway.message_bytes(&clerk(), &shipment.id, events[0].seq).await.unwrap().unwrap();
    let kept = String::from_utf8(kept.bytes).unwrap();
    assert!(kept.contains("\"@vocab\"") && kept.contains("ns/cargo#waybillNumber"), "{kept}");
    // Whichever is asked for, it is the same shipment.
    for name in ["waybill-42", "piece-1", "shipment-42"] {
        let again = fetched(&setup, name).await.unwrap();
        assert_eq!((&again.shipments[0].id, again.shipments[0].news), (&shipment.id, News::Known), "{name}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_no_shipment_or_not_theirs_is_refused() {
    let setup = setup().await;
    assert!(matches!(fetched(&setup, "sensor-1").await, Err(EngineError::Refused { .. })));
    assert!(matches!(fetched(&setup, "nothing").await, Err(EngineError::NotGiven { .. })));
    let url = setup.office.as_ref().unwrap().url();
    let beside = [
        "https://elsewhere.example/logistics-objects/company-2".to_owned(),
        format!("{url}.elsewhere.example/logistics-objects/1"),
        format!("{url}@elsewhere.example/logistics-objects/1"),
        format!("{url}/logistics-objects/../control"),
        url,
    ];
    for address in beside {
        let answer = setup.gateway.fetch_object(&clerk(), "air", &address).await;
        assert!(matches!(answer, Err(EngineError::Refused { .. })), "{address}: {answer:?}");
    }
}

fn told(setup: &Setup, event: &str, name: &str) -> String {
    json!({
        "@context": { "api": "https://onerecord.iata.org/ns/api#" },
        "@type": "api:Notification",
        "api:hasEventType": { "@id": format!("api:{event}") },
        "api:hasLogisticsObject": { "@id": at(setup, name) },
    })
    .to_string()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_of_is_fetched() {
    let setup = setup().await;
    let gateway = &setup.gateway;
    let created = told(&setup, "LOGISTICS_OBJECT_CREATED", "piece-2");
    gateway.notified(&clerk(), "air", created.as_bytes()).await.unwrap();
    assert_eq!(gateway.sync("air").await.unwrap().orders, 1);
    // Told again, nothing is new; and of what happens to no object of a declaration nothing is fetched.
    for event in ["LOGISTICS_OBJECT_UPDATED", "CHANGE_REQUEST_ACCEPTED"] {
        gateway.notified(&clerk(), "air", told(&setup, event, "shipment-42").as_bytes()).await.unwrap();
        assert_eq!(gateway.sync("air").await.unwrap().orders, 0, "{event}");
    }
    let elsewhere = created.replace(&at(&setup, ""), "https://elsewhere.example/");
    for other in [elsewhere.as_str(), "{}", "[]", "no JSON", r#"{"@type":"api:Notification"}"#] {
        let answer = gateway.notified(&clerk(), "air", other.as_bytes()).await;
        assert!(matches!(answer, Err(EngineError::Refused { .. })), "{other}: {answer:?}");
    }
}

/// What cannot be had for now is fetched later: a notification is not lost.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_down_is_asked_again() {
    let setup = setup().await;
    let office = setup.office.as_ref().unwrap();
    let down = Play { behaviour: "one_down".into(), ..Play::default() };
    office.change(Change { plays: vec![down], ..Change::default() }).unwrap();
    setup
        .gateway
        .notified(&clerk(), "air", told(&setup, "LOGISTICS_OBJECT_CREATED", "shipment-42").as_bytes())
        .await
        .unwrap();
    assert_eq!(setup.gateway.sync("air").await.unwrap().orders, 0);
    office.change(Change { clear: true, ..Change::default() }).unwrap();
    assert_eq!(setup.gateway.sync("air").await.unwrap().orders, 1);
}
