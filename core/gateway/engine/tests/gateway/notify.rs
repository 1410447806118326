use dragoman_engine::{Correction, DeclarationIn, EngineError};
use dragoman_simulators::{Options, Play};
use dragoman_store::Query;

use crate::setup::{Setup, clerk};

fn next(behaviour: &str) -> Options {
    Options::playing([Play::times(behaviour, 1)])
}

/// Late, twice and in another order: the same comes out.
#[tokio::test]
async fn the_order_and_number_of_arrivals_do_not_matter() {
    for behaviour in ["twice", "reordered", "late"] {
        let setup = Setup::declaring(next(behaviour)).await;
        let declared = setup.declared("amazon").await;
        setup.gateway.work().await.unwrap();
        let view = setup.heard(&declared.id, "cleared").await;
        setup.gateway.pull("acme", true).await.unwrap();
        let again = setup.view(&declared.id).await;
        let responses = again.timeline.iter().filter(|one| one.what == "responded").count();
        assert_eq!((responses, again.row.status.as_str()), (2, "cleared"), "{behaviour:?}");
        assert!(view.row.mrn.is_some());
    }
}

#[tokio::test]
async fn silence_is_pending() {
    let setup = Setup::declaring(next("silent")).await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    setup.gateway.pull("acme", true).await.unwrap();
    let view = setup.view(&declared.id).await;
    assert_eq!(
        (view.row.state.as_str(), view.row.status.as_str(), view.row.needs),
        ("delivered", "received", None)
    );
}

/// A push is believed by its token, stored, and matched.
#[tokio::test]
async fn what_is_pushed_is_matched_or_parked() {
    let setup = Setup::declaring(Options::default()).await;
    let declared = setup.declared("amazon").await;
    let notification = notification(&declared.lrn.clone().unwrap(), "26GB00000000000001");
    let headers = |token: &str| vec![("Authorization".to_owned(), token.to_owned())];
    let forged = setup.gateway.notify("acme", &headers("Bearer other"), notification.as_bytes()).await;
    assert!(matches!(forged, Err(EngineError::NotBelieved(_))));
    let pushed =
        async |text: &str| setup.gateway.notify("acme", &headers("Bearer pushed"), text.as_bytes()).await;
    assert_eq!(pushed(&notification).await.unwrap(), 200);
    assert_eq!(pushed(&notification).await.unwrap(), 200);
    let view = setup.view(&declared.id).await;
    assert_eq!(view.row.status, "accepted", "by its reference, before the request was even sent");
    let other = self::notification("OTHER-1", "26GB00000000000002");
    assert_eq!(pushed(&other).await.unwrap(), 200);
    assert_eq!(pushed("<nonsense/>").await.unwrap(), 200, "whatever it is, it is kept");
    setup.settle().await;
    let parked =
        Query { kind: Some("parked".into()), needs: Some("match".into()), limit: 10, ..Query::default() };
    assert_eq!(setup.gateway.list(&clerk(), parked.clone()).await.unwrap().data.len(), 2);
    let text = sent(&setup, &declared.submission.unwrap()).await.replace(&declared.lrn.unwrap(), "OTHER-1");
    let handed = DeclarationIn {
        account: "acme",
        message: "auto",
        bytes: text.as_bytes(),
        ..DeclarationIn::default()
    };
    let taken = setup.gateway.submit(&clerk(), handed).await.unwrap();
    assert_eq!(
        setup.view(&taken.declarations[0].id).await.row.status,
        "accepted",
        "the parked answer is its own"
    );
    setup.settle().await;
    let left = setup.gateway.list(&clerk(), parked).await.unwrap().data;
    assert_eq!(left.len(), 1);
    setup.gateway.match_parked(&clerk(), &left[0].id, &declared.id).await.unwrap();
}

async fn sent(setup: &Setup, submission: &str) -> String {
    let job = setup.store.job("main", submission).await.unwrap();
    match job {
        Some(job) => String::from_utf8(job.body).unwrap(),
        // It arrived: what was sent is in the journal.
        None => {
            let events = setup.store.journal(0, 1000).await.unwrap();
            let accepted = events.iter().find(|one| {
                one.event.submission.as_deref() == Some(submission) && one.event.event.word() == "accepted"
            });
            let payload = setup.store.payload("main", accepted.unwrap().seq).await.unwrap().unwrap();
            String::from_utf8(payload.bytes).unwrap()
        }
    }
}

fn notification(lrn: &str, mrn: &str) -> String {
    format!(
        "<MetaData xmlns=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\"><Response \
         xmlns=\"urn:wco:datamodel:WCO:RES-DMS:2\"><FunctionCode>01</FunctionCode><FunctionalReferenceID>R{mrn}\
         </FunctionalReferenceID><Declaration><FunctionalReferenceID>{lrn}</FunctionalReferenceID><ID>{mrn}</ID>\
         <VersionID>1</VersionID></Declaration></Response></MetaData>"
    )
}

/// The rejection names the order line and the field; it is corrected, sent off anew and cleared.
#[tokio::test]
async fn a_rejection_is_traced_corrected_and_cleared() {
    let setup = Setup::declaring(Options::default()).await;
    let declared = setup.declared("shopify").await;
    setup.gateway.work().await.unwrap();
    let view = setup.heard(&declared.id, "rejected").await;
    assert_eq!(view.row.needs.as_deref(), Some("correct"));
    let line = view.lines.iter().find(|line| !line.rejections.is_empty()).unwrap();
    assert_eq!((line.order.as_deref(), line.line.is_some()), (Some("#1001"), true));
    let rejection = &line.rejections[0];
    let path = rejection.finding.path.clone().unwrap();
    assert_eq!(rejection.causes[0].by, "order");
    let correction = Correction { path, new: Some("85171300".into()), ..Correction::default() };
    let (id, by) = (&declared.id, clerk());
    let shown = setup.gateway.difference(&by, id, std::slice::from_ref(&correction)).await.unwrap();
    let wire: Vec<_> = shown.wire.iter().map(|line| line.text.trim().to_owned()).collect();
    assert!(wire.iter().any(|line| line.contains("85171300")), "{wire:?}");
    let stale = setup.gateway.correct(&by, id, view.revision + 1, std::slice::from_ref(&correction)).await;
    assert!(matches!(stale, Err(EngineError::Conflict(_))));
    let made = setup.gateway.correct(&by, id, view.revision, &[correction]).await.unwrap();
    assert_eq!(made.canonical, shown.canonical);
    let again = setup.gateway.resubmit(&by, id, made.revision).await.unwrap();
    assert_ne!(again.declarations[0].lrn, declared.lrn, "a reference is used once");
    let early = setup.gateway.resubmit(&by, id, made.revision + 1).await.unwrap_err();
    assert!(matches!(early, EngineError::Conflict(_)), "{early}");
    setup.gateway.work().await.unwrap();
    let view = setup.heard(id, "cleared").await;
    assert_eq!((view.submissions.len(), view.row.needs), (2, None));
    assert!(view.panes.unwrap().wire.lines.iter().any(|line| line.value.as_deref() == Some("85171300")));
}
