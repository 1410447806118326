//! Translating and validating, and what bodies are taken.

use dragoman_api::Options;
use dragoman_engine::people::Right;
use http::StatusCode;

use crate::site::Site;

/// A declaration as canonical JSON, synthetic.
const DECLARATION: &str = r#"{"type":"declaration","lrn":"TT-2026-0042","goods_items":[{"sequence":"1"}]}"#;

async fn site() -> (Site, String) {
    let site = Site::new(Options::default()).await;
    let key = site.key("main", "reader", &[Right::Read]).await;
    (site, key)
}

#[tokio::test]
async fn a_message_is_translated_there_and_back() {
    let (site, key) = site().await;
    let adapters = site.get("/v1/adapters", &key).await.json();
    let messages =
        adapters["data"].as_array().unwrap().iter().flat_map(|one| one["messages"].as_array().unwrap());
    let declarations = messages.filter(|one| one["document"] == "declaration");
    let (mut written, mut without, mut others) = (0, 0, Vec::new());
    for name in declarations.map(|one| one["name"].as_str().unwrap()) {
        let to = format!("/v1/translate?from=canonical&to={name}&report=true");
        let answer = site.post(&to, &key, "application/json", DECLARATION).await;
        assert_eq!(answer.status, StatusCode::OK, "{name}: {}", answer.text());
        let report = answer.json();
        assert_eq!(report[0]["report"]["to"], name);
        let there = report[0]["output"].as_str().unwrap().to_owned();
        let back = site
            .post(&format!("/v1/translate?from={name}&report=true"), &key, "application/octet-stream", there)
            .await;
        let back = back.json();
        // A data set that the declaration is not of is not known as it either.
        if back["findings"][0]["code"] == "DG-E1001" {
            others.push(name.to_owned());
            continue;
        }
        let is_back = back[0]["output"].as_str().is_some_and(|output| output.contains("TT-2026-0042"));
        // A message that has no place for the reference, as many amendments, says so.
        let lost = report[0]["report"]["lost"].as_array().unwrap().iter().any(|one| one["path"] == "lrn");
        assert_ne!(is_back, lost, "{name}: {back}");
        written += usize::from(is_back);
        without += usize::from(lost);
    }
    assert_eq!(others, ["eu-h7/declaration"]);
    assert!(written > 0 && without > 0, "{written} keep the reference, {without} have no place for it");
}

/// With a report or without: what holds no document of what was named is refused, with the reason.
#[tokio::test]
async fn what_is_another_message_is_refused() {
    let (site, key) = site().await;
    for report in ["true", "false"] {
        let to = format!("/v1/translate?from=amazon/order&to=canonical&report={report}");
        let answer = site.post(&to, &key, "application/json", r#"{"type":"declaration"}"#).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.text());
        assert_eq!(answer.json()["findings"][0]["code"], "DG-E1001");
    }
}

/// The rules of the day, and of another; bad words are refused.
#[tokio::test]
async fn orders_are_assessed() {
    const ORDER: &str = r#"{"type":"order","order_number":"7","order_kind":"b2c","recipient":{"name":"R","address":{"city":"Berlin","postal_code":"10115","country":"DE"}},"currency":"EUR","lines":[{"line":"1","sku":"A","quantity":{"value":"1"},"price":{"amount":"20","currency":"EUR"}}]}"#;
    let (site, key) = site().await;
    let ask = async |query: &str, body: &'static str| {
        site.post(&format!("/v1/assessments?{query}"), &key, "application/json", body).await
    };
    let rules = |answer: serde_json::Value| -> Vec<String> {
        let rules = answer[0]["packs"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|pack| pack["rules"].as_array().unwrap().clone());
        rules.map(|rule| rule["rule"].as_str().unwrap().to_owned()).collect()
    };
    let june = ask("from=CN&on=2026-06-30", ORDER).await;
    assert_eq!(june.status, StatusCode::OK, "{}", june.text());
    let (june, july) = (rules(june.json()), rules(ask("from=CN&on=2026-07-01", ORDER).await.json()));
    assert!(june.contains(&"eu-duty-relief".into()) && !july.contains(&"eu-duty-relief".into()));
    assert!(july.contains(&"eu-flat-duty".into()) && july.contains(&"cn-9610".into()), "{july:?}");
    for bad in ["to=Germany", "by=mule", "on=tomorrow", "way=post"] {
        assert_eq!(ask(bad, ORDER).await.status, StatusCode::BAD_REQUEST, "{bad}");
    }
    assert_eq!(ask("", DECLARATION).await.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn canonical_json_goes_through_in_both_directions() {
    let (site, key) = site().await;
    let answer = site.post("/v1/translate", &key, "application/json", DECLARATION).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (StatusCode::OK, "application/json"),
        "{}",
        answer.text()
    );
    assert_eq!(answer.json(), serde_json::from_str::<serde_json::Value>(DECLARATION).unwrap());
    assert_eq!(answer.header("dragoman-findings"), "0");
    let two = format!("{DECLARATION}\n{DECLARATION}\n");
    let answer = site.post("/v1/translate", &key, "application/x-ndjson", two).await;
    assert_eq!(answer.header("content-type"), "application/x-ndjson");
    assert_eq!(answer.text().lines().count(), 2);
}

#[tokio::test]
async fn a_wrong_message_is_a_problem_with_findings_at_their_place() {
    let (site, key) = site().await;
    let broken = "{\"type\":\"declaration\",\n  \"nonsense\":1}";
    let answer = site.post("/v1/validate", &key, "application/json", broken).await;
    assert_eq!(answer.json()["message"], "canonical");
    let finding = &answer.json()["findings"][0];
    assert_eq!(
        (finding["span"]["line"].as_u64(), finding["severity"].as_str().is_some()),
        (Some(2), true),
        "{finding}"
    );
    let answer = site.post("/v1/translate", &key, "text/plain", "Dear Sir").await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::UNPROCESSABLE_ENTITY, "content".into()));
    assert_eq!(answer.json()["findings"][0]["code"], "DG-E1002");
    let order = r#"{"type":"order","order_number":"1"}"#;
    let messages = site.get("/v1/adapters", &key).await.json();
    let declaration =
        messages["data"].as_array().unwrap().iter().flat_map(|one| one["messages"].as_array().unwrap());
    let name =
        declaration.clone().find(|one| one["document"] == "declaration").unwrap()["name"].as_str().unwrap();
    let answer = site.post(&format!("/v1/translate?to={name}"), &key, "application/json", order).await;
    assert_eq!(answer.json()["findings"][0]["code"], "DG-E1005", "{}", answer.text());
}

#[tokio::test]
async fn what_is_asked_for_wrongly_is_named() {
    let (site, key) = site().await;
    let post = async |path: &str, media_type: &str, body: &str| {
        let answer = site.post(path, &key, media_type, body.to_owned()).await;
        (answer.problem(), answer.json()["detail"].as_str().unwrap_or_default().to_owned())
    };
    assert_eq!(post("/v1/translate?to=canonicle", "application/json", "{}").await.0, "malformed");
    assert!(post("/v1/translate?to=x&tu=y", "application/json", "{}").await.1.contains("tu"));
    assert_eq!(post("/v1/validate", "application/pdf", "%PDF").await.0, "media_type");
    assert_eq!(post("/v1/validate?as=canonical", "application/xml", "<a/>").await.0, "media_type");
    assert_eq!(post("/v1/nothing", "application/json", "{}").await.0, "not_found");
    assert_eq!(site.get("/v1/validate", &key).await.problem(), "method");
    assert_eq!(site.get("/v1/adapters/nobody", &key).await.problem(), "not_found");
}

#[tokio::test]
async fn bodies_have_an_end() {
    let site = Site::new(Options { largest: 1000, ..Options::default() }).await;
    let key = site.key("main", "reader", &[Right::Read]).await;
    let long = "x".repeat(1001);
    let answer = site.post("/v1/validate", &key, "text/plain", long.clone()).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::PAYLOAD_TOO_LARGE, "too_large".into()));
    let chunks = (0..11).map(|_| Ok::<_, std::io::Error>("x".repeat(100)));
    let stream = axum::body::Body::from_stream(futures_util::stream::iter(chunks));
    let answer = site.post("/v1/validate", &key, "text/plain", stream).await;
    assert_eq!(answer.problem(), "too_large");
    let taken = site.post("/v1/validate", &key, "text/plain", long[..1000].to_owned()).await;
    assert_eq!(taken.json()["findings"][0]["code"], "DG-E1002");
    assert_eq!(site.post("/v1/validate", &key, "text/plain", "").await.problem(), "content");
}
