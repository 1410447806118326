//! Several order lines as one goods item: only where the profile asks for it, and only where everything that is
//! declared of them agrees (canonical model, section 7).

use dragoman_model::{Decimal, decimal};

use crate::goods::Goods;
use crate::price::plain;
use crate::statements::{Statement, Statements, same};

/// Amounts that are added up; everything else has to agree.
const SUMS: [&str; 4] =
    ["price.amount", "valuation.customs_value.amount", "mass.net.value", "quantity.value"];

/// What says where goods come from, not what they are.
const REFERENCES: [&str; 2] = ["order_lines[", "product."];

/// Joins goods that agree, the later to the earlier. `further` are places of an item that have to agree as well, such
/// as `product.sku`.
pub(crate) fn aggregate<'a>(goods: Vec<Goods<'a>>, further: &[String]) -> Vec<Goods<'a>> {
    let mut items: Vec<Goods<'a>> = Vec::new();
    for one in goods {
        match items.iter_mut().find(|item| can_join(&item.stated, &one.stated, further)) {
            Some(item) => join(item, one),
            None => items.push(one),
        }
    }
    items
}

fn can_join(one: &Statements, two: &Statements, further: &[String]) -> bool {
    let is_reference = |path: &str| REFERENCES.iter().any(|start| path.starts_with(start));
    let compared = |all: &Statements| -> Vec<Statement> {
        let kept = all.iter().filter(|one| !is_reference(&one.path) && !SUMS.contains(&&*one.path));
        kept.cloned().collect()
    };
    let (left, right) = (compared(one), compared(two));
    let all = |list: &[Statement]| list.len();
    let has_same_sums = SUMS.iter().all(|path| {
        let numbers = [one, two].map(|all| all.value(path).map(decimal));
        matches!(numbers, [None, None] | [Some(Ok(_)), Some(Ok(_))])
    });
    let agree = further.iter().all(|path| one.value(path) == two.value(path));
    let (left_refs, right_refs): (Vec<_>, Vec<_>) = (left.iter().collect(), right.iter().collect());
    has_same_sums && agree && all(&left) == all(&right) && same(&left_refs, &right_refs)
}

fn join<'a>(item: &mut Goods<'a>, other: Goods<'a>) {
    let mut sums = Vec::new();
    for path in SUMS {
        let (Some(one), Some(two)) = (item.stated.get(path), other.stated.get(path)) else { continue };
        let sum = decimal(&one.value).ok().and_then(|sum| sum.checked_add(decimal(&two.value).ok()?));
        let Some(sum) = sum else { continue };
        let sources = one.sources.iter().chain(&*two.sources).cloned().collect();
        sums.push(Statement { path: path.into(), value: plain(sum).into(), sources });
    }
    item.stated.retain(|one| !sums.iter().any(|sum| sum.path == one.path));
    item.stated.extend(&sums);
    let kept = |one: &Statement| {
        !one.path.starts_with("product.") || other.stated.value(&one.path) == Some(&*one.value)
    };
    item.stated.retain(kept);
    let next = item.stated.entries("order_lines");
    for line in 0..other.stated.entries("order_lines") {
        let references = other.stated.below(&format!("order_lines[{line}]"));
        let references = references.under(&format!("order_lines[{}]", next + line));
        item.stated.extend(&references.iter().cloned().collect::<Vec<_>>());
    }
    item.net = match (item.net.take(), other.net) {
        (Some((one, source)), Some((two, _))) => one.checked_add(two).map(|sum: Decimal| (sum, source)),
        _ => None,
    };
    item.lines.extend(other.lines);
}
