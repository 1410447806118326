//! The manifest of parcels that somebody else declares: by master waybill, bag and parcel, with what the goods are and what
//! they are worth in the currency of their destination.
//!
//! It is made of the declarations of the parcels, so that it says what invoice and customs declaration of each say.

mod outcome;
mod rows;

use dragoman_model::{At, Currency, Decimal, Document};
use dragoman_tree::Finding;
use jiff::civil::Date;
use rust_decimal::RoundingStrategy;
use serde::{Deserialize, Serialize};

use crate::assess::Amount;
use crate::findings::{File, Located, NO_RATE};
use crate::price::plain;
use crate::tables::Rates;
pub use outcome::{Duty, Outcome, Stray, duties, outcomes};
pub use rows::{COLUMNS, rows};

/// The purpose of the rates that values are converted by: those that customs publishes for a month, as duties are.
const PURPOSE: &str = "customs-month";

/// What parcels travel under, by the type of the document (UN/EDIFACT 1001): a house waybill, a master air waybill.
const WAYBILL: &str = "703";
const MASTER_WAYBILL: &str = "741";

/// What is handed over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The day.
    pub on: Date,
    /// What it comes to.
    pub totals: Totals,
    /// Its parcels, by master waybill; those without one are together.
    pub master_waybills: Vec<MasterWaybill>,
}

/// The parcels of a master waybill.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MasterWaybill {
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it comes to.
    pub totals: Totals,
    /// Its parcels, by bag or pallet.
    pub bags: Vec<Bag>,
}

/// The parcels of a bag.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bag {
    /// Its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// What it comes to.
    pub totals: Totals,
    /// Its parcels.
    pub parcels: Vec<Parcel>,
}

/// What several parcels come to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Totals {
    /// How many there are.
    pub parcels: usize,
    /// Their gross mass in kilograms, where it is known of each.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass_kg: Option<String>,
    /// Their price, an amount a currency.
    pub price: Vec<Amount>,
}

/// What goes to one recipient.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// Our reference, by which the filer answers.
    pub reference: String,
    /// The folder of the pack that its documents are in.
    pub folder: String,
    /// The orders that it delivers.
    pub orders: Vec<String>,
    /// Its waybill.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waybill: Option<String>,
    /// The country that it comes from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// The country that it goes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
    /// Who sends it.
    pub sender: Party,
    /// Who gets it.
    pub recipient: Party,
    /// Numbers under which tax was taken at the sale: of the import one-stop shop, of VOEC …
    pub schemes: Vec<SchemeNumber>,
    /// Its gross mass in kilograms.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_mass_kg: Option<String>,
    /// The price of its goods, an amount a currency.
    pub price: Vec<Amount>,
    /// Its goods.
    pub goods: Vec<Article>,
}

/// Name and address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// The name.
    pub name: String,
    /// Street and number, a line each.
    pub street: Vec<String>,
    /// The postcode.
    pub postal_code: String,
    /// The city.
    pub city: String,
    /// The country.
    pub country: String,
    /// Telephone.
    pub phone: String,
    /// Electronic mail.
    pub email: String,
}

/// A number of a tax scheme.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SchemeNumber {
    /// `ioss`, `voec`, `abn` …
    pub scheme: String,
    /// The number.
    pub number: String,
}

/// Goods of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// Its number in the parcel.
    pub item: String,
    /// The seller's article number.
    pub sku: String,
    /// What it is.
    pub description: String,
    /// The commodity code.
    pub code: String,
    /// The country of origin.
    pub origin: String,
    /// How many.
    pub quantity: String,
    /// Net mass in kilograms.
    pub net_mass_kg: String,
    /// The price paid for them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub price: Option<Amount>,
    /// The same in the currency of the destination.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<Amount>,
}

/// What a manifest is made of.
#[expect(missing_debug_implementations, reason = "it holds a function")]
#[derive(Clone, Copy)]
pub struct Listing<'a> {
    /// The declarations of the parcels.
    pub declarations: &'a [Document<'static>],
    /// Rates of exchange.
    pub rates: &'a Rates,
    /// The currency of a country, where it is known.
    pub currency: &'a dyn Fn(&str) -> Option<String>,
    /// The day whose rates count.
    pub on: Date,
}

/// The manifest of parcels, each in a folder by its number from 1; and for which currencies there is no rate.
pub fn manifest(listing: &Listing<'_>) -> (Manifest, Vec<Located>) {
    let mut manifest = Manifest { on: listing.on, ..Manifest::default() };
    let mut findings = Vec::new();
    for (number, document) in (1..).zip(listing.declarations) {
        let root = At::root(document);
        let parcel = Parcel { folder: format!("parcels/{number}"), ..parcel(root, listing, &mut findings) };
        let master = document_of(root, MASTER_WAYBILL);
        let masters = &mut manifest.master_waybills;
        let Some(master) = entry(masters, master.as_deref(), |master| &mut master.number) else { continue };
        if let Some(bag) = entry(&mut master.bags, root.text("load_unit"), |bag| &mut bag.number) {
            bag.parcels.push(parcel);
        }
    }
    for master in &mut manifest.master_waybills {
        for bag in &mut master.bags {
            bag.totals = totals(bag.parcels.iter());
        }
        master.totals = totals(master.bags.iter().flat_map(|bag| &bag.parcels));
    }
    manifest.totals = totals(manifest.parcels());
    (manifest, findings)
}

impl Manifest {
    /// All parcels.
    pub fn parcels(&self) -> impl Iterator<Item = &Parcel> + Clone {
        self.master_waybills.iter().flat_map(|master| &master.bags).flat_map(|bag| &bag.parcels)
    }
}

/// The entry of a number, made where there is none.
fn entry<'l, T: Default>(
    list: &'l mut Vec<T>,
    number: Option<&str>,
    own: impl Fn(&mut T) -> &mut Option<String>,
) -> Option<&'l mut T> {
    let found = list.iter_mut().position(|one| own(one).as_deref() == number);
    let at = found.unwrap_or_else(|| {
        let mut new = T::default();
        *own(&mut new) = number.map(str::to_owned);
        list.push(new);
        list.len() - 1
    });
    list.get_mut(at)
}

fn parcel(root: At<'_>, listing: &Listing<'_>, findings: &mut Vec<Located>) -> Parcel {
    let text = |path: &str| root.text(path).map(str::to_owned);
    let to = text("destination.country");
    let currency = to.as_deref().and_then(listing.currency);
    let goods: Vec<_> = root
        .entries("goods_items")
        .map(|item| Article { value: value(item, currency.as_deref(), listing, findings), ..article(item) })
        .collect();
    let scheme = |actor: At<'_>| {
        let number = actor.text("id.value")?.to_owned();
        Some(SchemeNumber { scheme: actor.text("id.scheme").unwrap_or_default().to_owned(), number })
    };
    Parcel {
        reference: text("lrn").unwrap_or_default(),
        folder: String::new(),
        orders: root
            .entries("order_refs")
            .filter_map(|order| order.text("order").map(str::to_owned))
            .collect(),
        waybill: document_of(root, WAYBILL),
        from: text("dispatch.country"),
        to,
        sender: party(root.get("exporter")),
        recipient: party(root.get("consignee")),
        schemes: root.entries("fiscal_references").filter_map(scheme).collect(),
        gross_mass_kg: text("totals.gross_mass.value"),
        price: sums(goods.iter().filter_map(|article| article.price.as_ref())),
        goods,
    }
}

/// The number of the transport document of a type.
fn document_of(root: At<'_>, kind: &str) -> Option<String> {
    let found = root.entries("transport.documents").find(|document| document.text("type") == Some(kind))?;
    found.text("id").map(str::to_owned)
}

fn party(at: Option<At<'_>>) -> Party {
    let text = |path: &str| at.and_then(|at| at.text(path)).unwrap_or_default().to_owned();
    let street =
        at.into_iter().flat_map(|at| at.texts("address.street").map(str::to_owned).collect::<Vec<_>>());
    Party {
        name: text("name"),
        street: street.collect(),
        postal_code: text("address.postal_code"),
        city: text("address.city"),
        country: text("address.country"),
        phone: text("contact.phone"),
        email: text("contact.email"),
    }
}

fn article(item: At<'_>) -> Article {
    let text = |path: &str| item.text(path).unwrap_or_default().to_owned();
    let first = |list: &str, path: &str| {
        item.entries(list).find_map(|entry| entry.text(path)).unwrap_or_default().to_owned()
    };
    let price = item.text("price.amount").zip(item.text("price.currency"));
    Article {
        item: text("sequence"),
        sku: text("product.sku"),
        description: text("description"),
        code: first("commodity.codes", "code"),
        origin: first("origins", "country"),
        quantity: text("quantity.value"),
        net_mass_kg: text("mass.net.value"),
        price: price.map(|(amount, currency)| Amount { amount: amount.into(), currency: currency.into() }),
        value: None,
    }
}

/// What goods are worth in a currency: rounded to its minor unit, half away from zero.
fn value(
    item: At<'_>,
    currency: Option<&str>,
    listing: &Listing<'_>,
    findings: &mut Vec<Located>,
) -> Option<Amount> {
    let (amount, from) = (item.decimal("price.amount")?, item.text("price.currency")?);
    let to = currency?;
    let minor = Currency::of(to).and_then(|currency| currency.minor).unwrap_or(2);
    let rounded = |amount: Decimal| Amount {
        amount: plain(amount.round_dp_with_strategy(minor, RoundingStrategy::MidpointAwayFromZero)),
        currency: to.to_owned(),
    };
    if from == to {
        return Some(rounded(amount));
    }
    let converted = listing.rates.convert(amount, from, to, PURPOSE, listing.on);
    if converted.is_none() {
        let message = format!("there is no rate from {from} to {to} for {}", listing.on);
        let hint = format!("add a row to the table of rates, of purpose {PURPOSE}");
        let finding = Finding::warning(&NO_RATE, message).hint(hint);
        let located = Located { file: File::Consignment, finding };
        if !findings.contains(&located) {
            findings.push(located);
        }
    }
    converted.map(|(amount, _)| rounded(amount))
}

fn totals<'p>(parcels: impl Iterator<Item = &'p Parcel> + Clone) -> Totals {
    let masses = parcels.clone().map(|parcel| dragoman_model::decimal(parcel.gross_mass_kg.as_deref()?).ok());
    let mass = masses
        .collect::<Option<Vec<_>>>()
        .and_then(|all| all.into_iter().try_fold(Decimal::ZERO, Decimal::checked_add));
    Totals {
        parcels: parcels.clone().count(),
        gross_mass_kg: mass.map(plain),
        price: sums(parcels.flat_map(|parcel| &parcel.price)),
    }
}

/// Amounts added up, one a currency.
fn sums<'a>(amounts: impl Iterator<Item = &'a Amount>) -> Vec<Amount> {
    let mut sums: Vec<(&str, Decimal)> = Vec::new();
    for Amount { amount, currency } in amounts {
        let amount = dragoman_model::decimal(amount).unwrap_or_default();
        match sums.iter_mut().find(|(of, _)| of == currency) {
            Some((_, sum)) => *sum = sum.checked_add(amount).unwrap_or(*sum),
            None => sums.push((currency, amount)),
        }
    }
    sums.into_iter()
        .map(|(currency, sum)| Amount { amount: plain(sum), currency: currency.to_owned() })
        .collect()
}
