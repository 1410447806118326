//! Linked objects as a party of the network sees them.

use std::collections::BTreeMap;

use axum::body::Body;
use dragoman_api::Options;
use dragoman_engine::people::Right;
use http::StatusCode;
use serde_json::{Value, json};

use crate::site::{Answer, Site, request};

const BASE: &str = "http://127.0.0.1:8080/v1/objects/air";
const PATH: &str = "/v1/objects/air/logistics-objects";
const MEDIA: &str = "application/ld+json; version=2.3.0";
const OPENAPI: &str = "one-record/ONE-Record-API-OpenAPI.yaml";

fn case() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../adapters/iata-one-record/cases/shipment.in");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

struct Party {
    site: Site,
    key: String,
}

impl Party {
    async fn new() -> Self {
        let site = Site::new(Options::default()).await;
        let key = site.key("main", "air", &[Right::Read, Right::Write, Right::Personal]).await;
        Self { site, key }
    }

    async fn get(&self, path: &str) -> Answer {
        self.site.get(path, &self.key).await
    }

    async fn post(&self, path: &str, body: &Value) -> Answer {
        self.site.post(path, &self.key, MEDIA, body.to_string()).await
    }

    /// The path of an object that was taken.
    async fn taken(&self, body: &Value) -> String {
        let answer = self.post(PATH, body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.text());
        assert_eq!(answer.header("type"), "https://onerecord.iata.org/ns/cargo#Shipment");
        path(answer.header("location"))
    }
}

/// The path of an address of ours.
fn path(address: &str) -> String {
    let rest = address.strip_prefix(BASE).unwrap_or_else(|| panic!("{address} is not ours"));
    format!("/v1/objects/air{rest}")
}

/// An error as the description of the interface has it.
fn error(answer: &Answer, status: u16) {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), MEDIA);
    let body = answer.json();
    assert_eq!(body["@type"], "api:Error", "{body}");
    let detail = &body["api:hasErrorDetail"][0];
    assert_eq!(
        (&detail["@type"], &detail["api:hasCode"]),
        (&json!("api:ErrorDetail"), &json!(status.to_string()))
    );
    assert!(body["api:hasTitle"].is_string() && detail["api:hasMessage"].is_string(), "{body}");
}

/// The headers that the description of the interface requires of an answer.
fn required(method: &str, path: &str, status: &str, answer: &Answer) {
    let Some(file) = dragoman_samples::sample(OPENAPI) else { return };
    let text = std::fs::read_to_string(file).unwrap();
    // One indentation a level, as the file has it.
    let within = |text: &str, key: &str, indent: usize| -> String {
        let head = format!("{}{key}:", " ".repeat(indent));
        let lines = text.lines().skip_while(|line| line.trim_end() != head).skip(1);
        let inside = lines.take_while(|line| line.is_empty() || line.starts_with(&" ".repeat(indent + 1)));
        inside.map(|line| format!("{line}\n")).collect()
    };
    let operation = within(&within(&within(&text, "paths", 0), path, 2), method, 4);
    let quoted = format!("'{status}'");
    let mut said = within(&within(&operation, "responses", 6), &quoted, 8);
    if said.is_empty() {
        said = within(&within(&operation, "responses", 6), &format!("\"{status}\""), 8);
    }
    let headers = within(&said, "headers", 10);
    let names: Vec<_> = headers
        .lines()
        .filter(|line| line.starts_with("            ") && !line.starts_with("             "))
        .map(|line| line.trim().trim_end_matches(':'))
        .collect();
    assert!(!names.is_empty(), "{method} {path} {status}: the description names no header:\n{said}");
    for name in names {
        assert!(!answer.header(name).is_empty(), "{method} {path}: {name} is missing");
    }
}

#[tokio::test]
async fn a_server_says_what_it_is() {
    let party = Party::new().await;
    for at in ["/v1/objects/air", "/v1/objects/air/"] {
        let answer = party.get(at).await;
        assert_eq!(
            (answer.status, answer.header("content-type")),
            (StatusCode::OK, MEDIA),
            "{}",
            answer.text()
        );
        required("get", "/", "200", &answer);
        let body = answer.json();
        assert_eq!(
            (&body["@type"], &body["@id"]),
            (&json!("api:ServerInformation"), &json!(format!("{BASE}/")))
        );
        assert_eq!(body["api:hasSupportedApiVersion"], json!(["2.3.0"]));
        assert_eq!(body["api:hasServerEndpoint"], BASE);
        assert_eq!(body["api:hasDataHolder"]["@id"], "https://1r.example.com/logistics-objects/us");
        assert!(!answer.text().contains("secret"), "{}", answer.text());
    }
    error(&party.site.get("/v1/objects/air", "").await, 401);
    let writer = party.site.key("main", "none", &[Right::Approve]).await;
    error(&party.site.get("/v1/objects/air", &writer).await, 403);
    let accept =
        request("GET", "/v1/objects/air", &party.key).header("accept", "text/turtle").body(Body::empty());
    error(&party.site.send(accept.unwrap()).await, 415);
}

/// What members have an address of their own, in an object and below it.
fn addresses(value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::Object(members) => {
            if let (Some(id), Some(kind)) = (members.get("@id").and_then(Value::as_str), members.get("@type"))
                && id.starts_with(BASE)
            {
                found.push((id.to_owned(), kind.as_str().unwrap().to_owned()));
            }
            members.values().for_each(|value| addresses(value, found));
        }
        Value::Array(items) => items.iter().for_each(|item| addresses(item, found)),
        _ => {}
    }
}

#[tokio::test]
async fn every_object_has_an_address_and_is_served_there() {
    let party = Party::new().await;
    let shipment = party.taken(&case()).await;
    let whole = party.get(&format!("{shipment}?embedded=true")).await;
    let mut all = Vec::new();
    addresses(&whole.json(), &mut all);
    let kinds: BTreeMap<_, usize> = all.iter().fold(BTreeMap::new(), |mut kinds, (_, kind)| {
        *kinds.entry(kind.as_str()).or_default() += 1;
        kinds
    });
    let expected = [
        ("cargo:Item", 2),
        ("cargo:Piece", 2),
        ("cargo:Product", 2),
        ("cargo:Shipment", 1),
        ("cargo:Waybill", 2),
    ];
    assert_eq!(kinds, BTreeMap::from(expected));
    for (address, kind) in all {
        let answer = party.get(&path(&address)).await;
        assert_eq!(
            (answer.status, answer.header("location")),
            (StatusCode::OK, address.as_str()),
            "{}",
            answer.text()
        );
        required("get", "/logistics-objects/{logisticsObjectId}", "200", &answer);
        assert_eq!(answer.header("type"), kind.replace("cargo:", "https://onerecord.iata.org/ns/cargo#"));
        assert_eq!((answer.header("revision"), answer.header("latest-revision")), ("1", "1"));
        assert!(answer.header("last-modified").ends_with(" GMT"));
        let body = answer.json();
        assert_eq!((&body["@id"], &body["@type"]), (&json!(address), &json!(kind)));
        assert_eq!(body["@context"]["cargo"], "https://onerecord.iata.org/ns/cargo#");
        assert_eq!(body["api:hasRevision"], 1);
        // What it names is named, and no more.
        let mut named = Vec::new();
        addresses(&body, &mut named);
        let is_short = |value: &Value| {
            value.as_object().is_none_or(|members| {
                !members.contains_key("@id")
                    || !members["@id"].as_str().unwrap().starts_with(BASE)
                    || members.len() == 2
            })
        };
        let inside = body.as_object().unwrap().values();
        assert!(
            inside
                .flat_map(|value| value.as_array().cloned().unwrap_or(vec![value.clone()]))
                .all(|value| is_short(&value)),
            "{body:#}"
        );
    }
    for missing in [
        "nothing",
        "0190c8a0-0000-7000-8000-000000000000",
        &format!("{}.pieces-9", shipment.rsplit('/').next().unwrap()),
    ] {
        error(&party.get(&format!("{PATH}/{missing}")).await, 404);
    }
}

/// What is served says what is kept, but for what objects are called.
#[tokio::test]
async fn what_is_served_is_read_again_as_the_same_shipment() {
    let party = Party::new().await;
    let shipment = party.taken(&case()).await;
    let id = shipment.rsplit('/').next().unwrap();
    let kept = party.get(&format!("/v1/exchanges/{id}/document?as=canonical")).await.json();
    let served = party.get(&format!("{shipment}?embedded=true")).await;
    let read = party.site.post("/v1/translate?to=canonical", &party.key, MEDIA, served.bytes.clone()).await;
    assert_eq!(read.status, StatusCode::OK, "{}", read.text());
    let mut known = BTreeMap::new();
    known_as(&served.json(), &mut known);
    assert_eq!(known.len(), 6, "{known:?}");
    assert_eq!(bare(&read.json(), &known), bare(&kept, &known));
}

/// What its sender called what has an address with us.
fn known_as(value: &Value, known: &mut BTreeMap<String, String>) {
    match value {
        Value::Object(members) => {
            if let Some(own) = members.get("cargo:otherIdentifiers") {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                known.insert(text(&members["@id"]), text(&own[0]["cargo:textualValue"]));
            }
            members.values().for_each(|value| known_as(value, known));
        }
        Value::Array(items) => items.iter().for_each(|item| known_as(item, known)),
        _ => {}
    }
}

/// A document by the names of its sender, without what only says how it is kept.
fn bare(value: &Value, known: &BTreeMap<String, String>) -> Value {
    const OURS: [&str; 4] = ["identifiers", "waybill_identifiers", "revision", "latest_revision"];
    match value {
        Value::Object(members) => {
            let own = members.iter().filter(|(name, _)| !OURS.contains(&name.as_str()));
            let own = own.map(|(name, value)| (name.clone(), bare(value, known)));
            let is_empty =
                |value: &Value| value.is_null() || value.as_object().is_some_and(serde_json::Map::is_empty);
            own.filter(|(_, value)| !is_empty(value)).collect::<serde_json::Map<_, _>>().into()
        }
        Value::Array(items) => items.iter().map(|item| bare(item, known)).collect(),
        Value::String(text) if text.starts_with(BASE) => {
            known.get(text).cloned().map_or(Value::Null, Value::from)
        }
        other => other.clone(),
    }
}

#[tokio::test]
async fn what_is_taken_is_a_shipment_and_new() {
    let party = Party::new().await;
    let mut fresh = case();
    fresh.as_object_mut().unwrap().remove("@id");
    // Without an id each is another one.
    assert_ne!(party.taken(&fresh).await, party.taken(&fresh).await);
    party.taken(&case()).await;
    error(&party.post(PATH, &case()).await, 409);
    let sensor = json!({ "@context": { "cargo": "https://onerecord.iata.org/ns/cargo#" }, "@type": "cargo:Sensor", "cargo:serialNumber": "1" });
    error(&party.post(PATH, &sensor).await, 400);
    error(&party.site.post(PATH, &party.key, MEDIA, "{").await, 400);
    error(&party.site.post(PATH, &party.key, "text/turtle", "<a> <b> <c> .").await, 415);
    let reader = party.site.key("main", "reader", &[Right::Read]).await;
    error(&party.site.post(PATH, &reader, MEDIA, case().to_string()).await, 403);
    error(&party.get("/v1/objects/air/access-delegations").await, 404);
}

#[tokio::test]
async fn persons_are_withheld_from_who_may_not_see_them() {
    let party = Party::new().await;
    let shipment = party.taken(&case()).await;
    let at = format!("{shipment}?embedded=true");
    assert!(party.get(&at).await.text().contains("Example Imports"));
    let reader = party.site.key("main", "reader", &[Right::Read]).await;
    let answer = party.site.get(&at, &reader).await;
    assert_eq!(answer.status, StatusCode::OK);
    for withheld in ["Example Imports", "3 Market Street"] {
        assert!(!answer.text().contains(withheld), "{}", answer.text());
    }
    assert!(answer.text().contains("420222"));
}

#[tokio::test]
async fn an_object_is_shown_as_it_was() {
    let party = Party::new().await;
    let shipment = party.taken(&case()).await;
    let mut changed = case();
    changed["cargo:goodsDescription"] = json!("Handbags alone");
    let before = jiff::Timestamp::now();
    tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    let answer = party.post("/v1/shipments?account=air", &changed).await;
    assert_eq!(
        (answer.status, answer.json()["shipments"][0]["news"].clone()),
        (StatusCode::CREATED, json!("changed"))
    );
    let now = party.get(&shipment).await;
    assert_eq!(
        (now.header("revision"), now.json()["cargo:goodsDescription"].clone()),
        ("2", json!("Handbags alone"))
    );
    let then = party.get(&format!("{shipment}?at={before}")).await;
    assert_eq!((then.header("revision"), then.header("latest-revision")), ("1", "2"));
    assert_eq!(then.json()["cargo:goodsDescription"], "Handbags and scarves");
    error(&party.get(&format!("{shipment}?at=20190926T075830Z")).await, 404);
    error(&party.get(&format!("{shipment}?at=yesterday")).await, 400);
}

#[tokio::test]
async fn who_publishes_asks_and_tells() {
    let party = Party::new().await;
    let asked =
        |kind: &str, topic: &str| format!("/v1/objects/air/subscriptions?topicType={kind}&topic={topic}");
    let shipments = "https://onerecord.iata.org/ns/cargo%23Shipment";
    for kind in ["LOGISTICS_OBJECT_TYPE", "https://onerecord.iata.org/ns/api%23LOGISTICS_OBJECT_TYPE"] {
        let answer = party.get(&asked(kind, shipments)).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
        assert_eq!(answer.json()["@type"], "api:Subscription");
        assert_eq!(answer.json()["api:hasTopic"]["@value"], "https://onerecord.iata.org/ns/cargo#Shipment");
    }
    error(
        &party.get(&asked("LOGISTICS_OBJECT_TYPE", "https://onerecord.iata.org/ns/cargo%23Sensor")).await,
        404,
    );
    error(&party.get(&asked("WEATHER", shipments)).await, 400);
    error(&party.get("/v1/objects/air/subscriptions").await, 400);
    let told = |event: &str, object: &str| {
        json!({
            "https://onerecord.iata.org/ns/api#hasEventType": [{ "@id": format!("https://onerecord.iata.org/ns/api#{event}") }],
            "https://onerecord.iata.org/ns/api#hasLogisticsObject": [{ "@id": object }],
            "@type": ["https://onerecord.iata.org/ns/api#Notification"],
        })
    };
    let own = "https://1r.example.com/logistics-objects/1";
    let at = "/v1/objects/air/notifications";
    for event in ["LOGISTICS_OBJECT_CREATED", "LOGISTICS_OBJECT_UPDATED", "CHANGE_REQUEST_ACCEPTED"] {
        assert_eq!(party.post(at, &told(event, own)).await.status, StatusCode::NO_CONTENT, "{event}");
    }
    error(
        &party
            .post(at, &told("LOGISTICS_OBJECT_CREATED", "https://elsewhere.example/logistics-objects/1"))
            .await,
        400,
    );
    error(&party.post(at, &case()).await, 400);
    error(&party.get(at).await, 405);
    // The published ones are read, whatever they tell of.
    let Some(folder) = dragoman_samples::sample("one-record/API-Security/examples") else { return };
    for number in 1..=6 {
        let text =
            std::fs::read_to_string(folder.join(format!("Notification_example{number}.json"))).unwrap();
        let answer = party.site.post(at, &party.key, MEDIA, text).await;
        assert_eq!(answer.status, StatusCode::NO_CONTENT, "{number}: {}", answer.text());
    }
}
