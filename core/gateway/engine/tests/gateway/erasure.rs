use std::collections::BTreeSet;

use dragoman_engine::people::{Actor, Right, Role};
use dragoman_engine::{Correction, EngineError};

use crate::setup::{Setup, clerk};

const RULES: &str = "[[retention]]\ncorridor = \"*-GB\"\nyears = 4\n";
const FIVE_YEARS: i64 = 5 * 366 * 86_400;

fn admin() -> Actor {
    Actor::person("main", "admin", Role::Admin)
}

fn viewer() -> Actor {
    Actor::person("main", "viewer", Role::Viewer)
}

/// What the law keeps is kept out of sight, and goes when its time is over; then nothing is left of the person, and the
/// chain verifies.
#[tokio::test]
async fn retention_outranks_the_wish_of_a_person() {
    let setup = Setup::keeping(RULES).await;
    let declared = setup.declared("amazon").await;
    setup.gateway.work().await.unwrap();
    let order = setup.heard(&declared.id, "cleared").await.orders.remove(0);
    setup.settle().await;

    let wish = setup.gateway.forget(&admin(), &order.id).await.unwrap().remove(0);
    assert_eq!(wish.erased, [""; 0]);
    let kept: BTreeSet<_> = wish.kept.iter().map(|kept| kept.id.as_str()).collect();
    assert_eq!(kept, BTreeSet::from([declared.id.as_str(), order.id.as_str()]));
    for kept in &wish.kept {
        assert!(kept.until.is_some() && !kept.why.is_empty(), "{kept:?}");
    }
    assert!(setup.gateway.erasures(&admin()).await.unwrap().contains(&wish));
    // Meanwhile only who administers sees the person.
    let seen = setup.gateway.document(&clerk(), &order.id).await.unwrap().unwrap().canonical;
    let whole = setup.gateway.document(&admin(), &order.id).await.unwrap().unwrap().canonical;
    assert!(seen.contains("•••") && !whole.contains("•••"), "{seen}");

    setup.pass(FIVE_YEARS);
    setup.gateway.expire().await.unwrap();
    setup.settle().await;
    assert_eq!(setup.gateway.erasures(&admin()).await.unwrap(), []);
    assert_eq!(setup.gateway.document(&admin(), &order.id).await.unwrap(), None);
    assert_eq!(setup.gateway.document(&admin(), &declared.id).await.unwrap(), None);
    assert_eq!(setup.store.concerned("main", &order.id).await.unwrap(), [""; 0]);
    let verified = setup.store.verify().await.unwrap();
    assert!(verified.broken.is_empty() && verified.erased > 0, "{verified:?}");
}

/// Where no law keeps anything it goes at once, but for what is under way.
#[tokio::test]
async fn a_wish_is_carried_out_at_once_where_nothing_keeps_it() {
    let setup = Setup::keeping("").await;
    let declared = setup.declared("amazon").await;
    let order = setup.view(&declared.id).await.orders.remove(0);
    let wish = setup.gateway.forget(&admin(), &order.id).await.unwrap().remove(0);
    assert_eq!(wish.kept.len(), 2, "it is still to be sent: {wish:?}");
    setup.gateway.work().await.unwrap();
    setup.heard(&declared.id, "cleared").await;
    setup.settle().await;
    let wish = setup.gateway.forget(&admin(), &order.id).await.unwrap().remove(0);
    assert_eq!((wish.kept.len(), wish.erased.len()), (0, 2), "{wish:?}");
    assert_eq!(setup.gateway.document(&admin(), &order.id).await.unwrap(), None);
    let again = setup.gateway.forget(&admin(), &order.id).await;
    assert!(matches!(again, Err(EngineError::Conflict(_))), "{again:?}");
    assert!(matches!(setup.gateway.forget(&clerk(), &order.id).await, Err(EngineError::Forbidden(_))));
}

/// Without the right to, nobody sees a person: not in the document, not in the panes, not in messages or evidence.
#[tokio::test]
async fn persons_are_withheld_from_those_who_may_not_see_them() {
    let setup = Setup::keeping("").await;
    let declared = setup.declared("amazon").await;
    let order = setup.view(&declared.id).await.orders.remove(0);
    let whole = setup.gateway.document(&clerk(), &order.id).await.unwrap().unwrap().canonical;
    let value: serde_json::Value = serde_json::from_str(&whole).unwrap();
    let name = value["recipient"]["name"].as_str().unwrap();
    for id in [&order.id, &declared.id] {
        let view = setup.gateway.exchange(&viewer(), id).await.unwrap().unwrap();
        let text = serde_json::to_string(&view).unwrap();
        assert!(!text.contains(name) && text.contains("•••"), "{text}");
        let document = setup.gateway.document(&viewer(), id).await.unwrap().unwrap().canonical;
        assert!(!document.contains(name), "{document}");
        let seq = view.timeline[0].seq;
        let message = setup.gateway.message_bytes(&viewer(), id, seq).await;
        assert!(matches!(message, Err(EngineError::Forbidden(Right::Personal))), "{message:?}");
        let evidence = setup.gateway.evidence(&viewer(), id).await;
        assert!(matches!(evidence, Err(EngineError::Forbidden(Right::Personal))));
        assert!(setup.gateway.message_bytes(&clerk(), id, seq).await.unwrap().is_some());
    }
    let goods = setup.gateway.document(&viewer(), &declared.id).await.unwrap().unwrap().canonical;
    assert!(goods.contains("goods_items"), "{goods}");
}

/// What a person typed about a person is not in the journal's events, and counts all the same.
#[tokio::test]
async fn personal_corrections_are_kept_apart() {
    let setup = Setup::keeping("").await;
    let declared = setup.declared("amazon").await;
    let view = setup.view(&declared.id).await;
    let paths: Vec<_> =
        view.panes.unwrap().canonical.lines.into_iter().filter_map(|line| line.path).collect();
    let Some(path) = paths.iter().find(|path| path.rsplit('.').next() == Some("name")) else {
        panic!("{paths:?}")
    };
    let correction =
        Correction { path: path.clone(), new: Some("Robin Specimen".to_owned()), ..Correction::default() };
    setup.gateway.correct(&clerk(), &declared.id, view.revision, &[correction]).await.unwrap();
    let document = setup.gateway.document(&clerk(), &declared.id).await.unwrap().unwrap().canonical;
    assert!(document.contains("Robin Specimen"), "{document}");
    let events = setup.store.stream("main", &declared.id).await.unwrap();
    assert!(!serde_json::to_string(&events).unwrap().contains("Robin"));
}
