//! The cases that rules carry: a parcel in a line, made into an order.

use std::fmt::Write as _;

use dragoman_rules::Loading;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::load::money;
use super::pack::Case;

/// A case as it stands in a pack: `{ on = 2026-07-01, to = "DE", goods = [{ price = "20 EUR" }] }`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawCase {
    on: Spanned<Datetime>,
    to: Option<String>,
    postal_code: Option<String>,
    #[serde(default = "china")]
    from: String,
    #[serde(default = "consumer")]
    kind: String,
    /// Identity numbers of the buyer or recipient, by scheme.
    recipient: Option<(String, String)>,
    /// The scheme in which tax was collected, and its number.
    collected: Option<(String, String)>,
    shipping: Option<Spanned<String>>,
    channel: Option<String>,
    goods: Vec<RawGoods>,
    /// Goods of another order of the same day for the same recipient.
    #[serde(default)]
    same_day: Vec<RawGoods>,
    /// `USD EUR 0.9`, for all purposes.
    rate: Option<Spanned<String>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawGoods {
    /// Of the line.
    price: Spanned<String>,
    quantity: Option<u32>,
    code: Option<String>,
    origin: Option<String>,
    /// Of one.
    mass_g: Option<u32>,
}

fn china() -> String {
    "CN".to_owned()
}

fn consumer() -> String {
    "b2c".to_owned()
}

/// The purposes that rates of cases are stated for.
const PURPOSES: [&str; 3] = ["customs-month", "central-bank-day", "contract"];

impl RawCase {
    /// The case; `None` after a mistake.
    pub(super) fn read(self, loading: &mut Loading<'_>, applies: bool, to: &str) -> Option<Case> {
        let on = loading.day(&self.on)?;
        let mut rates = "date,purpose,from,to,rate,source\n".to_owned();
        if let Some(rate) = &self.rate {
            let [from, to, value] = loading.read(rate, |text| {
                let words: Vec<_> = text.split(' ').map(str::to_owned).collect();
                <[String; 3]>::try_from(words).map_err(|_| "is no rate, such as `USD EUR 0.9`".into())
            })?;
            for purpose in PURPOSES {
                let _ = writeln!(rates, "{on},{purpose},{from},{to},{value},case");
            }
        }
        let mut orders = vec![self.order(loading, to, 1, &self.goods)?];
        if !self.same_day.is_empty() {
            orders.push(self.order(loading, to, 2, &self.same_day)?);
        }
        let channel = self.channel.map(Into::into);
        Some(Case { applies, on, from: self.from.into(), channel, orders, rates })
    }

    /// An order as canonical JSON.
    fn order(&self, loading: &mut Loading<'_>, to: &str, number: u32, goods: &[RawGoods]) -> Option<String> {
        let to = self.to.as_deref().unwrap_or(to);
        let mut lines = Vec::new();
        let mut currency = String::new();
        for (line, goods) in (1..).zip(goods) {
            let (amount, of) = money(loading, &goods.price)?;
            lines.push(goods.line(line, &amount.to_string(), &of));
            currency = of;
        }
        let shipping = match &self.shipping {
            Some(shipping) => {
                let (amount, currency) = money(loading, shipping)?;
                format!(r#","totals":{{"shipping":{{"amount":"{amount}","currency":"{currency}"}}}}"#)
            }
            None => String::new(),
        };
        let postal_code = self.postal_code.as_deref().unwrap_or("10115");
        let ids = self.recipient.as_ref().map_or_else(String::new, |(scheme, value)| {
            format!(r#""ids":[{{"scheme":"{scheme}","value":"{value}"}}],"#)
        });
        let collected = self.collected.as_ref().map_or_else(String::new, |(scheme, number)| {
            format!(r#","tax_collections":[{{"scheme":"{scheme}","number":{{"scheme":"{scheme}","value":"{number}"}}}}]"#)
        });
        Some(format!(
            r#"{{"type":"order","order_number":"{number}","order_kind":"{}","placed_at":"2026-01-01","recipient":{{{ids}"name":"R","address":{{"city":"C","postal_code":"{postal_code}","country":"{to}"}}}},"currency":"{currency}"{shipping}{collected},"lines":[{}]}}"#,
            self.kind,
            lines.join(","),
        ))
    }
}

impl RawGoods {
    fn line(&self, number: u32, amount: &str, currency: &str) -> String {
        let quantity = self.quantity.unwrap_or(1);
        let mut customs = Vec::new();
        customs.extend(self.code.as_ref().map(|code| format!(r#""code":"{code}""#)));
        customs.extend(self.origin.as_ref().map(|origin| format!(r#""origin":"{origin}""#)));
        customs.extend(self.mass_g.map(|mass| format!(r#""net_mass":{{"value":"{mass}","unit":"GRM"}}"#)));
        let customs = match customs.as_slice() {
            [] => String::new(),
            known => format!(r#","customs":{{{}}}"#, known.join(",")),
        };
        format!(
            r#"{{"line":"{number}","quantity":{{"value":"{quantity}"}},"price":{{"amount":"{amount}","currency":"{currency}"}}{customs}}}"#
        )
    }
}
