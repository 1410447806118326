//! A transit declaration that is made from orders: rejected by an `XPath` in words, and shown on the order line.

use std::time::Duration;

use dragoman_adapters::Data;
use dragoman_engine::{Goal, OrderIn};
use dragoman_simulators::Options;

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "eu-ncts"
name = "customs"
profile = "adapters/eu-ncts/demo/seller.toml"
base_url = "OFFICE"
limits = false
client_id = "id"
client_secret = "secret"
api_version = "3.0"

[[flow]]
name = "transit"
to = "customs"
consignment = "adapters/eu-ncts/demo/consignment.toml"
rates = "adapters/eu-ncts/demo/rates.csv"
master = "adapters/eu-ncts/demo/master.csv"
"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_transit_declaration_comes_back_to_the_order_line() {
    let options = Options { faster: 100, limits: false, ..Options::default() };
    let setup = Setup::asking("eu-ncts", CONFIG, options).await;
    let data = Data::embedded();
    let order = data.get("adapters/eu-ncts/demo/orders/phones.json").unwrap();
    let goal = Goal { flow: Some("transit".into()), ..Goal::default() };
    let order = OrderIn { message: "auto", bytes: order.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    let id = &taken.declarations[0].id;
    setup.gateway.work().await.unwrap();
    let deadline = tokio::time::Instant::now() + Duration::from_secs(30);
    let view = loop {
        setup.gateway.pull("customs", false).await.unwrap();
        let view = setup.view(id).await;
        if view.row.status == "rejected" {
            break view;
        }
        assert!(tokio::time::Instant::now() < deadline, "{}", view.row.status);
        tokio::time::sleep(Duration::from_millis(20)).await;
    };
    let pointed = view.lines.iter().find(|line| !line.rejections.is_empty()).unwrap();
    assert_eq!((pointed.order.as_deref(), pointed.line.as_deref()), (Some("S-2002"), Some("2")));
    let rejected = &pointed.rejections[0];
    assert_eq!(rejected.confidence, Some("exact"));
    assert_eq!(rejected.causes[0].by, "order");
    assert_eq!(
        rejected.finding.path.as_deref(),
        Some("goods_items[sequence=2].commodity.codes[type=TSP].code")
    );
    // What was fetched once is not fetched again.
    assert_eq!(setup.gateway.pull("customs", false).await.unwrap(), 0);
}
