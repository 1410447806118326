//! The simulated authority over HTTP, as a gateway meets it.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot go on has failed"
)]

mod seen;

use std::time::Duration;

use axum::http::HeaderMap;
use dragoman_simulators::{Callback, Change, Options, Play, Running};
use seen::{Caller, Listener, declaration, start};

fn fast() -> Options {
    Options { faster: 100, limits: false, ..Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_is_taken_and_its_answers_are_pushed() {
    let listener = Listener::start(200).await;
    let headers = vec![("Authorization".to_owned(), "agreed".to_owned())];
    let callback = Callback { url: listener.url(), headers, secret: None };
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

#[tokio::test(flavor = "multi_thread")]
async fn what_was_ordered_happens_to_the_next_messages() {
    let plays = ["fail before", "fail after", "hang up", "hang up after", "throttle"];
    let plays = plays.map(|behaviour| Play::times(behaviour, 1)).to_vec();
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
    let taken: Vec<_> = running.received().into_iter().map(|one| one.lrn).collect();
    assert_eq!(taken, ["TT-2", "TT-4", "TT-4"]);
    let twice: Vec<_> = running.twice().into_iter().map(|one| one.lrn).collect();
    assert_eq!(twice, ["TT-4"]);
    running.stop().await;
}

/// The codes of the functions of what was heard.
fn codes(heard: &[seen::Message]) -> Vec<String> {
    let code = |one: &seen::Message| {
        let (_, rest) = one.body.split_once("<FunctionCode>").unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    heard.iter().map(code).collect()
}

async fn listening(options: Options) -> (Listener, Running, Caller) {
    let listener = Listener::start(200).await;
    let callback = Some(Callback { url: listener.url(), headers: Vec::new(), secret: None });
    let running = start("gb-cds", Options { callback, ..options }).await;
    let caller = Caller::at(&running).await;
    (listener, running, caller)
}

/// The number that customs gave the declaration with that reference.
fn number(running: &Running, lrn: &str) -> String {
    running.received().into_iter().find(|one| one.lrn == lrn).unwrap().mrn
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_message_says_brings_behaviours_about() {
    let cases: [(&str, &[&str]); 6] = [
        ("TT-REJECT-1", &["03"]),
        ("TT-TWICE-1", &["01", "01", "09", "09"]),
        ("TT-REORDERED-1", &["09", "01"]),
        ("TT-CONTROL-1", &["01", "06", "05", "08"]),
        ("TT-LATE-1", &["01", "09"]),
        ("TT-SILENT-1", &[]),
    ];
    for (lrn, expected) in cases {
        let (listener, running, caller) = listening(fast()).await;
        assert_eq!(caller.submit(&declaration(lrn)).await.status, 202);
        let heard = listener.wait_for(expected.len()).await;
        // What would come besides comes within five seconds, a hundred times faster.
        tokio::time::sleep(Duration::from_millis(if expected.is_empty() { 150 } else { 0 })).await;
        assert_eq!(codes(&heard), *expected, "{lrn}");
        assert_eq!(listener.heard().len(), expected.len(), "{lrn}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declaration_can_be_amended_arrived_and_cancelled_by_its_number() {
    let (listener, running, caller) = listening(fast()).await;
    let lodged =
        seen::GOOD.replace("TT-1", "L-1").replace("\"additional_type\": \"A\"", "\"additional_type\": \"D\"");
    assert_eq!(caller.submit(&seen::written(&lodged)).await.status, 202);
    let mrn = number(&running, "L-1");
    assert_eq!(codes(&listener.wait_for(1).await), ["02"]);
    let steps: [(&str, &str, &str, &[&str]); 4] = [
        ("arrival-notification", "presentation", "A-1", &["01", "09"]),
        ("amend", "amendment", "A-2", &["02", "11", "07"]),
        ("amend", "amendment", "A-3-DENY", &["02", "11"]),
        ("cancellation-requests", "cancellation", "A-4", &["02", "11", "10"]),
    ];
    let mut before = 1;
    for (path, kind, lrn, expected) in steps {
        let body = seen::request(kind, lrn, &mrn);
        let answer = caller.send(caller.message(&format!("/customs/declarations/{path}"), &body)).await;
        assert_eq!(answer.status, 202, "{path}: {}", answer.body);
        let heard = listener.wait_for(before + expected.len()).await;
        assert_eq!(codes(&heard[before..]), *expected, "{path}");
        assert!(heard[before..].iter().all(|one| one.body.contains(&mrn)), "{path}");
        before = heard.len();
    }
    let heard = listener.heard();
    let changed = heard.iter().find(|one| one.body.contains("<FunctionCode>07<")).unwrap();
    assert!(changed.body.contains("<VersionID>2</VersionID>"), "{}", changed.body);
    assert!(
        changed.body.contains(">9.99</") && changed.body.contains("<ChangeReasonCode>21<"),
        "{}",
        changed.body
    );
    // What is about no declaration is rejected.
    let body = seen::request("amendment", "A-5", "26GB00000000000000");
    assert_eq!(caller.send(caller.message("/customs/declarations/amend", &body)).await.status, 202);
    let heard = listener.wait_for(before + 1).await;
    assert_eq!(codes(&heard[before..]), ["03"]);
    assert!(heard[before].body.contains("CDS10020"), "{}", heard[before].body);
    // A message of another kind than its address is not taken.
    let body = seen::request("cancellation", "A-6", &mrn);
    assert_eq!(caller.send(caller.message("/customs/declarations/amend", &body)).await.status, 400);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_callback_notifications_wait_to_be_fetched() {
    let running = start("gb-cds", fast()).await;
    let caller = Caller::at(&running).await;
    let answer = caller.submit(&declaration("P-1")).await;
    let conversation = answer.header("x-conversation-id").to_owned();
    let get = async |path: &str| {
        let request = caller.client.get(format!("{}{path}", caller.address));
        let request = request.header("Authorization", format!("Bearer {}", caller.token));
        caller.send(request.header("Accept", "application/vnd.hmrc.1.0+xml")).await
    };
    let links = |list: &seen::Message| {
        let parts = list.body.split("rel=\"notification\" href=\"").skip(1);
        parts.map(|part| part.split('"').next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let mut waiting = Vec::new();
    while waiting.len() < 2 {
        tokio::time::sleep(Duration::from_millis(10)).await;
        waiting = links(&get("/notifications/unpulled").await);
    }
    let first = get(&waiting[0]).await;
    assert_eq!((first.status, first.header("x-conversation-id")), (200, &*conversation));
    assert!(first.body.contains("<FunctionCode>01<"), "{}", first.body);
    assert_eq!(get(&waiting[0]).await.status, 404, "it was fetched");
    assert_eq!(links(&get("/notifications/unpulled").await), waiting[1..]);
    let pulled = links(&get("/notifications/pulled").await);
    assert_eq!(pulled.len(), 1);
    assert_eq!(get(&pulled[0]).await.body, first.body);
    running.stop().await;
}

/// No answer and 5xx hold up everything; 4xx lets others go on.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_not_taken_is_pushed_again() {
    for (status, blocks) in [(503, true), (404, false)] {
        let listener = Listener::answering(&[status, 200]).await;
        let callback = Some(Callback { url: listener.url(), headers: Vec::new(), secret: None });
        // The pause of 150 seconds becomes one and a half, that of ten minutes six seconds.
        let running = start("gb-cds", Options { callback, ..fast() }).await;
        let caller = Caller::at(&running).await;
        assert_eq!(caller.submit(&declaration("B-1")).await.status, 202);
        listener.wait_for(1).await;
        tokio::time::sleep(Duration::from_millis(500)).await;
        assert_eq!(listener.heard().len(), if blocks { 1 } else { 2 }, "{status}");
        let heard = listener.wait_for(3).await;
        assert_eq!(codes(&heard).iter().filter(|code| *code == "01").count(), 2, "{status}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_document_goes_to_the_form_that_was_given_for_it() {
    let (listener, running, caller) = listening(fast()).await;
    let request = r#"<FileUploadRequest xmlns="hmrc:fileupload"><DeclarationID>26GB1</DeclarationID><FileGroupSize>1</FileGroupSize><Files><File><FileSequenceNo>1</FileSequenceNo><DocumentType>Licence</DocumentType></File></Files></FileUploadRequest>"#;
    let answer = caller.send(caller.message("/customs/declarations/file-upload", request)).await;
    assert_eq!(answer.status, 200, "{}", answer.body);
    let value = |name: &str| {
        let (_, rest) = answer.body.split_once(&format!("<{name}>")).unwrap();
        rest.split('<').next().unwrap().to_owned()
    };
    let (reference, href) = (value("Reference"), value("Href"));
    let form = |content: &str| {
        format!(
            "--x\r\nContent-Disposition: form-data; name=\"key\"\r\n\r\n{reference}\r\n--x\r\nContent-Disposition: \
             form-data; name=\"file\"; filename=\"a.pdf\"\r\n\r\n{content}\r\n--x--\r\n"
        )
    };
    let post = |body: String| {
        caller.client.post(&href).header("Content-Type", "multipart/form-data; boundary=x").body(body)
    };
    assert_eq!(caller.send(post(form("%PDF-1.7"))).await.status, 204);
    let heard = listener.wait_for(1).await;
    assert_eq!(heard[0].header("x-conversation-id"), reference);
    assert!(heard[0].body.contains("<Outcome>SUCCESS</Outcome>"), "{}", heard[0].body);
    assert_eq!(caller.send(post(form("\0\u{1}"))).await.status, 204);
    assert!(listener.wait_for(2).await[1].body.contains("<Outcome>FAILURE</Outcome>"));
    assert_eq!(caller.send(post("no form".into())).await.status, 400);
    let wrong = request.replace("<FileGroupSize>1<", "<FileGroupSize>2<");
    assert_eq!(caller.send(caller.message("/customs/declarations/file-upload", &wrong)).await.status, 400);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_control_shows_what_came_and_changes_what_comes() {
    let running = start("gb-cds", fast()).await;
    let caller = Caller::at(&running).await;
    let control = format!("{}/_sim", running.url());
    let tell = async |what: &str| caller.send(caller.client.post(&control).body(what.to_owned())).await;
    let plays = r#"{"limits": true, "play": [{"behaviour": "reject", "times": 1, "code": "CDS99999", "pointer": "42A/D026"}]}"#;
    assert_eq!(tell(plays).await.json()["play"][0]["behaviour"], "reject");
    assert_eq!(tell(r#"{"play": [{"behaviour": "dance"}]}"#).await.status, 400);
    assert_eq!(tell(r#"{"colour": "red"}"#).await.status, 400);
    caller.submit(&declaration("C-1")).await;
    let state = caller.send(caller.client.get(&control)).await.json();
    assert_eq!(
        (&state["taken"], &state["play"], &state["settings"]["limits"]),
        (&1.into(), &serde_json::json!([]), &true.into())
    );
    let names: Vec<_> =
        state["behaviours"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    for name in [
        "reject",
        "silent",
        "late",
        "twice",
        "reordered",
        "throttle",
        "fail before",
        "fail after",
        "hang up",
        "outage",
    ] {
        assert!(names.contains(&name), "{names:?}");
    }
    let requests = caller.send(caller.client.get(format!("{control}/requests?after=1"))).await.json();
    assert_eq!((&requests[0]["lrn"], &requests[0]["played"]), (&"C-1".into(), &"reject".into()));
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(running.requests().len(), 2, "the control is not in the log");
    running.stop().await;
}

/// The same seed gives the same mishaps.
#[tokio::test(flavor = "multi_thread")]
async fn chance_follows_from_the_seed() {
    let played = async |seed: u64| {
        let change = Change { chance: Some(true), ..Change::default() };
        let running = start("gb-cds", Options { seed, change, ..fast() }).await;
        let caller = Caller::at(&running).await;
        for number in 0..60 {
            let _ = caller.submission(&declaration(&format!("S-{number}"))).send().await;
        }
        running.requests().into_iter().map(|one| one.played).collect::<Vec<_>>()
    };
    let (one, same, other) = (played(1).await, played(1).await, played(2).await);
    assert_eq!(one, same);
    assert_ne!(one, other);
    assert!(one.iter().any(|name| !name.is_empty()) && one.iter().any(String::is_empty), "{one:?}");
}
