//! Authorising an account: a person leaves for the counterpart, and comes back through a page of ours.

use axum::routing::post;
use axum::{Form, Json, Router};
use dragoman_engine::people::{Actor, Right, Role};
use http::StatusCode;
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sessions::{session, sign_in, with};
use crate::site::{Answer, PASSWORD, Site};

/// Plays the counterpart that gives a token for the code `good`; gives its address.
async fn play() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    let routes = Router::new().route("/oauth/token", post(token));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    address
}

async fn token(Form(form): Form<Vec<(String, String)>>) -> Result<Json<Value>, StatusCode> {
    let states = |name: &str, value: &str| form.contains(&(name.to_owned(), value.to_owned()));
    let is_good = states("code", "good") && states("redirect_uri", "http://127.0.0.1:8080/v1/authorised");
    let token =
        json!({ "access_token": "a", "refresh_token": "r", "expires_in": 14400, "token_type": "bearer" });
    if is_good { Ok(Json(token)) } else { Err(StatusCode::BAD_REQUEST) }
}

/// Begins an authorisation, and gives the address that the page goes on to, to which the counterpart sends the person.
async fn leave(site: &Site, (cookie, csrf): &(String, String), code: &str) -> String {
    let begun = with(site, "POST", "/v1/accounts/acme/authorisation", cookie, csrf, "").await;
    assert_eq!(begun.status, StatusCode::OK, "{}", begun.text());
    let url = begun.json()["url"].as_str().unwrap().to_owned();
    assert!(
        url.starts_with("https://")
            && url.contains("&redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fv1%2Fauthorised")
    );
    let state = url.split("&state=").nth(1).unwrap().split('&').next().unwrap();
    let page = site.get(&format!("/v1/authorised?code={code}&state={state}&more=1"), "").await;
    assert!(page.status == StatusCode::OK && page.header("content-type").starts_with("text/html"));
    let on = page.text().split("0;url=").nth(1).unwrap().split('"').next().unwrap();
    assert!(on.starts_with("/v1/authorised/end?") && on.ends_with("&amp;more=1"), "{on}");
    on.replace("&amp;more=1", "").replace("&amp;", "&")
}

async fn end(site: &Site, (cookie, _): &(String, String), on: &str) -> Answer {
    with(site, "GET", on, cookie, "", "").await
}

#[tokio::test]
async fn a_person_authorises_an_account_once() {
    let site = Site::beside(&play().await).await;
    let anna = session(&sign_in(&site, "anna", PASSWORD).await);
    let on = leave(&site, &anna, "good").await;
    assert_eq!(site.get(&on, "").await.status, StatusCode::UNAUTHORIZED, "nobody is signed in");
    let other = site.key("other", "other", &Right::ALL).await;
    assert_eq!(site.get(&on, &other).await.status, StatusCode::UNAUTHORIZED, "another tenant");
    let ended = end(&site, &anna, &on).await;
    assert_eq!((ended.status, ended.header("location")), (StatusCode::SEE_OTHER, "/"), "{}", ended.text());
    let account = with(&site, "GET", "/v1/accounts/acme", &anna.0, "", "").await.json();
    assert_eq!(account["authorisation"]["by"], "anna", "{account}");
    assert!(account["authorisation"]["lapses"].is_string());
    assert_eq!(end(&site, &anna, &on).await.problem(), "unauthenticated", "a state is good once");
}

#[tokio::test]
async fn what_another_began_or_the_counterpart_refuses_authorises_nothing() {
    let site = Site::beside(&play().await).await;
    let admin = Actor::person("main", "setup", Role::Admin);
    let added = site.people.add_user(&admin, "bert", Role::Admin, Some(PASSWORD.into()), Timestamp::now());
    added.await.unwrap();
    let anna = session(&sign_in(&site, "anna", PASSWORD).await);
    let bert = session(&sign_in(&site, "bert", PASSWORD).await);
    let on = leave(&site, &anna, "good").await;
    assert_eq!(end(&site, &bert, &on).await.problem(), "conflict", "another person began it");
    let on = leave(&site, &anna, "bad").await;
    assert_eq!(end(&site, &anna, &on).await.problem(), "conflict", "the counterpart refuses the code");
    let refused = end(&site, &anna, "/v1/authorised/end?error=access_denied").await;
    assert_eq!(refused.problem(), "conflict");
    for forged in ["", "x", &format!("dga_{}", "A".repeat(43))] {
        let answer = end(&site, &anna, &format!("/v1/authorised/end?code=good&state={forged}")).await;
        assert_eq!(answer.problem(), "unauthenticated", "{forged}");
    }
    let account = with(&site, "GET", "/v1/accounts/acme", &anna.0, "", "").await.json();
    assert!(account["authorisation"].is_null() && account["needs_person"] == true, "{account}");
}
