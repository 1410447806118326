//! A channel, an account, a keeper in memory, and servers that do what they are told.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use dragoman_channel::{Channel, Values};
use dragoman_transport::{Account, Failure, Kept, Reply, Settings, TokenKeeper, Transport};
use jiff::Timestamp;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What channels of tests have in common, behind their `[channel.auth]`.
const REST: &str = r#"
[channel]
base_url = { test = "http://nowhere.invalid" }

[[channel.setting]]
name = "client_id"
meaning = "the application"

[[channel.setting]]
name = "refresh_token"
meaning = "the first refresh token"
secret = true

[[operation]]
name = "submit"
method = "POST"
path = "/submit"
xml = "<a/>"

[[operation]]
name = "list"
method = "GET"
path = "/list"
standing = "application"

[[operation]]
name = "other"
method = "GET"
path = "/other"
standing = "none"
"#;

pub const REFRESH: &str = r#"
[channel.auth.oauth2_refresh]
token_url = "${base}/token"
refresh = "${account.refresh_token}"
rotates = true
"#;

pub const CODE: &str = r#"
[channel.auth.oauth2_code]
token_url = "${base}/token"
authorize_url = { test = "https://sign-in.example/authorize" }
scopes = ["write:declarations"]
rotates = true
grant_holds = "540d"
warn = "30d"
"#;

/// A channel with something added.
pub fn channel(more: &str) -> Arc<Channel> {
    Arc::new(Channel::load("test", &format!("{REST}{more}"), &[]).unwrap())
}

/// An account whose counterpart is at an address.
pub fn values(base: &str) -> Values {
    Values::new()
        .with("account.environment", "test")
        .with("account.base_url", base)
        .with("account.client_id", "id")
        .with("account.client_secret", "s3cret")
        .with("account.refresh_token", "first")
}

pub fn now() -> Timestamp {
    "2026-11-22T16:24:00Z".parse().unwrap()
}

/// A gateway with one account.
#[derive(Clone)]
pub struct Side {
    pub transport: Arc<Transport>,
    pub channel: Arc<Channel>,
    pub values: Values,
}

impl Side {
    pub fn new(more: &str, base: &str, keeper: Arc<dyn TokenKeeper>) -> Self {
        let transport = Arc::new(Transport::new(&short(), keeper).unwrap());
        Self { transport, channel: channel(more), values: values(base) }
    }

    pub fn account(&self) -> Account<'_> {
        Account { name: "acme", values: &self.values, channel: &self.channel }
    }

    pub async fn send(&self, operation: &str, now: Timestamp) -> Result<Reply, Failure> {
        let operation = self.channel.operation(operation).unwrap();
        let request = self.channel.request(operation, &self.values, None).unwrap();
        self.transport.send(self.account(), operation, request, now).await
    }
}

/// Settings under which a test does not wait long.
pub fn short() -> Settings {
    Settings {
        connect: Duration::from_millis(400),
        answer: Duration::from_millis(600),
        largest_answer: 10_000,
        ..Settings::default()
    }
}

/// A keeper in memory, whose disk can be full.
#[derive(Default)]
pub struct Memory {
    pub kept: Mutex<Option<Kept>>,
    pub is_full: AtomicBool,
}

#[async_trait]
impl TokenKeeper for Memory {
    async fn load(&self, _: &str) -> Result<Option<Kept>, String> {
        // What outlives the process is text.
        Ok(self.kept.lock().unwrap().as_ref().map(|kept| Kept::read(&kept.write()).unwrap()))
    }

    async fn keep(&self, _: &str, kept: &Kept) -> Result<(), String> {
        if self.is_full.load(Ordering::SeqCst) {
            return Err("the disk is full".into());
        }
        *self.kept.lock().unwrap() = Some(kept.clone());
        Ok(())
    }
}

/// What a server does with a connection.
#[derive(Clone)]
pub enum Does {
    /// Reads a request, writes this, and closes.
    Says(Vec<u8>),
    /// Reads a request, writes this, and leaves the connection open.
    Stops(Vec<u8>),
    /// Reads a request, writes the first, and the second again and again, slowly.
    Drips(String, String),
    /// Closes before it reads anything.
    Closes,
}

pub fn says(text: &str) -> Does {
    Does::Says(text.into())
}

pub fn stops(text: &str) -> Does {
    Does::Stops(text.into())
}

pub fn drips(head: &str, drop: &str) -> Does {
    Does::Drips(head.into(), drop.into())
}

/// A server that does one thing with every connection.
pub async fn server(does: Does) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let does = does.clone();
            tokio::spawn(async move {
                let mut read = [0; 4096];
                match does {
                    Does::Closes => {}
                    Does::Says(text) => {
                        let _ = stream.read(&mut read).await;
                        let _ = stream.write_all(&text).await;
                        let _ = stream.shutdown().await;
                    }
                    Does::Stops(text) => {
                        let _ = stream.read(&mut read).await;
                        let _ = stream.write_all(&text).await;
                        tokio::time::sleep(Duration::from_secs(10)).await;
                    }
                    Does::Drips(head, drop) => {
                        let _ = stream.read(&mut read).await;
                        let _ = stream.write_all(head.as_bytes()).await;
                        while stream.write_all(drop.as_bytes()).await.is_ok() {
                            tokio::time::sleep(Duration::from_millis(50)).await;
                        }
                    }
                }
            });
        }
    });
    address
}
