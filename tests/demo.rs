//! `dragoman demo`: what a newcomer sees, and that nothing of it is scripted.

use serde_json::{Value, json};

use crate::run::{Folder, Ran, dragoman_in, root};

const AT: &str = "2026-11-22T16:24:00Z";

fn demo(folder: &Folder, orders: &[&str]) -> Ran {
    folder.run(&[&["demo", "--once", "--at", AT], orders].concat())
}

/// References and numbers are new in each run: others of the same length in their place.
pub fn masked(text: &str) -> String {
    let is_part = |letter: char| letter.is_ascii_uppercase() || letter.is_ascii_digit();
    let is_reference = |word: &str| {
        (word.len() == 22 && word.starts_with("DEMO"))
            || (word.len() == 18 && matches!(word.get(2..4), Some("GB" | "AQ")))
    };
    let mut masked = String::new();
    let mut rest = text;
    while !rest.is_empty() {
        let length = rest.find(|letter| !is_part(letter)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(length);
        let (kept, hidden) = word.split_at(if is_reference(word) { 4 } else { length });
        masked.push_str(kept);
        masked.push_str(&"X".repeat(hidden.len()));
        let next = after.chars().next().map_or(0, char::len_utf8);
        masked.push_str(&after[..next]);
        rest = &after[next..];
    }
    masked
}

fn shopify() -> Value {
    let path = root().join("adapters/gb-cds/demo/orders/shopify.json");
    serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn lines(order: &mut Value) -> &mut Vec<Value> {
    order["data"]["order"]["lineItems"]["nodes"].as_array_mut().unwrap()
}

/// The first place of each error: code, file, and the bytes that the carets stand under.
fn places(folder: &Folder, said: &str) -> Vec<(String, String, String)> {
    let mut places = Vec::new();
    let mut rows = said.lines();
    while let Some(row) = rows.next() {
        let Some(code) = row.strip_prefix("error[").and_then(|rest| rest.split(']').next()) else { continue };
        let place = rows.next().unwrap().trim_start().strip_prefix("--> ").unwrap();
        let [column, line, file] = place.rsplitn(3, ':').collect::<Vec<_>>().try_into().unwrap();
        let carets = rows.find(|row| row.contains('^')).unwrap().matches('^').count();
        let path = folder.path().join(file);
        let path = if path.is_file() { path } else { root().join(file) };
        let text = std::fs::read_to_string(path).unwrap();
        let text = text.lines().nth(line.parse::<usize>().unwrap() - 1).unwrap();
        let meant = text.chars().skip(column.parse::<usize>().unwrap() - 1).take(carets).collect();
        places.push((code.to_owned(), file.to_owned(), meant));
    }
    places
}

#[test]
fn it_needs_nothing_and_shows_everything() {
    let ran = dragoman_in(root(), &["demo", "--once", "--at", AT], b"");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(masked(&ran.stdout));
}

/// Every order of the lines, each as one line of text: the caret stands under the code of the same line.
#[test]
fn the_caret_follows_the_lines() {
    let folder = Folder::new();
    for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
        let mut message = shopify();
        let before = lines(&mut message).clone();
        *lines(&mut message) = order.iter().map(|at| before[*at].clone()).collect();
        folder.write("order.json", message.to_string());
        let ran = demo(&folder, &["order.json"]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        let in_order: Vec<_> =
            places(&folder, &ran.stdout).into_iter().filter(|(_, file, _)| file == "order.json").collect();
        assert_eq!(in_order, [("CDS10020".into(), "order.json".into(), "8517120000".into())], "{order:?}");
        let at = order.iter().position(|line| *line == 1).unwrap() + 1;
        assert!(ran.stdout.contains("order #1001, line 2 · SKU PHONE-9"), "{}", ran.stdout);
        assert!(ran.stdout.contains(&format!("42A.67A.68A#{at}.23A.21A#1/145")), "{}", ran.stdout);
    }
}

/// The bytes that are meant, and how they come into the order.
type Mistake = (&'static str, fn(&mut Value));

/// Other mistakes in other places: each is found where it was made.
#[test]
fn the_caret_follows_the_mistake() {
    let folder = Folder::new();
    let mistakes: [Mistake; 4] = [
        ("8525800000", |order| lines(order)[2]["duties"] = json!([{"harmonizedSystemCode": "8525800000"}])),
        ("AN", |order| lines(order)[0]["duties"] = json!([{"countryCodeOfOrigin": "AN"}])),
        ("0.00", |order| {
            for price in ["originalUnitPriceSet", "originalTotalSet", "discountedTotalSet"] {
                lines(order)[2][price]["shopMoney"]["amount"] = json!("0.00");
            }
        }),
        ("UK", |order| order["data"]["order"]["shippingAddress"]["countryCodeV2"] = json!("UK")),
    ];
    for (meant, make) in mistakes {
        let mut message = shopify();
        lines(&mut message)[1]["duties"] = json!([{"harmonizedSystemCode": "8517130000"}]);
        make(&mut message);
        folder.write("order.json", format!("{message:#}"));
        let ran = demo(&folder, &["order.json"]);
        let found = places(&folder, &ran.stdout);
        let found: Vec<_> =
            found.iter().filter(|(code, file, _)| code.starts_with("CDS") && file == "order.json").collect();
        assert!(
            !found.is_empty() && found.iter().all(|(.., bytes)| bytes == meant),
            "{meant}: {}",
            ran.stdout
        );
    }
}

#[test]
fn orders_without_mistakes_are_cleared() {
    let folder = Folder::new();
    let mut message = shopify();
    lines(&mut message)[0]["duties"] = json!([{"harmonizedSystemCode": "8539520000"}]);
    lines(&mut message)[1]["duties"] = json!([{"harmonizedSystemCode": "8517130000"}]);
    folder.write("order.json", message.to_string());
    folder.write(
        "master.csv",
        std::fs::read_to_string(root().join("adapters/gb-cds/demo/master.csv"))
            .unwrap()
            .replace("8539500000", ""),
    );
    let ran = demo(&folder, &["--master", "master.csv", "order.json"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("1 cleared, 0 rejected"), "{}", ran.stdout);
}

#[test]
fn what_is_no_order_is_said() {
    let folder = Folder::new();
    folder.write("order.json", "{\"data\": {\"order\": ");
    let ran = demo(&folder, &["order.json"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
    assert!(ran.stderr.contains("order.json:1:"), "{}", ran.stderr);
    assert_eq!(demo(&folder, &["missing.json"]).code, 2);
}
