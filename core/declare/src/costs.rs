//! Terms of delivery and the customs value: which costs of the transport the price of the goods includes, and so which of
//! those that the consignment states are added to it, and which are taken off.
//!
//! Customs values goods at the border of the country: carriage and insurance up to there belong to the value, what comes
//! after does not, nor do duties (WTO, Agreement on implementation of article VII of GATT 1994, article 8.2 and the note to
//! article 1). Countries that value goods at the place of shipment leave out what their rules do not ask for.

use dragoman_model::{Source, decimal};
use dragoman_rules::Found;
use dragoman_tree::{Finding, Span};

use crate::facts::Asked;
use crate::findings::SHARED_COST;
use crate::price::plain;
use crate::run::Run;

/// What a cost is for, in the order of the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cost {
    /// Carriage inside the country of dispatch, and loading.
    Inland,
    /// Carriage up to the place where goods enter the country of destination.
    Main,
    /// Insurance up to there.
    Insurance,
    /// Carriage after that place.
    Onward,
    /// Duties and taxes of the country of destination.
    Duties,
}

impl Cost {
    const ALL: [(Self, &'static str); 5] = [
        (Self::Inland, "inland"),
        (Self::Main, "main"),
        (Self::Insurance, "insurance"),
        (Self::Onward, "onward"),
        (Self::Duties, "duties"),
    ];

    /// The cost of that word.
    pub fn of(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, own)| *own == word).map(|(cost, _)| *cost)
    }

    /// The words of all.
    pub fn words() -> impl Iterator<Item = &'static str> {
        Self::ALL.iter().map(|(_, word)| *word)
    }

    /// True of what belongs to the value at the border.
    fn is_before_the_border(self) -> bool {
        matches!(self, Self::Inland | Self::Main | Self::Insurance)
    }
}

/// A cost that the consignment states.
#[derive(Clone, Debug)]
pub(crate) struct Stated {
    pub cost: Cost,
    pub amount: String,
    pub currency: String,
    pub sources: Vec<Source>,
    /// The orders whose goods it is for; empty for all.
    pub orders: Vec<String>,
    /// Where the amount stands in the file.
    pub span: Span,
}

/// What the seller pays for, so that the price includes it (ICC, Incoterms 2020; those of 2010 that are still in use).
const TERMS: [(&str, &[Cost]); 13] = [
    ("EXW", &[]),
    ("FCA", &[]),
    ("FAS", &[Cost::Inland]),
    ("FOB", &[Cost::Inland]),
    ("CFR", &[Cost::Inland, Cost::Main]),
    ("CPT", &[Cost::Inland, Cost::Main]),
    ("CIF", &[Cost::Inland, Cost::Main, Cost::Insurance]),
    ("CIP", &[Cost::Inland, Cost::Main, Cost::Insurance]),
    ("DAP", &[Cost::Inland, Cost::Main, Cost::Insurance, Cost::Onward]),
    ("DPU", &[Cost::Inland, Cost::Main, Cost::Insurance, Cost::Onward]),
    ("DAT", &[Cost::Inland, Cost::Main, Cost::Insurance, Cost::Onward]),
    ("DDU", &[Cost::Inland, Cost::Main, Cost::Insurance, Cost::Onward]),
    ("DDP", &[Cost::Inland, Cost::Main, Cost::Insurance, Cost::Onward, Cost::Duties]),
];

/// Says of costs that are stated of all orders that they are no single declaration's, where there are several.
pub(crate) fn shared(run: &mut Run<'_>) {
    let consignment = run.inputs.consignment;
    for one in consignment.costs.iter().filter(|one| one.orders.is_empty()) {
        let message =
            "a cost of all orders, and they are declared in several declarations: each adds all of it";
        let finding =
            Finding::error(&SHARED_COST, message).hint("give each [[cost]] the orders that it is for");
        run.on_consignment(one.span, finding);
    }
}

/// Costs that some customs houses ask for as one amount.
const SUMS: [(&str, &[Cost]); 3] = [
    ("inland_and_insurance", &[Cost::Inland, Cost::Insurance]),
    ("transport", &[Cost::Inland, Cost::Main, Cost::Insurance]),
    ("onward_and_duties", &[Cost::Onward, Cost::Duties]),
];

/// Facts about costs: `inland_to_add` … `onward_and_duties_to_deduct`, `carriage_unknown`.
pub(crate) fn fact(asked: &Asked<'_, '_>, name: &str) -> Vec<Found> {
    let Some(term) = asked.header.get("delivery_terms.code") else { return Vec::new() };
    let Some((_, included)) = TERMS.iter().find(|(code, _)| **code == *term.value) else { return Vec::new() };
    if name == "carriage_unknown" {
        let is_stated = stated(asked).any(|one| one.cost == Cost::Main);
        let is_unknown = !included.contains(&Cost::Main) && !is_stated;
        return is_unknown.then(|| found("true".to_owned(), None, &term.sources)).into_iter().collect();
    }
    let Some((costs, way)) = name.split_once("_to_") else { return Vec::new() };
    let one = Cost::of(costs).map(|cost| vec![cost]);
    let several = || SUMS.iter().find(|(name, _)| *name == costs).map(|(_, costs)| costs.to_vec());
    let Some(costs) = one.or_else(several) else { return Vec::new() };
    let is_due = |cost: Cost| match way {
        "add" => cost.is_before_the_border() && !included.contains(&cost),
        _ => !cost.is_before_the_border() && included.contains(&cost),
    };
    let own: Vec<_> = stated(asked).filter(|one| costs.contains(&one.cost) && is_due(one.cost)).collect();
    let Some(sum) = sum(&own) else { return Vec::new() };
    let sources: Vec<_> =
        own.iter().flat_map(|one| &one.sources).chain(term.sources.iter()).cloned().collect();
    own.first().map(|one| found(sum, Some(one.currency.clone()), &sources)).into_iter().collect()
}

/// The sum of costs of one currency; one alone keeps its literal. None where there is none, or of several currencies.
fn sum(costs: &[&Stated]) -> Option<String> {
    match costs {
        [] => None,
        [one] => Some(one.amount.clone()),
        [first, others @ ..] => {
            let mut sum = decimal(&first.amount).ok()?;
            for one in others.iter().filter(|one| one.currency == first.currency) {
                sum = sum.checked_add(decimal(&one.amount).ok()?)?;
            }
            others.iter().all(|one| one.currency == first.currency).then(|| plain(sum))
        }
    }
}

/// Says of costs of one kind that they are in several currencies: they cannot be summed.
pub(crate) fn currencies(run: &mut Run<'_>) {
    let costs = &run.inputs.consignment.costs;
    for (place, one) in costs.iter().enumerate() {
        let differs = |other: &&Stated| other.cost == one.cost && other.currency != one.currency;
        if let Some(other) = costs.iter().take(place).find(differs) {
            let message = format!("costs of one kind in {} and {}", other.currency, one.currency);
            run.on_consignment(
                one.span,
                Finding::error(&SHARED_COST, message).hint("state them in one currency"),
            );
        }
    }
}

/// The costs that are stated for the orders of a declaration.
fn stated<'s>(asked: &'s Asked<'_, '_>) -> impl Iterator<Item = &'s Stated> {
    let orders = asked.deliveries.iter().flat_map(|delivery| &delivery.orders);
    let numbers: Vec<_> =
        orders.filter_map(|order| asked.run.order(*order)).map(|order| order.number().to_owned()).collect();
    let is_own =
        move |one: &&Stated| one.orders.is_empty() || one.orders.iter().any(|order| numbers.contains(order));
    asked.run.inputs.consignment.costs.iter().filter(is_own)
}

fn found(text: String, currency: Option<String>, sources: &[Source]) -> Found {
    Found { text, currency, sources: sources.to_vec() }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is paid by the seller is the beginning of the way, and what is not is its end: nothing is counted twice, and
    /// nothing is left out.
    #[test]
    fn a_term_divides_the_way_once() {
        for (term, included) in TERMS {
            let way: Vec<_> = Cost::ALL.iter().map(|(cost, _)| *cost).collect();
            let is_left_to_the_buyer = |cost: &&Cost| !included.contains(cost);
            let first_left = way.iter().position(|cost| !included.contains(cost)).unwrap_or(way.len());
            // Who pays carriage does not always insure it.
            let gap = way.iter().skip(first_left).filter(|cost| included.contains(cost)).count();
            assert_eq!(gap, 0, "{term}");
            assert_eq!(way.iter().filter(is_left_to_the_buyer).count() + included.len(), way.len(), "{term}");
        }
    }
}
