//! Accounts that a person has to authorise at the counterpart.

use dragoman_store::{Batch, RecordChange};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};

use crate::ask::{get, post};
use crate::setup::{Setup, admin, clerk};

/// The account was authorised so many days ago.
async fn authorised(setup: &Setup, days: i64) {
    let at = setup.gateway.clock().now() - SignedDuration::from_hours(24 * days);
    let body = format!(
        r#"{{"access":"a","refresh":"r","expires_at":"{at}","refresh_at":"{at}","authorised":{{"by":"ada","at":"{at}"}}}}"#
    );
    let (tenant, space, key) = ("main".to_owned(), "token".to_owned(), "acme".to_owned());
    let known = setup.store.record(&tenant, &space, &key).await.unwrap();
    let expected = known.map_or(0, |record| record.revision);
    let change = RecordChange { tenant, space, key, expected, body: Some(body) };
    setup.store.commit(Batch { records: vec![change], ..Batch::default() }).await.unwrap();
}

#[tokio::test]
async fn who_keeps_accounts_is_sent_to_the_counterpart() {
    let setup = Setup::new("").await;
    let site = setup.site(Some(admin()));
    let today = get(&site, "/", "").await.text;
    assert!(today.contains("acme: not given yet: nothing can be sent"), "it is the first thing to do");
    let page = get(&site, "/adapters", "").await.text;
    assert!(page.contains("action=\"/adapters/acme/authorise\""));
    assert!(!page.contains("action=\"/adapters/shop/authorise\""), "nobody signs in there");
    let way = post(&site, "/adapters/acme/authorise", "", &[]).await;
    assert_eq!(way.status, StatusCode::OK, "{}", way.text);
    let url = way.text.split("href=\"https://").nth(1).unwrap().split('"').next().unwrap();
    assert!(url.starts_with("test-www.tax.service.gov.uk/oauth/authorize?"), "{url}");
    for part in
        ["response_type=code", "state=", "redirect_uri=http%3A%2F%2F127.0.0.1%3A8080%2Fv1%2Fauthorised"]
    {
        assert!(url.contains(part), "{part}: {url}");
    }
    let refused = post(&site, "/adapters/shop/authorise", "", &[]).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn a_clerk_sees_that_it_is_missing_and_cannot_give_it() {
    let setup = Setup::new("").await;
    let site = setup.site(Some(clerk()));
    let page = get(&site, "/adapters", "").await.text;
    assert!(page.contains("not given yet") && !page.contains("/authorise"));
    assert_eq!(post(&site, "/adapters/acme/authorise", "", &[]).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn it_is_said_before_it_lapses() {
    let setup = Setup::new("").await;
    let site = setup.site(Some(admin()));
    let told = async || {
        let today = get(&site, "/", "").await.text;
        (today.contains("acme: Authorisation lapses "), today.contains("acme: not given yet"))
    };
    authorised(&setup, 100).await;
    assert_eq!(told().await, (false, false), "there is time");
    authorised(&setup, 520).await;
    assert_eq!(told().await, (true, false));
    let lapses = setup.gateway.clock().now() + SignedDuration::from_hours(24 * 20);
    let lapses = Timestamp::from_second(lapses.as_second()).unwrap().to_string();
    let page = get(&site, "/adapters", "").await.text;
    assert!(page.contains("badge warn") && page.contains(&lapses), "{lapses}");
    authorised(&setup, 541).await;
    assert_eq!(told().await, (false, true), "it is over");
}
