//! A person authorises the application.

use std::collections::BTreeMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dragoman_channel::Outcome;
use dragoman_transport::{Authorised, Came, Cause, Failure, Outlook, Pending, TokenFailure};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use sha2::{Digest, Sha256};
use wiremock::matchers::{header, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

use crate::setup::{CODE, Memory, Side, now};

const BACK: &str = "https://gateway.example/authorised";

fn query(text: &str) -> BTreeMap<String, String> {
    url::form_urlencoded::parse(text.as_bytes()).into_owned().collect()
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

async fn counterpart() -> MockServer {
    let server = MockServer::start().await;
    let given = json!({ "access_token": "a1", "refresh_token": "r1", "expires_in": "14400" });
    Mock::given(path("/token"))
        .respond_with(ResponseTemplate::new(200).set_body_json(given))
        .expect(1)
        .mount(&server)
        .await;
    Mock::given(path("/submit"))
        .and(header("authorization", "Bearer a1"))
        .respond_with(ResponseTemplate::new(202))
        .mount(&server)
        .await;
    server
}

#[tokio::test]
async fn a_code_becomes_a_token_and_nothing_is_sent_before() {
    let server = counterpart().await;
    let keeper = Arc::new(Memory::default());
    let side = Side::new(CODE, &server.uri(), keeper.clone());
    let failure = side.send("submit", now()).await.unwrap_err();
    assert_eq!(failure, Failure::NotSent(Cause::Token(TokenFailure::NeedsPerson(None))));
    let outlook = |now| side.transport.outlook(side.account(), now);
    assert_eq!(outlook(now()).await, Ok((None, Outlook::NeedsPerson { said: None })));

    let begun = side.transport.begin(side.account(), "ann", BACK, now()).unwrap();
    let asked = query(begun.url.split_once('?').unwrap().1);
    assert_eq!((asked["client_id"].as_str(), asked["redirect_uri"].as_str()), ("id", BACK));
    assert_eq!((asked["scope"].as_str(), asked["response_type"].as_str()), ("write:declarations", "code"));
    // What waits for the person outlives a restart.
    let pending = Pending::read(&begun.pending.write()).unwrap();
    assert_eq!(pending.account(), "acme");
    let state = &asked["state"];
    assert_eq!(pending.key(), Pending::key_of(state));
    assert!(!pending.write().contains(state.as_str()), "who reads the store could come back with it");
    let came = Came { state, code: "c0de" };
    side.transport.finish(side.account(), "ann", &pending, came, now()).await.unwrap();

    let form = &server.received_requests().await.unwrap()[0];
    let form = query(std::str::from_utf8(&form.body).unwrap());
    assert_eq!((form["grant_type"].as_str(), form["code"].as_str()), ("authorization_code", "c0de"));
    assert_eq!(form["redirect_uri"], BACK);
    let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(&form["code_verifier"]));
    assert_eq!((&challenge, asked["code_challenge_method"].as_str()), (&asked["code_challenge"], "S256"));
    assert!(form["code_verifier"].len() >= 43 && state.len() >= 43, "too short to be unguessable");

    assert!(matches!(side.send("submit", now()).await.unwrap().outcome, Outcome::Done(_)));
    let kept = keeper.kept.lock().unwrap().clone().unwrap();
    let ann = Some(Authorised { by: "ann".into(), at: now() });
    assert_eq!((kept.token.refresh.as_deref(), &kept.authorised), (Some("r1"), &ann));
    assert_eq!(kept.token.expires_at, now() + SignedDuration::from_hours(4));

    // The authorisation holds for 540 days; 30 before, people are warned.
    let end = at("2028-05-15T16:24:00Z");
    let good = Outlook::Good { until: Some(end) };
    assert_eq!(outlook(now()).await, Ok((ann.clone(), good.clone())));
    assert_eq!(outlook(at("2028-04-15T16:23:59Z")).await, Ok((ann.clone(), good)));
    assert_eq!(outlook(at("2028-04-15T16:24:00Z")).await, Ok((ann.clone(), Outlook::Lapses { at: end })));
    assert_eq!(outlook(end).await, Ok((ann, Outlook::NeedsPerson { said: None })));
}

#[tokio::test]
async fn an_answer_that_was_not_asked_for_is_not_taken() {
    let server = MockServer::start().await;
    let side = Side::new(CODE, &server.uri(), Arc::new(Memory::default()));
    let begun = side.transport.begin(side.account(), "ann", BACK, now()).unwrap();
    let other = side.transport.begin(side.account(), "ann", BACK, now()).unwrap();
    let state = query(begun.url.split_once('?').unwrap().1)["state"].clone();
    let finish = async |pending: &Pending, state: &str, now| {
        side.transport.finish(side.account(), "ann", pending, Came { state, code: "c" }, now).await
    };
    assert_eq!(finish(&begun.pending, "", now()).await, Err(TokenFailure::Foreign));
    assert_eq!(finish(&begun.pending, &format!("{state}x"), now()).await, Err(TokenFailure::Foreign));
    assert_eq!(finish(&other.pending, &state, now()).await, Err(TokenFailure::Foreign));
    let late = now() + SignedDuration::from_mins(10);
    assert_eq!(finish(&begun.pending, &state, late).await, Err(TokenFailure::Foreign));
    let stranger = dragoman_transport::Account { name: "stranger", ..side.account() };
    let came = Came { state: &state, code: "c" };
    let taken = side.transport.finish(stranger, "ann", &begun.pending, came, now()).await;
    assert_eq!(taken, Err(TokenFailure::Foreign));
    let taken = side.transport.finish(side.account(), "bob", &begun.pending, came, now()).await;
    assert_eq!(taken, Err(TokenFailure::Foreign), "somebody else began it");
    assert!(server.received_requests().await.unwrap().is_empty());
    let shown = format!("{begun:?}");
    assert!(!shown.split_once("pending").unwrap().1.contains(&state), "{shown}");
}
