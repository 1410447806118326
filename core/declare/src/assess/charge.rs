//! What a tax or duty comes to.

use dragoman_model::Decimal;
use dragoman_rules::{Name, Subject};
use rust_decimal::RoundingStrategy;

use super::answer::{Amount, Due};
use super::pack::{Charge, PackRule, Per, Rate};
use super::parcel::{Asked, classes};
use crate::goods::number;
use crate::price::plain;

/// A charge of a parcel, or of one of its lines.
pub(super) fn due(rule: &PackRule, charge: &Charge, asked: &Asked<'_, '_>) -> Due {
    let (rate, amount) = match &charge.rate {
        Rate::Words(words) => (words.to_string(), None),
        Rate::Percent(percent) => {
            (format!("{} %", plain(percent.normalize())), part(*percent, &charge.of, asked))
        }
        Rate::Flat { amount, currency, per } => {
            let count = count(*per, asked);
            let times = count.map_or_else(String::new, |count| format!(" × {count}"));
            let all = count.and_then(|count| amount.checked_mul(Decimal::from(count)));
            let total = all.map(|all| Amount { amount: plain(all), currency: currency.to_string() });
            (format!("{} {currency} for each {}{times}", plain(*amount), per.word()), total)
        }
    };
    Due {
        kind: if charge.is_tax { "tax" } else { "duty" },
        name: charge.name.to_string(),
        scheme: charge.scheme.as_deref().map(str::to_owned),
        collector: charge.collector.to_string(),
        base: charge.base.to_string(),
        rate,
        amount,
        rule: rule.id.to_string(),
    }
}

/// That many of a hundred of a base, in cents; `None` where the base is not known, or in several currencies.
fn part(percent: Decimal, of: &[Name], asked: &Asked<'_, '_>) -> Option<Amount> {
    let mut sum = Decimal::ZERO;
    let mut currency: Option<String> = None;
    for found in of.iter().flat_map(|name| asked.find(name)) {
        let own = found.currency?;
        if currency.as_ref().is_some_and(|known| *known != own) {
            return None;
        }
        sum = sum.checked_add(number(&found.text))?;
        currency = Some(own);
    }
    let amount = sum.checked_mul(percent)?.checked_div(Decimal::ONE_HUNDRED)?;
    let amount = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    Some(Amount { amount: plain(amount), currency: currency? })
}

fn count(per: Per, asked: &Asked<'_, '_>) -> Option<usize> {
    match per {
        Per::Parcel => Some(1),
        Per::Line => Some(asked.line.map_or(asked.parcel.goods.len(), |_| 1)),
        Per::Class => classes(asked.parcel.goods),
    }
}
