//! A country that works with ASYCUDA World: a declaration that is made from an order, registered and released, or rejected at an
//! item.

use dragoman_engine::{Goal, OrderIn};
use dragoman_simulators::Options;

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "asycuda"
name = "customs"
profile = "adapters/asycuda/example/seller.toml"
base_url = "OFFICE"
host = "customs.example.org"
limits = false
user = "user"
password = "secret"

[[flow]]
name = "albania"
to = "customs"
message = "sad-al"
consignment = "adapters/asycuda/example/consignment.toml"
master = "adapters/asycuda/example/master.csv"

[[flow]]
name = "general"
to = "customs"
consignment = "adapters/asycuda/example/consignment.toml"
"#;

async fn setup() -> Setup {
    let options = Options { faster: 100, limits: false, ..Options::default() };
    Setup::asking("asycuda", CONFIG, options).await
}

/// Declares an order by a flow, and sends it.
async fn declared(setup: &Setup, flow: &str, order: &str) -> String {
    let goal = Goal { flow: Some(flow.into()), ..Goal::default() };
    let order = OrderIn { message: "auto", bytes: order.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    let taken = taken.declarations.into_iter().next().unwrap();
    let submission = taken.submission.unwrap();
    let is_albanian = setup.body(&submission).await.contains("<Quota>");
    assert_eq!(is_albanian, flow == "albania", "each in the form of its release");
    setup.gateway.work().await.unwrap();
    taken.id
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_declaration_is_registered_and_released() {
    let setup = setup().await;
    let order = Setup::case("asycuda/example/orders/amazon.json");
    let id = declared(&setup, "albania", &order).await;
    let view = setup.until("customs", &id, |view| view.row.status == "released").await;
    assert!(view.row.mrn.unwrap().starts_with("AL0001/2026/C/"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rejected_item_comes_back_to_the_order_line() {
    let setup = setup().await;
    let head = "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from\n";
    let row = "ODD-1,77010000,national-tariff,CN,60,Something odd,en,seller,2026-01-01\n";
    setup.gateway.import_master(&clerk(), &format!("{head}{row}")).await.unwrap();
    let order = Setup::case("asycuda/example/orders/amazon.json").replace("SCARF-7", "ODD-1");
    let id = declared(&setup, "general", &order).await;
    let view = setup.until("customs", &id, |view| view.row.status == "rejected").await;
    let pointed = view.lines.iter().find(|line| !line.rejections.is_empty()).unwrap();
    assert_eq!(pointed.line.as_deref(), Some("10000000000002"));
    let rejected = &pointed.rejections[0];
    assert_eq!((rejected.finding.code.as_ref(), rejected.confidence), ("33", Some("exact")));
    assert_eq!(rejected.causes[0].by, "master");
    assert!(rejected.finding.path.as_deref().unwrap().contains("commodity.codes"));
}
