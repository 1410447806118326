//! What a broker does in a browser, from signing in to a cleared declaration.

use dragoman_engine::people::Role;
use fantoccini::key::Key;
use jiff::Timestamp;
use serde_json::json;

use crate::drive::Browser;
use crate::setup::{Setup, admin};

const PASSWORD: &str = "correct horse battery";

/// A declaration that customs rejected, since the customs master has a country that is none.
async fn rejected(setup: &Setup, number: &str) -> String {
    let id = setup.order(number, |text| text).await.declarations[0].id.clone();
    let view = setup.heard(&id, "rejected").await;
    assert_eq!(view.row.causes, ["master:BAG-22:origin"]);
    id
}

#[tokio::test]
async fn a_rejection_is_corrected_in_the_page_and_clears() {
    let setup = Setup::declaring("").await;
    let (by, password) = (admin(), Some(PASSWORD.to_owned()));
    setup.people.add_user(&by, "anna", Role::Clerk, password, Timestamp::now()).await.unwrap();
    setup.bag_from("UK").await;
    let id = rejected(&setup, "026-7").await;
    let site = setup.site(None);
    let Some(browser) = Browser::start(false, setup, site).await else { return };
    browser.open("/").await;
    browser.until("location.pathname === '/sign-in'").await;
    browser.picture("story-0-sign-in").await;
    browser.press("anna").await;
    browser.write("[name=password]", PASSWORD).await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("location.pathname === '/'").await;
    browser.says("Rejected").await;
    browser.picture("story-1-today").await;
    browser.press("j").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until(&format!("location.pathname === '/declarations/{id}'")).await;
    // The order line, the field, and what customs said.
    for text in ["Order 026-7, line", "BAG-22", "sent as", "CountryCode", "The authority said"] {
        browser.says(text).await;
    }
    browser.until("document.querySelectorAll('.pane li.fault').length >= 2").await;
    browser.picture("story-2-rejected").await;
    browser.click("Correct this value").await;
    browser.until("!!document.querySelector('.pane li.fault input[name=new]')").await;
    browser.picture("story-3-correcting").await;
    browser.write(".pane li.fault input[name=new]", "CN").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("location.pathname.endsWith('/correct')").await;
    let wire =
        "[...document.querySelectorAll('.diff .gone, .diff .come')].map(line => line.textContent.trim())";
    let wire = browser.value(wire).await;
    let is_shown = |sign: &str, country: &str| {
        let mut lines = wire.as_array().unwrap().iter().filter_map(|line| line.as_str());
        lines.any(|line| line.starts_with(sign) && line.contains("CountryCode") && line.contains(country))
    };
    assert!(is_shown("- ", "UK") && is_shown("+ ", "CN"), "{wire}");
    browser.picture("story-4-difference").await;
    assert_eq!(browser.setup.lrns().len(), 1, "nothing was sent by looking");
    browser.press("r").await;
    browser.says("It is on its way again").await;
    browser.setup.heard(&id, "cleared").await;
    // The page follows by itself.
    browser.says("Cleared").await;
    browser.picture("story-5-cleared").await;
    assert_eq!(browser.setup.lrns().len(), 2);
    browser.end().await;
}

#[tokio::test]
async fn one_cause_is_mended_once_for_all() {
    let setup = Setup::declaring("").await;
    setup.bag_from("UK").await;
    let first = rejected(&setup, "026-1").await;
    let second = setup.order("026-2", |text| text).await.declarations[0].id.clone();
    setup.settle().await;
    let site = setup.site(Some(admin()));
    let Some(browser) = Browser::start(false, setup, site).await else { return };
    browser.open(&format!("/declarations/{first}")).await;
    browser.click("Others with the same cause").await;
    browser.until("location.pathname.startsWith('/causes/')").await;
    for text in ["Affected: 2", "026-1", "026-2"] {
        browser.says(text).await;
    }
    assert_eq!(
        browser.value("document.querySelectorAll('.diff').length").await,
        json!(0),
        "nothing changes yet"
    );
    browser.write("[name=origin]", "CN").await;
    browser.press(&Key::Enter.to_string()).await;
    browser.until("location.pathname.startsWith('/causes/') && location.search === '?done=saved'").await;
    let differences = "[...document.querySelectorAll('details[open]')].filter(one => one.querySelector('.gone') && one.querySelector('.come')).length";
    assert_eq!(browser.value(differences).await, json!(2), "one a declaration");
    browser.picture("story-6-cause").await;
    browser.press("r").await;
    browser.says("Sent off anew: 2. Left as they were: 0.").await;
    browser.picture("story-7-refiled").await;
    for id in [&first, &second] {
        browser.setup.heard(id, "cleared").await;
    }
    let lrns = browser.setup.lrns();
    assert_eq!(lrns.len(), 3, "the second was replaced before it was sent: {lrns:?}");
    browser.end().await;
}

#[tokio::test]
async fn a_declaration_is_duplicated_as_a_draft() {
    let setup = Setup::declaring("").await;
    let id = setup.order("026-1", |text| text).await.declarations[0].id.clone();
    setup.heard(&id, "cleared").await;
    let site = setup.site(Some(admin()));
    let Some(browser) = Browser::start(false, setup, site).await else { return };
    browser.open(&format!("/declarations/{id}")).await;
    browser.press("u").await;
    browser.says("This is the new draft").await;
    let own = browser.value("location.pathname").await;
    assert_ne!(own, json!(format!("/declarations/{id}")));
    browser.says("Draft").await;
    browser.picture("story-8-duplicate").await;
    assert_eq!(browser.setup.lrns().len(), 1, "a draft is not sent");
    browser.end().await;
}
