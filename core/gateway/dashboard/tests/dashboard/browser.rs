//! What holds in a browser.

use fantoccini::Locator;
use fantoccini::key::Key;
use serde_json::json;

use crate::drive::Browser;
use crate::every_page::pages;

/// A browser on a site in use, and the addresses of its pages.
async fn browser(dark: bool) -> Option<(Browser, Vec<String>)> {
    let (setup, site, pages) = pages().await;
    Browser::start(dark, setup, site).await.map(|browser| (browser, pages))
}

#[tokio::test]
async fn pages_fit_a_phone_and_break_no_rule_of_their_own() {
    for (theme, dark) in [("light", false), ("dark", true)] {
        let Some((browser, pages)) = browser(dark).await else { return };
        for (width, height) in [(360, 780), (1440, 900)] {
            browser.client.set_window_size(width, height).await.unwrap();
            for (at, path) in pages.iter().enumerate() {
                browser.open(path).await;
                let wide = browser
                    .value("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                    .await;
                assert_eq!(wide, json!(0), "{path} is wider than {width}");
                let strangers = "performance.getEntriesByType('resource').filter(one => !one.name.startsWith(location.origin))";
                assert_eq!(browser.value(strangers).await, json!([]), "{path} asks others");
                let loaded = "document.styleSheets.length === 1 && !!document.styleSheets[0].cssRules.length";
                assert_eq!(browser.value(loaded).await, json!(true), "{path}");
                browser.picture(&format!("{at:02}-{theme}-{width}")).await;
            }
        }
        browser.end().await;
    }
}

#[tokio::test]
async fn everything_has_a_key() {
    let Some((browser, _)) = browser(false).await else { return };
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
    let Some((browser, pages)) = browser(false).await else { return };
    let own = pages.iter().find(|path| path.starts_with("/declarations/") && !path.contains('?')).unwrap();
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
    let Some((browser, _)) = browser(false).await else { return };
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
