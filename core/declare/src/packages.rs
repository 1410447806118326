//! Packages and gross mass: stated of the consignment, declared of items.

use dragoman_model::{Decimal, Source, convert};
use dragoman_rules::Found;
use dragoman_tree::Finding;

use crate::apportion::apportion;
use crate::draft::Draft;
use crate::facts::Delivery;
use crate::findings::PACKAGES;
use crate::goods::{Goods, number};
use crate::orders::Order;
use crate::price::plain;
use crate::run::Run;
use crate::settings::Package;
use crate::statements::Statements;

/// Gives the consignment's packages to the items whose goods they hold. The first of several items states their number,
/// the others 0 of the same marks, so that the sum is right. Gross mass is shared out by net mass, unless the rules want it
/// where the packages are counted. `is_alone` where the
/// consignment is one declaration.
pub(crate) fn pack(draft: &mut Draft<'_>, run: &mut Run<'_>, is_alone: bool) {
    let packages = &run.inputs.consignment.packages;
    let mut gross: Vec<(Decimal, Vec<Source>)> = vec![(Decimal::ZERO, Vec::new()); draft.goods.len()];
    let mut counted = Vec::new();
    for package in packages {
        if package.orders.is_empty() && !is_alone {
            let message = "these packages name no orders, and the consignment becomes several declarations";
            let finding =
                Finding::error(&PACKAGES, message).hint("say `orders = [\"…\"]` in each [[package]]");
            run.on_consignment(package.span, finding);
            continue;
        }
        let held = held(package, draft, run);
        if held.is_empty() {
            continue;
        }
        counted.extend(package.stated.get("count").cloned());
        for (position, index) in held.iter().enumerate() {
            if let Some(goods) = draft.goods.get_mut(*index) {
                state(&mut goods.stated, package, position == 0);
            }
        }
        share_out(run, draft, package, &held, &mut gross);
    }
    for (goods, (grams, sources)) in draft.goods.iter_mut().zip(gross) {
        state_gross(&mut goods.stated, grams, sources);
    }
    if !counted.is_empty() {
        let total = counted
            .iter()
            .filter_map(|count| number(&count.value).into())
            .try_fold(Decimal::ZERO, Decimal::checked_add);
        let sources = counted.iter().flat_map(|count| count.sources.iter().cloned()).collect::<Vec<_>>();
        draft.header.state("totals.packages", plain(total.unwrap_or_default()), sources);
    }
}

/// The items whose goods a package holds.
fn held(package: &Package, draft: &Draft<'_>, run: &Run<'_>) -> Vec<usize> {
    let named = |order: usize| {
        let number = run.order(order).map(Order::number).unwrap_or_default();
        package.orders.is_empty() || package.orders.iter().any(|one| one == number)
    };
    let holds = |goods: &Goods<'_>| goods.lines.iter().any(|at| named(at.order));
    draft.goods.iter().enumerate().filter(|(_, goods)| holds(goods)).map(|(index, _)| index).collect()
}

fn state(stated: &mut Statements, package: &Package, is_first: bool) {
    let index = stated.entries("packages");
    for member in ["type", "count", "marks"] {
        let Some(one) = package.stated.get(member) else { continue };
        let value = if member == "count" && !is_first { "0" } else { &one.value };
        stated.state(format!("packages[{index}].{member}"), value, one.sources.clone());
    }
    stated.state(format!("packages[{index}].sequence"), (index + 1).to_string(), Vec::new());
}

fn share_out(
    run: &mut Run<'_>,
    draft: &Draft<'_>,
    package: &Package,
    held: &[usize],
    gross: &mut [(Decimal, Vec<Source>)],
) {
    let Some((grams, source)) = &package.gross else { return };
    let nets: Vec<_> = held.iter().filter_map(|index| draft.goods.get(*index)?.net.clone()).collect();
    let shares = match held {
        [_] => Some(vec![*grams]),
        _ if run.inputs.rules.gross_of_counted => {
            Some((0..held.len()).map(|at| if at == 0 { *grams } else { Decimal::ZERO }).collect())
        }
        _ if nets.len() < held.len() => None,
        _ => apportion(*grams, &nets.iter().map(|(net, _)| *net).collect::<Vec<_>>(), grams.scale()),
    };
    let Some(shares) = shares else {
        let message = "the gross mass of these packages cannot be shared out: not every item has a net mass";
        run.on_consignment(package.span, Finding::error(&PACKAGES, message));
        return;
    };
    for (position, (index, share)) in held.iter().zip(shares).enumerate() {
        let Some((sum, sources)) = gross.get_mut(*index) else { continue };
        *sum = sum.checked_add(share).unwrap_or(*sum);
        sources.push(source.clone());
        let weight = nets.get(position).filter(|_| held.len() > 1);
        sources.extend(weight.map(|(_, source)| source.clone()));
    }
}

/// The gross mass of the packages that hold goods of what these recipients get.
pub(crate) fn gross_mass(run: &Run<'_>, deliveries: &[Delivery]) -> Option<Found> {
    let orders = deliveries.iter().flat_map(|delivery| &delivery.orders);
    let numbers: Vec<_> = orders.filter_map(|order| run.order(*order)).map(Order::number).collect();
    let holds = |package: &&Package| {
        package.orders.is_empty() || package.orders.iter().any(|order| numbers.contains(&order.as_str()))
    };
    let (mut sum, mut sources) = (Decimal::ZERO, Vec::new());
    for (grams, source) in
        run.inputs.consignment.packages.iter().filter(holds).filter_map(|one| one.gross.clone())
    {
        sum = sum.checked_add(grams)?;
        sources.push(source);
    }
    let kilograms = convert(sum, "GRM", "KGM").filter(|_| !sources.is_empty())?;
    Some(Found { text: plain(kilograms.normalize()), currency: None, sources })
}

/// What the packages of some orders travel under: a `waybill`, a `master_waybill`, a `bag`. Packages that name no orders are
/// of all.
pub(crate) fn carriage(run: &Run<'_>, orders: &[usize], name: &str) -> Option<Found> {
    let numbers: Vec<_> = orders.iter().filter_map(|order| run.order(*order)).map(Order::number).collect();
    let holds = |package: &&Package| {
        package.orders.is_empty() || package.orders.iter().any(|order| numbers.contains(&order.as_str()))
    };
    let mut packages = run.inputs.consignment.packages.iter().filter(holds);
    let one = packages.find_map(|package| package.carriage.get(name))?;
    Some(Found { text: one.value.to_string(), currency: None, sources: one.sources.to_vec() })
}

fn state_gross(stated: &mut Statements, grams: Decimal, sources: Vec<Source>) {
    let Some(kilograms) = convert(grams, "GRM", "KGM").filter(|_| !sources.is_empty()) else { return };
    stated.state("mass.gross.value", plain(kilograms.normalize()), sources.clone());
    stated.state("mass.gross.unit", "KGM", sources);
}
