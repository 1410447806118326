use std::sync::Arc;
use std::time::Duration;

use dragoman_adapters::{Catalogue, Data};
use dragoman_engine::EngineError;
use dragoman_exchange::Decision;
use dragoman_simulators::{Options, Play, serve};

use crate::setup::{Setup, approver, clerk};

fn next(behaviours: &[&str]) -> Options {
    Options::playing(behaviours.iter().map(|behaviour| Play::times(behaviour, 1)))
}

/// What is queued is sent, the answers find it, and the ledger balances.
#[tokio::test]
async fn a_declaration_is_sent_and_cleared() {
    let setup = Setup::declaring(Options::default()).await;
    let declared = setup.declared("amazon").await;
    assert_eq!(setup.gateway.work().await.unwrap(), 1);
    let view = setup.heard(&declared.id, "cleared").await;
    assert_eq!((view.row.state.as_str(), view.row.mrn.is_some()), ("delivered", true));
    let told: Vec<_> = view.timeline.iter().map(|one| one.what).collect();
    assert_eq!(told, ["drafted", "accepted", "attempted", "delivered", "responded", "responded"]);
    assert_eq!(setup.lrns(), [declared.lrn.unwrap()]);
    setup.settle().await;
    let ledger = setup.gateway.ledger(&clerk()).await.unwrap();
    assert!(ledger.balances() && ledger.delivered == 1 && ledger.open == 0, "{ledger:?}");
    assert_eq!(setup.gateway.work().await.unwrap(), 0);
}

/// It arrived, but nobody knows: it is not sent again, and an answer proves it.
#[tokio::test]
async fn an_answer_proves_what_was_unknown() {
    for behaviour in ["hang up after", "fail after"] {
        let setup = Setup::declaring(next(&[behaviour])).await;
        let declared = setup.declared("amazon").await;
        setup.gateway.work().await.unwrap();
        let view = setup.view(&declared.id).await;
        assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("unknown", Some("decide")));
        setup.pass(3600);
        assert_eq!(setup.gateway.work().await.unwrap(), 0, "the machine does not repeat it");
        let view = setup.heard(&declared.id, "cleared").await;
        assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("delivered", None));
        assert_eq!(setup.lrns().len(), 1);
        setup.settle().await;
        assert!(setup.gateway.ledger(&clerk()).await.unwrap().balances());
    }
}

/// It did not arrive, and nobody knows: a person decides, once.
#[tokio::test]
async fn a_person_decides_what_stays_unknown() {
    let setup = Setup::declaring(next(&["hang up"])).await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    assert_eq!(setup.view(&declared.id).await.row.state, "unknown");
    setup.gateway.decide(&approver(), &declared.id, Decision::Resend).await.unwrap();
    let again = setup.gateway.decide(&clerk(), &declared.id, Decision::GiveUp).await.unwrap_err();
    assert!(matches!(again, EngineError::Conflict(_)), "{again}");
    assert_eq!(setup.gateway.work().await.unwrap(), 1);
    setup.heard(&declared.id, "cleared").await;
    assert_eq!(setup.lrns().len(), 1);
}

/// Known failures wait and are tried again, longer each time; limits wait as long as they are told to.
#[tokio::test]
async fn known_failures_are_tried_again() {
    let behaviours = ["fail before", "throttle", "fail before"];
    let setup = Setup::declaring(next(&behaviours)).await;
    let declared = setup.declared("amazon").await;
    for attempt in 1..=3 {
        assert_eq!(setup.gateway.work().await.unwrap(), 1);
        let view = setup.view(&declared.id).await;
        assert_eq!((view.row.state.as_str(), view.submissions[0].attempts), ("deferred", attempt));
        assert_eq!(setup.gateway.work().await.unwrap(), 0, "not before its time");
        setup.pass(900);
    }
    assert_eq!(setup.gateway.work().await.unwrap(), 1);
    setup.heard(&declared.id, "cleared").await;
    assert_eq!(setup.lrns().len(), 1);
}

/// What is refused is a dead letter that a person can send off again.
#[tokio::test]
async fn an_outage_ends_in_a_dead_letter_that_can_be_replayed() {
    let setup = Setup::new("").await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    let declared = setup.declared("amazon").await;
    let mut rounds = 0;
    while setup.view(&declared.id).await.row.state != "dead" {
        setup.gateway.work().await.unwrap();
        setup.pass(1000);
        rounds += 1;
        assert!(rounds < 200, "{:?}", setup.view(&declared.id).await.submissions);
    }
    let view = setup.view(&declared.id).await;
    assert_eq!(view.row.needs.as_deref(), Some("replay"));
    assert!(view.submissions[0].attempts > 10);
    let again = setup.gateway.replay(&clerk(), &declared.id).await.unwrap();
    let view = setup.view(&declared.id).await;
    assert_eq!((view.submissions.len(), view.submissions[1].id == again), (2, true));
    assert_eq!(view.row.state, "queued");
    setup.settle().await;
    let ledger = setup.gateway.ledger(&clerk()).await.unwrap();
    assert!(ledger.balances() && ledger.dead == 1 && ledger.open == 1, "{ledger:?}");
}

/// Without an authorisation nothing is lost: it waits for the person.
#[tokio::test]
async fn without_an_authorisation_it_waits() {
    let setup = Setup::declaring(Options::default()).await;
    setup.unauthorise("acme").await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    let view = setup.view(&declared.id).await;
    assert_eq!(view.row.state, "deferred");
    assert!(view.submissions[0].said.as_ref().unwrap().contains("authorise"), "{:?}", view.submissions);
}

/// Four eyes: who submits does not approve, and what is approved goes out.
#[tokio::test]
async fn what_is_approved_goes_out() {
    let setup = Setup::new("[[approval]]\n").await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    let declared = setup.declared("amazon").await;
    assert_eq!((declared.state.as_str(), setup.gateway.work().await.unwrap()), ("held", 0));
    let own = dragoman_engine::people::Actor::person("main", "anna", dragoman_engine::people::Role::Approver);
    let refused = setup.gateway.approve(&own, &declared.id).await.unwrap_err();
    assert!(matches!(refused, EngineError::Conflict(_)), "{refused}");
    let refused = setup.gateway.approve(&clerk(), &declared.id).await.unwrap_err();
    assert!(matches!(refused, EngineError::Forbidden(_)), "{refused}");
    setup.gateway.approve(&approver(), &declared.id).await.unwrap();
    assert_eq!(setup.gateway.work().await.unwrap(), 1, "it is on its way");
}

/// The one that an open breaker lets through goes out: it is not let through first and held back by limits then, while
/// all others wait for what becomes of it.
#[tokio::test]
async fn limits_are_asked_before_the_breaker() {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let catalogue = Arc::new(Catalogue::new(Data::embedded()).unwrap());
    let options = Options { limits: false, ..Options::playing([Play::times("fail before", 5)]) };
    let office = serve(Arc::clone(&catalogue), "gb-cds", options).await.unwrap();
    let setup = Setup::with(catalogue, office, true).await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    let declared = setup.declared("amazon").await;
    // Five failures open the breaker. The last three of them take all that the limits let through at once.
    for failures in 1..=5 {
        if failures == 3 {
            tokio::time::sleep(Duration::from_millis(1200)).await;
        }
        while setup.view(&declared.id).await.submissions[0].attempts < failures {
            setup.pass(900);
            if setup.gateway.work().await.unwrap() == 0 {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    setup.pass(900);
    // Usually none: unless this machine takes its time, limits hold it back.
    let at_once = setup.gateway.work().await.unwrap();
    tokio::time::sleep(Duration::from_millis(500)).await;
    setup.pass(1);
    assert_eq!(at_once + setup.gateway.work().await.unwrap(), 1, "it is the breaker's turn to wait");
    assert_eq!(setup.view(&declared.id).await.row.state, "delivered");
}
