//! Signing in, and what a session is good for.

use std::sync::Arc;

use dragoman_dashboard::{Options, Site, router};
use dragoman_engine::people::Role;
use http::StatusCode;
use jiff::Timestamp;

use crate::ask::{get, post, post_from};
use crate::setup::{Setup, admin};

const PASSWORD: &str = "correct horse battery";

async fn user(setup: &Setup, name: &str, role: Role) {
    let added = setup.people.add_user(&admin(), name, role, Some(PASSWORD.into()), Timestamp::now()).await;
    added.unwrap();
}

#[tokio::test]
async fn nobody_sees_anything_before_signing_in() {
    let setup = Setup::new("").await;
    let taken = setup.order("026-1", |text| text).await;
    let site = setup.site(None);
    let own = format!("/declarations/{}", taken.declarations[0].id);
    for path in
        ["/", "/orders", "/orders.csv", "/goods", "/goods.csv", "/evidence", "/evidence/ledger.json", &own]
    {
        let answer = get(&site, path, "").await;
        assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/sign-in"), "{path}");
        assert!(answer.text.is_empty(), "{path}");
    }
    let answer = post(&site, &format!("{own}/correct"), "", &[("revision", "1")]).await;
    assert_eq!(answer.location(), "/sign-in");
    let page = get(&site, "/sign-in", "").await.text;
    assert!(page.contains("type=\"password\"") && !page.contains("/v1/session/oidc"));
}

#[tokio::test]
async fn a_provider_is_shown_where_there_is_one() {
    let setup = Setup::new("").await;
    let options = Options { oidc: true, ..Options::default() };
    let site = router(&Site::new(setup.gateway.clone(), Arc::clone(&setup.people), options));
    assert!(get(&site, "/sign-in", "").await.text.contains("href=\"/v1/session/oidc\""));
    let again = post(&site, "/sign-in", "", &[("name", "anna"), ("password", "wrong")]).await;
    assert!(again.text.contains("href=\"/v1/session/oidc\""));
}

#[tokio::test]
async fn a_person_signs_in_and_out() {
    let setup = Setup::new("").await;
    user(&setup, "anna", Role::Clerk).await;
    let site = setup.site(None);
    let wrong = post(&site, "/sign-in", "", &[("name", "anna"), ("password", "wrong")]).await;
    assert_eq!((wrong.status, wrong.cookie()), (StatusCode::UNAUTHORIZED, ""));
    assert!(wrong.text.contains("Name or password is wrong") && wrong.text.contains("value=\"anna\""));
    let elsewhere = [("name", "anna"), ("password", PASSWORD)];
    let foreign = post_from(&site, "http://evil.example", "/sign-in", "", &elsewhere).await;
    assert_eq!((foreign.status, foreign.cookie()), (StatusCode::FORBIDDEN, ""));
    let signed = post(&site, "/sign-in", "", &elsewhere).await;
    assert_eq!((signed.status, signed.location()), (StatusCode::SEE_OTHER, "/"));
    let cookie = signed.cookie().to_owned();
    let page = get(&site, "/", &cookie).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("Signed in as anna"));
    let token = page.hidden("token").to_owned();
    assert!(token.len() >= 20, "{token}");
    let forged = post(&site, "/sign-out", &cookie, &[("token", "x")]).await;
    assert_eq!(forged.status, StatusCode::FORBIDDEN);
    assert_eq!(get(&site, "/", &cookie).await.status, StatusCode::OK, "still in");
    let out = post(&site, "/sign-out", &cookie, &[("token", &token)]).await;
    assert_eq!(out.location(), "/sign-in");
    assert_eq!(get(&site, "/", &cookie).await.location(), "/sign-in");
}

#[tokio::test]
async fn a_form_counts_only_with_the_token_of_its_session() {
    let setup = Setup::new("").await;
    user(&setup, "anna", Role::Clerk).await;
    user(&setup, "otto", Role::Viewer).await;
    let site = setup.site(None);
    let mut sessions = Vec::new();
    for name in ["anna", "otto"] {
        let signed = post(&site, "/sign-in", "", &[("name", name), ("password", PASSWORD)]).await;
        let token = get(&site, "/", signed.cookie()).await.hidden("token").to_owned();
        sessions.push((signed.cookie().to_owned(), token));
    }
    let row = [("code", "4202221000"), ("origin", "vn"), ("valid_from", "2026-06-01"), ("source", "seller")];
    let with = |token: &str| -> Vec<(String, String)> {
        let own = row.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        own.chain([("token".to_owned(), token.to_owned())]).collect()
    };
    let save = async |origin: &str, cookie: &str, token: &str| {
        let fields = with(token);
        let fields: Vec<_> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        post_from(&site, origin, "/goods/article?sku=BAG-22", cookie, &fields).await
    };
    let [(anna, hers), (otto, his)] = &sessions[..] else { panic!("two") };
    for (origin, cookie, token) in [
        ("http://gateway", anna, ""),
        ("http://gateway", anna, his.as_str()),
        ("http://evil.example", anna, hers.as_str()),
        ("null", anna, hers.as_str()),
    ] {
        assert_eq!(save(origin, cookie, token).await.status, StatusCode::FORBIDDEN, "{origin} {token}");
    }
    assert_eq!(save("http://gateway", otto, his).await.status, StatusCode::FORBIDDEN, "a viewer");
    assert!(!get(&site, "/goods/article?sku=BAG-22", anna).await.text.contains(">VN<"));
    let saved = save("http://gateway", anna, hers).await;
    assert_eq!((saved.status, saved.location()), (StatusCode::SEE_OTHER, "/goods?done=saved"));
    let page = get(&site, "/goods/article?sku=BAG-22", anna).await.text;
    assert!(page.contains(">VN<") && page.contains(">CN<"), "both rows are there, each with its day: {page}");
}

#[tokio::test]
async fn another_tenants_things_are_not_there() {
    let setup = Setup::new("").await;
    let taken = setup.order("026-1", |text| text).await;
    setup.settle().await;
    let site = setup.site(Some(dragoman_engine::people::Actor::person("other", "eve", Role::Admin)));
    let id = &taken.declarations[0].id;
    for path in [
        format!("/declarations/{id}"),
        format!("/declarations/{id}?edit=1"),
        format!("/orders/{}", taken.orders[0].id),
        format!("/exchanges/{id}/messages/2"),
        "/declarations/nonsense".to_owned(),
        "/nonsense".to_owned(),
        format!("/orders/{id}"),
    ] {
        assert_eq!(get(&site, &path, "").await.status, StatusCode::NOT_FOUND, "{path}");
    }
    let posted = post(&site, &format!("/declarations/{id}/correct"), "", &[("revision", "1")]).await;
    assert_eq!(posted.status, StatusCode::NOT_FOUND);
    assert_eq!(get(&site, "/orders.csv", "").await.text.lines().count(), 1);
    assert_eq!(get(&site, "/goods.csv", "").await.text.lines().count(), 1);
    assert!(get(&site, "/declarations", "").await.text.contains("No declarations yet"));
}
