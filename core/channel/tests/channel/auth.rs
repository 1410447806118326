//! Access tokens: how they are asked for, and what comes back.

use dragoman_channel::{Channel, Grant, Missing, Request};
use dragoman_exchange::ErrorClass;

use crate::{EXAMPLIA, account, answer, at, examplia};

fn form(request: &Request) -> Vec<String> {
    let body = String::from_utf8(request.bytes().to_vec()).unwrap();
    body.split('&').map(str::to_owned).collect()
}

#[test]
fn a_person_is_led_to_the_counterpart_and_back() {
    let url = examplia().authorise_url(&account(), "https://us.example/back?x=1", "st&te", "hash").unwrap();
    let (address, query) = url.split_once("?tenant=1&").unwrap();
    assert_eq!(address, "https://sign-in.example/authorize");
    let pairs = [
        "response_type=code",
        "client_id=app",
        "scope=declare%20read%3Aall",
        "redirect_uri=https%3A%2F%2Fus.example%2Fback%3Fx%3D1",
        "state=st%26te",
        "code_challenge=hash",
        "code_challenge_method=S256",
    ];
    assert_eq!(query.split('&').collect::<Vec<_>>(), pairs);
    let nowhere = account().with("account.environment", "production");
    assert_eq!(
        examplia().authorise_url(&nowhere, "r", "s", "c"),
        Err(Missing("account.authorize_url".into()))
    );
}

#[test]
fn each_grant_asks_for_a_token_in_its_way() {
    let channel = examplia();
    let values =
        account().with("token.code", "c").with("token.redirect", "https://r").with("token.refresh", "f");
    let asked = channel.token_request(Grant::Code, &values).unwrap();
    assert_eq!(asked.url, "https://test.example/token");
    let client = ["client_id=app", "client_secret=secret%20%26%20more"];
    let code = ["code=c", "grant_type=authorization_code", "redirect_uri=https%3A%2F%2Fr"];
    assert_eq!(form(&asked), [client[0], client[1], code[0], code[1], code[2]]);
    let proved = channel.token_request(Grant::Code, &values.clone().with("token.verifier", "v")).unwrap();
    assert!(form(&proved).contains(&"code_verifier=v".to_owned()));
    let asked = channel.token_request(Grant::Refresh, &values).unwrap();
    assert_eq!(form(&asked), [client[0], client[1], "grant_type=refresh_token", "refresh_token=f"]);
    // The application asks for itself: not for what the person granted, but for its own scopes.
    let asked = channel.token_request(Grant::Client, &values).unwrap();
    assert_eq!(form(&asked), [client[0], client[1], "grant_type=client_credentials"]);
    let own = EXAMPLIA.replace("channel.auth.oauth2_code", "channel.auth.oauth2_client_credentials");
    let own = Channel::load("own", &own, &["declaration", "order"]).unwrap();
    let asked = own.token_request(Grant::Client, &values).unwrap();
    assert_eq!(
        form(&asked),
        [client[0], client[1], "grant_type=client_credentials", "scope=declare%20read%3Aall"]
    );
    assert_eq!(channel.token_request(Grant::Refresh, &account()), Err(Missing("token.refresh".into())));
    let elsewhere = values.with("account.token_url", "http://127.0.0.1:9/t");
    assert_eq!(channel.token_request(Grant::Code, &elsewhere).unwrap().url, "http://127.0.0.1:9/t");
}

#[test]
fn a_token_is_refreshed_before_it_ends() {
    let now = at("2026-11-22T00:00:00Z");
    let token = |body| examplia().token(&answer(200, &[], body), now);
    let given = token(r#"{"access_token":"a","refresh_token":"r","expires_in":1000}"#).unwrap();
    assert_eq!((&*given.access, given.refresh.as_deref()), ("a", Some("r")));
    assert_eq!(given.refresh_at, at("2026-11-22T00:13:20Z"));
    assert_eq!(given.expires_at, at("2026-11-22T00:16:40Z"));
    let unsaid = token(r#"{"access_token":"a"}"#).unwrap();
    assert_eq!((unsaid.expires_at, unsaid.refresh), (at("2026-11-22T01:00:00Z"), None));
    assert!(!format!("{given:?}").contains('r'), "{given:?}");
}

#[test]
fn a_refusal_asks_for_a_person_and_trouble_does_not() {
    let class = |status, body| {
        examplia().token(&answer(status, &[], body), at("2026-11-22T00:00:00Z")).unwrap_err().class
    };
    assert_eq!(
        class(400, r#"{"error":"invalid_grant","error_description":"used"}"#),
        ErrorClass::AuthRevoked
    );
    assert_eq!(class(401, r#"{"error":"invalid_client"}"#), ErrorClass::AuthRevoked);
    assert_eq!(class(400, "<html>"), ErrorClass::InvalidRequest);
    assert_eq!(class(429, ""), ErrorClass::RateLimited);
    assert_eq!(class(503, ""), ErrorClass::Transient);
    assert_eq!(class(200, "{}"), ErrorClass::Transient);
}

#[test]
fn the_token_goes_where_it_is_declared_and_never_where_no_standing_is_shown() {
    let channel = examplia();
    let auth = &channel.settings.auth;
    let mut request = channel.request(channel.operation("submit").unwrap(), &account(), Some(b"")).unwrap();
    assert_eq!(auth.authorise(&mut request, &account(), None), Err(Missing("the access token".into())));
    auth.authorise(&mut request, &account(), Some("t\r\nX: y")).unwrap();
    assert_eq!(request.header("authorization"), Some("Bearer tX: y"));
    let values = account().with("form.url", "https://bucket.example");
    let mut file = channel.request(channel.operation("put_file").unwrap(), &values, Some(b"")).unwrap();
    auth.authorise(&mut file, &account(), Some("t")).unwrap();
    assert_eq!(file.header("authorization"), None);
}
