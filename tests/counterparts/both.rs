//! Both directions in one run: what is sold in a shop is declared to customs, and the shop hears of it; what a partner
//! orders by EDIFACT is an order as the shop has them, and what the shop sent is a despatch advice to the partner.

use std::fs;

use serde_json::{Value, json};

use super::desk::Desk;
use super::process::until;
use super::sync::quickened;
use super::vendure::{Shop, text};
use crate::office::Office;
use crate::run::root;

const CONFIG: &str = r#"
[[account]]
adapter = "vendure"
name = "shop"
environment = "sandbox"
host = "SHOP"
client_id = "admin"
client_secret_file = "shop"
limits = false

[[account]]
adapter = "gb-cds"
name = "customs"
profile = "seller.toml"
client_id = "id"
client_secret_file = "customs"
api_version = "1.0"
base_url = "http://OFFICE"
token_url = "http://OFFICE/oauth/token"
authorize_url = "http://OFFICE/oauth/authorize"
limits = false

[[flow]]
name = "uk"
from = "shop"
to = "customs"
consignment = "parcel.toml"
rates = "rates.csv"
master = "master.csv"

[[partner]]
name = "northwind"
folder = "northwind"
quiet = 1
every = 1

[partner.send]
shipment = "edifact/despatch-advice"

[partner.envelope]
ours = "5000002000009"
ours_qualifier = "14"
theirs = "4000001000005"
theirs_qualifier = "14"
syntax = "UNOC"
version = "3"
"#;

struct Stage {
    desk: Desk,
    shop: Shop,
    _office: Office,
}

impl Stage {
    fn open() -> Option<Self> {
        let shop = Shop::open()?;
        let folder = quickened();
        for file in ["seller.toml", "parcel.toml", "rates.csv", "master.csv"] {
            folder.write(file, fs::read(root().join("adapters/gb-cds/demo").join(file)).unwrap());
        }
        let office = Office::start(&folder, "gb-cds", "limits = false\n");
        let config = CONFIG.replace("SHOP", &shop.address).replace("OFFICE", &office.address);
        folder.write("dragoman.toml", config);
        folder.write("shop", "admin\n");
        folder.write("customs", "secret\n");
        let desk = Desk::open(folder, &["--adapters", "adapters"]);
        let left = desk.ask("POST", "/v1/accounts/customs/authorisation", "").json();
        let url = left["url"].as_str().unwrap();
        let state = url.split(['?', '&']).find_map(|one| one.strip_prefix("state=")).unwrap();
        let end = format!("/v1/authorised/end?state={state}&code=code");
        assert_eq!(desk.ask("GET", &end, "").status, 303);
        office.told(&json!({ "faster": 1000 }));
        Some(Self { desk, shop, _office: office })
    }

    /// The exchange of an order, by its number.
    fn order(&self, number: &str) -> String {
        let known = || self.desk.orders().into_iter().find(|(_, known)| known == number);
        until(known, || format!("{number} is not there: {:?}", self.desk.orders())).0
    }

    /// Waits until the declaration of an order was cleared, and gives its MRN.
    fn cleared(&self, order: &str) -> String {
        let seen = || self.desk.get(&format!("/v1/orders/{order}"));
        let is_cleared = |seen: &Value| seen["outcomes"][0]["status"] == "cleared";
        let seen = until(|| Some(seen()).filter(is_cleared), || seen().to_string());
        text(&seen["outcomes"][0]["mrn"])
    }

    /// Waits for a file that has an ending.
    fn file(&self, folder: &str, ending: &str) -> String {
        let folder = self.desk.folder.path().join("northwind").join(folder);
        let all = || fs::read_dir(&folder).into_iter().flatten().map(|file| file.unwrap().path());
        let found = || all().find(|path| path.to_string_lossy().ends_with(ending));
        fs::read_to_string(until(found, || format!("no {ending} in {:?}", self.refused()))).unwrap()
    }

    /// What could not be sent, and why.
    fn refused(&self) -> Vec<String> {
        let folder = self.desk.folder.path().join("northwind/send/error");
        let files = fs::read_dir(folder).into_iter().flatten().map(|file| file.unwrap().path());
        files.map(|path| fs::read_to_string(path).unwrap()).collect()
    }
}

#[test]
fn a_sale_is_declared_and_the_shop_hears_of_it_while_a_partner_orders_and_is_advised() {
    let Some(stage) = Stage::open() else { return };
    let Stage { desk, shop, .. } = &stage;
    // From the shop to customs.
    let sold = shop.order("BAG-22", 2);
    shop.settle(&sold);
    let number = text(&shop.seen(&sold)["code"]);
    let order = stage.order(&number);
    let mrn = stage.cleared(&order);
    // And back: what customs made of it, and the parcel, each once.
    let notes = || -> Vec<String> {
        let seen = shop.seen(&sold);
        let items = seen["history"]["items"].as_array().unwrap().iter();
        items.filter_map(|one| Some(one["data"]["note"].as_str()?.to_owned())).collect()
    };
    let cleared = format!("Customs: cleared, MRN {mrn}");
    until(|| notes().contains(&cleared).then_some(()), || format!("{:?}", notes()));
    let line = shop.seen(&sold)["lines"][0]["id"].clone();
    let parcel = json!({
        "number": "1", "carrier_name": "DHL", "tracking_number": "T-9",
        "lines": [{ "id": line, "quantity": "2" }],
    });
    let tell = || {
        let told = desk.ask("POST", &format!("/v1/orders/{order}/shipments"), &parcel.to_string());
        assert!(told.status < 300, "{}", told.body);
        text(&told.json()["declarations"][0]["submission"])
    };
    assert_eq!(tell(), tell(), "the same parcel again changes nothing");
    until(
        || (shop.seen(&sold)["state"] == "Shipped").then_some(()),
        || desk.get(&format!("/v1/orders/{order}")).to_string(),
    );
    let parcels = &shop.seen(&sold)["fulfillments"];
    assert_eq!(*parcels, json!([{ "state": "Shipped", "trackingCode": "T-9" }]));
    let sent = || desk.order(&number).filter(|order| order["extensions"]["vendure"]["state"] == "Shipped");
    let sent = until(sent, || desk.sync().to_string());
    // What was sent is a despatch advice to a partner.
    desk.folder.write("northwind/send/shipment.json", shipment(&sent).to_string());
    let advice = stage.file("out", ".edifact-despatch-advice.edi");
    for segment in
        [format!("RFF+ON:{number}"), "RFF+CN:T-9".into(), "PIA+1+BAG-22:SA".into(), "QTY+12:2".into()]
    {
        assert!(advice.contains(&segment), "{segment}: {advice}");
    }
    // What a partner orders is an order as the shop has them.
    let ordered = fs::read(root().join("adapters/edifact/cases/order.in")).unwrap();
    desk.folder.write("northwind/in/po.edi", ordered);
    let theirs = stage.order("PO-1001");
    let shaped = desk.get(&format!("/v1/exchanges/{theirs}/document?as=vendure/order"));
    let shaped = &shaped;
    assert_eq!((&shaped["code"], &shaped["currencyCode"]), (&json!("PO-1001"), &json!("EUR")), "{shaped}");
    assert_eq!(shaped["shippingAddress"]["city"], "Bremen", "{shaped}");
    let line = &shaped["lines"][0];
    assert_eq!(
        (&line["productVariant"]["sku"], &line["quantity"]),
        (&json!("BAG-22"), &json!(12)),
        "{shaped}"
    );
    // Nothing was told twice.
    let mut told = notes();
    let all = told.len();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), all, "{told:?}");
}

/// What was sent of an order, as a canonical shipment.
fn shipment(order: &Value) -> Value {
    let number = &order["order_number"];
    let parcel = &order["extensions"]["vendure"]["fulfillments"][0];
    let line = |(at, line): (usize, &Value)| {
        json!({
            "order": number, "line": (at + 1).to_string(), "sequence": (at + 1).to_string(), "sku": line["sku"],
            "title": line["title"], "quantity": line["quantity"], "package": "1",
        })
    };
    let lines: Vec<_> = order["lines"].as_array().unwrap().iter().enumerate().map(line).collect();
    json!({
        "type": "shipment", "shipment_number": parcel["trackingCode"], "state": "shipped", "orders": [{ "number": number }],
        "packages": [{ "number": "1", "type": "CT", "count": "1" }], "lines": lines, "tracking": [{ "number": parcel["trackingCode"] }], "consignee": order["recipient"],
    })
}
