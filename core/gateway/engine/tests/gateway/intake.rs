use dragoman_engine::people::{Actor, Role};
use dragoman_engine::{Correction, DeclarationIn, EngineError, Goal, LineKind, News, OrderIn};
use dragoman_store::{Ledger, Query};

use crate::setup::{Setup, clerk};

fn from_shop(bytes: &str) -> OrderIn<'_> {
    OrderIn { message: "amazon/order", bytes: bytes.as_bytes(), from: Some("shop"), ..OrderIn::default() }
}

/// An order is declared by its flow, queued, and shown with its sources; the ledger knows it.
#[tokio::test]
async fn an_order_is_declared_and_queued() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let import = gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    assert_eq!((import.taken, import.refused, import.articles), (5, 0, 5));
    let order = Setup::demo("orders/amazon.json");
    let taken = gateway.receive_order(&by, from_shop(&order)).await.unwrap();
    assert_eq!((taken.orders.len(), taken.orders[0].news), (1, News::New));
    assert!(taken.orders[0].gaps.is_empty(), "{taken:?}");
    let declaration = &taken.declarations[0];
    assert_eq!(declaration.state, "queued");
    let view = gateway.exchange(&by, &declaration.id).await.unwrap().unwrap();
    assert_eq!((view.row.state.as_str(), view.row.status.as_str()), ("queued", "draft"));
    assert_eq!(
        (view.lrn.as_deref(), view.row.corridor.as_deref()),
        (declaration.lrn.as_deref(), Some("CN-GB"))
    );
    assert_eq!(view.orders[0].title, taken.orders[0].number);
    let panes = view.panes.unwrap();
    assert_eq!(panes.orders.len(), 1);
    let lrn = panes.wire.lines.iter().find(|line| line.value == view.lrn).unwrap();
    assert_eq!(lrn.name, "FunctionalReferenceID");
    let order = gateway.exchange(&by, &taken.orders[0].id).await.unwrap().unwrap();
    assert_eq!(
        (order.row.state.as_str(), order.declarations[0].id.as_str()),
        ("received", declaration.id.as_str())
    );
    setup.settle().await;
    let ledger = gateway.ledger(&by).await.unwrap();
    assert_eq!(ledger, Ledger { accepted: 1, open: 1, ..Ledger::default() });
    let today = gateway.today(&by).await.unwrap();
    assert_eq!((today.counts["orders"], today.counts["declared"]), ((1, 0), (1, 0)));
    let listed =
        gateway.list(&by, Query { kind: Some("declaration".into()), ..Query::default() }).await.unwrap();
    assert_eq!((listed.data.len(), listed.data[0].id.as_str()), (1, declaration.id.as_str()));
}

#[tokio::test]
async fn the_same_order_again_changes_nothing_and_another_one_of_its_number_is_a_change() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    let order = Setup::demo("orders/amazon.json");
    let first = gateway.receive_order(&by, from_shop(&order)).await.unwrap();
    let written = *setup.store.written().borrow();
    let again = gateway.receive_order(&by, from_shop(&order)).await.unwrap();
    assert_eq!((again.orders[0].news, again.orders[0].id == first.orders[0].id), (News::Known, true));
    assert!(again.declarations.is_empty());
    assert_eq!(*setup.store.written().borrow(), written);
    let changed = gateway.receive_order(&by, from_shop(&format!("{order} "))).await.unwrap();
    assert_eq!((changed.orders[0].news, changed.orders[0].id == first.orders[0].id), (News::Changed, true));
    assert!(changed.declarations.is_empty(), "what was declared is not declared again by itself");
}

#[tokio::test]
async fn a_key_answers_the_same_request_the_same_and_refuses_another() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    let order = Setup::demo("orders/amazon.json");
    let keyed = |bytes| OrderIn { key: Some("k1"), ..from_shop(bytes) };
    let first = gateway.receive_order(&by, keyed(&order)).await.unwrap();
    let again = gateway.receive_order(&by, keyed(&order)).await.unwrap();
    assert!(again.repeated && again.orders == first.orders && again.declarations == first.declarations);
    let other = format!("{order}\n");
    let refused = gateway.receive_order(&by, keyed(&other)).await.unwrap_err();
    assert!(matches!(refused, EngineError::KeyReused), "{refused}");
    let elsewhere = Actor::person("other", "ben", Role::Clerk);
    let refused = gateway.receive_order(&elsewhere, keyed(&order)).await.unwrap_err();
    assert!(matches!(refused, EngineError::Unknown { what: "account", .. }), "{refused}");
    let by_hand = OrderIn { from: None, ..keyed(&order) };
    let taken = gateway.receive_order(&elsewhere, by_hand).await.unwrap();
    assert!(!taken.repeated && taken.declarations.is_empty(), "keys and flows are of one tenant");
    assert!(gateway.exchange(&elsewhere, &first.orders[0].id).await.unwrap().is_none());
}

/// What the customs master lacks is named on the order, which waits for it.
#[tokio::test]
async fn an_order_waits_for_the_customs_master() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let order = Setup::demo("orders/amazon.json");
    let taken = gateway.receive_order(&by, from_shop(&order)).await.unwrap();
    assert!(!taken.orders[0].gaps.is_empty() && taken.declarations.is_empty());
    let view = gateway.exchange(&by, &taken.orders[0].id).await.unwrap().unwrap();
    assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("incomplete", Some("master")));
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    let goal = Goal { account: Some("acme".into()), ..Goal::default() };
    let ids = [taken.orders[0].id.clone()];
    let declared = gateway.declare(&by, &ids, &goal, Some("d1")).await.unwrap();
    assert_eq!((declared.declarations[0].state.as_str(), declared.orders[0].gaps.len()), ("queued", 0));
    let view = gateway.exchange(&by, &taken.orders[0].id).await.unwrap().unwrap();
    assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("received", None));
    let again = gateway.declare(&by, &ids, &goal, Some("d1")).await.unwrap();
    assert!(again.repeated && again.declarations == declared.declarations);
    let twice = gateway.declare(&by, &ids, &goal, None).await.unwrap_err();
    assert!(matches!(twice, EngineError::Conflict(_)), "{twice}");
}

/// A declaration that is handed in goes out byte for byte where it is the account's own message.
#[tokio::test]
async fn a_declaration_is_handed_in_once() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    let taken = gateway.receive_order(&by, from_shop(&Setup::demo("orders/amazon.json"))).await.unwrap();
    let submission = taken.declarations[0].submission.clone().unwrap();
    let job = setup.store.job("main", &submission).await.unwrap().unwrap();
    let text = String::from_utf8(job.body).unwrap();
    let own = text.replace(taken.declarations[0].lrn.as_deref().unwrap(), "HANDED-1");
    let handed =
        DeclarationIn { account: "acme", message: "auto", bytes: own.as_bytes(), ..DeclarationIn::default() };
    let first = gateway.submit(&by, DeclarationIn { key: Some("own"), ..handed }).await.unwrap();
    assert_eq!(first.declarations[0].state, "queued", "{first:?}");
    let submission = first.declarations[0].submission.clone().unwrap();
    assert_eq!(setup.store.job("main", &submission).await.unwrap().unwrap().body, own.as_bytes());
    let view = gateway.exchange(&by, &first.declarations[0].id).await.unwrap().unwrap();
    assert_eq!(view.lrn.as_deref(), Some("HANDED-1"));
    assert!(view.panes.is_some_and(|panes| panes.orders.is_empty() && !panes.wire.lines.is_empty()));
    let again = gateway.submit(&by, DeclarationIn { key: Some("own"), ..handed }).await.unwrap();
    assert!(again.repeated && again.declarations == first.declarations, "the key counts, not the reference");
    let again = gateway.submit(&by, handed).await.unwrap_err();
    assert!(matches!(&again, EngineError::Conflict(text) if text.contains("HANDED-1")), "{again}");
    let refused = gateway.submit(&by, DeclarationIn { bytes: b"<Invoice/>", ..handed }).await.unwrap_err();
    assert!(matches!(refused, EngineError::Refused { .. }));
}

/// A declaration that was handed in as the account's own message keeps, when it is corrected, what no mapping speaks of.
#[tokio::test]
async fn what_nobody_knows_survives_a_correction() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let own = Setup::case("gb-cds/cases/declaration.in");
    let own = own.replace("<Declarant>", "<Annex>kept as it came</Annex>\n    <Declarant>");
    let handed =
        DeclarationIn { account: "acme", message: "auto", bytes: own.as_bytes(), draft: true, key: None };
    let taken = gateway.submit(&by, handed).await.unwrap().declarations.remove(0);
    assert!(taken.findings.iter().any(|finding| finding.message.contains("Annex")), "{:?}", taken.findings);
    let correction = Correction {
        path: "goods_items[sequence=1].description".into(),
        new: Some("Bag".into()),
        ..Correction::default()
    };
    let difference = gateway.correct(&by, &taken.id, 1, &[correction]).await.unwrap();
    let changed: Vec<_> = difference
        .wire
        .iter()
        .filter(|line| matches!(line.kind, LineKind::Added | LineKind::Removed))
        .collect();
    assert_eq!(changed.len(), 2, "{changed:?}");
    let wire = gateway.exchange(&by, &taken.id).await.unwrap().unwrap().panes.unwrap().wire;
    assert!(wire.lines.iter().any(|line| line.value.as_deref() == Some("kept as it came")), "{wire:?}");
}

/// What the account's message has no place for is said, and of several declarations none is taken.
#[tokio::test]
async fn what_another_message_says_is_not_lost_unsaid() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let cusdec = Setup::case("edifact/cases/import.in");
    let handed =
        DeclarationIn { account: "acme", message: "auto", bytes: cusdec.as_bytes(), draft: true, key: None };
    let taken = gateway.submit(&by, handed).await.unwrap().declarations.remove(0);
    let said: Vec<_> = taken.findings.iter().map(|finding| finding.code.as_str()).collect();
    assert!(said.contains(&"DG-E0692"), "{:?}", taken.findings);
    let own = Setup::case("gb-cds/cases/declaration.in");
    let twice = format!("[{0},{0}]", Setup::case("gb-cds/cases/declaration.json"));
    for (message, bytes) in [("canonical", twice.as_str()), ("edifact/cusdec", own.as_str())] {
        let refused = gateway.submit(&by, DeclarationIn { message, bytes: bytes.as_bytes(), ..handed }).await;
        assert!(matches!(refused, Err(EngineError::Refused { .. })), "{message}: {refused:?}");
    }
}

#[tokio::test]
async fn four_eyes_hold_what_one_pair_may_not_send() {
    let setup = Setup::new("[[approval]]\nvalue_over = \"1 GBP\"\n").await;
    let (gateway, by) = (&setup.gateway, clerk());
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    let taken = gateway.receive_order(&by, from_shop(&Setup::demo("orders/amazon.json"))).await.unwrap();
    assert_eq!(taken.declarations[0].state, "held");
    let view = gateway.exchange(&by, &taken.declarations[0].id).await.unwrap().unwrap();
    assert_eq!((view.row.state.as_str(), view.row.needs.as_deref()), ("held", Some("approve")));
    let viewer = Actor::person("main", "vera", Role::Viewer);
    let refused = gateway.receive_order(&viewer, from_shop(&Setup::demo("orders/amazon.json"))).await;
    assert!(matches!(refused, Err(EngineError::Forbidden(_))));
}

/// Every message is in the journal with the hash of the data that it was made with, and what it was made from beside it.
#[tokio::test]
async fn what_was_declared_from_is_recorded() {
    let setup = Setup::new("").await;
    setup.gateway.import_master(&clerk(), &Setup::demo("master.csv")).await.unwrap();
    let declared = setup.declared("amazon").await;
    let data = setup.gateway.catalogue().data().hash();
    let events = setup.store.journal(0, 100).await.unwrap();
    let with_payload = events.iter().filter(|stored| stored.payload_hash.is_some());
    assert!(with_payload.clone().count() >= 3);
    assert!(with_payload.into_iter().all(|stored| stored.event.data.as_deref() == Some(&data)));
    let drafted = events.iter().find(|stored| stored.event.stream == declared.id).unwrap();
    let payload = setup.store.payload("main", drafted.seq).await.unwrap().unwrap();
    let basis: serde_json::Value = serde_json::from_slice(&payload.bytes).unwrap();
    for text in ["profile", "consignment", "rates"] {
        let hash = basis[text].as_str().unwrap();
        assert!(setup.store.record("main", "text", hash).await.unwrap().is_some(), "{text}");
    }
    assert_eq!(basis["data"].as_str(), Some(data.as_str()));
    assert!(basis["master"].as_str().unwrap().lines().count() >= 2, "the rows that were used");
}

/// What a platform stated of an article is kept with its order and day, suggested where the master has a gap, and taken in by
/// a person's word; nothing is guessed, and what the master says stays.
#[tokio::test]
async fn what_platforms_stated_fills_gaps_by_a_persons_word() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let order = Setup::demo("orders/shopify.json");
    let order = OrderIn {
        message: "shopify/order",
        bytes: order.as_bytes(),
        goal: Some(&Goal { account: Some("acme".to_owned()), ..Goal::default() }),
        from: Some("shop"),
        ..OrderIn::default()
    };
    gateway.receive_order(&by, order).await.unwrap();
    let gaps = gateway.gaps(&by).await.unwrap();
    let gap = gaps.iter().find(|gap| !gap.suggestions.is_empty()).unwrap();
    let code = gap.suggestions.iter().find(|one| one.field == "code").unwrap();
    assert!(code.value.starts_with("8517") && code.source.contains("#1001"), "{code:?}");
    assert!(gaps.iter().any(|gap| gap.suggestions.is_empty()), "nothing was stated of the others");
    let stated = gap.suggestions.len();
    let sku = gap.sku.clone();
    let taken = gateway.take_stated(&by).await.unwrap();
    assert_eq!((taken.taken, taken.articles), (stated, 1));
    let rows = gateway.article_rows(&by, &sku).await.unwrap();
    assert!(rows.iter().all(|row| row.source.contains("#1001") && !row.valid_from.is_empty()), "{rows:?}");
    let again = gateway.take_stated(&by).await.unwrap();
    assert_eq!((again.taken, again.articles), (0, 0), "the master says it already");
}
