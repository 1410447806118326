//! The simulated authority over HTTP, as a gateway meets it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod seen;

use axum::http::HeaderMap;
use dragoman_simulators::{Callback, Change, Options, Play};
use seen::{Caller, Listener, declaration, start};

fn fast() -> Options {
    Options { faster: 100, limits: false, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_taken_and_its_answers_are_pushed() {
    let listener = Listener::start(200).await;
    let headers = vec![("Authorization".to_owned(), "agreed".to_owned())];
    let callback = Callback { url: listener.url(), headers };
    let running = start("gb-cds", Options { callback: Some(callback), ..fast() }).await;
    let caller = Caller::at(&running).await;
    let answer = caller.submit(&declaration("TT-1")).await;
    assert_eq!((answer.status, &*answer.body), (202, ""));
    let conversation = answer.header("x-conversation-id").to_owned();
    let heard = listener.wait_for(2).await;
    for (one, code) in heard.iter().zip(["01", "09"]) {
        assert_eq!(one.header("x-conversation-id"), conversation);
        assert_eq!(one.header("authorization"), "agreed");
        assert!(one.body.contains(&format!("<FunctionCode>{code}</FunctionCode>")), "{}", one.body);
        assert!(one.body.contains("TT-1"), "{}", one.body);
    }
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_asked_wrongly_is_refused_in_the_words_of_the_authority() {
    let running = start("gb-cds", fast()).await;
    let caller = Caller::at(&running).await;
    let good = declaration("TT-1");
    let cases = [
        ("authorization", "Bearer other", 401, "INVALID_CREDENTIALS"),
        ("accept", "application/json", 406, "ACCEPT_HEADER_INVALID"),
        ("content-type", "text/plain", 415, "UNSUPPORTED_MEDIA_TYPE"),
        ("x-badge-identifier", "b", 400, "X-Badge-Identifier"),
    ];
    for (name, value, status, code) in cases {
        let changed = HeaderMap::from_iter([(name.parse().unwrap(), value.parse().unwrap())]);
        let answer = caller.send(caller.submission(&good).headers(changed)).await;
        assert_eq!(answer.status, status, "{name}: {}", answer.body);
        assert!(answer.body.contains(code), "{name}: {}", answer.body);
    }
    let unknown = good.replace("<Declarant>", "<unknown/><Declarant>");
    assert_ne!(unknown, good);
    let answer = caller.submit(&unknown).await;
    assert_eq!(answer.status, 400);
    assert!(
        answer.body.contains("<code>xml_validation_error</code><message>Error at line "),
        "{}",
        answer.body
    );
    assert_eq!(caller.submit("no XML at all").await.status, 400);
    assert_eq!(caller.submit(&good).await.status, 202);
    running.stop().await;
}

fn play(behaviour: &str) -> Play {
    Play { behaviour: behaviour.to_owned(), times: Some(1), ..Play::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ordered_happens_to_the_next_messages() {
    let plays = ["fail before", "fail after", "hang up", "hang up after", "throttle"].map(play).to_vec();
    let running = start("gb-cds", Options { change: Change { plays, ..Change::default() }, ..fast() }).await;
    let caller = Caller::at(&running).await;
    let submit = async |lrn: &str| match caller.submission(&declaration(lrn)).send().await {
        Ok(answer) => Some(answer.status().as_u16()),
        Err(_) => None,
    };
    assert_eq!(submit("TT-1").await, Some(500));
    assert_eq!(submit("TT-2").await, Some(504));
    assert_eq!(submit("TT-3").await, None);
    assert_eq!(submit("TT-4").await, None);
    assert_eq!(submit("TT-5").await, Some(429));
    assert_eq!(submit("TT-4").await, Some(202));
    let received = running.received().into_iter().filter(|one| one.route == "submit");
    let taken: Vec<_> = received.filter(|one| one.taken).map(|one| one.lrn).collect();
    assert_eq!(taken, ["TT-2", "TT-4", "TT-4"]);
    let twice: Vec<_> = running.twice().into_iter().map(|one| one.lrn).collect();
    assert_eq!(twice, ["TT-4"]);
    running.stop().await;
}
