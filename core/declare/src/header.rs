//! What is stated of a declaration as a whole: by orders first, then by the consignment, then by the profile.

use dragoman_model::{At, Source, decimal};
use dragoman_tree::Finding;

use crate::findings::{DISCOUNT, FREIGHT};
use crate::orders::Order;
use crate::price::plain;
use crate::run::Run;
use crate::statements::{Statement, Statements, same};

/// The header of a declaration of one order. A party, place or list counts as a whole: what an order states of it is
/// never completed from elsewhere.
pub(crate) fn header(run: &mut Run<'_>, index: usize) -> Statements {
    let mut header = Statements::default();
    let Some(order) = run.order(index) else { return header };
    let inputs = run.inputs;
    let seller = order.party("seller");
    if seller.value("name").is_some() || seller.entries("ids") > 0 {
        header.adopt(&seller.under("exporter"));
    }
    header.adopt(&buyer(order));
    if let Some((at, country)) =
        order.at().get("recipient.address.country").and_then(|at| Some((at, at.value()?)))
    {
        header.state("destination.country", country, vec![order.source(at, None)]);
    }
    freight(run, index, order, &mut header);
    discount(run, index, order);
    header.adopt(&inputs.consignment.header);
    header.retain(|one| *one.path != *"lrn");
    header.adopt(&inputs.profile.header);
    header.adopt(&inputs.profile.exporter);
    // Where nobody is named as importer, the recipient is.
    header.adopt(&order.party("recipient").under("importer"));
    header
}

/// The buyer as importer, where the order knows its EORI number.
fn buyer(order: &Order<'_>) -> Statements {
    let registered = order.at().entries("tax_registrations");
    let registered =
        registered.filter(|one| one.text("role").is_some_and(|role| role.eq_ignore_ascii_case("buyer")));
    let parties = order.at().get("buyer").into_iter().chain(registered.filter_map(|one| one.get("party")));
    let ids = parties.flat_map(|party: At<'_>| party.entries("ids").collect::<Vec<_>>());
    let mut importer = Statements::default();
    let Some(id) = ids.into_iter().find(|id| id.text("scheme") == Some("eori")) else { return importer };
    for member in ["scheme", "value"] {
        if let Some((at, text)) = id.get(member).and_then(|at| Some((at, at.value()?))) {
            importer.state(format!("importer.ids[0].{member}"), text, vec![order.source(at, None)]);
        }
    }
    importer
}

/// What the order states for shipping; nothing for free shipping.
fn freight(run: &mut Run<'_>, index: usize, order: &Order<'_>, header: &mut Statements) {
    let Some(shipping) = order.view().and_then(|view| view.total("shipping")) else { return };
    let Some(amount) = order.at().get("totals.shipping.amount") else { return };
    let source = |at: Option<At<'_>>| at.map(|at| order.source(at, None)).into_iter().collect::<Vec<_>>();
    let currency = ["totals.shipping.currency", "currency"].into_iter().find_map(|path| order.at().get(path));
    match (shipping.value, shipping.currency) {
        (Some(value), _) if value.is_zero() => {}
        (Some(_), Some(code)) => {
            header.state("valuation.freight.amount", shipping.amount, source(Some(amount)));
            header.state("valuation.freight.currency", code, source(currency));
        }
        _ => {
            let message = format!("`{}` for shipping is no amount", shipping.amount);
            run.on_order(index, Finding::error(&FREIGHT, message));
        }
    }
}

/// Says that a discount of the whole order is not taken off.
fn discount(run: &mut Run<'_>, index: usize, order: &Order<'_>) {
    let on_lines = order.at().entries("lines").flat_map(|line| line.entries("discounts"));
    let total = order.at().decimal("totals.discount.amount").unwrap_or_default();
    if !total.is_zero() && !on_lines.into_iter().any(|discount| discount.get("amount").is_some()) {
        let message =
            format!("a discount of {total} is on the order, not on its lines: values are before it");
        run.on_order(index, Finding::warning(&DISCOUNT, message));
    }
}

/// Adds an order to a declaration that has others: transport costs are added up.
pub(crate) fn join(header: &mut Statements, other: &Statements) {
    let path = "valuation.freight.amount";
    let (Some(one), Some(two)) = (header.get(path).cloned(), other.get(path)) else {
        let freight = other.below("valuation").under("valuation");
        header.adopt(&freight);
        return;
    };
    let sum = decimal(&one.value).ok().and_then(|sum| sum.checked_add(decimal(&two.value).ok()?));
    let sources: Vec<Source> = one.sources.iter().chain(&*two.sources).cloned().collect();
    header.retain(|statement| *statement.path != *path);
    if let Some(sum) = sum {
        header.state(path, plain(sum), sources);
    }
}

/// True where two orders can share a declaration: they agree in everything but the amounts for transport, and in the
/// currency of those.
pub(crate) fn agree(one: &Statements, two: &Statements) -> bool {
    let is_compared = |one: &&Statement| !one.path.starts_with("valuation.freight.");
    let compared = |all: &'_ Statements| all.iter().filter(is_compared).cloned().collect::<Vec<_>>();
    let (left, right) = (compared(one), compared(two));
    let (left, right): (Vec<_>, Vec<_>) = (left.iter().collect(), right.iter().collect());
    let currency = |all: &Statements| all.value("valuation.freight.currency").map(str::to_owned);
    let currencies = currency(one).zip(currency(two));
    same(&left, &right) && currencies.is_none_or(|(one, two)| one == two)
}
