//! Questions of counterparts: they come without a sign-in, by an address that only the counterpart knows.

use dragoman_engine::people::Right;
use http::StatusCode;

use crate::site::{Answer, Site};

const ASKED: &str = "openReq=%7B%22orderNo%22%3A%22SO-1%22%2C%22sessionID%22%3A%22S-1%22%7D";

async fn asked(site: &Site, path: &str, body: &str) -> Answer {
    let request = http::Request::post(path).header("content-type", "application/x-www-form-urlencoded");
    site.send(request.body(body.to_owned().into()).unwrap()).await
}

#[tokio::test]
async fn a_question_is_taken_and_seen_until_a_person_leaves_it() {
    let site = Site::asked().await;
    let key = site.key("main", "clerk", &[Right::Read, Right::Personal, Right::Write]).await;
    let path = "/v1/inquiries/china/a-long-secret-word/platDataOpen";
    let receipt = asked(&site, path, ASKED).await;
    assert_eq!((receipt.status, receipt.header("content-type")), (StatusCode::OK, "application/json"));
    assert_eq!(receipt.json()["code"], "10000");
    let listed = site.get("/v1/exchanges?kind=inquiry", &key).await;
    let row = listed.json()["data"][0].clone();
    assert_eq!((&row["title"], &row["needs"]), (&"SO-1".into(), &"answer".into()), "{}", listed.text());
    let own = format!("/v1/exchanges/{}", row["id"].as_str().unwrap());
    let shown = site.get(&own, &key).await.json();
    assert_eq!(shown["lines"][0]["findings"][0]["code"], "DG-E0950", "{shown}");
    assert_eq!(shown["inquiries"][0]["asks"], "original payment data");
    let still = site.post(&format!("{own}/answer"), &key, "application/json", String::new()).await;
    assert_eq!(still.status, StatusCode::NO_CONTENT, "{}", still.text());
    let why = r#"{"why":"not ours"}"#;
    let left = site.post(&format!("{own}/give-up"), &key, "application/json", why).await;
    assert_eq!(left.status, StatusCode::NO_CONTENT);
    assert!(site.get(&own, &key).await.json()["needs"].is_null());
}

#[tokio::test]
async fn a_stranger_is_told_nothing() {
    let site = Site::asked().await;
    for (path, status) in [
        ("/v1/inquiries/china/another-secret-word/platDataOpen", StatusCode::UNAUTHORIZED),
        ("/v1/inquiries/china/a-long-secret-word/other", StatusCode::NOT_FOUND),
        ("/v1/inquiries/acme/a-long-secret-word/platDataOpen", StatusCode::NOT_FOUND),
        ("/v1/inquiries/nobody/a-long-secret-word/platDataOpen", StatusCode::NOT_FOUND),
    ] {
        assert_eq!(asked(&site, path, ASKED).await.status, status, "{path}");
    }
}

#[tokio::test]
async fn a_payment_is_kept_with_its_order_and_no_other() {
    let site = Site::asked().await;
    let key = site.key("main", "clerk", &[Right::Read, Right::Personal, Right::Write]).await;
    let taken = site.post("/v1/orders?account=shop", &key, "application/json", crate::filing::order()).await;
    let order = taken.json()["orders"][0].clone();
    let (id, number) = (order["id"].as_str().unwrap(), order["number"].as_str().unwrap());
    let payment = |number: &str| {
        serde_json::json!({ "type": "payment", "transaction": "PAY-1", "order_ref": number }).to_string()
    };
    let path = format!("/v1/orders/{id}/payments");
    let kept = site.post(&path, &key, "application/json", payment(number)).await;
    assert_eq!(kept.status, StatusCode::CREATED, "{}", kept.text());
    let refused = site.post(&path, &key, "application/json", payment("another")).await;
    assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
    let timeline = site.get(&format!("/v1/exchanges/{id}/timeline"), &key).await.text().to_owned();
    assert!(timeline.contains("payment_received") && !timeline.contains("PAY-1"), "{timeline}");
}
