//! The description of the interface, its page, and what every answer has.

use std::fmt::Write;

use dragoman_api::Options;
use dragoman_engine::people::Right;
use http::StatusCode;
use serde_json::Value;

use crate::filing::order;
use crate::site::{Site, request};

/// The operations of the description: method, path, body.
pub fn operations(description: &Value) -> Vec<(String, String, Value)> {
    let paths = description["paths"].as_object().unwrap();
    let of = |(path, item): (&String, &Value)| {
        let item = item.as_object().unwrap().clone();
        let path = path.clone();
        item.into_iter()
            .map(move |(method, body)| (method.to_uppercase(), path.clone(), body))
            .collect::<Vec<_>>()
    };
    paths.iter().flat_map(of).collect()
}

#[tokio::test]
async fn every_operation_is_described_whole() {
    let site = Site::new(Options::default()).await;
    let description = site.get("/openapi.json", "").await.json();
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut ids = Vec::new();
    for (method, path, body) in operations(&description) {
        let name = format!("{method} {path}");
        assert!(body["summary"].as_str().is_some_and(|text| text.len() > 5), "{name} says nothing");
        assert!(body["tags"][0].is_string(), "{name} has no tag");
        ids.push(body["operationId"].as_str().unwrap().to_owned());
        let answers = body["responses"].as_object().unwrap();
        assert!(answers.keys().any(|status| status.as_str() < "400"), "{name} never succeeds");
        for (status, answer) in answers {
            let content = answer["content"].as_object();
            let is_problem = content.is_some_and(|content| content.contains_key("application/problem+json"));
            assert_eq!(is_problem, status.as_str() >= "400", "{name} {status}");
        }
        for parameter in body["parameters"].as_array().into_iter().flatten() {
            assert!(
                parameter["description"].as_str().is_some_and(|text| !text.is_empty()),
                "{name}: {parameter}"
            );
        }
    }
    let count = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), count, "operation ids are unique");
    let text = description.to_string();
    for at in text.split("\"#/components/schemas/").skip(1) {
        let name = at.split('"').next().unwrap();
        assert!(description["components"]["schemas"][name].is_object(), "{name} is not described");
    }
}

/// Nothing but what says so in the description is open.
#[tokio::test]
async fn what_is_guarded_asks_who_it_is() {
    let site = Site::new(Options::default()).await;
    let description = site.get("/openapi.json", "").await.json();
    let mut guarded = 0;
    for (method, path, body) in operations(&description) {
        if body["security"].is_null() {
            continue;
        }
        let path = path.replace(|sign| "{}".contains(sign), "");
        let answer = site.send(request(&method, &path, "").body(axum::body::Body::empty()).unwrap()).await;
        assert_eq!(
            (answer.status, answer.problem()),
            (StatusCode::UNAUTHORIZED, "unauthenticated".into()),
            "{path}"
        );
        assert!(answer.header("www-authenticate").starts_with("Bearer"));
        guarded += 1;
    }
    assert!(guarded > 5);
}

#[tokio::test]
async fn the_page_is_small_whole_and_alone() {
    let site = Site::new(Options::default()).await;
    let page = site.get("/docs", "").await;
    let style = site.get("/docs.css", "").await;
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(page.bytes.len() + style.bytes.len() < 300_000, "{}", page.bytes.len());
    let text = page.text();
    for elsewhere in ["<script", "=\"http", "=\"//", "url("] {
        assert!(!text.contains(elsewhere) && !style.text().contains(elsewhere), "{elsewhere}");
    }
    for (method, path, _) in operations(&site.get("/openapi.json", "").await.json()) {
        assert!(
            text.contains(&format!("{}</span> <code>{path}</code>", method.to_lowercase())),
            "{method} {path}"
        );
    }
    for at in text.split("href=\"#").skip(1) {
        let anchor = at.split('"').next().unwrap();
        assert!(text.contains(&format!("id=\"{anchor}\"")), "#{anchor} leads nowhere");
    }
}

#[tokio::test]
async fn every_answer_is_careful_and_has_an_id() {
    let site = Site::new(Options::default()).await;
    for path in ["/healthz", "/readyz", "/metrics", "/docs", "/openapi.json", "/v1/session", "/v1/none"] {
        let answer = site.get(path, "").await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
        assert_eq!(answer.header("x-request-id").len(), 36, "{path}");
    }
}

/// Requests, events and the state of accounts are measured.
#[tokio::test]
async fn what_happens_is_measured() {
    let site = Site::new(Options::default()).await;
    let key = site.key("main", "shop", &[Right::Read, Right::Personal, Right::Write]).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", order()).await;
    assert_eq!(taken.status, 201, "{}", taken.text());
    let shown = site.get("/metrics", "").await;
    let text = shown.text();
    for metric in [
        "dragoman_http_requests_total{",
        "dragoman_events_total{event=\"order_received\"}",
        "dragoman_journal_events ",
        "dragoman_lists_behind_events ",
        "dragoman_account_down{account=\"acme\"} 0",
    ] {
        assert!(text.contains(metric), "{metric}: {text}");
    }
}

/// The beginning of `docs/http.md`.
const PAGE: &str = "# The HTTP interface

The gateway serves this page with all shapes at `/docs`, and its description (OpenAPI 3.1) at `/openapi.json`. This page is
made from the program (`UPDATE=1 cargo test -p dragoman-api page`).

- **Keys and sessions.** A program sends `Authorization: Bearer KEY`; `dragoman key create` makes the first key. A browser
  signs in at `/v1/session` and sends the token of its session as `X-CSRF-Token` with all that changes something. A key
  opens one tenant, with the rights that it was made with; what belongs to another tenant is not there.
- **Contents.** Orders and declarations are canonical JSON or any message that an adapter reads: `Content-Type` says
  which syntax, `?as=NAME` which message, and without either the content decides.
- **Once.** With an `Idempotency-Key` the same request gets the same answer, and nothing happens twice; another request
  with that key is refused (409). What is answered is on disk.
- **Pages.** Lists give `data` and, unless they end, `next`: the `after` of the next page.
- **Problems.** Whatever could not be done is a problem (RFC 9457), with the findings where a content is at fault. Its
  `instance` is the `x-request-id` of the answer, and the log has it.
- Decimals are strings, times are RFC 3339.
";

#[tokio::test]
async fn the_page_of_resources_is_current() {
    let site = Site::new(Options::default()).await;
    let description = site.get("/openapi.json", "").await.json();
    let operations = operations(&description);
    let mut tags: Vec<_> = operations.iter().map(|(_, _, body)| body["tags"][0].as_str().unwrap()).collect();
    tags.sort_unstable();
    tags.dedup();
    let mut page = PAGE.to_owned();
    for tag in tags {
        write!(page, "\n## {tag}\n\n| request | what it does | right |\n|---|---|---|\n").unwrap();
        for (method, path, body) in operations.iter().filter(|(_, _, body)| body["tags"][0] == tag) {
            let right = body["security"][0]["api_key"][0].as_str().unwrap_or_default();
            let summary = body["summary"].as_str().unwrap().trim_end_matches('.');
            writeln!(page, "| `{method} {path}` | {summary} | {right} |").unwrap();
        }
    }
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../docs/http.md");
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &page).unwrap();
    }
    let current = std::fs::read_to_string(path).unwrap_or_default();
    assert!(current == page, "docs/http.md is not current: UPDATE=1");
}
