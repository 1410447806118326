use dragoman_engine::{Article, OrderIn};
use dragoman_simulators::Options;

use crate::setup::{Setup, clerk};

fn article(sku: &str, code: &str) -> Article {
    Article {
        sku: sku.into(),
        code: code.into(),
        schedule: "gb-tariff".into(),
        origin: "CN".into(),
        net_mass_g: "120".into(),
        description: "Goods of the test".into(),
        lang: "en".into(),
        source: "seller".into(),
        valid_from: "2026-01-01".into(),
    }
}

async fn order(setup: &Setup, number: &str) -> String {
    let text = Setup::demo("orders/shopify.json").replace("#1001", number).replace("851712", "851713");
    let order = OrderIn {
        message: "shopify/order",
        bytes: text.as_bytes(),
        from: Some("shop"),
        ..OrderIn::default()
    };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    taken.declarations.first().unwrap().id.clone()
}

/// One wrong row of the customs master: one correction, all declarations that share it.
#[tokio::test]
async fn one_cause_is_corrected_once() {
    let setup = Setup::declaring(Options::default()).await;
    let (gateway, by) = (&setup.gateway, clerk());
    let rejected = order(&setup, "#1").await;
    gateway.work().await.unwrap();
    let view = setup.heard(&rejected, "rejected").await;
    let cause = "master:LAMP-3:code".to_owned();
    assert_eq!(view.row.causes, std::slice::from_ref(&cause));
    let waiting = order(&setup, "#2").await;
    setup.settle().await;
    gateway.set_master(&by, "LAMP-3", &[article("LAMP-3", "8539520000")]).await.unwrap();
    let sharing = gateway.same_cause(&by, &cause).await.unwrap();
    let mut ids: Vec<_> = sharing.iter().map(|one| one.row.id.clone()).collect();
    ids.sort_unstable();
    let mut expected = [rejected.clone(), waiting.clone()];
    expected.sort_unstable();
    assert_eq!(ids, expected);
    for one in &sharing {
        let mut changes = one.difference.as_ref().unwrap().canonical.iter();
        let change = changes.find(|change| change.path.contains("commodity")).unwrap();
        assert_eq!((change.old.as_deref(), change.new.as_deref()), (Some("85395000"), Some("85395200")));
    }
    let refiled = gateway.refile(&by, &cause).await.unwrap();
    assert_eq!((refiled.declarations.len(), refiled.left.len()), (2, 0), "{refiled:?}");
    gateway.work().await.unwrap();
    for id in [&rejected, &waiting] {
        let view = setup.heard(id, "cleared").await;
        assert_eq!(view.submissions.len(), 2);
    }
    let lrns = setup.lrns();
    assert_eq!(lrns.len(), 3, "what was replaced was not sent: {lrns:?}");
    setup.settle().await;
    let ledger = gateway.ledger(&by).await.unwrap();
    assert!(ledger.balances() && ledger.dead == 1 && ledger.delivered == 3, "{ledger:?}");
}

/// What the master lacks is a gap with the orders that it holds up; filling it declares them.
#[tokio::test]
async fn filling_a_gap_declares_what_waited() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let text = Setup::demo("orders/amazon.json");
    let order =
        OrderIn { message: "amazon/order", bytes: text.as_bytes(), from: Some("shop"), ..OrderIn::default() };
    let taken = gateway.receive_order(&by, order).await.unwrap();
    let gaps = gateway.gaps(&by).await.unwrap();
    assert_eq!(gaps.len(), taken.orders[0].gaps.len());
    assert_eq!((gaps[0].count, gaps[0].orders[0].as_str()), (1, taken.orders[0].id.as_str()));
    gateway.import_master(&by, &Setup::demo("master.csv")).await.unwrap();
    assert!(gateway.fill("main").await.unwrap() > 0);
    assert!(gateway.gaps(&by).await.unwrap().is_empty());
    let view = setup.view(&taken.orders[0].id).await;
    assert_eq!((view.declarations.len(), view.row.needs), (1, None));
    assert_eq!(setup.view(&view.declarations[0].id).await.row.state, "queued");
}

#[tokio::test]
async fn rows_of_the_master_are_read_and_refused() {
    let setup = Setup::new("").await;
    let (gateway, by) = (&setup.gateway, clerk());
    let import =
        gateway.import_master(&by, "sku,code,origin,valid_from\nA,6912,CN,\n,6912,CN,\nB,6912,UKX,someday\n");
    let import = import.await.unwrap();
    assert_eq!((import.taken, import.refused), (1, 2));
    assert_eq!(
        import.rows.iter().map(|row| (row.row, row.taken)).collect::<Vec<_>>(),
        [(2, false), (3, false)]
    );
    assert!(gateway.import_master(&by, "<html>").await.is_err());
    let rows = gateway.articles(&by, "", 10).await.unwrap();
    assert_eq!((rows.len(), rows[0].code.as_str()), (1, "6912"));
}
