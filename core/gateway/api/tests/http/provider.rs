//! Signing in at an `OpenID` provider, which is played here over HTTP.

use std::sync::{Arc, Mutex};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Form, Json, Router};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dragoman_api::Options;
use dragoman_engine::people::oidc::Provider;
use dragoman_engine::people::{Actor, Role};
use http::{HeaderMap, Request, StatusCode};
use jiff::Timestamp;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::site::{Answer, PASSWORD, Site};

/// What the provider knows of whoever is on the way.
#[derive(Clone, Default)]
struct Known(Arc<Mutex<Told>>);

/// The parameters of the browser's request, and the address that is vouched for.
type Told = (Vec<(String, String)>, String);

impl Known {
    fn parameter(&self, name: &str) -> String {
        let known = self.0.lock().unwrap();
        known.0.iter().find(|(is, _)| is == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }
}

/// Plays a provider; gives its issuer.
async fn play(known: Known) -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("http://{}", listener.local_addr().unwrap());
    let describe = {
        let issuer = issuer.clone();
        async move || {
            Json(json!({
                "issuer": issuer, "authorization_endpoint": format!("{issuer}/go"),
                "token_endpoint": format!("{issuer}/token"),
            }))
        }
    };
    let routes = Router::new()
        .route("/.well-known/openid-configuration", get(describe))
        .route("/token", post(token))
        .with_state((known, issuer.clone()));
    tokio::spawn(async move { axum::serve(listener, routes).await });
    issuer
}

async fn token(
    State((known, issuer)): State<(Known, String)>,
    headers: HeaderMap,
    Form(form): Form<Vec<(String, String)>>,
) -> Result<Json<Value>, StatusCode> {
    let of = |name: &str| {
        form.iter().find(|(is, _)| is == name).map(|(_, value)| value.as_str()).unwrap_or_default()
    };
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(of("code_verifier")));
    let is_ours = headers["authorization"] == "Basic ZHJhZ29tYW46cyUzQWVjcmV0";
    if !is_ours || of("code") != "good" || challenge != known.parameter("code_challenge") {
        return Err(StatusCode::BAD_REQUEST);
    }
    let now = Timestamp::now().as_second();
    let claims = json!({
        "iss": issuer, "aud": "dragoman", "exp": now + 300, "iat": now, "nonce": known.parameter("nonce"),
        "email": known.0.lock().unwrap().1.clone(), "email_verified": true,
    });
    let token = format!("e30.{}.c2ln", URL_SAFE_NO_PAD.encode(claims.to_string()));
    Ok(Json(json!({ "id_token": token, "access_token": "a", "token_type": "Bearer" })))
}

async fn site(known: &Known) -> Site {
    let provider = Provider {
        issuer: play(known.clone()).await,
        client_id: "dragoman".into(),
        client_secret: "s:ecret".into(),
        redirect_url: "http://127.0.0.1/v1/session/oidc/callback".into(),
        claim: "email".into(),
    };
    let site = Site::new(Options { oidc: Some(provider), ..Options::default() }).await;
    let admin = Actor::person("main", "setup", Role::Admin);
    site.people.add_user(&admin, "b@example.com", Role::Clerk, None, Timestamp::now()).await.unwrap();
    site
}

async fn get_with(site: &Site, path: &str, cookie: &str) -> Answer {
    let request = Request::get(path).header("cookie", cookie);
    site.send(request.body(axum::body::Body::empty()).unwrap()).await
}

/// The browser leaves: gives its cookie, and lets the provider know its parameters.
async fn leave(site: &Site, known: &Known) -> String {
    let answer = get_with(site, "/v1/session/oidc", "").await;
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
    let query = answer.header("location").split_once('?').unwrap().1.to_owned();
    let decoded = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap();
        (name.to_owned(), value.to_owned())
    };
    known.0.lock().unwrap().0 = query.split('&').map(decoded).collect();
    answer.header("set-cookie").split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_person_whom_the_provider_vouches_for_is_in() {
    let known = Known::default();
    known.0.lock().unwrap().1 = "b@example.com".into();
    let site = site(&known).await;
    let cookie = leave(&site, &known).await;
    let path = format!("/v1/session/oidc/callback?code=good&state={}", known.parameter("state"));
    let answer = get_with(&site, &path, &cookie).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.text());
    let set: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|value| value.to_str().unwrap()).collect();
    assert!(set.len() == 2 && set[1].contains("Max-Age=0"), "{set:?}");
    let shown = get_with(&site, "/v1/session", set[0].split(';').next().unwrap()).await;
    assert_eq!(shown.json()["name"], "b@example.com");
    let sign_in = json!({ "name": "b@example.com", "password": PASSWORD }).to_string();
    assert_eq!(site.post("/v1/session", "", "application/json", sign_in).await.problem(), "unauthenticated");
}

#[tokio::test]
async fn nobody_else_is() {
    let known = Known::default();
    known.0.lock().unwrap().1 = "stranger@example.com".into();
    let site = site(&known).await;
    let (first, cookie) = (leave(&site, &known).await, leave(&site, &known).await);
    let state = known.parameter("state");
    let back = async |cookie: &str, query: String| {
        let answer = get_with(&site, &format!("/v1/session/oidc/callback?{query}"), cookie).await;
        assert!(answer.headers.get("set-cookie").is_none(), "{query}");
        (answer.status, answer.problem())
    };
    let refused = (StatusCode::UNAUTHORIZED, "unauthenticated".to_owned());
    assert_eq!(back(&first, format!("code=good&state={state}")).await, refused, "another browser");
    assert_eq!(back("", format!("code=good&state={state}")).await, refused, "no browser");
    assert_eq!(back(&cookie, "code=good".into()).await, refused, "no state");
    assert_eq!(back(&cookie, format!("code=bad&state={state}")).await, refused, "no code of the provider's");
    assert_eq!(back(&cookie, format!("error=access_denied&state={state}")).await, refused);
    assert_eq!(back(&cookie, format!("code=good&state={state}")).await, refused, "nobody of that name");
    let closed = Site::new(Options::default()).await;
    assert_eq!(get_with(&closed, "/v1/session/oidc", "").await.problem(), "not_found");
}
