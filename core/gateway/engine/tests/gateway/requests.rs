use dragoman_engine::{Correction, DocumentIn, EngineError, Request};
use dragoman_simulators::Options;
use regex::Regex;

use crate::setup::{Setup, clerk};

async fn cleared(setup: &Setup) -> String {
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    setup.heard(&declared.id, "cleared").await;
    declared.id
}

async fn body(setup: &Setup, submission: &str) -> String {
    String::from_utf8(setup.store.job("main", submission).await.unwrap().unwrap().body).unwrap()
}

/// A message a line an element, without what is another each time.
fn plain(text: &str) -> String {
    let references = Regex::new("DG[0-9A-Z]{18}").unwrap();
    let text = references.replace_all(text, "LRN");
    let numbers = Regex::new("<ID>[0-9]{2}GB[^<]*").unwrap();
    numbers.replace_all(&text, "<ID>MRN").replace("><", ">\n<")
}

#[tokio::test]
async fn an_amendment_names_what_changes_and_how_customs_calls_it() {
    let setup = Setup::declaring(Options::default()).await;
    let id = cleared(&setup).await;
    let (gateway, by) = (&setup.gateway, clerk());
    let before = setup.view(&id).await;
    let correction = Correction {
        path: "goods_items[sequence=1].description".into(),
        new: Some("Handbag of plastic".into()),
        ..Correction::default()
    };
    let request = Request { reason: Some("32".into()), text: Some("wrong description".into()), key: None };
    let taken = gateway.amend(&by, &id, std::slice::from_ref(&correction), &request).await.unwrap();
    let text = body(&setup, taken.declarations[0].submission.as_deref().unwrap()).await;
    insta::assert_snapshot!(plain(&text));
    let twice = gateway.amend(&by, &id, &[correction], &request).await.unwrap_err();
    assert!(matches!(twice, EngineError::Conflict(_) | EngineError::Refused { .. }), "{twice}");
    let view = setup.view(&id).await;
    assert!(
        view.flags.contains(&"amend_pending") && view.revision == before.revision + 1,
        "{:?}",
        view.flags
    );
    assert_eq!(view.row.status, "cleared");
    assert_eq!(gateway.work().await.unwrap(), 1);
    assert_eq!(setup.view(&id).await.submissions[1].state, "delivered", "it is well-formed");
}

#[tokio::test]
async fn a_cancellation_and_an_arrival_are_requests_of_their_own() {
    let setup = Setup::declaring(Options::default()).await;
    let id = cleared(&setup).await;
    let (gateway, by) = (&setup.gateway, clerk());
    let request = Request { reason: Some("1".into()), text: Some("a duplicate".into()), key: None };
    let cancel = gateway.cancel(&by, &id, &request).await.unwrap();
    let arrive = gateway.arrive(&by, &id, None).await.unwrap();
    let mut texts = Vec::new();
    for taken in [cancel, arrive] {
        texts.push(body(&setup, taken.declarations[0].submission.as_deref().unwrap()).await);
    }
    insta::assert_snapshot!(plain(&texts.join("\n")));
    gateway.work().await.unwrap();
    let view = setup.view(&id).await;
    assert!(view.submissions.iter().all(|one| one.state == "delivered"), "{:?}", view.submissions);
    let document =
        DocumentIn { name: "a.pdf", media: "application/pdf", kind: "CSI", bytes: b"%PDF-1.7", key: None };
    let taken = gateway.upload(&by, &id, document).await.unwrap();
    assert_eq!(taken.declarations[0].state, "queued");
}

/// What customs does not have cannot be amended; what it has cannot be sent off anew; both can be duplicated.
#[tokio::test]
async fn what_cannot_be_done_is_said_and_a_duplicate_is_a_draft() {
    let setup = Setup::declaring(Options::default()).await;
    let declared = setup.declared("amazon").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let early = gateway.cancel(&by, &declared.id, &Request::default()).await.unwrap_err();
    assert!(matches!(early, EngineError::Conflict(_)), "{early}");
    gateway.work().await.unwrap();
    let view = setup.heard(&declared.id, "cleared").await;
    let late = gateway.resubmit(&by, &declared.id, view.revision).await.unwrap_err();
    assert!(matches!(&late, EngineError::Conflict(text) if text.contains("amend")), "{late}");
    let copy = gateway.duplicate(&by, &declared.id).await.unwrap().declarations.remove(0);
    let draft = setup.view(&copy.id).await;
    assert_eq!(
        (draft.row.state.as_str(), draft.lrn == copy.lrn, copy.lrn == declared.lrn),
        ("draft", true, false)
    );
    gateway.resubmit(&by, &copy.id, draft.revision).await.unwrap();
    gateway.work().await.unwrap();
    setup.heard(&copy.id, "cleared").await;
    assert_eq!(setup.lrns().len(), 2);
}

/// Under its key a request is asked once, and answered the same; under the same key nothing else is asked.
#[tokio::test]
async fn a_key_asks_for_it_once() {
    let setup = Setup::declaring(Options::default()).await;
    let id = cleared(&setup).await;
    let (gateway, by) = (&setup.gateway, clerk());
    let key = |key: &str| Some(key.to_owned());
    let cancel = Request { reason: Some("1".into()), text: Some("a duplicate".into()), key: key("a") };
    let document = DocumentIn {
        name: "a.pdf",
        media: "application/pdf",
        kind: "CSI",
        bytes: b"%PDF-1.7",
        key: Some("c"),
    };
    let first = gateway.cancel(&by, &id, &cancel).await.unwrap();
    let arrived = gateway.arrive(&by, &id, Some("b")).await.unwrap();
    let uploaded = gateway.upload(&by, &id, document).await.unwrap();
    let asked = setup.view(&id).await.submissions.len();
    let again = [
        (first, gateway.cancel(&by, &id, &cancel).await.unwrap()),
        (arrived, gateway.arrive(&by, &id, Some("b")).await.unwrap()),
        (uploaded, gateway.upload(&by, &id, document).await.unwrap()),
    ];
    for (first, again) in again {
        assert!(again.repeated && again.declarations == first.declarations, "{again:?}");
    }
    assert_eq!(setup.view(&id).await.submissions.len(), asked);
    let other = Request { text: Some("another".into()), ..cancel };
    let others = [
        gateway.cancel(&by, &id, &other).await,
        gateway.arrive(&by, &id, Some("a")).await,
        gateway.upload(&by, &id, DocumentIn { bytes: b"%PDF-2.0", ..document }).await,
    ];
    for other in others {
        assert!(matches!(other, Err(EngineError::KeyReused)), "{other:?}");
    }
}
