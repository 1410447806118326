//! Chromium without a window, driven over `WebDriver`. Where it is not installed, what needs it is skipped, and says so.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

/// Nothing that is awaited takes longer.
const LONG: Duration = Duration::from_mins(1);

/// The driver, which ends with the test.
struct Driver(Child);

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Starts the driver on a port of its choice.
fn driver() -> Option<(Driver, u16)> {
    let started =
        Command::new("chromedriver").arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null()).spawn();
    let mut child = started.ok()?;
    let lines = BufReader::new(child.stdout.take()?).lines();
    let driver = Driver(child);
    for line in lines.map_while(Result::ok) {
        if let Some((_, port)) = line.split_once("successfully on port ") {
            return Some((driver, port.trim_end_matches('.').parse().ok()?));
        }
    }
    None
}

/// A browser with a folder of its own.
pub struct Browser {
    client: Client,
    _driver: Driver,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Starts one; none where there is no Chromium.
    pub async fn start() -> Option<Self> {
        let Some((driver, port)) = driver() else {
            println!("skipped: there is no chromedriver; Debian has it in `chromium-driver`");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let profile = format!("--user-data-dir={}", folder.path().display());
        let quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
        let bare =
            ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"];
        let arguments: Vec<_> = bare.into_iter().chain(quiet).chain([profile.as_str()]).collect();
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Some(Self { client, _driver: driver, _folder: folder })
    }

    pub async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Clicks what a selector finds first.
    pub async fn click(&self, selector: &str) {
        let found = self.client.find(Locator::Css(selector)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => panic!("{selector}: {error}; {}", self.text().await),
        };
        found.click().await.unwrap();
    }

    /// Writes into the field that a selector finds.
    pub async fn write(&self, selector: &str, text: &str) {
        let field = self.client.find(Locator::Css(selector)).await;
        let field = field.unwrap_or_else(|error| panic!("{selector}: {error}"));
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Waits until an expression of the page holds.
    pub async fn until(&self, expression: &str) {
        let begin = Instant::now();
        while self.value(expression).await != json!(true) {
            assert!(begin.elapsed() < LONG, "never: {expression}; {}", self.text().await);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// What an expression of the page comes to; nothing while a page is on its way.
    async fn value(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap_or_default()
    }

    /// Where it is, and what is read there.
    pub async fn text(&self) -> String {
        let text = self.value("location.href + ' ' + document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    pub async fn end(self) {
        self.client.close().await.unwrap();
    }
}
