//! A browser: Chromium without a window, driven over `WebDriver`. Where it is not installed, tests skip, and say so.
//! With `DRAGOMAN_PICTURES` set to a folder, pictures of pages are left there.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use axum::Router;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::setup::Setup;

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

/// A browser with a folder of its own, and the site that it looks at.
pub struct Browser {
    pub client: Client,
    pub setup: Setup,
    address: String,
    _driver: Driver,
    _folder: tempfile::TempDir,
}

impl Browser {
    /// Starts one on a site, in dark colours or not; none where it is not installed.
    pub async fn start(dark: bool, setup: Setup, site: Router) -> Option<Self> {
        let Some((driver, port)) = driver() else {
            println!("skipped: there is no chromedriver; Debian has it in `chromium-driver`");
            return None;
        };
        let folder = tempfile::tempdir().unwrap();
        let arguments = arguments(dark, folder.path());
        let options = json!({ "goog:chromeOptions": { "args": arguments } });
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(options.as_object().unwrap().clone())
            .connect(&format!("http://127.0.0.1:{port}"))
            .await
            .unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, site).await });
        Some(Self { client, setup, address, _driver: driver, _folder: folder })
    }

    /// Opens a page.
    pub async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// Writes into a field in place of what stands there.
    pub async fn write(&self, selector: &str, text: &str) {
        let field = self.client.find(Locator::Css(selector)).await.unwrap();
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Clicks a link or a button by its text.
    pub async fn click(&self, text: &str) {
        let path = format!("//main//*[self::a or self::button][contains(., '{text}')]");
        self.client.find(Locator::XPath(&path)).await.unwrap().click().await.unwrap();
    }

    /// What an expression of the page comes to.
    pub async fn value(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap()
    }

    /// Waits until an expression of the page holds.
    pub async fn until(&self, expression: &str) {
        for _ in 0..200 {
            // Between two pages there is nothing to ask.
            if self.client.execute(&format!("return {expression}"), Vec::new()).await.ok()
                == Some(json!(true))
            {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {expression}; {}", self.value("location.href + document.body.innerText").await);
    }

    /// Waits until the page says something.
    pub async fn says(&self, text: &str) {
        self.until(&format!("document.querySelector('main').innerText.includes({})", json!(text))).await;
    }

    /// A picture of the whole page, where pictures are wanted.
    pub async fn picture(&self, name: &str) {
        let Some(folder) = std::env::var_os("DRAGOMAN_PICTURES").map(PathBuf::from) else { return };
        let (width, height) = self.client.get_window_size().await.unwrap();
        let (width, height) = (u32::try_from(width).unwrap(), u32::try_from(height).unwrap());
        let all = self.value("document.documentElement.scrollHeight").await.as_u64().unwrap();
        self.client.set_window_size(width, u32::try_from(all + 150).unwrap()).await.unwrap();
        let picture = self.client.screenshot().await.unwrap();
        std::fs::write(folder.join(format!("{name}.png")), picture).unwrap();
        self.client.set_window_size(width, height).await.unwrap();
    }

    /// Ends it.
    pub async fn end(self) {
        self.client.close().await.unwrap();
    }
}

fn arguments(dark: bool, folder: &Path) -> Vec<String> {
    let fixed = [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-dev-shm-usage",
        "--window-size=1440,900",
    ];
    let theme = dark.then_some("--force-dark-mode");
    let own = format!("--user-data-dir={}", folder.display());
    fixed.into_iter().chain(theme).map(str::to_owned).chain([own]).collect()
}
