//! Webhooks that are signed with a key of the platform's own: it is asked for once, and what is forged is not believed.

use dragoman_engine::EngineError;
use dragoman_simulators::{Change, Clock, Hook, NewOrders, Options, Told};
use jiff::Timestamp;

use crate::setup::Setup;

const CONFIG: &str = r#"
[[account]]
adapter = "ebay"
name = "customs"
client_id = "id"
client_secret = "secret"
base_url = "OFFICE"
token_url = "OFFICE/identity/v1/oauth2/token"
limits = false
verification_token = "71745723-d031-455c-bfa5-f90d11b4f20a"
"#;

/// When the gateway of a setup begins.
const BEGIN: i64 = 1_795_900_000;

/// A platform that told of two orders, and what it told.
async fn told() -> (Setup, Vec<Told>) {
    let hook = Hook { url: "http://127.0.0.1:9/".to_owned(), secret: String::new() };
    let orders = NewOrders { make: 2, ..NewOrders::default() };
    let change = Change { webhook: Some(hook), orders: Some(orders), ..Change::default() };
    let clock = Clock::of(|| Timestamp::from_second(BEGIN).unwrap());
    let setup =
        Setup::asking("ebay", CONFIG, Options { change, clock, held: true, ..Options::default() }).await;
    let told = setup.office.as_ref().unwrap().told();
    assert_eq!(told.len(), 2);
    (setup, told)
}

fn keys(setup: &Setup) -> usize {
    let requests = setup.office.as_ref().unwrap().requests();
    requests.iter().filter(|one| one.route == "getPublicKey").count()
}

#[tokio::test]
async fn the_key_is_asked_for_once() {
    let (setup, told) = told().await;
    for one in told.iter().chain(&told) {
        setup.gateway.webhook_in("customs", "events", &one.headers, &one.body).await.unwrap();
    }
    assert_eq!(keys(&setup), 1);
    setup.pass(3601);
    setup.gateway.webhook_in("customs", "events", &told[0].headers, &told[0].body).await.unwrap();
    assert_eq!(keys(&setup), 2, "it is kept for an hour");
    assert_eq!(setup.gateway.sync("customs").await.unwrap().orders, 2);
}

#[tokio::test]
async fn what_is_signed_with_a_key_that_nobody_knows_is_not_believed() {
    let (setup, told) = told().await;
    let refused = |headers: Vec<(String, String)>| {
        let (gateway, body) = (setup.gateway.clone(), told[0].body.clone());
        async move { gateway.webhook_in("customs", "events", &headers, &body).await }
    };
    let shown = |text: &str| vec![("X-EBAY-SIGNATURE".to_owned(), text.to_owned())];
    // {"alg":"ecdsa","kid":"nobodys","signature":"AA==","digest":"SHA1"}
    let nobodys = "eyJhbGciOiJlY2RzYSIsImtpZCI6Im5vYm9keXMiLCJzaWduYXR1cmUiOiJBQT09IiwiZGlnZXN0IjoiU0hBMSJ9";
    for headers in [Vec::new(), shown(""), shown("e30="), shown(nobodys), shown(nobodys)] {
        assert!(matches!(refused(headers).await, Err(EngineError::NotBelieved(_))));
    }
    assert_eq!(keys(&setup), 1, "that there is no such key is known for a while");
    assert_eq!(setup.gateway.webhook_refusal("customs", "events"), Some(412));
    assert_eq!(setup.gateway.sync("customs").await.unwrap().orders, 0);
}

/// The hash as `sha256sum` gives it.
#[tokio::test]
async fn a_challenge_is_answered() {
    let (setup, _) = told().await;
    let asked =
        |name: &str| (name == "challenge_code").then(|| "a8628072-3d33-45ee-9004-bee86830a22d".to_owned());
    let answer = setup.gateway.webhook_challenged("customs", "events", asked).unwrap();
    let hash = "a922ea73864459f655e5835e6350522245801196ef7387fed8a255399f70442d";
    assert_eq!(answer, Some(("challengeResponse".to_owned(), hash.to_owned())));
    assert_eq!(setup.gateway.webhook_challenged("customs", "events", |_| None).unwrap(), None);
}
