//! A caller of simulators, and a listener that they push to.

#![allow(dead_code, reason = "each test file uses its own part")]

use std::sync::{Arc, LazyLock, Mutex};
use std::time::Duration;

use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use dragoman_adapters::{Catalogue, Data, Layout, send};
use dragoman_mapping::canonical;
use dragoman_simulators::{Options, Running, serve};
use dragoman_syntax::Limits;

static CATALOGUE: LazyLock<Arc<Catalogue>> =
    LazyLock::new(|| Arc::new(Catalogue::new(Data::embedded()).unwrap()));

pub async fn start(adapter: &str, options: Options) -> Running {
    serve(Arc::clone(&CATALOGUE), adapter, options).await.unwrap()
}

/// The message that a canonical declaration is sent as.
pub fn written(declaration: &str) -> String {
    let read = canonical::read(declaration.as_bytes(), None, &Limits::default());
    let message = CATALOGUE.message("gb-cds/declaration").unwrap();
    let put = message.put(&read.document.unwrap()).unwrap();
    let grammar = message.written().map(|grammar| &**grammar);
    String::from_utf8(send(message.syntax(), &[&put.tree], grammar, Layout::Pretty).bytes).unwrap()
}

/// An import that passes all checks.
pub fn declaration(lrn: &str) -> String {
    written(&GOOD.replace("TT-1", lrn))
}

/// The same as canonical JSON.
pub const GOOD: &str = r#"{
"type": "declaration", "kind": "declaration", "function": "9", "lrn": "TT-1", "direction": "IM", "additional_type": "A",
"totals": {"items": "1", "packages": "1"},
"declarant": {"ids": [{"scheme": "eori", "value": "GB000000000000"}]},
"importer": {"ids": [{"scheme": "eori", "value": "GB000000000001"}]},
"goods_location": {"name": "AULALONBTW", "type": "A", "qualifier": "U", "address": {"country": "GB"}},
"dispatch": {"country": "CN"}, "destination": {"country": "GB"},
"goods_items": [
 {"sequence": "1", "description": "Handbag", "commodity": {"codes": [{"type": "TSP", "code": "42022210"}]},
  "mass": {"net": {"value": "0.42"}}, "origins": [{"country": "CN"}], "price": {"amount": "19.99", "currency": "GBP"}}]
}"#;

/// A request about a declaration that is there.
pub fn request(kind: &str, lrn: &str, mrn: &str) -> String {
    let more = match kind {
        "amendment" => {
            r#", "amendments": [{"reason": "21"}], "goods_items": [{"sequence": "1", "price": {"amount": "9.99", "currency": "GBP"}}]"#
        }
        "cancellation" => r#", "amendments": [{"reason": "1"}]"#,
        _ => "",
    };
    written(&format!(
        r#"{{"type": "declaration", "kind": "{kind}", "function": "13", "lrn": "{lrn}", "mrn": "{mrn}"{more}}}"#
    ))
}

/// What was answered, or heard.
#[derive(Clone, Debug)]
pub struct Message {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Message {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// A caller with a token.
pub struct Caller {
    pub client: reqwest::Client,
    pub address: String,
    pub token: String,
}

impl Caller {
    pub async fn at(running: &Running) -> Self {
        let mut caller = Self { client: client(), address: running.url(), token: String::new() };
        let form = "grant_type=authorization_code&code=c&redirect_uri=r&client_id=i&client_secret=s";
        let request = caller.client.post(format!("{}/oauth/token", caller.address)).body(form);
        let request = request.header("Content-Type", "application/x-www-form-urlencoded");
        let token = &caller.send(request).await.json()["access_token"];
        caller.token = token.as_str().unwrap().into();
        caller
    }

    pub async fn send(&self, request: reqwest::RequestBuilder) -> Message {
        sent(request).await
    }

    pub fn submission(&self, body: &str) -> reqwest::RequestBuilder {
        self.message("/customs/declarations/", body)
    }

    pub fn message(&self, path: &str, body: &str) -> reqwest::RequestBuilder {
        let mut headers = reqwest::header::HeaderMap::new();
        let token = format!("Bearer {}", self.token);
        headers.insert("Authorization", token.parse().unwrap());
        headers.insert("Accept", "application/vnd.hmrc.3.0+xml".parse().unwrap());
        headers.insert("Content-Type", "application/xml; charset=UTF-8".parse().unwrap());
        self.client.post(format!("{}{path}", self.address)).headers(headers).body(body.to_owned())
    }

    pub async fn submit(&self, body: &str) -> Message {
        self.send(self.submission(body)).await
    }
}

pub fn client() -> reqwest::Client {
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(20)).build().unwrap()
}

/// A listener on loopback that keeps what it hears, and answers with statuses of its own.
pub struct Listener {
    address: String,
    heard: Arc<Mutex<Vec<Message>>>,
    statuses: Arc<Mutex<Vec<u16>>>,
}

impl Listener {
    pub async fn start(status: u16) -> Self {
        Self::answering(&[status]).await
    }

    /// The last status is that of all further answers.
    pub async fn answering(statuses: &[u16]) -> Self {
        let socket = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", socket.local_addr().unwrap());
        let heard: Arc<Mutex<Vec<Message>>> = Arc::default();
        let statuses = Arc::new(Mutex::new(statuses.iter().rev().copied().collect::<Vec<_>>()));
        let (kept, given) = (Arc::clone(&heard), Arc::clone(&statuses));
        let listen = move |headers: HeaderMap, body: Bytes| async move {
            let mut left = given.lock().unwrap();
            let status = if left.len() > 1 { left.pop().unwrap() } else { left[0] };
            let body = String::from_utf8(body.to_vec()).unwrap();
            kept.lock().unwrap().push(Message { status, headers, body });
            StatusCode::from_u16(status).unwrap()
        };
        let router = axum::Router::new().fallback(listen);
        tokio::spawn(async move { axum::serve(socket, router).await });
        Self { address, heard, statuses }
    }

    pub fn url(&self) -> String {
        format!("{}/push", self.address)
    }

    pub fn heard(&self) -> Vec<Message> {
        self.heard.lock().unwrap().clone()
    }

    /// What was heard, once it is that much.
    pub async fn wait_for(&self, count: usize) -> Vec<Message> {
        for _ in 0..1000 {
            let heard = self.heard();
            if heard.len() >= count {
                return heard;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("only {} of {count} were heard", self.heard().len());
    }
}

/// The answer to a request.
pub async fn sent(request: reqwest::RequestBuilder) -> Message {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Message { status, headers, body: answer.text().await.unwrap() }
}
