//! Chromium without a window, driven over `WebDriver`. Where it is not installed, what needs it is skipped, and says so.

use std::time::{Duration, Instant};

use fantoccini::Locator;
use serde_json::{Value, json};

use crate::chromium::Chromium;

/// Nothing that is awaited takes longer.
const LONG: Duration = Duration::from_mins(1);

/// A browser.
pub struct Browser(Chromium);

impl Browser {
    /// Starts one; none where there is no Chromium.
    pub async fn start() -> Option<Self> {
        Chromium::start(false).await.map(Self)
    }

    pub async fn open(&self, url: &str) {
        self.0.client.goto(url).await.unwrap();
    }

    /// Clicks what a selector finds first.
    pub async fn click(&self, selector: &str) {
        let found = self.0.client.find(Locator::Css(selector)).await;
        let found = match found {
            Ok(found) => found,
            Err(error) => panic!("{selector}: {error}; {}", self.text().await),
        };
        found.click().await.unwrap();
    }

    /// Writes into the field that a selector finds.
    pub async fn write(&self, selector: &str, text: &str) {
        let field = self.0.client.find(Locator::Css(selector)).await;
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
        self.0.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap_or_default()
    }

    /// Where it is, and what is read there.
    pub async fn text(&self) -> String {
        let text = self.value("location.href + ' ' + document.body.innerText").await;
        text.as_str().unwrap_or_default().to_owned()
    }

    pub async fn end(self) {
        self.0.client.close().await.unwrap();
    }
}
