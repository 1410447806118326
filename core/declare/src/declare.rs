//! From the orders of a consignment to its declarations.

use std::cell::RefCell;
use std::cmp::Reverse;

use dragoman_model::{Document, Source};
use dragoman_rules::{Action, Verdict, undecided};
use dragoman_tree::Finding;

use crate::aggregate::aggregate;
use crate::costs;
use crate::delivery::{accepted, deliveries};
use crate::document::document;
use crate::draft::{Draft, all};
use crate::facts::{Asked, Count, Delivery};
use crate::findings::{File, Located, NO_DATA_SET, NO_LRN, NOT_WRITTEN, SEVERAL};
use crate::goods::{Goods, goods};
use crate::header::{agree, header, join};
use crate::packages::pack;
use crate::run::{Inputs, Run};
use crate::statements::Statements;

/// What declaring gives.
#[derive(Debug, Default)]
pub struct Declared {
    /// The declarations, each value with its origin.
    pub declarations: Vec<Document<'static>>,
    /// What was stated but is not declared, because the data set has no place for it.
    pub left_out: Vec<LeftOut>,
    /// What is worth saying, file by file in the order of the bytes, of one place the most severe first. Those of
    /// severity error mark what customs would refuse.
    pub findings: Vec<Located>,
}

/// A value that was stated but is not declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The index of the declaration.
    pub declaration: usize,
    /// Where it would stand.
    pub path: String,
    /// The value.
    pub value: String,
    /// Who stated it.
    pub sources: Vec<Source>,
    /// The rule that the data set has no such place.
    pub rule: Box<str>,
}

/// Makes the declarations of a consignment: of all orders that agree in data set, parties, destination and IOSS number
/// one, with one goods item an order line. What is missing is said, and the declaration made without it.
pub fn declare(inputs: &Inputs<'_>) -> Declared {
    let mut run = Run { inputs, findings: Vec::new() };
    for (file, findings) in [(File::Master, &inputs.master.findings), (File::Rates, &inputs.rates.findings)] {
        for finding in findings {
            run.say(file, finding.clone());
        }
    }
    let drafts = drafts(&mut run);
    if drafts.len() > 1 && !inputs.rules.apart {
        let numbers: Vec<_> = drafts.iter().map(|draft| draft.data_set.as_deref().unwrap_or("?")).collect();
        let message = format!("{} declarations: {}", drafts.len(), numbers.join(", "));
        run.say(File::Consignment, Finding::info(&SEVERAL, message));
    }
    let is_alone = drafts.len() == 1;
    if !is_alone {
        costs::shared(&mut run);
    }
    costs::currencies(&mut run);
    let mut declared = Declared::default();
    for draft in drafts {
        finish(&mut run, draft, is_alone, &mut declared);
    }
    declared.findings = run.findings;
    declared.findings.sort_by_key(|located| {
        let start = located.finding.span.as_ref().map_or(0, |span| span.start);
        (located.file, start, Reverse(located.finding.severity))
    });
    declared
}

/// The declarations before rules are applied to them.
fn drafts<'a>(run: &mut Run<'a>) -> Vec<Draft<'a>> {
    let orders = accepted(run);
    let mut all_goods: Vec<(usize, Vec<Goods<'a>>)> = Vec::new();
    for index in &orders {
        let goods = goods(run, *index);
        all_goods.push((*index, goods));
    }
    let deliveries = deliveries(run, &orders, &all_goods);
    let count = Count { orders: orders.len(), recipients: deliveries.len() };
    let mut drafts: Vec<Draft<'a>> = Vec::new();
    for delivery in deliveries {
        let mut parts =
            delivery.orders.iter().map(|index| header(run, *index)).collect::<Vec<_>>().into_iter();
        let Some(mut header) = parts.next() else { continue };
        let data_set = choose(run, &delivery, &header, count);
        if let Some((name, sources)) = &data_set {
            header.state("data_set", &**name, sources.clone());
        }
        parts.for_each(|part| join(&mut header, &part));
        let is_own = |(index, _): &mut (usize, Vec<Goods<'a>>)| delivery.orders.contains(index);
        let goods = all_goods.extract_if(.., is_own).flat_map(|(_, goods)| goods).collect();
        let draft = Draft {
            number: drafts.len(),
            data_set: data_set.map(|(name, _)| name),
            deliveries: vec![delivery],
            count,
            header,
            goods,
            left_out: Vec::new(),
        };
        let is_own = run.inputs.rules.apart || run.inputs.rules.each_order;
        match drafts.iter_mut().find(|other| !is_own && can_share(other, &draft)) {
            Some(other) => merge(other, draft),
            None => drafts.push(draft),
        }
    }
    drafts
}

fn can_share(one: &Draft<'_>, two: &Draft<'_>) -> bool {
    let ioss = |draft: &Draft<'_>| {
        draft.deliveries.first().and_then(|delivery| delivery.ioss.as_ref()).map(|found| found.text.clone())
    };
    one.data_set == two.data_set && ioss(one) == ioss(two) && agree(&one.header, &two.header)
}

fn merge<'a>(into: &mut Draft<'a>, other: Draft<'a>) {
    join(&mut into.header, &other.header);
    into.deliveries.extend(other.deliveries);
    into.goods.extend(other.goods);
}

/// The data set of what one recipient gets: of the first rule that chooses one and holds for all its orders. Its
/// sources are the rule and the rates that its condition took.
fn choose(
    run: &mut Run<'_>,
    delivery: &Delivery,
    header: &Statements,
    count: Count,
) -> Option<(Box<str>, Vec<Source>)> {
    for rule in run.inputs.rules.on(run.inputs.on, None) {
        let chosen = rule.actions.iter().find_map(|action| match action {
            Action::Choose(name) => Some(name),
            _ => None,
        });
        let Some(name) = chosen else { continue };
        let asked = |order: &usize| Asked {
            run,
            header,
            delivery,
            deliveries: std::slice::from_ref(delivery),
            count,
            order: *order,
            goods: None,
            used: RefCell::default(),
        };
        let asked: Vec<_> = delivery.orders.iter().map(asked).collect();
        let verdict = all(&rule.when, &asked);
        let rates = asked.into_iter().flat_map(|one| one.used.into_inner());
        let rule_and_rates = std::iter::once(Source::Rule { id: (&*rule.id).into() }).chain(rates).collect();
        match verdict {
            Verdict::Holds => return Some((name.clone(), rule_and_rates)),
            Verdict::Unknown(rate) => say_each(run, delivery, &undecided(rule, &rate)),
            Verdict::Fails => {}
        }
    }
    let message = "no rule says which data set this declaration is of";
    say_each(run, delivery, &Finding::error(&NO_DATA_SET, message));
    None
}

fn say_each(run: &mut Run<'_>, delivery: &Delivery, finding: &Finding) {
    delivery.orders.iter().for_each(|order| run.on_order(*order, finding.clone()));
}

/// Applies the rules to a draft, and writes it.
fn finish<'a>(run: &mut Run<'a>, mut draft: Draft<'a>, is_alone: bool, declared: &mut Declared) {
    refer(run, &mut draft);
    let consignment = &run.inputs.consignment.item;
    draft.goods.iter_mut().for_each(|goods| goods.stated.adopt(consignment));
    draft.supply(run);
    draft.prune(run);
    if let Some(further) = &run.inputs.profile.aggregate {
        draft.goods = aggregate(std::mem::take(&mut draft.goods), further);
    }
    pack(&mut draft, run, is_alone);
    number(&mut draft);
    draft.prune(run);
    draft.check(run);
    let items: Vec<_> = draft.goods.iter().map(|goods| &goods.stated).collect();
    match document(&draft.header, &items) {
        Ok(document) => declared.declarations.push(document),
        Err(error) => run.say(File::Consignment, Finding::error(&NOT_WRITTEN, error.to_string())),
    }
    declared.left_out.extend(draft.left_out);
}

/// The declaration's own reference, and the orders that it covers.
fn refer(run: &mut Run<'_>, draft: &mut Draft<'_>) {
    match run.lrn(draft.number) {
        Some((lrn, sources)) => draft.header.state("lrn", lrn, sources),
        None => {
            let message = format!("declaration {} has no reference", draft.number + 1);
            let finding =
                Finding::error(&NO_LRN, message).hint("give a reference with --lrn, once a declaration");
            run.say(File::Consignment, finding);
        }
    }
    let orders: Vec<_> = draft.orders().collect();
    for (number, index) in orders.into_iter().enumerate() {
        let Some(order) = run.order(index) else { continue };
        let Some(at) = order.at().get("order_number") else { continue };
        draft.header.state(
            format!("order_refs[{number}].order"),
            order.number(),
            vec![order.source(at, None)],
        );
    }
}

/// Numbers the items, and counts them.
fn number(draft: &mut Draft<'_>) {
    for (index, goods) in draft.goods.iter_mut().enumerate() {
        goods.stated.state("sequence", (index + 1).to_string(), Vec::new());
    }
    draft.header.state("totals.items", draft.goods.len().to_string(), Vec::new());
}
