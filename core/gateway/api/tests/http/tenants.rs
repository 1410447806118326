//! Nothing crosses tenants: every route that takes an id answers 404 to another tenant's.

use dragoman_api::Options;
use dragoman_engine::people::Right;
use http::StatusCode;
use serde_json::{Value, json};

use crate::description::operations;
use crate::filing::{master, order};
use crate::site::{Site, request};

/// A shipment.
const SHIPMENT: &str = r#"{"type":"shipment","shipment_number":"S-1","goods_summary":"Handbags"}"#;

/// What there is in one tenant: ids by the name that paths give them, for each collection.
struct There {
    order: String,
    declaration: String,
    key: String,
    webhook: String,
    shipment: String,
}

async fn filled(site: &Site, key: &str) -> There {
    site.post("/v1/goods", key, "text/csv", master()).await;
    let taken = site.post("/v1/orders?account=shop", key, "application/json", order()).await.json();
    let id = |kind: &str| taken[kind][0]["id"].as_str().unwrap().to_owned();
    let shipment = site.post("/v1/shipments", key, "application/json", SHIPMENT).await.json();
    let shipment = shipment["shipments"][0]["id"].as_str().unwrap().to_owned();
    let made = json!({ "name": "more", "scopes": ["read"] }).to_string();
    let made = site.post("/v1/keys", key, "application/json", made).await.json();
    let hook = json!({ "url": "https://hooks.example.com/dragoman" }).to_string();
    let hook = site.post("/v1/webhooks", key, "application/json", hook).await.json();
    let text = |value: &Value| value["id"].as_str().unwrap().to_owned();
    There {
        order: id("orders"),
        declaration: id("declarations"),
        key: text(&made),
        webhook: text(&hook),
        shipment,
    }
}

impl There {
    /// The paths of an operation with what is there in the places of its parameters.
    fn paths(&self, path: &str) -> Vec<String> {
        if path.starts_with("/v1/objects") {
            let topic =
                "topicType=LOGISTICS_OBJECT_TYPE&topic=https://onerecord.iata.org/ns/cargo%23Shipment";
            let object = format!("logistics-objects/{}", self.shipment);
            let path = path.replace("{account}", "air").replace("{step}/{id}", &object);
            return vec![path.replace("{step}", &format!("subscriptions?{topic}"))];
        }
        let ids: Vec<&str> = match path.split('/').nth(2).unwrap_or_default() {
            "orders" => vec![&self.order],
            "declarations" => vec![&self.declaration],
            "users" => vec!["anna"],
            "keys" => vec![&self.key],
            "accounts" => vec!["shop", "acme"],
            "exchanges" => vec![&self.order, &self.declaration],
            "webhooks" => vec![&self.webhook],
            "goods" => vec!["LAMP-3"],
            "sync" => vec!["shop"],
            "shipments" => vec![&self.shipment],

            other => panic!("{path}: what is a `{other}` of another tenant?"),
        };
        let filled = |id: &&str| {
            path.replace("{id}", id)
                .replace("{name}", id)
                .replace("{sku}", id)
                .replace("{account}", id)
                .replace("{seq}", "1")
        };
        ids.iter().map(filled).collect()
    }
}

/// A value that a schema allows, so that nothing but the id is at fault.
fn sample(description: &Value, schema: &Value) -> Value {
    if let Some(name) = schema["$ref"].as_str().and_then(|at| at.rsplit('/').next()) {
        return sample(description, &description["components"]["schemas"][name]);
    }
    if let Some(first) = schema["enum"].as_array().and_then(|values| values.first()) {
        return first.clone();
    }
    let kind = schema["type"].as_array().and_then(|kinds| kinds.first()).unwrap_or(&schema["type"]);
    match kind.as_str() {
        Some("array") => json!([sample(description, &schema["items"])]),
        Some("integer") => json!(1),
        Some("boolean") => json!(true),
        Some("string") => json!("x"),
        _ => {
            let required = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
            let member = |name: &str| (name.to_owned(), sample(description, &schema["properties"][name]));
            Value::Object(required.map(member).collect())
        }
    }
}

/// A body that the operation takes.
fn body(description: &Value, operation: &Value) -> Option<(&'static str, String)> {
    let content = operation["requestBody"]["content"].as_object()?;
    if content.contains_key("application/octet-stream") {
        return Some(("application/json", order()));
    }
    match content.get("application/json") {
        Some(json) => Some(("application/json", sample(description, &json["schema"]).to_string())),
        None => Some(("text/plain", "x".into())),
    }
}

/// The query that the operation cannot do without.
fn query(operation: &Value) -> String {
    let parameters = operation["parameters"].as_array().into_iter().flatten();
    let required = parameters.filter(|one| one["in"] == "query" && one["required"] == true);
    required
        .map(|one| format!("&{}=x", one["name"].as_str().unwrap()))
        .collect::<String>()
        .replacen('&', "?", 1)
}

/// Routes whose ids are no tenant's, or a name that each tenant gives by itself.
const NOBODYS: [&str; 2] = ["GET /v1/adapters/{name}", "PUT /v1/goods/{sku}"];

#[tokio::test]
async fn another_tenants_ids_answer_404_everywhere() {
    let site = Site::new(Options::default()).await;
    let (own, other) =
        (site.key("main", "own", &Right::ALL).await, site.key("other", "other", &Right::ALL).await);
    let there = filled(&site, &own).await;
    site.settle().await;
    let description = site.get("/openapi.json", "").await.json();
    let mut tried = 0;
    for (method, path, operation) in operations(&description) {
        let is_guarded = !operation["security"].is_null();
        if !path.contains('{') || !is_guarded || NOBODYS.contains(&format!("{method} {path}").as_str()) {
            continue;
        }
        for path in there.paths(&path) {
            let path = path + &query(&operation);
            let ask = async |key: &str| {
                let request = request(&method, &path, key);
                let request = match body(&description, &operation) {
                    Some((media, body)) => request.header("content-type", media).body(body.into()),
                    None => request.body(axum::body::Body::empty()),
                };
                site.send(request.unwrap()).await
            };
            let answer = ask(&other).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{method} {path}: {}", answer.text());
            if method == "GET" && !path.contains("documents/1") {
                assert_eq!(
                    ask(&own).await.status,
                    StatusCode::OK,
                    "{method} {path} is there for its own tenant"
                );
            }
            tried += 1;
        }
    }
    assert!(tried > 12, "{tried}");
}

#[tokio::test]
async fn lists_and_references_show_nothing_of_another_tenant() {
    let site = Site::new(Options::default()).await;
    let (own, other) =
        (site.key("main", "own", &Right::ALL).await, site.key("other", "other", &Right::ALL).await);
    let there = filled(&site, &own).await;
    site.settle().await;
    for path in [
        "/v1/orders",
        "/v1/declarations",
        "/v1/exchanges",
        "/v1/events",
        "/v1/users",
        "/v1/ledger",
        "/v1/today",
    ] {
        let (mine, theirs) = (site.get(path, &own).await, site.get(path, &other).await);
        assert_eq!((mine.status, theirs.status), (StatusCode::OK, StatusCode::OK), "{path}");
        let is_empty = path == "/v1/gaps";
        assert!(is_empty || mine.json() != theirs.json(), "{path}");
        for word in
            [&there.order, &there.declaration, &there.key, &there.webhook, "anna", "026-1000001-1000001"]
        {
            assert!(!theirs.text().contains(word), "{path} shows {word}");
        }
    }
    let names = site.get("/v1/accounts", &other).await;
    assert!(names.text().contains("bazaar") && !names.text().contains("\"shop\""));
    for path in [
        "/v1/orders?account=shop",
        "/v1/orders?declare_to=acme",
        "/v1/orders?flow=main-uk",
        "/v1/declarations?account=acme",
    ] {
        let answer = site.post(path, &other, "application/json", order()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.text());
    }
    let ask = json!({ "orders": [there.order], "account": "broker" }).to_string();
    let answer = site.post("/v1/consignments", &other, "application/json", ask).await;
    assert_eq!(answer.status, StatusCode::NOT_FOUND, "{}", answer.text());
}
