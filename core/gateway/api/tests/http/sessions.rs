//! A session that is forged, replayed, expired or over does nothing, and so does one without its token.

use axum::body::Body;
use dragoman_api::Options;
use dragoman_engine::people::{Actor, Role};
use http::{Request, StatusCode};

use crate::site::{Answer, PASSWORD, Site};

pub async fn sign_in(site: &Site, name: &str, password: &str) -> Answer {
    let body = serde_json::json!({ "name": name, "password": password }).to_string();
    site.post("/v1/session", "", "application/json", body).await
}

/// The cookie of an answer, as a browser sends it back, and the token of its pages.
pub fn session(answer: &Answer) -> (String, String) {
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    (cookie, answer.json()["csrf_token"].as_str().unwrap().to_owned())
}

pub async fn with(site: &Site, method: &str, path: &str, cookie: &str, token: &str, body: &str) -> Answer {
    let mut request = Request::builder().method(method).uri(path).header("cookie", cookie);
    if !token.is_empty() {
        request = request.header("x-csrf-token", token);
    }
    let request = request.header("content-type", "application/json");
    site.send(request.body(Body::from(body.to_owned())).unwrap()).await
}

const NEW_USER: &str = r#"{"name":"bert","role":"clerk","password":"correct horse battery"}"#;

#[tokio::test]
async fn a_person_signs_in_acts_and_signs_out() {
    let site = Site::new(Options::default()).await;
    let (cookie, token) = session(&sign_in(&site, "anna", PASSWORD).await);
    let shown = with(&site, "GET", "/v1/session", &cookie, "", "").await;
    assert_eq!((shown.status, shown.json()["name"].as_str()), (StatusCode::OK, Some("anna")));
    let added = with(&site, "POST", "/v1/users", &cookie, &token, NEW_USER).await;
    assert_eq!(added.status, StatusCode::CREATED, "{}", added.text());
    let kept = with(&site, "DELETE", "/v1/session", &cookie, "", "").await;
    assert_eq!(kept.problem(), "forbidden", "signing out needs the token as well");
    let out = with(&site, "DELETE", "/v1/session", &cookie, &token, "").await;
    assert_eq!(out.status, StatusCode::NO_CONTENT);
    assert!(out.header("set-cookie").contains("Max-Age=0"));
    let replayed = with(&site, "GET", "/v1/users", &cookie, "", "").await;
    assert_eq!((replayed.status, replayed.problem()), (StatusCode::UNAUTHORIZED, "unauthenticated".into()));
    let replayed = with(&site, "POST", "/v1/users", &cookie, &token, &NEW_USER.replace("bert", "carl")).await;
    assert_eq!(replayed.status, StatusCode::UNAUTHORIZED);
    assert_eq!(site.people.users("main").await.unwrap().len(), 3);
}

#[tokio::test]
async fn nothing_changes_without_the_token_of_the_session() {
    let site = Site::new(Options::default()).await;
    let (cookie, token) = session(&sign_in(&site, "anna", PASSWORD).await);
    let (_, other) = session(&sign_in(&site, "anna", PASSWORD).await);
    assert_ne!(token, other);
    for wrong in ["", "x", &other, &token[1..], &format!("{token}A")] {
        let answer = with(&site, "POST", "/v1/users", &cookie, wrong, NEW_USER).await;
        assert_eq!((answer.status, answer.problem()), (StatusCode::FORBIDDEN, "forbidden".into()), "{wrong}");
    }
    assert_eq!(site.people.users("main").await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_forged_session_is_none() {
    let site = Site::new(Options::default()).await;
    let (cookie, token) = session(&sign_in(&site, "anna", PASSWORD).await);
    let last = if cookie.ends_with('A') { 'E' } else { 'A' };
    let forged = format!("{}{last}", &cookie[..cookie.len() - 1]);
    let digest = format!("dragoman=dgs_{}", "0".repeat(43));
    for cookie in [
        &forged,
        &digest,
        &format!("{cookie}; {cookie}"),
        &cookie.replace("dragoman", "__Host-dragoman"),
        "dragoman=",
    ] {
        let answer = with(&site, "POST", "/v1/users", cookie, &token, NEW_USER).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{cookie}");
    }
}

#[tokio::test]
async fn a_changed_password_ends_the_sessions() {
    let site = Site::new(Options::default()).await;
    let (cookie, token) = session(&sign_in(&site, "vera", PASSWORD).await);
    let (admin, its) = session(&sign_in(&site, "anna", PASSWORD).await);
    let change = r#"{"password":"another horse battery"}"#;
    let refused = with(&site, "PATCH", "/v1/users/vera", &cookie, &token, change).await;
    assert_eq!(refused.problem(), "forbidden", "a viewer keeps no users");
    let changed = with(&site, "PATCH", "/v1/users/vera", &admin, &its, change).await;
    assert_eq!(changed.status, StatusCode::OK, "{}", changed.text());
    assert_eq!(with(&site, "GET", "/v1/session", &cookie, "", "").await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(sign_in(&site, "vera", PASSWORD).await.problem(), "unauthenticated");
    assert_eq!(sign_in(&site, "vera", "another horse battery").await.status, StatusCode::OK);
    let last = with(&site, "PATCH", "/v1/users/anna", &admin, &its, r#"{"role":"clerk"}"#).await;
    assert_eq!(last.problem(), "conflict", "somebody has to administer");
}

#[tokio::test]
async fn failures_make_one_wait() {
    let site = Site::new(Options::default()).await;
    for name in ["anna", "nobody", "anna", "anna", "anna", "anna"] {
        assert_eq!(sign_in(&site, name, "wrong horse battery").await.problem(), "unauthenticated");
    }
    let answer = sign_in(&site, "anna", PASSWORD).await;
    assert_eq!((answer.status, answer.problem()), (StatusCode::TOO_MANY_REQUESTS, "too_many".into()));
    assert!(answer.header("retry-after").parse::<u64>().unwrap() <= 60);
}

#[tokio::test]
async fn over_tls_the_cookie_stays_there() {
    let site = Site::new(Options { secure: true, ..Options::default() }).await;
    let answer = sign_in(&site, "anna", PASSWORD).await;
    let cookie = answer.header("set-cookie");
    assert!(cookie.starts_with("__Host-dragoman=dgs_") && cookie.contains("; Secure"), "{cookie}");
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert!(answer.header("strict-transport-security").starts_with("max-age="));
}

#[tokio::test]
async fn where_nobody_signs_in_other_sites_do_nothing() {
    let open = Some(Actor::person("main", "demo", Role::Admin));
    let site = Site::new(Options { open, ..Options::default() }).await;
    let from = |origin: &str| {
        let request = Request::builder().method("GET").uri("/v1/users").header("host", "127.0.0.1:8080");
        let request = if origin.is_empty() { request } else { request.header("origin", origin) };
        request.body(Body::empty()).unwrap()
    };
    assert_eq!(site.send(from("")).await.status, StatusCode::OK);
    assert_eq!(site.send(from("http://127.0.0.1:8080")).await.status, StatusCode::OK);
    for origin in ["http://evil.example", "null", "http://127.0.0.1:9090"] {
        assert_eq!(site.send(from(origin)).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn a_key_opens_its_tenant_with_its_scopes_until_it_is_revoked() {
    let site = Site::new(Options::default()).await;
    let (admin, token) = session(&sign_in(&site, "anna", PASSWORD).await);
    let body = r#"{"name":"shop","scopes":["read"]}"#;
    let made = with(&site, "POST", "/v1/keys", &admin, &token, body).await;
    assert_eq!(made.status, StatusCode::CREATED, "{}", made.text());
    let (id, key) =
        (made.json()["id"].as_str().unwrap().to_owned(), made.json()["key"].as_str().unwrap().to_owned());
    assert_eq!(with(&site, "POST", "/v1/keys", &admin, &token, body).await.problem(), "conflict");
    let shown = site.get("/v1/session", &key).await;
    assert_eq!(
        (shown.json()["name"].as_str(), shown.json()["tenant"].as_str()),
        (Some("key:shop"), Some("main"))
    );
    assert_eq!(site.get("/v1/keys", &key).await.problem(), "forbidden");
    let listed = with(&site, "GET", "/v1/keys", &admin, "", "").await;
    assert!(
        listed.text().contains(&id) && !listed.text().contains(&key) && !listed.text().contains("digest")
    );
    let revoked = with(&site, "DELETE", &format!("/v1/keys/{id}"), &admin, &token, "").await;
    assert_eq!(revoked.status, StatusCode::NO_CONTENT);
    assert_eq!(site.get("/v1/session", &key).await.problem(), "unauthenticated");
    assert_eq!(site.get("/v1/session", "dgk_x").await.problem(), "unauthenticated");
}
