//! The manifest as a table: a row for each article.

use super::{Article, Manifest, Parcel};
use crate::assess::Amount;

/// The columns of the table.
pub const COLUMNS: [&str; 26] = [
    "master_waybill",
    "bag",
    "waybill",
    "parcel",
    "orders",
    "from",
    "to",
    "sender",
    "recipient",
    "street",
    "postal_code",
    "city",
    "country",
    "schemes",
    "parcel_gross_mass_kg",
    "item",
    "sku",
    "description",
    "code",
    "origin",
    "quantity",
    "net_mass_kg",
    "price",
    "price_currency",
    "value",
    "value_currency",
];

/// A row for each article of a manifest, in its order. What is said of a parcel stands in each of its rows.
pub fn rows(manifest: &Manifest) -> Vec<[String; COLUMNS.len()]> {
    let mut all = Vec::new();
    for master in &manifest.master_waybills {
        for bag in &master.bags {
            for parcel in &bag.parcels {
                let carriage = [&master.number, &bag.number, &parcel.waybill];
                all.extend(parcel.goods.iter().map(|article| row(carriage, parcel, article)));
            }
        }
    }
    all
}

fn row(carriage: [&Option<String>; 3], parcel: &Parcel, article: &Article) -> [String; COLUMNS.len()] {
    let stated = |text: &Option<String>| text.clone().unwrap_or_default();
    let [master, bag, waybill] = carriage.map(stated);
    let scheme = |one: &super::SchemeNumber| format!("{} {}", one.scheme, one.number);
    let schemes: Vec<_> = parcel.schemes.iter().map(scheme).collect();
    let money = |amount: &Option<Amount>| {
        amount.clone().map(|amount| (amount.amount, amount.currency)).unwrap_or_default()
    };
    let ((price, price_currency), (value, value_currency)) = (money(&article.price), money(&article.value));
    let recipient = parcel.recipient.clone();
    [
        master,
        bag,
        waybill,
        parcel.reference.clone(),
        parcel.orders.join(" "),
        stated(&parcel.from),
        stated(&parcel.to),
        parcel.sender.name.clone(),
        recipient.name,
        recipient.street.join(", "),
        recipient.postal_code,
        recipient.city,
        recipient.country,
        schemes.join(", "),
        stated(&parcel.gross_mass_kg),
        article.item.clone(),
        article.sku.clone(),
        article.description.clone(),
        article.code.clone(),
        article.origin.clone(),
        article.quantity.clone(),
        article.net_mass_kg.clone(),
        price,
        price_currency,
        value,
        value_currency,
    ]
}
