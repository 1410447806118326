//! Sending for an account, against counterparts that behave badly.

#![expect(clippy::unwrap_used, reason = "tests fail by panicking")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use dragoman_channel::{Answer, Channel, Request, Token, Values};
use dragoman_transport::{
    Account, Cause, Failure, Guard, Http, Refused, Settings, TokenFailure, TokenKeeper, Transport,
};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use wiremock::matchers::{body_string_contains, header, method, path};
use wiremock::{Mock, MockServer, ResponseTemplate};

const CHANNEL: &str = r#"
[channel]
base_url = { test = "http://localhost" }

[[channel.setting]]
name = "client_id"
meaning = "the application"

[[channel.setting]]
name = "client_secret"
meaning = "its secret"
secret = true

[[channel.setting]]
name = "refresh_token"
meaning = "the first refresh token"
secret = true

[channel.auth.oauth2_refresh]
token_url = "${base}/token"
refresh = "${account.refresh_token}"
rotates = true

[[channel.limit]]
rate = "2/second"
burst = 2

[[operation]]
name = "submit"
method = "POST"
path = "/submit"
xml = "<a/>"
"#;

/// Tokens in memory, and in which order they were kept.
#[derive(Default)]
struct Kept(Mutex<Vec<Token>>, bool);

#[async_trait]
impl TokenKeeper for Kept {
    async fn load(&self, _: &str) -> Result<Option<Token>, String> {
        Ok(self.0.lock().unwrap().last().cloned())
    }

    async fn keep(&self, _: &str, token: &Token) -> Result<(), String> {
        if self.1 {
            return Err("the disk is full".into());
        }
        self.0.lock().unwrap().push(token.clone());
        Ok(())
    }
}

fn channel() -> Channel {
    Channel::load("test", CHANNEL, &[]).unwrap()
}

fn values(base: &str) -> Values {
    Values::new()
        .with("account.environment", "test")
        .with("account.base_url", base)
        .with("account.client_id", "id")
        .with("account.client_secret", "secret")
        .with("account.refresh_token", "first")
}

fn now() -> Timestamp {
    "2026-11-22T16:24:00Z".parse().unwrap()
}

fn short() -> Settings {
    Settings {
        connect: Duration::from_millis(300),
        answer: Duration::from_millis(500),
        largest_answer: 1000,
        ..Settings::default()
    }
}

async fn send(transport: &Transport, base: &str, now: Timestamp) -> Result<Answer, Failure> {
    let (channel, values) = (channel(), values(base));
    let operation = channel.operation("submit").unwrap();
    let request: Request = channel.request(operation, &values, None).unwrap();
    let account = Account { name: "acme", values: &values, channel: &channel };
    transport.send(account, operation, request, now).await
}

async fn counterpart(tokens: u64) -> MockServer {
    let server = MockServer::start().await;
    let token = json!({ "access_token": "a1", "refresh_token": "second", "expires_in": 100 });
    let given = ResponseTemplate::new(200).set_body_json(token).set_delay(Duration::from_millis(50));
    Mock::given(path("/token"))
        .and(body_string_contains("refresh_token=first"))
        .respond_with(given)
        .expect(tokens)
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
async fn many_who_need_a_token_ask_for_one() {
    let server = counterpart(1).await;
    let transport = Arc::new(Transport::new(&Settings::default(), Arc::new(Kept::default())).unwrap());
    let tasks: Vec<_> = (0..50)
        .map(|_| {
            let (transport, base) = (Arc::clone(&transport), server.uri());
            tokio::spawn(async move { send(&transport, &base, now()).await.unwrap().status })
        })
        .collect();
    for task in tasks {
        assert_eq!(task.await.unwrap(), 202);
    }
}

#[tokio::test]
async fn a_refresh_token_that_came_is_kept_before_anything_is_sent_and_used_next() {
    let server = counterpart(1).await;
    let second = json!({ "access_token": "a1", "expires_in": 100 });
    Mock::given(body_string_contains("refresh_token=second"))
        .respond_with(ResponseTemplate::new(200).set_body_json(second))
        .expect(1)
        .mount(&server)
        .await;
    let full = Transport::new(&Settings::default(), Arc::new(Kept(Mutex::default(), true))).unwrap();
    let failure = send(&full, &server.uri(), now()).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Token(TokenFailure::NotKept(_)))), "{failure}");
    assert!(server.received_requests().await.unwrap().iter().all(|request| request.url.path() == "/token"));

    let kept = Arc::new(Kept::default());
    kept.keep(
        "acme",
        &Token { access: "a0".into(), refresh: Some("second".into()), expires_at: now(), refresh_at: now() },
    )
    .await
    .unwrap();
    let transport = Transport::new(&Settings::default(), kept.clone()).unwrap();
    assert_eq!(send(&transport, &server.uri(), now()).await.unwrap().status, 202);
    let last = kept.0.lock().unwrap().last().unwrap().clone();
    assert_eq!((last.access.as_str(), last.refresh.as_deref()), ("a1", Some("second")));
    assert_eq!(last.expires_at, now() + SignedDuration::from_secs(100));
}

#[tokio::test]
async fn who_has_to_authorise_anew_is_told_and_no_secret_is() {
    let server = MockServer::start().await;
    let gone = json!({ "error": "invalid_grant", "error_description": "the grant has lapsed" });
    Mock::given(method("POST"))
        .respond_with(ResponseTemplate::new(400).set_body_json(gone))
        .mount(&server)
        .await;
    let transport = Transport::new(&Settings::default(), Arc::new(Kept::default())).unwrap();
    let failure = send(&transport, &server.uri(), now()).await.unwrap_err();
    let said = failure.to_string();
    assert_eq!(said, "not sent: a person has to authorise the application: the grant has lapsed");
    assert!(!format!("{failure:?}").contains("first"));
}

/// A server that reads a request, and then does what it is told.
async fn raw(answer: &'static [u8], closes: bool) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut read = [0; 4096];
                let _ = stream.read(&mut read).await;
                let _ = stream.write_all(answer).await;
                if !closes {
                    tokio::time::sleep(Duration::from_secs(5)).await;
                }
            });
        }
    });
    address
}

#[tokio::test]
async fn what_may_have_arrived_is_told_from_what_cannot_have() {
    let http = Http::new(&short()).unwrap();
    let post = async |address: SocketAddr| {
        let request = http::Request::post(format!("http://{address}/")).body("x".into()).unwrap();
        http.send(request).await
    };
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = closed.local_addr().unwrap();
    drop(closed);
    let failure = post(nobody).await.unwrap_err();
    assert!(matches!(failure, Failure::NotSent(Cause::Connect(_))), "{failure}");
    let failure = post(raw(b"", false).await).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { cause: Cause::AnswerTime, .. }), "{failure}");
    let failure = post(raw(b"", true).await).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { cause: Cause::Broken(_), status: None }), "{failure}");
    let half = raw(b"HTTP/1.1 202 Accepted\r\ncontent-length: 64\r\n\r\nhalf", true).await;
    let failure = post(half).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { status: Some(202), .. }), "{failure}");
    let large = raw(b"HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n", false).await;
    let failure = post(large).await.unwrap_err();
    assert!(matches!(failure, Failure::Unknown { cause: Cause::TooLarge { limit: 1000 }, .. }), "{failure}");
    let moved =
        raw(b"HTTP/1.1 302 Found\r\nlocation: http://169.254.169.254/\r\ncontent-length: 0\r\n\r\n", true)
            .await;
    assert_eq!(post(moved).await.unwrap().status(), 302, "a redirect is an answer");
}

#[tokio::test]
async fn strangers_do_not_lead_to_private_addresses() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let http =
        Http::new(&Settings { guard: Some(Guard { plain: true, ..Guard::default() }), ..short() }).unwrap();
    for host in
        ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "017700000001", "0"]
    {
        let request = http::Request::post(format!("http://{host}:{port}/")).body("x".into()).unwrap();
        let failure = http.send(request).await.unwrap_err();
        assert!(
            matches!(failure, Failure::NotSent(Cause::Refused(Refused::Private { .. }))),
            "{host}: {failure}"
        );
    }
    let waited = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(waited.is_err(), "nobody came");
}

#[tokio::test]
async fn limits_hold_and_answers_teach_them() {
    let transport = Transport::new(&Settings::default(), Arc::new(Kept::default())).unwrap();
    let (channel, values) = (channel(), values("http://localhost"));
    let operation = channel.operation("submit").unwrap();
    let account = |name| Account { name, values: &values, channel: &channel };
    assert_eq!(transport.admit(account("acme"), operation), None);
    assert_eq!(transport.admit(account("acme"), operation), None);
    let wait = transport.admit(account("acme"), operation).unwrap();
    assert!(wait > Duration::ZERO && wait <= Duration::from_millis(500), "{wait:?}");
    assert_eq!(transport.admit(account("other"), operation), None, "each account has its own");
}
