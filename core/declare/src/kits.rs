//! Kits whose parts are lines of their own: the whole or its parts are declared, never both.

use std::collections::BTreeMap;

use dragoman_model::{Decimal, Money, OrderLine};

/// The wholes among the lines of an order, each by its id.
#[derive(Clone, Debug, Default)]
pub(crate) struct Kits<'d> {
    /// True where it states no price and a part of it does.
    by_parts: BTreeMap<&'d str, bool>,
}

impl<'d> Kits<'d> {
    /// Those of an order.
    pub fn of(lines: impl Iterator<Item = OrderLine<'d>>) -> Self {
        let lines: Vec<_> = lines.collect();
        let mut by_parts = BTreeMap::new();
        for part in &lines {
            let whole =
                parent(part).and_then(|id| lines.iter().find(|line| line.at().text("line") == Some(id)));
            if let Some((whole, id)) = whole.zip(parent(part)) {
                let is_priced = is_priced(part) && !is_priced(whole);
                by_parts.entry(id).and_modify(|known| *known |= is_priced).or_insert(is_priced);
            }
        }
        Self { by_parts }
    }

    /// Why a line is not declared, where others are in its place.
    pub fn stands_for(&self, line: &OrderLine<'_>) -> Option<String> {
        let by_parts = |id: &str| self.by_parts.get(id).copied();
        if let Some(whole) = parent(line).filter(|id| by_parts(id) == Some(false)) {
            return Some(format!("it is a part of line {whole}, which is declared"));
        }
        let own = line.at().text("line").and_then(by_parts);
        (own == Some(true)).then(|| "its parts are lines of their own, and state the prices".to_owned())
    }
}

fn parent<'d>(line: &OrderLine<'d>) -> Option<&'d str> {
    line.at().text("parent")
}

fn is_priced(line: &OrderLine<'_>) -> bool {
    let is_some = |money: Option<Money<'_>>| money.and_then(|money| money.value) > Some(Decimal::ZERO);
    is_some(line.price()) || is_some(line.unit_price())
}
