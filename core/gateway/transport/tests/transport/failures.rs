//! What is known after a failure.

use std::io::{self, Write};
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, Instant};

use async_trait::async_trait;
use bytes::Bytes;
use dragoman_transport::{Cause, Failure, Http, Names, Settings};
use flate2::Compression;
use flate2::write::GzEncoder;
use http::Response;
use tokio::net::TcpListener;

use crate::setup::{Does, drips, says, server, short, stops};

async fn post(url: String) -> Result<Response<Bytes>, Failure> {
    let request = http::Request::post(url).body("x".into()).unwrap();
    Http::new(&short()).unwrap().send(request).await
}

async fn of(does: Does) -> Failure {
    post(format!("http://{}/", server(does).await)).await.unwrap_err()
}

async fn nobody() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap()
}

#[tokio::test]
async fn what_nobody_took_was_not_sent() {
    let failure = post(format!("http://{}/", nobody().await)).await.unwrap_err();
    assert_eq!(failure.to_string(), "not sent: no connection: Connection refused (os error 111)");
    for url in ["x", "/path", "ftp://127.0.0.1/", "http://1.2.3.4.5/"] {
        let failure = post(url.into()).await.unwrap_err();
        assert!(matches!(failure, Failure::NotSent(Cause::Request(_))), "{url}: {failure}");
    }
}

#[tokio::test]
async fn what_talks_no_tls_was_not_sent() {
    for does in [says("HTTP/1.1 400 Bad Request\r\n\r\n"), Does::Closes] {
        let failure = post(format!("https://{}/", server(does).await)).await.unwrap_err();
        assert!(matches!(failure, Failure::NotSent(_)), "{failure}");
    }
    // A handshake that hangs is within the time to connect.
    let failure = post(format!("https://{}/", server(stops("")).await)).await.unwrap_err();
    assert_eq!(failure, Failure::NotSent(Cause::ConnectTime));
}

/// Names that are not found, or never.
struct Lost {
    for_ever: bool,
}

#[async_trait]
impl Names for Lost {
    async fn addresses(&self, name: &str) -> io::Result<Vec<IpAddr>> {
        if self.for_ever {
            std::future::pending::<()>().await;
        }
        Err(io::Error::other(format!("no {name}")))
    }
}

#[tokio::test]
async fn what_goes_to_a_name_that_is_not_found_was_not_sent() {
    let failure = async |for_ever| {
        let http = Http::new(&Settings { names: Arc::new(Lost { for_ever }), ..short() }).unwrap();
        let request = http::Request::post("http://counterpart.example/").body(Bytes::new()).unwrap();
        http.send(request).await.unwrap_err()
    };
    assert_eq!(failure(false).await, Failure::NotSent(Cause::Connect("no counterpart.example".into())));
    assert_eq!(failure(true).await, Failure::NotSent(Cause::ConnectTime));
}

#[tokio::test]
async fn what_was_written_may_have_arrived() {
    let hangs = of(stops("")).await;
    assert_eq!(hangs, Failure::Unknown { cause: Cause::AnswerTime, status: None });
    for does in [says(""), says("HTTP/1.1 2"), says("not HTTP at all\r\n\r\n"), Does::Closes] {
        let failure = of(does).await;
        assert!(matches!(failure, Failure::Unknown { cause: Cause::Broken(_), status: None }), "{failure}");
    }
}

#[tokio::test]
async fn a_body_that_does_not_end_leaves_the_status() {
    let truncated = "HTTP/1.1 202 Accepted\r\ncontent-length: 64\r\n\r\nhalf";
    let failure = of(says(truncated)).await;
    assert!(matches!(failure, Failure::Unknown { cause: Cause::Broken(_), status: Some(202) }), "{failure}");
    let chunk = "HTTP/1.1 202 Accepted\r\ntransfer-encoding: chunked\r\n\r\n40\r\nhalf";
    let failure = of(says(chunk)).await;
    assert!(matches!(failure, Failure::Unknown { cause: Cause::Broken(_), status: Some(202) }), "{failure}");
    let failure = of(stops(truncated)).await;
    assert_eq!(failure, Failure::Unknown { cause: Cause::AnswerTime, status: Some(202) });
}

#[tokio::test]
async fn a_counterpart_that_drips_is_not_listened_to_for_ever() {
    let begun = Instant::now();
    let failure = of(drips("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n", "1\r\nx\r\n")).await;
    assert_eq!(failure, Failure::Unknown { cause: Cause::AnswerTime, status: Some(200) });
    let failure = of(drips("HTTP/1.1 200 OK\r\n", "x: y\r\n")).await;
    assert!(failure.may_have_arrived(), "{failure}");
    assert!(begun.elapsed() < Duration::from_secs(5));
}

#[tokio::test]
async fn a_body_is_read_no_further_than_allowed() {
    let too_large =
        |status| Failure::Unknown { cause: Cause::TooLarge { limit: 10_000 }, status: Some(status) };
    assert_eq!(of(stops("HTTP/1.1 200 OK\r\ncontent-length: 10001\r\n\r\n")).await, too_large(200));
    let chunk = format!("400\r\n{}\r\n", "_".repeat(1024));
    let endless = drips("HTTP/1.1 500 No\r\ntransfer-encoding: chunked\r\n\r\n", &chunk);
    assert_eq!(of(endless).await, too_large(500));
    // What counts is what it becomes when it is unpacked.
    let mut packed = GzEncoder::new(Vec::new(), Compression::best());
    packed.write_all(&vec![b'_'; 1_000_000]).unwrap();
    let packed = packed.finish().unwrap();
    assert!(packed.len() < 2000);
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-encoding: gzip\r\ncontent-length: {}\r\n\r\n", packed.len());
    assert_eq!(of(Does::Says([head.into_bytes(), packed].concat())).await, too_large(200));
}

#[tokio::test]
async fn a_redirect_is_an_answer() {
    let target = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let to = format!("http://{}/", target.local_addr().unwrap());
    let moved = format!("HTTP/1.1 307 Moved\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
    let answer = post(format!("http://{}/", server(says(&moved)).await)).await.unwrap();
    assert_eq!((answer.status().as_u16(), answer.headers()["location"].to_str().unwrap()), (307, &*to));
    let came = tokio::time::timeout(Duration::from_millis(50), target.accept()).await;
    assert!(came.is_err(), "nobody went there");
}
