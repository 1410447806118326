//! What the goods of an order line cost: the price paid for them, without transport and without taxes that it includes.

use dragoman_model::{At, Decimal, Money, OrderLine, Source};

use crate::orders::Order;

/// The price of goods.
#[derive(Clone, Debug)]
pub(crate) struct Price {
    /// The amount as it stands in the order, or as it was computed.
    pub literal: String,
    pub amount: Decimal,
    pub currency: String,
    /// Where the currency stands.
    pub currency_source: Vec<Source>,
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
    let (stated, unit) = (line.price().filter(|_| is_all), line.unit_price());
    let of_units = match unit {
        Some(Money { value: Some(unit), .. }) => unit.checked_mul(quantity),
        _ => None,
    };
    let money = stated.or(unit).ok_or("the order states no price")?;
    let value = if stated.is_some() { money.value } else { of_units };
    let amount = value.ok_or("the price is no number")?;
    let paths: &[&str] = if stated.is_some() { &["price"] } else { &["unit_price", "quantity"] };
    let mut price = Price {
        literal: if stated.is_some() { money.amount.to_owned() } else { plain(amount) },
        amount,
        currency: money.currency.ok_or("the price has no currency")?.to_owned(),
        currency_source: currency_source(order, line, stated.is_some()),
        sources: sources(order, line, paths),
    };
    let includes_discounts = stated.is_none() || of_units == Some(amount);
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

/// Where the currency of the line's price, or of the price of one, is stated: there or once for the order.
fn currency_source(order: &Order<'_>, line: &OrderLine<'_>, is_of_line: bool) -> Vec<Source> {
    let own = line.at().get(if is_of_line { "price.currency" } else { "unit_price.currency" });
    let own = own.map(|at| order.source(at, line.id()));
    let common = || order.at().get("currency").map(|at| order.source(at, None));
    own.or_else(common).into_iter().collect()
}

fn sources(order: &Order<'_>, line: &OrderLine<'_>, paths: &[&str]) -> Vec<Source> {
    let literal = |path: &&str| {
        let at = line.at().get(path)?;
        Some(at.get("amount").or_else(|| at.get("value")).unwrap_or(at))
    };
    paths.iter().filter_map(literal).map(|at| order.source(at, line.id())).collect()
}
