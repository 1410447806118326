//! Facts that rules may ask for beside the documents, and the subject that answers them.

use std::cell::RefCell;

use dragoman_model::{At, Decimal, Source, convert};
use dragoman_rules::{Fact, Found, Name, Subject};

use crate::costs;
use crate::goods::Goods;
use crate::orders::Order;
use crate::packages::{carriage, gross_mass};
use crate::price::plain;
use crate::run::Run;
use crate::statements::Statements;

/// The facts that rules may ask for, each with its meaning.
pub const FACTS: &[Fact] = &[
    Fact {
        name: "value",
        of_item: false,
        meaning: "the price of all goods for the recipient, without transport and included taxes; an amount a currency",
    },
    Fact { name: "orders", of_item: false, meaning: "how many orders the consignment has" },
    Fact { name: "recipients", of_item: false, meaning: "how many recipients the consignment has" },
    Fact { name: "buyer", of_item: false, meaning: "consumer or business, as the order tells" },
    Fact {
        name: "ioss",
        of_item: false,
        meaning: "the number of the import one-stop shop that the order carries",
    },
    Fact { name: "codes", of_item: false, meaning: "the commodity codes of all goods for the recipient" },
    Fact {
        name: "gross_mass",
        of_item: false,
        meaning: "the gross mass of the packages of the declaration, in kilograms",
    },
    Fact {
        name: "waybill",
        of_item: false,
        meaning: "the waybill that the packages of the goods travel under",
    },
    Fact { name: "master_waybill", of_item: false, meaning: "the waybill that many parcels travel under" },
    Fact { name: "bag", of_item: false, meaning: "the bag or pallet that the packages are in" },
    Fact {
        name: "net_mass",
        of_item: false,
        meaning: "the net mass of all goods for the recipient, in kilograms; nothing where one of them has none",
    },
    Fact {
        name: "inland_to_add",
        of_item: false,
        meaning: "carriage in the country of dispatch, where the terms of delivery leave it to the buyer; an amount of the consignment",
    },
    Fact {
        name: "main_to_add",
        of_item: false,
        meaning: "carriage to the border, where the terms of delivery leave it to the buyer; an amount of the consignment",
    },
    Fact {
        name: "insurance_to_add",
        of_item: false,
        meaning: "insurance to the border, where the terms of delivery leave it to the buyer; an amount of the consignment",
    },
    Fact {
        name: "onward_to_deduct",
        of_item: false,
        meaning: "carriage behind the border, where the terms of delivery include it in the price; an amount of the consignment",
    },
    Fact {
        name: "duties_to_deduct",
        of_item: false,
        meaning: "duties and taxes of the destination, where the terms of delivery include them in the price; an amount of the consignment",
    },
    Fact {
        name: "inland_and_insurance_to_add",
        of_item: false,
        meaning: "the sum of `inland_to_add` and `insurance_to_add`; nothing where they are in several currencies",
    },
    Fact {
        name: "transport_to_add",
        of_item: false,
        meaning: "the sum of `inland_to_add`, `main_to_add` and `insurance_to_add`; nothing where they are in several currencies",
    },
    Fact {
        name: "onward_and_duties_to_deduct",
        of_item: false,
        meaning: "the sum of `onward_to_deduct` and `duties_to_deduct`; nothing where they are in several currencies",
    },
    Fact {
        name: "carriage_unknown",
        of_item: false,
        meaning: "true where the terms of delivery leave carriage to the border to the buyer, and nobody says what it cost",
    },
    Fact { name: "on", of_item: false, meaning: "the day of the declaration, as YYYY-MM-DD" },
    Fact {
        name: "ordered_at",
        of_item: false,
        meaning: "when the order was placed, else when it was created",
    },
    Fact { name: "payment_method", of_item: false, meaning: "the method of payment that the profile states" },
    Fact {
        name: "code",
        of_item: true,
        meaning: "the commodity code of the goods, as many digits as order or customs master state",
    },
];

/// What one recipient gets: the consignment in the sense of reliefs and thresholds.
#[derive(Clone, Debug, Default)]
pub(crate) struct Delivery {
    /// Indices of its orders.
    pub orders: Vec<usize>,
    /// The price of its goods, an amount a currency; nothing where one is not clear.
    pub value: Vec<Found>,
    /// Their net mass in kilograms; nothing where one has none.
    pub net_mass: Option<Found>,
    /// Their commodity codes.
    pub codes: Vec<Found>,
    pub ioss: Option<Found>,
}

/// The numbers of everything that is declared together.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Count {
    pub orders: usize,
    pub recipients: usize,
}

/// A declaration as far as it is known, seen from one order and, for item rules, from one of its goods.
pub(crate) struct Asked<'s, 'a> {
    pub run: &'s Run<'a>,
    pub header: &'s Statements,
    pub delivery: &'s Delivery,
    /// What all recipients of the declaration get.
    pub deliveries: &'s [Delivery],
    pub count: Count,
    /// Index of the order.
    pub order: usize,
    pub goods: Option<&'s Goods<'a>>,
    /// The rates that were used.
    pub used: RefCell<Vec<Source>>,
}

impl Asked<'_, '_> {
    /// What stands at a name, with those who supplied it where it is traced.
    fn found(&self, name: &Name, is_traced: bool) -> Vec<Found> {
        let order = self.run.order(self.order);
        let line = self.goods.and_then(|goods| goods.lines.first());
        match name {
            Name::Fact(fact) => self.fact(fact.name),
            Name::Order(pattern) => {
                order.map(|order| order.find(order.at(), pattern, None, is_traced)).unwrap_or_default()
            }
            Name::Line(pattern) => order
                .zip(line)
                .map(|(order, at)| order.find(at.line.at(), pattern, at.line.id(), is_traced))
                .unwrap_or_default(),
            Name::Declaration(pattern) if pattern.is_of_item() => {
                self.goods.map(|goods| goods.stated.find(pattern, is_traced)).unwrap_or_default()
            }
            Name::Declaration(pattern) => self.header.find(pattern, is_traced),
        }
    }

    fn fact(&self, name: &str) -> Vec<Found> {
        let counted =
            |count: usize| vec![Found { text: count.to_string(), currency: None, sources: Vec::new() }];
        match name {
            "value" => self.delivery.value.clone(),
            "orders" => counted(self.count.orders),
            "recipients" => counted(self.count.recipients),
            "buyer" => self.run.order(self.order).and_then(buyer).into_iter().collect(),
            "codes" => self.delivery.codes.clone(),
            "gross_mass" => gross_mass(self.run, self.deliveries).into_iter().collect(),
            "waybill" | "master_waybill" | "bag" => {
                carriage(self.run, &self.delivery.orders, name).into_iter().collect()
            }
            "net_mass" => self.delivery.net_mass.iter().cloned().collect(),
            "on" => vec![Found { text: self.run.inputs.on.to_string(), currency: None, sources: Vec::new() }],
            "ordered_at" => self.ordered_at().into_iter().collect(),
            "ioss" => self.delivery.ioss.iter().cloned().collect(),
            "payment_method" => self.run.inputs.profile.payment_method.iter().cloned().collect(),
            "code" => self.goods.and_then(|goods| goods.code.clone()).into_iter().collect(),
            _ => costs::fact(self, name),
        }
    }

    fn ordered_at(&self) -> Option<Found> {
        let order = self.run.order(self.order)?;
        let at = ["placed_at", "created_at"].into_iter().find_map(|path| order.at().get(path))?;
        Some(Found { text: at.value()?.to_owned(), currency: None, sources: vec![order.source(at, None)] })
    }
}

/// Who buys: as the order's kind says, else a business where it has a company, or a number for customs or value added
/// tax.
pub(crate) fn buyer(order: &Order<'_>) -> Option<Found> {
    let found = |at: At<'_>, text: &str| Found {
        text: text.to_owned(),
        currency: None,
        sources: vec![order.source(at, None)],
    };
    let kind = order.at().get("order_kind");
    match kind.and_then(|kind| kind.value()) {
        Some("b2b" | "stock") => return kind.map(|kind| found(kind, "business")),
        Some("b2c") => return kind.map(|kind| found(kind, "consumer")),
        _ => {}
    }
    let buyer = order.at().get("buyer");
    let company = buyer.and_then(|buyer| buyer.get("company"));
    let numbers = buyer.into_iter().flat_map(|buyer| buyer.entries("ids").collect::<Vec<_>>());
    let number = || numbers.clone().find(|id| matches!(id.text("scheme"), Some("eori" | "vat")));
    Some(match company.or_else(number) {
        Some(at) => found(at, "business"),
        None => Found { text: "consumer".into(), currency: None, sources: Vec::new() },
    })
}

impl Subject for Asked<'_, '_> {
    fn find(&self, name: &Name) -> Vec<Found> {
        self.found(name, true)
    }

    fn weigh(&self, name: &Name) -> Vec<Found> {
        self.found(name, false)
    }

    fn convert(&self, amount: Decimal, from: &str, to: &str, purpose: &str) -> Option<Decimal> {
        let inputs = self.run.inputs;
        let (converted, source) = inputs.rates.convert(amount, from, to, purpose, inputs.on)?;
        self.used.borrow_mut().push(source);
        Some(converted)
    }
}

/// The net mass of goods as a fact, in kilograms; nothing where one of them has none.
pub(crate) fn net_mass(goods: &[&Goods<'_>]) -> Option<Found> {
    let nets: Option<Vec<_>> = goods.iter().map(|goods| goods.net.as_ref()).collect();
    let nets = nets.filter(|nets| !nets.is_empty())?;
    let sum = nets.iter().try_fold(Decimal::ZERO, |sum, (grams, _)| sum.checked_add(*grams))?;
    let sources = nets.iter().map(|(_, source)| source.clone()).collect();
    let kilograms = convert(sum, "GRM", "KGM")?;
    Some(Found { text: plain(kilograms.normalize()), currency: None, sources })
}

/// The price of goods as a fact, an amount a currency; nothing where one of them has none.
pub(crate) fn value(goods: &[&Goods<'_>]) -> Vec<Found> {
    let mut sums: Vec<(String, Decimal, Vec<Source>)> = Vec::new();
    for goods in goods {
        let stated = |path| goods.stated.get(path);
        let Some((amount, currency)) = stated("price.amount").zip(stated("price.currency")) else {
            return Vec::new();
        };
        let number = crate::goods::number(&amount.value);
        match sums.iter_mut().find(|(of, ..)| **of == *currency.value) {
            Some((_, sum, sources)) => {
                let Some(more) = sum.checked_add(number) else { return Vec::new() };
                *sum = more;
                sources.extend(amount.sources.iter().cloned());
            }
            None => sums.push((currency.value.to_string(), number, amount.sources.to_vec())),
        }
    }
    let found = |(currency, sum, sources): (String, Decimal, Vec<Source>)| Found {
        text: plain(sum),
        currency: Some(currency),
        sources,
    };
    sums.into_iter().map(found).collect()
}
