//! What holds of every page.

use std::collections::HashSet;

use axum::Router;
use http::StatusCode;

use crate::ask::get;
use crate::setup::{Setup, admin};

/// A page with everything that it loads has no more bytes than these.
const MOST: usize = 100_000;

/// A site in use, and the addresses of all its pages.
pub async fn pages() -> (Setup, Router, Vec<String>) {
    let setup = Setup::new("").await;
    let taken = setup.order("026-1000001-1000001", |text| text).await;
    setup
        .order("026-1000001-1000002", |text| {
            text.replace("BAG-22", "NEW-1").replace("Belfast", "<b>\\\"'&amp;")
        })
        .await;
    setup.settle().await;
    let site = setup.site(Some(admin()));
    let own = format!("/declarations/{}", taken.declarations[0].id);
    let order = format!("/orders/{}", taken.orders[0].id);
    let fixed = [
        "/",
        "/orders",
        "/declarations",
        "/messages",
        "/dead-letters",
        "/goods",
        "/goods/article?sku=BAG-22",
        "/goods/article?sku=NEW-1",
        "/rules",
        "/rules?from=CN&to=GB&on=2026-11-28",
        "/rules?to=ZZ",
        "/adapters",
        "/evidence",
        "/orders?q=nothing",
    ];
    let own = [format!("{own}?edit=1"), own, order];
    (setup, site, fixed.map(str::to_owned).into_iter().chain(own).collect())
}

#[tokio::test]
async fn every_page_is_whole_careful_and_light() {
    let (_setup, site, pages) = pages().await;
    for path in pages {
        let answer = get(&site, &path, "").await;
        assert_eq!(answer.status, StatusCode::OK, "{path}: {}", answer.text);
        let policy = answer.headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'") && !policy.contains("unsafe"), "{path}: {policy}");
        assert_eq!(answer.headers["cache-control"], "no-store", "{path}");
        let mut size = answer.text.len();
        for asset in assets(&answer.text) {
            let loaded = get(&site, asset, "").await;
            assert_eq!(loaded.status, StatusCode::OK, "{asset}");
            assert!(loaded.headers["cache-control"].to_str().unwrap().contains("immutable"), "{asset}");
            size += loaded.text.len();
        }
        assert!(size < MOST, "{path} has {size} bytes with all that it loads");
        whole(&path, &answer.text);
    }
}

/// What a page loads.
fn assets(page: &str) -> Vec<&str> {
    let quoted = page.split('"').filter(|part| part.starts_with("/assets/"));
    quoted.collect::<HashSet<_>>().into_iter().collect()
}

/// Headings, labels, ids, and nothing inline.
fn whole(path: &str, page: &str) {
    assert!(page.starts_with("<!DOCTYPE html><html lang=\"en\">"), "{path}");
    assert_eq!(page.matches("<h1>").count(), 1, "{path}");
    assert!(!page.contains(" style=") && !page.contains("<style") && !page.contains(" onclick="), "{path}");
    assert!(
        !page.contains("http://") || path.contains("edit") || path.contains("adapters"),
        "{path} names another site"
    );
    assert_eq!(page.matches("<script").count(), 1, "{path}");
    let ids: Vec<_> = page.split(" id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
    assert_eq!(ids.iter().collect::<HashSet<_>>().len(), ids.len(), "{path}: {ids:?}");
    let main = page.split("<main").nth(1).unwrap();
    assert!(main.contains("<a ") || main.contains("<button"), "{path} has no next action");
    for field in ["<input ", "<select ", "<textarea "] {
        for (at, _) in page.match_indices(field) {
            let tag = page[at..].split('>').next().unwrap();
            let is_labelled =
                page[..at].rfind("<label").is_some_and(|label| !page[label..at].contains("</label>"));
            assert!(tag.contains("type=\"hidden\"") || is_labelled, "{path}: {tag} has no label");
        }
    }
}

#[tokio::test]
async fn what_orders_say_stays_text() {
    let (setup, site, _) = pages().await;
    let hostile = "<script>alert(1)</script>\" onmouseover=\"x";
    let order =
        setup.order("026-9", |text| text.replace("Alex Example", &hostile.replace('"', "\\\""))).await;
    let page = get(&site, &format!("/orders/{}", order.orders[0].id), "").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(page.text.contains("&lt;script&gt;alert(1)&lt;/script&gt;&quot; onmouseover"), "it is shown");
    assert!(!page.text.contains("<script>alert"), "{}", page.text);
}

#[tokio::test]
async fn lists_are_narrowed_and_exported() {
    let (setup, site, _) = pages().await;
    let page = get(&site, "/orders?q=026-1000001-1000002", "").await;
    assert!(page.text.contains(">026-1000001-1000002<") && !page.text.contains(">026-1000001-1000001<"));
    let page = get(&site, "/orders?state=incomplete", "").await;
    assert!(page.text.contains(">026-1000001-1000002<") && !page.text.contains(">026-1000001-1000001<"));
    setup.order("=1+1", |text| text).await;
    setup.settle().await;
    let export = get(&site, "/orders.csv", "").await;
    assert!(export.headers["content-disposition"].to_str().unwrap().contains("orders.csv"));
    assert_eq!(export.text.lines().count(), 4, "{}", export.text);
    assert!(export.text.contains(",'=1+1,"), "{}", export.text);
    let narrowed = get(&site, "/orders.csv?state=incomplete", "").await;
    assert_eq!(narrowed.text.lines().count(), 2, "{}", narrowed.text);
}

#[tokio::test]
async fn pages_go_on_where_the_one_before_ended() {
    let setup = Setup::new("").await;
    for number in 0..60 {
        setup.order(&format!("026-{number:07}"), |text| text).await;
        setup.pass(1);
    }
    setup.settle().await;
    let site = setup.site(Some(admin()));
    let (mut path, mut seen) = ("/orders".to_owned(), Vec::new());
    loop {
        let page = get(&site, &path, "").await.text;
        let rows = page.split("data-row>").skip(1).map(|rest| rest.split('<').next().unwrap().to_owned());
        seen.extend(rows);
        let Some(next) = page.split("rel=\"next\"").next().filter(|_| page.contains("rel=\"next\"")) else {
            break;
        };
        path = next.rsplit("href=\"").next().unwrap().split('"').next().unwrap().replace("&amp;", "&");
    }
    assert_eq!((seen.len(), seen.iter().collect::<HashSet<_>>().len()), (60, 60));
    assert_eq!((seen[0].as_str(), seen[59].as_str()), ("026-0000059", "026-0000000"));
}
