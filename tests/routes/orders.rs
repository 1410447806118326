//! Orders as two platforms send them.

use std::fs;

use serde_json::{Value, json};

use super::Route;
use crate::run::root;

/// Who sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Platform {
    Amazon,
    Shopify,
}

impl Platform {
    pub const ALL: [Self; 2] = [Self::Amazon, Self::Shopify];

    /// The second line of its order.
    pub fn second_line(self) -> &'static str {
        match self {
            Self::Amazon => "10000000000002",
            Self::Shopify => "2",
        }
    }
}

/// The order of the demonstration, by another number, to another place, with another article in its second line.
pub fn order(route: &Route, platform: Platform, number: u32, sku: &str) -> String {
    let name = format!("{platform:?}").to_lowercase();
    let path = root().join(format!("adapters/gb-cds/demo/orders/{name}.json"));
    let text = fs::read_to_string(path).unwrap().replace("\"GBP\"", &format!("\"{}\"", route.currency));
    let text = if route.is_low { cheaper(&text) } else { text };
    let mut order: Value = serde_json::from_str(&text).unwrap();
    match platform {
        Platform::Amazon => amazon(&mut order["order"], route, number, sku),
        Platform::Shopify => shopify(&mut order["data"]["order"], route, number, sku),
    }
    order.to_string()
}

/// Below every threshold of low value.
fn cheaper(text: &str) -> String {
    let prices = [("\"240.00\"", "\"24.00\""), ("\"399.00\"", "\"19.00\""), ("\"798.00\"", "\"38.00\"")];
    prices
        .iter()
        .fold(text.replace("\"24.00\"", "\"2.40\""), |text, (from, to)| text.replace(from, to))
        .replace("\"1094.00\"", "\"118.00\"")
}

fn amazon(order: &mut Value, route: &Route, number: u32, sku: &str) {
    order["orderId"] = json!(format!("026-1000001-{number:07}"));
    if route.is_business {
        order["programs"] = json!(["AMAZON_BUSINESS"]);
    }
    let address = &mut order["recipient"]["deliveryAddress"];
    address["city"] = json!(route.place.city);
    address["postalCode"] = json!(route.place.postal_code);
    address["countryCode"] = json!(route.place.country);
    order["orderItems"][1]["product"]["sellerSku"] = json!(sku);
}

fn shopify(order: &mut Value, route: &Route, number: u32, sku: &str) {
    order["id"] = json!(format!("gid://shopify/Order/{number}"));
    order["name"] = json!(format!("#{number}"));
    let address = &mut order["shippingAddress"];
    if !route.is_business {
        address.as_object_mut().unwrap().remove("company");
    }
    address["city"] = json!(route.place.city);
    address["zip"] = json!(route.place.postal_code);
    address["countryCodeV2"] = json!(route.place.country);
    let line = &mut order["lineItems"]["nodes"][1];
    line["sku"] = json!(sku);
    line["duties"] = json!([]);
}
