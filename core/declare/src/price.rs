//! What the goods of an order line cost: the price paid for them, without transport and without taxes that it includes.

use crate::orders::Order;
use dragoman_model::{At, Decimal, Money, OrderLine, Source};

/// The price of goods.
#[derive(Clone, Debug)]
pub(crate) struct Price {
    /// The amount as it stands in the order, or as it was computed.
    pub literal: String,
    pub amount: Decimal,
    pub currency: String,
    /// The amounts that it is made of.
    pub sources: Vec<Source>,
}

/// The price of `quantity` of a line's goods, which is all that was ordered where `is_all`. `Err` says why it is not
/// clear.
pub(crate) fn price(
    order: &Order<'_>,
    line: &OrderLine<'_>,
    quantity: Decimal,
    is_all: bool,
) -> Result<Price, &'static str> {
    let stated = line.price().filter(|_| is_all);
    let unit = line.unit_price();
    let of_units = match unit {
        Some(Money { value: Some(unit), .. }) => unit.checked_mul(quantity),
        _ => None,
    };
    let money = stated.or(unit).ok_or("the order states no price")?;
    let stated_value = stated.and_then(|stated| stated.value);
    let gross = stated_value.or(of_units).ok_or("the price is no number")?;
    let currency = money.currency.ok_or("the price has no currency")?;
    let mut price = Price {
        literal: if stated.is_some() { money.amount.to_owned() } else { plain(gross) },
        amount: gross,
        currency: currency.to_owned(),
        sources: sources(
            order,
            line,
            if stated.is_some() { &["price"] } else { &["unit_price", "quantity"] },
        ),
    };
    let includes_discounts = stated.is_none() || of_units == Some(gross);
    if includes_discounts {
        let discounts =
            line.at().entries("discounts").filter_map(|discount| discount.get("amount")).collect();
        price.take_off(order, line, discounts)?;
    }
    let includes_tax = line.order().at().texts("prices_include").any(|what| what == "tax");
    if includes_tax {
        let taxes: Vec<_> =
            line.at().entries("tax_collections").filter_map(|tax| tax.get("amount")).collect();
        if taxes.is_empty() {
            return Err("it includes tax, and the order does not say how much");
        }
        price.take_off(order, line, taxes)?;
    }
    if price.amount < Decimal::ZERO {
        return Err("it is below 0");
    }
    Ok(price)
}

impl Price {
    /// Takes amounts off that the price includes; they may be stated with either sign.
    fn take_off(
        &mut self,
        order: &Order<'_>,
        line: &OrderLine<'_>,
        amounts: Vec<At<'_>>,
    ) -> Result<(), &'static str> {
        for amount in amounts {
            let value = amount.decimal("amount").map(|value| value.abs());
            let currency = amount.text("currency").unwrap_or(&self.currency);
            let left =
                value.filter(|_| currency == self.currency).and_then(|value| self.amount.checked_sub(value));
            let Some((left, literal)) = left.zip(amount.get("amount")) else {
                return Err("a discount or tax of it is no number, or in another currency");
            };
            if left != self.amount {
                self.amount = left;
                self.literal = plain(left);
                self.sources.push(order.source(literal, line.id()));
            }
        }
        Ok(())
    }
}

/// A computed number: no exponent, the decimals that the computation gave.
pub(crate) fn plain(value: Decimal) -> String {
    value.to_string()
}

fn sources(order: &Order<'_>, line: &OrderLine<'_>, paths: &[&str]) -> Vec<Source> {
    let literal = |path: &&str| {
        let at = line.at().get(path)?;
        Some(at.get("amount").or_else(|| at.get("value")).unwrap_or(at))
    };
    paths.iter().filter_map(literal).map(|at| order.source(at, line.id())).collect()
}
