//! django-oscar with a database of its own: a shop without a list of changes, read by the adapter that
//! [`docs/platform.md`](../../docs/platform.md) makes.

use std::process::Command;

use serde_json::{Value, json};

use super::desk::Desk;
use super::process::{Process, until};
use super::vendure::text;
use crate::documentation::played;
use crate::gateway::{Answered, ask};
use crate::run::root;

const CONFIG: &str = "[[account]]\nadapter = \"oscar\"\nname = \"shop\"\nhost = \"shop.example\"\nuser = \"clerk@shop.example\"\n\
                      password_file = \"secret\"\nbase_url = \"http://SHOP/api\"\nsince = \"SINCE\"\nlimits = false\n";

/// Minutes are seconds here, and a page is short.
const QUICK: [(&str, &str); 4] = [
    ("every = \"5m\"", "every = \"1s\""),
    ("overlap = \"1m\"", "overlap = \"1s\""),
    ("limit = \"100\"", "limit = \"4\""),
    ("size = 100", "size = 4"),
];

/// `clerk@shop.example:secret`, in base64.
const CLERK: &str = "Basic Y2xlcmtAc2hvcC5leGFtcGxlOnNlY3JldA==";

/// A shop.
struct Shop {
    process: Process,
    /// Where it listens, without `http://`.
    address: String,
}

impl Shop {
    /// Opens one; none where django-oscar is not installed.
    fn open() -> Option<Self> {
        let installed = dragoman_samples::counterpart("oscar")?;
        let mut python = Command::new(installed.join("venv/bin/python"));
        python.arg(root().join("tests/counterparts/oscar/shop.py")).env("PYTHONWARNINGS", "ignore");
        let (process, port) = Process::start(&mut python, "ready ");
        Some(Self { process, address: format!("127.0.0.1:{port}") })
    }

    fn ask(&self, method: &str, path: &str, headers: &[(&str, &str)], body: &Value) -> Answered {
        let headers = [&[("content-type", "application/json")], headers].concat();
        let answer = ask(&self.address, method, path, &headers, body.to_string().as_bytes()).unwrap();
        assert!(answer.status < 300, "{path}: {}", answer.body);
        answer
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}/api/{path}", self.address)
    }

    /// A customer who has no account fills a basket, and orders what is in it. Gives the order's number.
    fn order(&self, product: u32, quantity: u32) -> String {
        let add = json!({ "url": self.url(&format!("products/{product}/")), "quantity": quantity });
        let added = self.ask("POST", "/api/basket/add-product/", &[], &add);
        let session = added.header("set-cookie").trim().split(';').next().unwrap().to_owned();
        let address = json!({
            "country": self.url("countries/GB/"), "first_name": "Kim", "last_name": "Sample",
            "line1": "1 Test Street", "line4": "London", "postcode": "EC1A 1BB",
        });
        let checkout = json!({
            "basket": added.json()["url"], "guest_email": "kim@buyer.example", "shipping_address": address,
        });
        text(&self.ask("POST", "/api/checkout/", &[("cookie", &session)], &checkout).json()["number"])
    }

    /// A clerk changes an order on the shop's pages.
    fn clerk(&mut self, what: &str) {
        self.process.tell(what, "done");
    }

    /// What has to be the same on both sides, as the shop shows it.
    fn expected(&self, number: &str) -> Value {
        let clerk = [("authorization", CLERK)];
        let all = self.ask("GET", "/api/admin/orders/?limit=100", &clerk, &Value::Null).json();
        let order =
            all["results"].as_array().unwrap().iter().find(|order| order["number"] == *number).unwrap();
        let path = format!("/api/admin/orders/{}/lines/", order["id"]);
        let lines = self.ask("GET", &path, &clerk, &Value::Null).json();
        let lines = lines["results"].as_array().unwrap().iter();
        let lines: Vec<_> =
            lines.map(|line| json!([line["partner_sku"], line["quantity"].to_string()])).collect();
        json!([order["status"], order["total_incl_tax"], order["shipping_address"]["line1"], "GB", lines])
    }
}

/// The same of an order that came.
fn told(document: &Value) -> Value {
    let lines = document["lines"].as_array().unwrap().iter();
    let lines: Vec<_> = lines.map(|line| json!([line["sku"], line["quantity"]["value"]])).collect();
    let address = &document["recipient"]["address"];
    let status = &document["extensions"]["oscar"]["status"];
    json!([status, document["totals"]["grand"]["amount"], address["street"][0], address["country"], lines])
}

/// Waits until the gateway has orders as the shop has them.
fn agree(desk: &Desk, shop: &Shop, numbers: &[String]) {
    for number in numbers {
        let expected = shop.expected(number);
        let has = || desk.order(number).as_ref().map(told);
        until(
            || has().filter(|told| *told == expected),
            || format!("{:?} instead of {expected}: {}", has(), desk.sync()),
        );
    }
}

/// A list of all orders that names no time of a change, page by page, as the only way: what changes is found, what does not is
/// no news, and what was placed before is passed over.
#[test]
fn a_store_without_cursors_is_read_by_the_adapter_of_the_page() {
    let Some(mut shop) = Shop::open() else { return };
    let old = shop.order(1, 1);
    let folder = played("docs/platform.md");
    let mut adapter = folder.read("oscar/adapter.toml");
    for (from, to) in QUICK {
        assert!(adapter.contains(from), "{from}");
        adapter = adapter.replace(from, to);
    }
    folder.write("oscar/adapter.toml", adapter);
    let since = jiff::Timestamp::now().to_string();
    folder.write("dragoman.toml", CONFIG.replace("SHOP", &shop.address).replace("SINCE", &since));
    folder.write("secret", "secret\n");
    let desk = Desk::open(folder, &["--adapters", "oscar"]);
    let mut orders: Vec<String> = (0..5).map(|turn| shop.order(1 + turn % 3, 1 + turn)).collect();
    agree(&desk, &shop, &orders);
    // More come while the list is read, and every page of it moves.
    orders.extend((0..5).map(|turn| shop.order(1 + turn % 3, 2 + turn)));
    agree(&desk, &shop, &orders);
    for (at, number) in orders.iter().enumerate() {
        match at % 4 {
            0 => {}
            1 => shop.clerk(&format!("street {number} {at} Changed Street")),
            2 => shop.clerk(&format!("status {number} Cancelled")),
            _ => {
                shop.clerk(&format!("status {number} Paid"));
                shop.clerk(&format!("status {number} Complete"));
            }
        }
    }
    agree(&desk, &shop, &orders);
    let had = desk.orders();
    assert_eq!(had.len(), orders.len(), "each is had once: {had:?}");
    assert!(had.iter().all(|(_, number)| *number != old), "it was placed before: {had:?}");
    let comings = || had.iter().map(|(id, _)| desk.comings(id)).collect::<Vec<_>>();
    let before = comings();
    desk.caught_up();
    desk.caught_up();
    assert_eq!(comings(), before, "what is read again is no news");
    let id = had.iter().find(|(_, number)| *number == orders[0]).unwrap().0.clone();
    let parcel =
        json!({ "number": "1", "tracking_number": "T-1", "lines": [{ "id": "1", "quantity": "1" }] });
    let said = desk.ask("POST", &format!("/v1/orders/{id}/shipments"), &parcel.to_string());
    assert_eq!(said.status, 404, "the shop has no place for it: {}", said.body);
}
