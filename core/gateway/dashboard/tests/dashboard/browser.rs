//! The pages in a browser: Chromium without a window, driven over `WebDriver`. Skipped, and said so, where it is not
//! installed. With `DRAGOMAN_PICTURES` set to a folder, pictures of all pages are left there.

use std::path::PathBuf;
use std::time::Duration;

use fantoccini::key::Key;
use fantoccini::{Client, Locator};
use serde_json::json;
use tokio::net::TcpListener;

use crate::chromium::Chromium;
use crate::every_page::pages;
use crate::setup::Setup;

/// A browser with the pages open to it.
struct Browser {
    client: Client,
    address: String,
    pages: Vec<String>,
    _chromium: Chromium,
    _setup: Setup,
}

async fn browser(dark: bool) -> Option<Browser> {
    let chromium = Chromium::start(dark).await?;
    let (setup, site, pages) = pages().await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, site).await });
    Some(Browser { client: chromium.client.clone(), address, pages, _chromium: chromium, _setup: setup })
}

impl Browser {
    async fn open(&self, path: &str) {
        self.client.goto(&format!("{}{path}", self.address)).await.unwrap();
    }

    /// Presses keys, wherever the focus is.
    async fn press(&self, keys: &str) {
        self.client.active_element().await.unwrap().send_keys(keys).await.unwrap();
    }

    /// What an expression of the page comes to.
    async fn value(&self, expression: &str) -> serde_json::Value {
        self.client.execute(&format!("return {expression}"), Vec::new()).await.unwrap()
    }

    /// Waits until an expression of the page holds.
    async fn until(&self, expression: &str) {
        for _ in 0..100 {
            if self.value(expression).await == json!(true) {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("never: {expression}; {}", self.value("location.href + document.body.innerText").await);
    }

    async fn end(self) {
        self.client.close().await.unwrap();
    }
}

#[tokio::test]
async fn pages_fit_a_phone_and_break_no_rule_of_their_own() {
    for (theme, dark) in [("light", false), ("dark", true)] {
        let Some(browser) = browser(dark).await else { return };
        for (width, height) in [(360, 780), (1440, 900)] {
            browser.client.set_window_size(width, height).await.unwrap();
            for (at, path) in browser.pages.iter().enumerate() {
                browser.open(path).await;
                let wide = browser
                    .value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .await;
                assert_eq!(wide, json!(0), "{path} is wider than {width}");
                let loaded = "document.styleSheets.length === 1 && !!document.styleSheets[0].cssRules.length";
                assert_eq!(browser.value(loaded).await, json!(true), "{path}");
                picture(&browser, &format!("{at:02}-{theme}-{width}")).await;
            }
        }
        browser.end().await;
    }
}

/// A picture of the whole page, where pictures are wanted.
async fn picture(browser: &Browser, name: &str) {
    let Some(folder) = std::env::var_os("DRAGOMAN_PICTURES").map(PathBuf::from) else { return };
    let (width, _) = browser.client.get_window_size().await.unwrap();
    let height = browser.value("document.documentElement.scrollHeight").await.as_u64().unwrap();
    browser
        .client
        .set_window_size(u32::try_from(width).unwrap(), u32::try_from(height + 150).unwrap())
        .await
        .unwrap();
    std::fs::write(folder.join(format!("{name}.png")), browser.client.screenshot().await.unwrap()).unwrap();
    browser.client.set_window_size(u32::try_from(width).unwrap(), 900).await.unwrap();
}

#[tokio::test]
async fn everything_has_a_key() {
    let Some(browser) = browser(false).await else { return };
    browser.open("/").await;
    browser.press("go").await;
    browser.until("location.pathname === '/orders'").await;
    browser.press("j").await;
    let first = browser.value("document.activeElement.textContent").await;
    browser.press("j").await;
    assert_ne!(browser.value("document.activeElement.textContent").await, first);
    browser.press("k").await;
    assert_eq!(browser.value("document.activeElement.textContent").await, first);
    browser.press(&Key::Enter.to_string()).await;
    browser.until("/^.orders.[0-9a-f-]{36}$/.test(location.pathname)").await;
    browser.press("gd").await;
    browser.until("location.pathname === '/declarations'").await;
    browser.press("/").await;
    assert_eq!(browser.value("document.activeElement.type").await, json!("search"));
    browser.press("ghost").await;
    browser.until("location.search === '?q=ghost'").await;
    browser.until("document.getElementById('list').innerText.includes('Nothing matches')").await;
    browser.press(&Key::Escape.to_string()).await;
    browser.press("?").await;
    browser.until("document.querySelector('dialog').open").await;
    browser.press(&Key::Escape.to_string()).await;
    browser.until("!document.querySelector('dialog').open").await;
    browser.end().await;
}

#[tokio::test]
async fn pointing_at_a_value_lights_its_sources() {
    let Some(browser) = browser(false).await else { return };
    let own =
        browser.pages.iter().find(|path| path.starts_with("/declarations/") && !path.contains('?')).unwrap();
    browser.open(own).await;
    let line =
        browser.client.find(Locator::XPath("//div[@class='pane'][1]//li[contains(., 'sellerSku')]")).await;
    let _ = line.unwrap();
    let quantity = "[...document.querySelectorAll('.pane:first-child li')].find(li => li.textContent.includes('quantityOrdered'))";
    browser.client.execute(&format!("{quantity}.focus()"), Vec::new()).await.unwrap();
    let lit = "[...document.querySelectorAll('.pane')].map(pane => pane.querySelectorAll('.lit').length > 0)";
    assert_eq!(
        browser.value(lit).await,
        json!([true, true, false]),
        "an order's quantity is not sent with this data set"
    );
    let code = "[...document.querySelectorAll('.pane:nth-child(2) li')].find(li => li.textContent.includes('amount'))";
    browser.client.execute(&format!("{code}.focus()"), Vec::new()).await.unwrap();
    assert_eq!(browser.value(lit).await, json!([true, true, true]));
    browser.press(&Key::Right.to_string()).await;
    assert_eq!(browser.value("document.activeElement.textContent").await, json!("CustomsValueAmount 39.98"));
    browser.end().await;
}

#[tokio::test]
async fn times_are_in_the_zone_of_the_reader_and_in_utc_on_hover() {
    let Some(browser) = browser(false).await else { return };
    browser.open("/orders").await;
    let times = "[...document.querySelectorAll('time')].map(time => [time.title, time.textContent])";
    let times = browser.value(times).await;
    let first = &times[0];
    assert!(
        first[0].as_str().unwrap().ends_with(" UTC") && !first[1].as_str().unwrap().contains("UTC"),
        "{first}"
    );
    browser.end().await;
}
