use dragoman_engine::verify_evidence;

use crate::setup::{Setup, clerk};

const RULES: &str = "[[retention]]\ncorridor = \"*-GB\"\nyears = 4\n";

/// Less than a day short of four years, and more than a day.
const FOUR_YEARS: i64 = (4 * 365 + 1) * 86_400;
const DAY: i64 = 86_400;

/// Messages go when their corridor's time is over, and not before; what happened, its hashes and the chain stay.
#[tokio::test]
async fn messages_go_at_the_end_of_their_retention() {
    let setup = Setup::keeping(RULES).await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    let before = setup.heard(&declared.id, "cleared").await;
    assert!(before.panes.is_some());
    setup.settle().await;
    setup.pass(FOUR_YEARS - DAY);
    assert_eq!(setup.gateway.expire().await.unwrap(), 0, "its time is not over");
    setup.pass(2 * DAY);
    assert_eq!(setup.gateway.expire().await.unwrap(), 1, "the declaration; no rule speaks of its order");
    setup.settle().await;
    assert_eq!(setup.gateway.expire().await.unwrap(), 0, "it goes once");

    let after = setup.view(&declared.id).await;
    assert_eq!((&after.row.status, &after.row.mrn), (&before.row.status, &before.row.mrn));
    assert!(after.panes.is_none());
    assert!(
        after.timeline.last().unwrap().text.contains("the end of retention"),
        "{:?}",
        after.timeline.last()
    );
    let verified = setup.store.verify().await.unwrap();
    assert!(verified.broken.is_empty() && verified.erased > 0, "{verified:?}");
    let proven = verify_evidence(&setup.gateway.evidence(&clerk(), &declared.id).await.unwrap());
    assert!(proven.broken.is_empty(), "{:?}", proven.broken);
}

/// What is still to be sent is kept, however old it is.
#[tokio::test]
async fn what_is_open_is_kept() {
    let setup = Setup::keeping(RULES).await;
    let declared = setup.declared("amazon").await;
    setup.settle().await;
    setup.pass(2 * FOUR_YEARS);
    assert_eq!(setup.gateway.expire().await.unwrap(), 0);
    setup.gateway.work().await.unwrap();
    setup.heard(&declared.id, "cleared").await;
}
