//! A parcel as rules ask about it: an order on its way to one country.

use std::cell::RefCell;
use std::collections::BTreeSet;

use dragoman_model::{Decimal, Source};
use dragoman_rules::{Fact, Found, Name, Subject};
use jiff::civil::Date;

use crate::facts::{Delivery, buyer, value};
use crate::goods::Goods;
use crate::orders::Order;
use crate::price::plain;
use crate::tables::Rates;

/// The facts that rule packs may ask for, each with its meaning.
pub const PARCEL_FACTS: &[Fact] = &[
    fact(
        "value",
        "the price of all goods of the order, without transport and included taxes; an amount a currency",
    ),
    fact("shipping", "what the buyer pays for transport"),
    fact(
        "day_value",
        "the value of all orders at hand that go to the same recipient and were placed on the same day",
    ),
    fact("orders", "how many orders at hand go to the same recipient and were placed on the same day"),
    fact("from", "the country that the parcel comes from"),
    fact("to", "the country that it goes to"),
    fact("channel", "post, express or cargo, where it is stated"),
    fact("buyer", "consumer or business, as the order tells"),
    fact("ioss", "the number of the import one-stop shop that the order carries"),
    fact("schemes", "the schemes in which a platform or seller collected tax on the order"),
    fact("codes", "the commodity codes of all goods"),
    fact("mass", "the net mass of all goods in kilograms, where it is known of each"),
    Fact { name: "code", of_item: true, meaning: "the commodity code of the line's goods" },
    Fact { name: "origin", of_item: true, meaning: "the country of origin of the line's goods" },
    Fact { name: "line_value", of_item: true, meaning: "the price of the line's goods" },
    Fact { name: "unit_value", of_item: true, meaning: "the price of one of the line's goods" },
];

const fn fact(name: &'static str, meaning: &'static str) -> Fact {
    Fact { name, of_item: false, meaning }
}

/// Where a parcel goes, and how.
#[derive(Clone, Copy, Debug)]
pub(super) struct Way<'a> {
    pub from: Option<&'a str>,
    pub to: &'a str,
    pub channel: Option<&'a str>,
}

/// An order, its goods, and what else goes to the same recipient.
#[derive(Debug)]
pub(super) struct Parcel<'a> {
    pub order: &'a Order<'a>,
    pub goods: &'a [Goods<'a>],
    pub delivery: &'a Delivery,
    /// The goods that go to the same recipient and were ordered on the same day, and of how many orders.
    pub day: (Vec<Found>, usize),
    pub way: Way<'a>,
    pub rates: &'a Rates,
    pub on: Date,
}

/// The subject of a rule: a parcel or one of its lines, with the rates that were asked for.
#[derive(Debug)]
pub(super) struct Asked<'p, 'a> {
    pub parcel: &'p Parcel<'a>,
    pub line: Option<&'p Goods<'a>>,
    /// What converted amounts are multiplied with: 1, or a little less or more to see whether that tips a rule.
    pub factor: Decimal,
    pub used: RefCell<Vec<Used>>,
}

/// A rate that was used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Used {
    pub purpose: String,
    pub source: Source,
}

impl<'p, 'a> Asked<'p, 'a> {
    pub fn new(parcel: &'p Parcel<'a>, line: Option<&'p Goods<'a>>) -> Self {
        Self { parcel, line, factor: Decimal::ONE, used: RefCell::default() }
    }

    fn fact(&self, name: &str) -> Vec<Found> {
        let Parcel { order, goods, delivery, day, way, .. } = self.parcel;
        let stated = |text: &str| vec![Found { text: text.to_owned(), currency: None, sources: Vec::new() }];
        let all = || goods.iter().collect::<Vec<_>>();
        match name {
            "value" => value(&all()),
            "shipping" => shipping(order),
            "day_value" => day.0.clone(),
            "orders" => stated(&day.1.to_string()),
            "from" => way.from.map(stated).unwrap_or_default(),
            "to" => stated(way.to),
            "channel" => way.channel.map(stated).unwrap_or_default(),
            "buyer" => buyer(order).into_iter().collect(),
            "ioss" => delivery.ioss.iter().cloned().collect(),
            "schemes" => schemes(order),
            "codes" => goods.iter().filter_map(|goods| goods.code.clone()).collect(),
            "mass" => mass(goods).into_iter().collect(),
            "code" => self.line.and_then(|line| line.code.clone()).into_iter().collect(),
            "origin" => self.line.and_then(origin).into_iter().collect(),
            "line_value" => self.line.map(|line| value(&[line])).unwrap_or_default(),
            "unit_value" => self.line.map(unit_value).unwrap_or_default(),
            _ => Vec::new(),
        }
    }
}

impl Subject for Asked<'_, '_> {
    fn find(&self, name: &Name) -> Vec<Found> {
        let order = self.parcel.order;
        match name {
            Name::Fact(fact) => self.fact(fact.name),
            Name::Order(pattern) => order.find(order.at(), pattern, None, true),
            Name::Line(pattern) => match self.line.and_then(|line| line.lines.first()) {
                Some(at) => order.find(at.line.at(), pattern, at.line.id(), true),
                None => Vec::new(),
            },
            Name::Declaration(_) => Vec::new(),
        }
    }

    fn convert(&self, amount: Decimal, from: &str, to: &str, purpose: &str) -> Option<Decimal> {
        let (converted, source) = self.parcel.rates.convert(amount, from, to, purpose, self.parcel.on)?;
        let used = Used { purpose: purpose.to_owned(), source };
        let mut all = self.used.borrow_mut();
        if !all.contains(&used) {
            all.push(used);
        }
        converted.checked_mul(self.factor)
    }
}

fn shipping(order: &Order<'_>) -> Vec<Found> {
    let Some(amount) = order.at().get("totals.shipping.amount") else { return Vec::new() };
    let currency = order.at().text("totals.shipping.currency").or_else(|| order.at().text("currency"));
    vec![Found {
        text: amount.value().unwrap_or_default().to_owned(),
        currency: currency.map(str::to_owned),
        sources: vec![order.source(amount, None)],
    }]
}

/// The schemes of the order and of its lines in which somebody collected tax or that state a number.
fn schemes(order: &Order<'_>) -> Vec<Found> {
    let lines = order.at().entries("lines").map(|line| (line, line.text("line")));
    let levels = std::iter::once((order.at(), None)).chain(lines);
    let scheme = |(at, line): (dragoman_model::At<'_>, Option<&str>)| {
        let of = |tax: dragoman_model::At<'_>| {
            let scheme = tax.get("scheme").or_else(|| tax.get("number.scheme"))?;
            let text = scheme.value().filter(|text| !matches!(*text, "none" | "marketplace"))?.to_owned();
            Some(Found { text, currency: None, sources: vec![order.source(scheme, line)] })
        };
        at.entries("tax_collections").filter_map(of).collect::<Vec<_>>()
    };
    levels.flat_map(scheme).collect()
}

fn origin(line: &Goods<'_>) -> Option<Found> {
    let origin = line.stated.get("origins[0].country")?;
    Some(Found { text: origin.value.to_string(), currency: None, sources: origin.sources.to_vec() })
}

/// The price of one: that of the line, shared out evenly.
fn unit_value(line: &Goods<'_>) -> Vec<Found> {
    let quantity = line.stated.value("quantity.value").map_or(Decimal::ONE, crate::goods::number);
    let mut found = value(&[line]);
    for one in &mut found {
        let unit = crate::goods::number(&one.text).checked_div(quantity);
        one.text = unit.map_or_else(|| one.text.clone(), |unit| plain(unit.normalize()));
    }
    found
}

fn mass(goods: &[Goods<'_>]) -> Option<Found> {
    let mut sum = Decimal::ZERO;
    let mut sources = Vec::new();
    for (grams, source) in goods.iter().map(|goods| goods.net.as_ref()).collect::<Option<Vec<_>>>()? {
        sum = sum.checked_add(*grams)?;
        sources.push(source.clone());
    }
    let kilograms = sum.checked_div(Decimal::ONE_THOUSAND)?;
    Some(Found { text: plain(kilograms.normalize()), currency: None, sources })
}

/// How many subheadings the goods are of; `None` where the code of one is not known.
pub(super) fn classes(goods: &[Goods<'_>]) -> Option<usize> {
    let codes = goods.iter().map(|goods| goods.code.as_ref().and_then(|code| code.text.get(..6)));
    Some(codes.collect::<Option<BTreeSet<_>>>()?.len())
}
