//! China customs: inventories of export and import with the documents beside them, in their envelopes and signed; what does not
//! agree, what is above a limit, and what is wrong with an item, back at the order line.

use dragoman_engine::{Correction, DeclarationIn, Goal, OrderIn, Request, TakenDeclaration, View};
use dragoman_simulators::{Change, Options, Play};

use crate::setup::{Setup, clerk};

const CONFIG: &str = r#"
[[account]]
adapter = "cn-ceb"
name = "customs"
base_url = "OFFICE"
host = "dxp.example.org"
limits = false
dxp_id = "DXPENT0000000042"
import_receiver = "DXPEDCCEB0000002"
export_receiver = "DXPEDCCEB0000003"
user = "user"
password = "secret"
signing_key = """KEY"""
signing_certificate = """CERTIFICATE"""
inquiry_key = "a-long-secret-word"
payment_data_url = "OFFICE/ceb2grab/grab/realTimeDataUpload"
item_link = "https://shop.example.org/items/"
receiving_account = "ACCOUNT-42"
receiving_code = "91110000000000042X"
receiving_name = "示例商贸有限公司"

[[flow]]
name = "people"
to = "customs"
message = "ceb603"
consignment = "adapters/cn-ceb/example/export-consignment.toml"
master = "adapters/cn-ceb/example/export-master.csv"

[[flow]]
name = "business"
to = "customs"
message = "ceb603"
consignment = "adapters/cn-ceb/example/export-business.toml"

[[flow]]
name = "import"
to = "customs"
profile = "adapters/cn-ceb/example/declarant.toml"
consignment = "adapters/cn-ceb/example/consignment.toml"
"#;

/// A key and its certificate.
pub type Pair = (&'static str, &'static str);

/// Of SM2.
pub const SM2: Pair = (
    include_str!("../../../../sign/tests/sign/sm2.key.pem"),
    include_str!("../../../../sign/tests/sign/sm2.pem"),
);

/// Of RSA.
pub const RSA: Pair = (
    include_str!("../../../../sign/tests/sign/rsa.key.pem"),
    include_str!("../../../../sign/tests/sign/rsa.pem"),
);

async fn setup() -> Setup {
    signing(SM2, Options::default()).await
}

/// A gateway that signs with a key, and China customs.
pub async fn signing((key, certificate): Pair, options: Options) -> Setup {
    let config = CONFIG.replace("KEY", key).replace("CERTIFICATE", certificate);
    let options = Options { faster: 100, limits: false, ..options };
    Setup::asking("cn-ceb", &config, options).await
}

/// Declares an order by a flow, and gives the declaration, not yet sent.
async fn queued(setup: &Setup, flow: &str, order: &str, consignment: Option<String>) -> TakenDeclaration {
    let goal = Goal { flow: Some(flow.into()), consignment, ..Goal::default() };
    let order = OrderIn { message: "auto", bytes: order.as_bytes(), goal: Some(&goal), ..OrderIn::default() };
    let taken = setup.gateway.receive_order(&clerk(), order).await.unwrap();
    taken.declarations.into_iter().next().unwrap()
}

/// An order of a shop abroad.
fn export() -> String {
    Setup::case("asycuda/example/orders/amazon.json")
}

/// Sends everything that is queued.
async fn sent(setup: &Setup) {
    while setup.gateway.work().await.unwrap() > 0 {}
}

/// An order of a buyer in China, of one bag at that price.
pub fn import(number: &str, price: &str) -> String {
    let text = Setup::case("cn-ceb/example/order.json");
    let mut order: serde_json::Value = serde_json::from_str(&text).unwrap();
    let amount = || serde_json::json!({ "amount": price, "currency": "CNY" });
    let mut line = order.pointer("/lines/0").unwrap().clone();
    for path in ["/unit_price", "/price"] {
        *line.pointer_mut(path).unwrap() = amount();
    }
    *line.pointer_mut("/quantity/value").unwrap() = "1".into();
    *order.pointer_mut("/order_number").unwrap() = number.into();
    *order.pointer_mut("/totals").unwrap() = serde_json::json!({ "goods": amount(), "paid": amount() });
    *order.pointer_mut("/lines").unwrap() = serde_json::json!([line]);
    order.to_string()
}

/// The consignment of such an order: what its carrier and its waybill are is known here.
fn consignment(number: &str) -> String {
    let text = Setup::case("cn-ceb/example/consignment.toml");
    let more = format!(
        "documents = [{{ type = \"house\", id = \"WB{number}\" }}, {{ type = \"master\", id = \"MAWB-784-00000042\" }}]\n"
    );
    let carrier = "\n[carrier]\nids = [{ scheme = \"cn-customs\", value = \"4401980042\" }]\nname = \"示例物流有限公司\"\n\n[[package]]\ntype = \"CT\"\ncount = 1\ngross_mass_g = 1400\n";
    format!("{}{carrier}", text.replace("border_mode = \"5\"\n", &format!("border_mode = \"5\"\n{more}")))
}

/// Hands the payment and the waybill of an order in, as the payment firm and the carrier do.
async fn paid_and_shipped(setup: &Setup, number: &str, paid: &str) {
    let payment = Setup::case("cn-ceb/cases/ceb411.in")
        .replace("25.10", paid)
        .replace("PAY-0042", &format!("PAY-{number}"));
    let waybill = Setup::case("cn-ceb/cases/ceb511.in").replace("WB20260042", &format!("WB{number}"));
    for text in [payment, waybill] {
        let text = text.replace("SO-2026-0042", number);
        let handed = DeclarationIn {
            account: "customs",
            message: "auto",
            bytes: text.as_bytes(),
            ..DeclarationIn::default()
        };
        let taken = setup.gateway.submit(&clerk(), handed).await.unwrap();
        let taken = taken.declarations.first().unwrap();
        assert!(taken.submission.is_some(), "{:?}", taken.findings);
    }
    sent(setup).await;
}

/// A sale to a buyer in China, until customs says that.
async fn sold(setup: &Setup, number: &str, price: &str, paid: &str, status: &str) -> View {
    let id = queued(setup, "import", &import(number, price), Some(consignment(number))).await.id;
    sent(setup).await;
    paid_and_shipped(setup, number, paid).await;
    setup.until("customs", &id, |view| view.row.status == status).await
}

fn said(view: &View) -> Vec<&str> {
    let all = view.lines.iter().flat_map(|line| &line.rejections);
    all.map(|rejected| rejected.finding.message.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_order_goes_out_with_its_inventory_and_is_released() {
    let setup = setup().await;
    let taken = queued(&setup, "people", &export(), None).await;
    let view = setup.view(&taken.id).await;
    let purposes: Vec<_> = view.submissions.iter().map(|one| one.purpose).collect();
    assert_eq!(purposes, ["declaration", "upload"]);
    let inventory = setup.body(&view.submissions[0].id).await;
    let order = setup.body(&view.submissions[1].id).await;
    for (text, name) in [(&inventory, "CEB603Message"), (&order, "CEB303Message")] {
        assert!(text.contains(name) && text.contains("<ds:SignatureValue>"), "{text}");
    }
    assert!(order.contains("<ceb:orderType>E</ceb:orderType>") && order.contains("<ceb:gnum>2</ceb:gnum>"));
    sent(&setup).await;
    let view = setup.until("customs", &taken.id, |view| view.row.status == "released").await;
    assert!(view.row.mrn.unwrap().starts_with("51412026E"), "the number that customs gave");
    assert!(view.submissions.iter().all(|one| one.state == "delivered"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_order_of_a_business_is_declared_as_one() {
    let setup = setup().await;
    let order = export().replacen("\"orderId\"", "\"programs\": [\"AMAZON_BUSINESS\"], \"orderId\"", 1);
    let taken = queued(&setup, "business", &order, None).await;
    let submissions = setup.view(&taken.id).await.submissions;
    let bodies = [setup.body(&submissions[0].id).await, setup.body(&submissions[1].id).await];
    assert!(bodies[0].contains("<ceb:tradeMode>9710</ceb:tradeMode>"));
    assert!(bodies[1].contains("<ceb:orderType>B</ceb:orderType>"));
    sent(&setup).await;
    setup.until("customs", &taken.id, |view| view.row.status == "released").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_export_inventory_is_cancelled_by_a_message_of_its_own() {
    let setup = setup().await;
    let taken = queued(&setup, "people", &export(), None).await;
    sent(&setup).await;
    setup.until("customs", &taken.id, |view| view.row.status == "released").await;
    let request = Request { text: Some("客户取消订单".into()), ..Request::default() };
    let asked = setup.gateway.cancel(&clerk(), &taken.id, &request).await.unwrap();
    let body = setup.body(asked.declarations[0].submission.as_deref().unwrap()).await;
    assert!(body.contains("CEB605Message") && body.contains("客户取消订单"), "{body}");
    sent(&setup).await;
    setup.until("customs", &taken.id, |view| view.row.status == "invalidated").await;
}

/// An export that was released, and a change of it on its way.
async fn changed(setup: &Setup) -> String {
    let taken = queued(setup, "people", &export(), None).await;
    sent(setup).await;
    setup.until("customs", &taken.id, |view| view.row.status == "released").await;
    let correction = Correction {
        path: "goods_items[sequence=1].description".into(),
        new: Some("丝绸围巾".into()),
        ..Correction::default()
    };
    let request = Request { text: Some("品名有误".into()), ..Request::default() };
    setup.gateway.amend(&clerk(), &taken.id, &[correction], &request).await.unwrap();
    assert!(setup.view(&taken.id).await.flags.contains(&"amend_pending"));
    taken.id
}

/// A change is the whole inventory again: the receipt that says what was decided closes it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_is_reviewed_is_no_longer_pending() {
    let setup = setup().await;
    let id = changed(&setup).await;
    sent(&setup).await;
    let view = setup.until("customs", &id, |view| !view.flags.contains(&"amend_pending")).await;
    assert_eq!((view.row.status.as_str(), view.row.needs.as_deref()), ("released", None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_that_is_refused_leaves_the_inventory_as_it_is() {
    let setup = setup().await;
    let id = changed(&setup).await;
    let play = Play { behaviour: "reject".into(), times: Some(1), ..Play::default() };
    let change = Change { plays: vec![play], ..Change::default() };
    setup.office.as_ref().unwrap().change(change).unwrap();
    sent(&setup).await;
    let view = setup.until("customs", &id, |view| !view.flags.contains(&"amend_pending")).await;
    assert_eq!((view.row.status.as_str(), view.row.needs.as_deref()), ("released", Some("correct")));
}

/// A receipt has no pointer: the item is named in its text.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refused_item_comes_back_to_the_order_line() {
    let setup = setup().await;
    let taken = queued(&setup, "people", &export().replace("SCARF-7", "PHONE-9"), None).await;
    sent(&setup).await;
    let view = setup.until("customs", &taken.id, |view| view.row.status == "rejected").await;
    let pointed = view.lines.iter().find(|line| !line.rejections.is_empty()).unwrap();
    assert_eq!(pointed.line.as_deref(), Some("10000000000002"));
    let rejected = &pointed.rejections[0];
    assert_eq!(rejected.finding.code, "100");
    assert!(rejected.finding.message.contains("商品序号[2]商品编码不存在"), "{}", rejected.finding.message);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_import_waits_for_the_documents_of_its_sale() {
    let setup = setup().await;
    let id = queued(&setup, "import", &import("SO-1", "58.00"), Some(consignment("SO-1"))).await.id;
    sent(&setup).await;
    setup.until("customs", &id, |view| view.row.status == "received").await;
    paid_and_shipped(&setup, "SO-1", "58.00").await;
    let view = setup.until("customs", &id, |view| view.row.status == "released").await;
    assert!(view.row.mrn.unwrap().starts_with("51512026I"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn documents_that_do_not_agree_are_refused() {
    let setup = setup().await;
    let view = sold(&setup, "SO-2", "58.00", "57.00", "rejected").await;
    assert!(said(&view).iter().any(|text| text.contains("amount paid")), "{:?}", said(&view));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_sale_and_a_year_have_their_limits() {
    let setup = setup().await;
    let view = sold(&setup, "SO-9", "5000.01", "5000.01", "rejected").await;
    assert!(said(&view).iter().any(|text| text.contains("5000")), "{:?}", said(&view));
    for number in 0..5 {
        sold(&setup, &format!("SO-1{number}"), "5000", "5000", "released").await;
    }
    let view = sold(&setup, "SO-16", "1000.01", "1000.01", "rejected").await;
    assert!(said(&view).iter().any(|text| text.contains("26000")), "{:?}", said(&view));
    sold(&setup, "SO-17", "1000", "1000", "released").await;
}
