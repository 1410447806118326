//! The customs office, as a broker's program meets it.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests fail by panicking")]

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Bytes;
use axum::http::HeaderMap;
use axum::routing::post;
use dragoman_adapters::{Catalogue, Data};
use dragoman_simulators::{Behaviour, Next, Options, Running, serve};
use reqwest::{Client, Response};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

const ACCEPT: &str = "application/vnd.hmrc.1.0+xml";

fn declaration(lrn: &str) -> String {
    const CASE: &str = include_str!("../../../../adapters/gb-cds/cases/declaration.in");
    let at = CASE.find("<FunctionalReferenceID>").unwrap() + "<FunctionalReferenceID>".len();
    let end = at + CASE[at..].find('<').unwrap();
    format!("{}{lrn}{}", &CASE[..at], &CASE[end..])
}

async fn office(options: Options) -> Running {
    // Whoever was first has installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    serve(catalogue, "gb-cds", options).await.unwrap()
}

async fn token(office: &Running) -> String {
    let answer = Client::new().post(format!("{}/oauth/token", office.url())).send().await.unwrap();
    let token: serde_json::Value = answer.json().await.unwrap();
    format!("Bearer {}", token["access_token"].as_str().unwrap())
}

async fn submit(office: &Running, token: &str, body: String) -> Result<Response, reqwest::Error> {
    Client::new()
        .post(format!("{}/customs/declarations/", office.url()))
        .header("authorization", token)
        .header("accept", ACCEPT)
        .header("content-type", "application/xml; charset=UTF-8")
        .body(body)
        .send()
        .await
}

/// Where notifications are pushed to: each with its conversation.
async fn callback() -> (String, UnboundedReceiver<(String, String)>) {
    let (arrived, arrives) = unbounded_channel();
    let take = move |headers: HeaderMap, body: Bytes| async move {
        let conversation = headers["x-conversation-id"].to_str().unwrap().to_owned();
        arrived.send((conversation, String::from_utf8(body.to_vec()).unwrap())).unwrap();
    };
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, Router::new().route("/", post(take))).await });
    (url, arrives)
}

#[tokio::test]
async fn a_declaration_is_taken_and_its_answers_are_pushed_under_its_conversation() {
    let (url, mut arrives) = callback().await;
    let office = office(Options { callback: Some(url), faster: 50, ..Options::default() }).await;
    let token = token(&office).await;
    let answer = submit(&office, &token, declaration("SIM-1")).await.unwrap();
    assert_eq!(answer.status(), 202);
    let conversation = answer.headers()["x-conversation-id"].to_str().unwrap().to_owned();
    let (of, text) = tokio::time::timeout(Duration::from_secs(10), arrives.recv()).await.unwrap().unwrap();
    assert_eq!(of, conversation);
    assert!(text.contains("SIM-1") && text.contains("FunctionCode"), "{text}");
    let received = office.received();
    assert!(received.len() == 1 && received[0].taken && received[0].lrn == "SIM-1", "{received:?}");
}

#[tokio::test]
async fn who_does_not_keep_the_rules_is_told() {
    let office = office(Options::default()).await;
    let status =
        async |token: &str, body: String| submit(&office, token, body).await.unwrap().status().as_u16();
    assert_eq!(status("Bearer nobody", declaration("SIM-1")).await, 401);
    let token = token(&office).await;
    let answer = submit(&office, &token, "<Invoice/>".into()).await.unwrap();
    assert_eq!(answer.status(), 400);
    let text = answer.text().await.unwrap();
    assert!(text.starts_with("<errorResponse><code>BAD_REQUEST</code><message>"), "{text}");
    let plain =
        Client::new().post(format!("{}/customs/declarations/", office.url())).header("authorization", &token);
    assert_eq!(plain.send().await.unwrap().status(), 406);
    let mut throttled = 0;
    for number in 0..8 {
        throttled += u32::from(status(&token, declaration(&format!("SIM-{number}"))).await == 429);
    }
    assert!(throttled >= 3, "three a second are let in, and {throttled} of eight were not");
}

#[tokio::test]
async fn what_was_ordered_happens_to_the_next_messages() {
    let next = [Behaviour::FailBefore, Behaviour::FailAfter, Behaviour::HangUpAfter, Behaviour::Answer];
    let next = next.map(|behaviour| Next { behaviour, times: 1 }).to_vec();
    let office = office(Options { limits: false, next, ..Options::default() }).await;
    let token = token(&office).await;
    let first = submit(&office, &token, declaration("SIM-1")).await.unwrap();
    assert_eq!(first.status(), 500);
    assert!(office.received().is_empty(), "nothing was taken");
    assert_eq!(submit(&office, &token, declaration("SIM-2")).await.unwrap().status(), 504);
    let hung_up = submit(&office, &token, declaration("SIM-3")).await;
    let read = match hung_up {
        Ok(answer) => answer.bytes().await.is_ok(),
        Err(_) => false,
    };
    assert!(!read, "the answer breaks off");
    assert_eq!(submit(&office, &token, declaration("SIM-3")).await.unwrap().status(), 202);
    let lrns: Vec<_> = office.received().into_iter().map(|one| one.lrn).collect();
    assert_eq!(lrns, ["SIM-2", "SIM-3", "SIM-3"]);
    assert_eq!(office.twice(), ["SIM-3"]);
}

#[tokio::test]
async fn without_a_callback_notifications_wait_to_be_fetched() {
    let office = office(Options { faster: 1000, limits: false, ..Options::default() }).await;
    let token = token(&office).await;
    submit(&office, &token, declaration("SIM-1")).await.unwrap();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let get = async |path: &str| {
        let request = Client::new().get(format!("{}{path}", office.url()));
        let answer = request.header("authorization", &token).header("accept", ACCEPT).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let (status, list) = get("/notifications/unpulled").await;
    assert_eq!(status, 200);
    let path = list.split("href=\"/notifications/unpulled/").nth(1).unwrap_or_else(|| panic!("{list}"));
    let id = path.split('"').next().unwrap();
    let (status, one) = get(&format!("/notifications/unpulled/{id}")).await;
    assert!(status == 200 && one.contains("SIM-1"), "{one}");
    let (_, list) = get("/notifications/pulled").await;
    assert!(list.contains(id), "{list}");
    assert_eq!(get("/notifications/unpulled/nothing").await.0, 404);
}
