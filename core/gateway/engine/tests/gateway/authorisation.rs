use dragoman_engine::people::{Actor, Role};
use dragoman_engine::{AccountView, EngineError};
use dragoman_simulators::Options;

use crate::setup::{Setup, clerk};

fn admin(name: &str) -> Actor {
    Actor::person("main", name, Role::Admin)
}

/// A parameter of an address.
fn parameter(url: &str, name: &str) -> String {
    let (_, query) = url.split_once('?').unwrap();
    let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| *key == name).unwrap().1.to_owned()
}

async fn account(setup: &Setup) -> AccountView {
    let accounts = setup.gateway.accounts(&clerk()).await.unwrap();
    accounts.into_iter().find(|account| account.name == "acme").unwrap()
}

/// What waits for an authorisation goes out once a person gave it; its end is known from then on.
#[tokio::test]
async fn a_person_authorises_and_is_warned_before_it_lapses() {
    let setup = Setup::declaring(Options::default()).await;
    setup.unauthorise("acme").await;
    let view = account(&setup).await;
    assert_eq!((view.needs_person, view.authorisation), (true, None));
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    assert_eq!(setup.view(&declared.id).await.row.state, "deferred");

    let url = setup.gateway.begin_authorisation(&admin("root"), "acme").await.unwrap();
    assert_eq!(parameter(&url, "response_type"), "code");
    assert_eq!(parameter(&url, "code_challenge_method"), "S256");
    let state = parameter(&url, "state");
    assert_eq!(setup.gateway.end_authorisation(&admin("root"), &state, "code").await.unwrap(), "acme");
    // It is on disk before anything is sent.
    let kept = setup.store.record("main", "token", "acme").await.unwrap().unwrap();
    assert!(
        kept.body.contains(r#""authorised":{"by":"root","#),
        "who gave it and when stands with the token"
    );
    assert!(setup.lrns().is_empty());
    let given = account(&setup).await.authorisation.unwrap();
    assert_eq!((given.by.as_str(), given.at), ("root", setup.gateway.clock().now()));
    assert!(!given.warn && !given.is_over, "{given:?}");

    setup.pass(600);
    setup.gateway.work().await.unwrap();
    setup.heard(&declared.id, "cleared").await;
    let lapses = given.lapses.unwrap();
    let left = lapses.duration_since(setup.gateway.clock().now()).as_secs();
    setup.pass(left - 60);
    let soon = account(&setup).await.authorisation.unwrap();
    assert_eq!((soon.lapses, soon.warn, soon.is_over), (Some(lapses), true, false));
    setup.pass(60);
    let over = account(&setup).await.authorisation.unwrap();
    assert_eq!((over.lapses, over.warn, over.is_over), (None, true, true));
}

/// A state is good once, for who was sent with it, for ten minutes.
#[tokio::test]
async fn a_state_is_good_once_and_for_who_was_sent_with_it() {
    let setup = Setup::declaring(Options::default()).await;
    setup.unauthorise("acme").await;
    let gateway = &setup.gateway;
    let begin =
        async || parameter(&gateway.begin_authorisation(&admin("root"), "acme").await.unwrap(), "state");
    let end = async |by: &str, state: &str| gateway.end_authorisation(&admin(by), state, "code").await;
    let refused = gateway.begin_authorisation(&clerk(), "acme").await;
    assert!(matches!(refused, Err(EngineError::Forbidden(_))));
    let refused = gateway.begin_authorisation(&admin("root"), "shop").await;
    assert!(matches!(refused, Err(EngineError::Refused { .. })), "nobody signs in there");

    assert!(matches!(end("root", "guessed").await, Err(EngineError::NotBelieved(_))));
    let state = begin().await;
    assert!(matches!(end("mallory", &state).await, Err(EngineError::Conflict(_))));
    assert!(matches!(end("root", &state).await, Err(EngineError::NotBelieved(_))), "it was shown");
    let state = begin().await;
    setup.pass(600);
    assert!(matches!(end("root", &state).await, Err(EngineError::Conflict(_))), "too late");
    let elsewhere = Actor::person("other", "root", Role::Admin);
    let state = begin().await;
    let refused = gateway.end_authorisation(&elsewhere, &state, "code").await;
    assert!(matches!(refused, Err(EngineError::NotBelieved(_))), "another tenant knows nothing of it");
    assert_eq!(account(&setup).await.authorisation, None);
    assert_eq!(end("root", &state).await.unwrap(), "acme");
    assert!(matches!(end("root", &state).await, Err(EngineError::NotBelieved(_))), "once");
}
