//! Chromium without a window, driven over `WebDriver`. Where it is not installed, what needs it is skipped, and says so.

use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;
use tempfile::TempDir;

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

/// A browser with a folder of its own; both end with it.
pub struct Chromium {
    pub client: Client,
    _driver: Driver,
    _folder: TempDir,
}

impl Chromium {
    /// Starts one, for readers of dark pages or of light ones; none where there is no Chromium.
    pub async fn start(dark: bool) -> Option<Self> {
        let Some((driver, port)) = driver() else {
            println!("skipped: there is no chromedriver; Debian has it in `chromium-driver`");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let profile = format!("--user-data-dir={}", folder.path().display());
        let quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"];
        let bare =
            ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-dev-shm-usage"];
        let theme = dark.then_some("--force-dark-mode");
        let arguments: Vec<_> =
            bare.into_iter().chain(quiet).chain([profile.as_str()]).chain(theme).collect();
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        Some(Self { client, _driver: driver, _folder: folder })
    }
}
