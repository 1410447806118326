//! How fast reading is: `cargo test --release -p dragoman-syntax --test json -- --ignored --nocapture`.

use std::time::{Duration, Instant};

use dragoman_syntax::Limits;
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::{self, Style};
use serde_json::Value;

use crate::outline::read;

const AMAZON: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/../../mappings/amazon/order.gram"));

/// An order of about 100 KB: 122 lines of the shape of a marketplace's.
fn order() -> String {
    let line = |n: usize| {
        format!(
            r#"{{"orderItemId":"{n:014}","quantityOrdered":{q},"product":{{"asin":"B0{n:08}","title":"Shoulder bag, size \"M\", colour {n}","sellerSku":"BAG-{n}","price":{{"unitPrice":{{"amount":"{q}9.90","currencyCode":"EUR"}}}}}},"proceeds":{{"breakdowns":[{{"type":"ITEM","subtotal":{{"amount":"{q}9.90","currencyCode":"EUR"}}}},{{"type":"SHIPPING","subtotal":{{"amount":"4.50","currencyCode":"EUR"}}}},{{"type":"TAX","subtotal":{{"amount":"11.28","currencyCode":"EUR"}},"detailedBreakdowns":[{{"subtype":"ITEM","value":{{"amount":"10.40","currencyCode":"EUR"}}}},{{"subtype":"SHIPPING","value":{{"amount":"0.88","currencyCode":"EUR"}}}}]}}]}},"fulfillment":{{"quantityFulfilled":0,"quantityUnfulfilled":{q},"shipping":{{"internationalShipping":{{"iossNumber":"IM0000000000"}}}}}},"tax":{{"taxCollections":[{{"model":"MARKETPLACE_FACILITATOR","responsibleParty":"Example"}}]}}}}"#,
            q = n % 5 + 1
        )
    };
    let lines: Vec<_> = (1..=122).map(line).collect();
    format!(r#"{{"orders":[{{"orderId":"000-0000000-0000001","orderItems":[{}]}}]}}"#, lines.join(","))
}

fn best(mut run: impl FnMut()) -> Duration {
    let once = |_| {
        let start = Instant::now();
        (0..20).for_each(|_| run());
        start.elapsed() / 20
    };
    (0..50).map(once).min().unwrap()
}

#[test]
#[ignore = "a measurement, not a check"]
fn throughput() {
    let text = order();
    let bytes = text.as_bytes();
    let ours = best(|| drop(std::hint::black_box(read(bytes))));
    let grammar = grammar::parse(AMAZON, &|_| None).unwrap();
    let limits = Limits::default();
    let placed =
        best(|| drop(std::hint::black_box(json::read(bytes, Some(&grammar), Grammar::ROOT, &limits))));
    let theirs = best(|| drop(std::hint::black_box(serde_json::from_slice::<Value>(bytes).unwrap())));
    let tree = read(bytes).tree;
    let written = best(|| drop(std::hint::black_box(json::write(&tree, Style::Compact))));
    let rate = |time: Duration| bytes.len() as f64 / time.as_secs_f64() / 1e6;
    eprintln!("{} bytes, {} nodes", bytes.len(), tree.len());
    eprintln!("read into the tree   {ours:?}, {:.0} MB/s", rate(ours));
    eprintln!("... with a grammar   {placed:?}, {:.0} MB/s", rate(placed));
    eprintln!("serde_json to Value  {theirs:?}, {:.0} MB/s", rate(theirs));
    eprintln!("written              {written:?}, {:.0} MB/s", rate(written));
    let ratio = |time: Duration| theirs.as_secs_f64() / time.as_secs_f64();
    eprintln!("faster by            {:.2}, with a grammar {:.2}", ratio(ours), ratio(placed));
}
