//! Which orders go to one recipient, and which share a declaration.

use dragoman_rules::Found;
use dragoman_tree::Finding;

use crate::facts::{Delivery, net_mass, value};
use crate::findings::{IOSS, LEFT_OUT, NOT_AN_ORDER, TWICE};
use crate::goods::Goods;
use crate::orders::Order;
use crate::packages::carriage;
use crate::run::Run;
use crate::statements::{Statements, same};

/// The orders that are declared: each number once, and none that was cancelled.
pub(crate) fn accepted(run: &mut Run<'_>) -> Vec<usize> {
    let mut accepted: Vec<(usize, &str)> = Vec::new();
    for (index, order) in run.inputs.orders.iter().enumerate() {
        let number = order.number();
        if order.view().is_none() || number.is_empty() || order.at().entries("lines").next().is_none() {
            run.on_order(index, Finding::error(&NOT_AN_ORDER, "this is no order with a number and lines"));
        } else if accepted.iter().any(|(_, known)| *known == number) {
            run.on_order(index, Finding::error(&TWICE, format!("order {number} is given a second time")));
        } else if order.at().text("state") == Some("cancelled") {
            run.on_order(index, Finding::info(&LEFT_OUT, format!("order {number} is cancelled")));
        } else {
            accepted.push((index, number));
        }
    }
    accepted.into_iter().map(|(index, _)| index).collect()
}

/// The orders by recipient and waybill, in the order of the first of each. An order without a recipient stands alone.
pub(crate) fn deliveries(
    run: &mut Run<'_>,
    orders: &[usize],
    goods: &[(usize, Vec<Goods<'_>>)],
) -> Vec<Delivery> {
    let mut found: Vec<(Statements, Delivery)> = Vec::new();
    let waybill = |run: &Run<'_>, order: usize| carriage(run, &[order], "waybill").map(|found| found.text);
    for index in orders {
        let Some(order) = run.order(*index) else { continue };
        let recipient = order.party("recipient");
        let own = waybill(run, *index);
        let is_own = run.inputs.rules.each_order;
        let is_same = |known: &Statements, delivery: &Delivery| {
            let (one, two): (Vec<_>, Vec<_>) = (known.iter().collect(), recipient.iter().collect());
            let first = delivery.orders.first().copied();
            let goes_along = first.and_then(|first| waybill(run, first)) == own;
            !is_own && !one.is_empty() && same(&one, &two) && goes_along
        };
        match found.iter_mut().find(|(known, delivery)| is_same(known, delivery)) {
            Some((_, delivery)) => delivery.orders.push(*index),
            None => found.push((recipient, Delivery { orders: vec![*index], ..Delivery::default() })),
        }
    }
    let mut deliveries: Vec<_> = found.into_iter().map(|(_, delivery)| delivery).collect();
    for delivery in &mut deliveries {
        let of = goods.iter().filter(|(index, _)| delivery.orders.contains(index));
        let of: Vec<_> = of.flat_map(|(_, goods)| goods).collect();
        delivery.value = value(&of);
        delivery.net_mass = net_mass(&of);
        delivery.codes = of.iter().filter_map(|goods| goods.code.clone()).collect();
        delivery.ioss = ioss(run, &delivery.orders);
    }
    deliveries
}

/// The one number of the import one-stop shop that orders carry, on the order or on its lines.
fn ioss(run: &mut Run<'_>, orders: &[usize]) -> Option<Found> {
    let mut numbers: Vec<(usize, Found)> = Vec::new();
    for index in orders {
        let Some(order) = run.order(*index) else { continue };
        numbers.extend(ioss_of(order).into_iter().map(|found| (*index, found)));
    }
    let (_, first) = numbers.first()?.clone();
    if let Some((index, other)) = numbers.iter().find(|(_, other)| other.text != first.text) {
        let message = format!("IOSS numbers {} and {} for one recipient", first.text, other.text);
        run.on_order(*index, Finding::error(&IOSS, message));
        return None;
    }
    Some(first)
}

fn ioss_of(order: &Order<'_>) -> Vec<Found> {
    let lines = order.at().entries("lines").map(|line| (line, line.text("line")));
    let levels = std::iter::once((order.at(), None)).chain(lines);
    let collections = levels.flat_map(|(at, line)| at.entries("tax_collections").map(move |tax| (tax, line)));
    let numbers = collections.filter_map(|(tax, line)| {
        let is_ioss = [tax.text("scheme"), tax.text("number.scheme")].contains(&Some("ioss"));
        let number = tax.get("number.value").filter(|_| is_ioss)?;
        let text = number.value()?.to_owned();
        Some(Found { text, currency: None, sources: vec![order.source(number, line)] })
    });
    numbers.collect()
}
