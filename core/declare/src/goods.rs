//! From order lines to goods: each line, or each part of a kit, with what order and customs master say of it.

use dragoman_model::{At, CommodityCode, Decimal, OrderLine, Source, convert, decimal};
use dragoman_rules::Found;
use dragoman_tree::Finding;

use crate::apportion::apportion;
use crate::findings::{DISAGREE, LEFT_OUT, NO_PRICE, NOT_IN_MASTER, SHARES};
use crate::kits::Kits;
use crate::orders::Order;
use crate::price::{Price, plain, price};
use crate::run::Run;
use crate::statements::Statements;
use crate::tables::{Article, Datum};

/// An order line behind goods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LineOf<'d> {
    /// Index of the order in the input.
    pub order: usize,
    pub line: OrderLine<'d>,
}

/// Goods that become one item.
#[derive(Clone, Debug)]
pub(crate) struct Goods<'d> {
    /// The lines that they come from, at least one.
    pub lines: Vec<LineOf<'d>>,
    /// What is stated of them, at places of a goods item.
    pub stated: Statements,
    /// Net mass in grams.
    pub net: Option<(Decimal, Source)>,
    /// The commodity code, as long as it is known.
    pub code: Option<Found>,
}

/// What is declared of a line: all of it, or one part of a kit.
struct Part<'d> {
    sku: Option<At<'d>>,
    quantity: Decimal,
    /// Where the quantity stands.
    counted: Vec<At<'d>>,
    /// Share of the line, and index of the part.
    share: Option<(&'d str, usize)>,
    price: Option<Price>,
}

/// The goods of an order, in the order of its lines.
pub(crate) fn goods<'d>(run: &mut Run<'d>, index: usize) -> Vec<Goods<'d>> {
    let Some((order, view)) = run.order(index).and_then(|order| Some((order, order.view()?))) else {
        return Vec::new();
    };
    let kits = Kits::of(view.lines());
    let mut all = Vec::new();
    for line in view.lines() {
        let at = LineOf { order: index, line };
        if let Some(why) = kits.stands_for(&line) {
            run.on_line(&at, "parent", Finding::info(&LEFT_OUT, why));
            continue;
        }
        let Some((quantity, is_all)) = quantity(run, &at) else { continue };
        let priced = price(order, &line, quantity, is_all);
        if let Err(why) = &priced {
            let message = format!("what the goods of this line cost is not clear: {why}");
            run.on_line(&at, "price", Finding::error(&NO_PRICE, message));
        }
        let price = priced.ok();
        for part in parts(run, &at, quantity, price) {
            all.push(one(run, at, &part));
        }
    }
    all
}

/// How much of a line is declared, and whether that is all that was ordered. What was cancelled is not.
fn quantity(run: &mut Run<'_>, at: &LineOf<'_>) -> Option<(Decimal, bool)> {
    let ordered = at.line.quantity().and_then(|quantity| quantity.value).unwrap_or(Decimal::ONE);
    let cancelled = at.line.at().decimal("quantity_cancelled.value").unwrap_or_default();
    let left = ordered.checked_sub(cancelled)?;
    if cancelled > Decimal::ZERO {
        let message = format!("{cancelled} of {ordered} cancelled; {} declared", left.max(Decimal::ZERO));
        run.on_line(at, "quantity_cancelled", Finding::info(&LEFT_OUT, message));
    }
    if left <= Decimal::ZERO && cancelled.is_zero() {
        let message = format!("{ordered} of this article are ordered: the line is not declared");
        run.on_line(at, "quantity", Finding::warning(&LEFT_OUT, message));
    }
    (left > Decimal::ZERO).then_some((left, cancelled.is_zero()))
}

/// The line as a whole, or its parts with their shares of the price.
fn parts<'d>(run: &mut Run<'d>, at: &LineOf<'d>, quantity: Decimal, price: Option<Price>) -> Vec<Part<'d>> {
    let line = at.line.at();
    let parts: Vec<_> = line.entries("parts").collect();
    let counted: Vec<_> = line.get("quantity.value").into_iter().collect();
    if parts.is_empty() {
        return vec![Part { sku: line.get("sku"), quantity, counted, share: None, price }];
    }
    let shares: Vec<_> = parts.iter().map(|part| part.decimal("share").unwrap_or_default()).collect();
    let whole = shares.iter().try_fold(Decimal::ZERO, |sum, share| sum.checked_add(*share));
    let shared = price.as_ref().and_then(|price| {
        apportion(price.amount, &shares, price.amount.scale()).filter(|_| whole == Some(Decimal::ONE))
    });
    if shared.is_none() && price.is_some() {
        run.on_line(at, "parts", Finding::error(&SHARES, "the shares of this line's parts do not sum to 1"));
    }
    let part = |(index, part): (usize, &At<'d>)| {
        let count = part.decimal("quantity.value").unwrap_or(Decimal::ONE);
        let amount = shared.as_ref().and_then(|shares| shares.get(index).copied());
        let price = price.as_ref().zip(amount).map(|(price, amount)| {
            let mut sources = price.sources.clone();
            let share = part.get("share");
            sources.extend(share.and_then(|share| Some(run.order(at.order)?.source(share, at.line.id()))));
            Price { literal: plain(amount), amount, sources, ..price.clone() }
        });
        Part {
            sku: part.get("sku"),
            quantity: quantity.checked_mul(count).unwrap_or(quantity),
            counted: counted.iter().copied().chain(part.get("quantity.value")).collect(),
            share: Some((part.text("share").unwrap_or_default(), index)),
            price,
        }
    };
    parts.iter().enumerate().map(part).collect()
}

/// What order and master say of one part.
fn one<'d>(run: &mut Run<'d>, at: LineOf<'d>, part: &Part<'d>) -> Goods<'d> {
    let article = article(run, &at, part);
    let mut goods = Goods { lines: vec![at], stated: Statements::default(), net: None, code: None };
    let Some(order) = run.order(at.order) else { return goods };
    refer(&mut goods.stated, order, &at, part);
    let customs = |path: &str| {
        let value = at.line.at().get("customs")?.get(path)?;
        Some(Datum { text: value.value()?.to_owned(), source: order.source(value, at.line.id()) })
    };
    let language = &run.inputs.rules.language;
    let described = customs("description")
        .filter(|_| customs("description_lang").is_none_or(|lang| lang.text == **language));
    let code = code(run, &at, customs("code"), article.code);
    let origin = agreed(run, &at, "origin", customs("origin"), article.origin);
    goods.code = code.map(|datum| Found { text: datum.text, currency: None, sources: vec![datum.source] });
    let stated = &mut goods.stated;
    let mut state = |path: &str, datum: Option<Datum>| {
        if let Some(Datum { text, source }) = datum {
            stated.state(path, text, vec![source]);
        }
    };
    state("description", described.or(article.description));
    state("origins[0].country", origin);
    let of_one = at.line.at().measure("customs.net_mass").and_then(|mass| {
        let value = at.line.at().get("customs.net_mass.value")?;
        let grams = convert(mass.value?, mass.unit?, "GRM")?;
        Some((grams, order.source(value, at.line.id())))
    });
    goods.net = of_one.or(article.net_mass).and_then(|(grams, source)| {
        let all = grams.checked_mul(part.quantity)?;
        Some((all, source))
    });
    state_mass(&mut goods, order, &at, part);
    state_price(&mut goods.stated, part.price.as_ref());
    goods
}

/// What the master says of the article, with a finding on the line where it does not have it.
fn article(run: &mut Run<'_>, at: &LineOf<'_>, part: &Part<'_>) -> Article {
    let rules = run.inputs.rules;
    let sku = part.sku.and_then(|sku| sku.value());
    let found =
        sku.and_then(|sku| run.inputs.master.article(sku, run.inputs.on, &rules.schedules, &rules.language));
    if let Some(mut article) = found {
        run.on_master(std::mem::take(&mut article.findings));
        return article;
    }
    let states = |path: &str| at.line.at().text(&format!("customs.{path}")).is_some();
    if !["code", "origin", "description"].into_iter().all(states) {
        let message = match sku {
            Some(sku) => format!("the customs master does not have {sku}"),
            None => "the line has no SKU, so the customs master cannot be asked".to_owned(),
        };
        let hint = "add a row with its code, origin, net mass and description to the customs master";
        run.on_line(at, "sku", Finding::error(&NOT_IN_MASTER, message).hint(hint));
    }
    Article::default()
}

/// Which order line this is, and what the seller calls it.
fn refer(stated: &mut Statements, order: &Order<'_>, at: &LineOf<'_>, part: &Part<'_>) {
    let line = at.line.at();
    let source = |at: At<'_>| order.source(at, line.text("line"));
    let mut copy = |path: &str, from: Option<At<'_>>| {
        if let Some((from, text)) = from.and_then(|from| Some((from, from.value()?))) {
            stated.state(path, text, vec![source(from)]);
        }
    };
    copy("order_lines[0].order", order.at().get("order_number"));
    copy("order_lines[0].line", line.get("line"));
    copy("product.sku", part.sku);
    copy("product.gtin", line.get("gtin").filter(|_| part.share.is_none()));
    copy("product.name", line.get("title").filter(|_| part.share.is_none()));
    copy("quantity.unit", line.get("quantity.unit").filter(|_| part.share.is_none()));
    let counted: Vec<_> = part.counted.iter().map(|at| source(*at)).collect();
    let quantity = match part.counted.as_slice() {
        [one] if one.decimal(".") == Some(part.quantity) => one.value().unwrap_or_default().to_owned(),
        _ => plain(part.quantity),
    };
    stated.state("order_lines[0].quantity.value", quantity.clone(), counted.clone());
    stated.state("quantity.value", quantity, counted);
    if let Some((share, index)) = part.share {
        let parts: Vec<_> = line.entries("parts").collect();
        let sources: Vec<_> =
            parts.get(index).and_then(|part| part.get("share")).map(source).into_iter().collect();
        stated.state("order_lines[0].share", share, sources);
        stated.state("order_lines[0].part", index.to_string(), Vec::new());
    }
}

fn state_mass(goods: &mut Goods<'_>, order: &Order<'_>, at: &LineOf<'_>, part: &Part<'_>) {
    let Some((grams, source)) = &goods.net else { return };
    let Some(kilograms) = convert(*grams, "GRM", "KGM") else { return };
    let mut sources = vec![source.clone()];
    sources.extend(part.counted.iter().map(|count| order.source(*count, at.line.id())));
    goods.stated.state("mass.net.value", plain(kilograms.normalize()), sources.clone());
    goods.stated.state("mass.net.unit", "KGM", sources);
}

fn state_price(stated: &mut Statements, price: Option<&Price>) {
    let Some(price) = price else { return };
    for place in ["price", "valuation.customs_value"] {
        stated.state(format!("{place}.amount"), price.literal.clone(), price.sources.clone());
        stated.state(format!("{place}.currency"), price.currency.clone(), price.currency_source.clone());
    }
}

/// The commodity code: of order and master the one that says more, where they agree.
fn code(run: &mut Run<'_>, at: &LineOf<'_>, order: Option<Datum>, master: Option<Datum>) -> Option<Datum> {
    let is_under = |inner: &Datum, outer: &Datum| {
        let codes = CommodityCode::parse(&inner.text).zip(CommodityCode::parse(&outer.text));
        codes.is_some_and(|(inner, outer)| inner.is_under(&outer))
    };
    match (order, master) {
        (Some(order), Some(master)) if is_under(&master, &order) => Some(master),
        (Some(order), Some(master)) if is_under(&order, &master) => Some(order),
        (order, master) => agreed(run, at, "commodity code", order, master),
    }
}

/// What the order says, else what the master says; with a finding where they differ.
fn agreed(
    run: &mut Run<'_>,
    at: &LineOf<'_>,
    what: &str,
    order: Option<Datum>,
    master: Option<Datum>,
) -> Option<Datum> {
    if let (Some(order), Some(master)) = (&order, &master)
        && order.text != master.text
    {
        let message = format!("{what} {} in the order, {} in the customs master", order.text, master.text);
        run.on_line(at, "customs", Finding::warning(&DISAGREE, message));
    }
    order.or(master)
}

/// The value of a literal.
pub(crate) fn number(text: &str) -> Decimal {
    decimal(text).unwrap_or_default()
}
