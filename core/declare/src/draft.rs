//! A declaration in the making: what is stated, and the rules applied to it.

use std::borrow::Borrow;
use std::cell::RefCell;
use std::sync::Arc;

use dragoman_model::Source;
use dragoman_rules::{
    Action, Condition, Demand, Pattern, Rule, Subject, Template, Verdict, missing, note, undecided,
};
use dragoman_tree::Finding;

use crate::declare::LeftOut;
use crate::facts::{Asked, Count, Delivery};
use crate::goods::Goods;
use crate::run::Run;
use crate::statements::{Statement, Statements};

/// What a rule is applied to: the header, or goods by their index.
type Target = Option<usize>;

/// A declaration in the making.
#[derive(Clone, Debug)]
pub(crate) struct Draft<'a> {
    /// Its number among those of the consignment, from 0.
    pub number: usize,
    pub data_set: Option<Box<str>>,
    /// What each recipient gets.
    pub deliveries: Vec<Delivery>,
    pub count: Count,
    pub header: Statements,
    pub goods: Vec<Goods<'a>>,
    pub left_out: Vec<LeftOut>,
}

impl<'a> Draft<'a> {
    /// Indices of its orders.
    pub fn orders(&self) -> impl Iterator<Item = usize> + '_ {
        self.deliveries.iter().flat_map(|delivery| delivery.orders.iter().copied())
    }

    /// Applies what rules supply and add, in the order of their file: a later rule sees what an earlier one stated.
    pub fn supply(&mut self, run: &mut Run<'a>) {
        for rule in run.inputs.rules.on(run.inputs.on, self.data_set.clone().as_deref()) {
            for action in &rule.actions {
                for target in self.targets(action) {
                    let supplied = self.supplied(run, rule, action, target);
                    self.stated(target).into_iter().for_each(|stated| stated.extend(&supplied));
                }
            }
        }
    }

    /// Takes back what the data set does not have.
    pub fn prune(&mut self, run: &mut Run<'a>) {
        for rule in run.inputs.rules.on(run.inputs.on, self.data_set.clone().as_deref()) {
            for action in &rule.actions {
                let Action::Forbid(pattern) = action else { continue };
                for target in self.targets(action) {
                    let is_stated = self.stated(target).is_some_and(|stated| stated.holds(pattern));
                    if is_stated && self.holds(run, rule, target) {
                        let gone = self.stated(target).map(|stated| stated.remove(pattern));
                        self.leave_out(rule, target, gone.unwrap_or_default());
                    }
                }
            }
        }
    }

    fn leave_out(&mut self, rule: &Rule, target: Target, gone: Vec<Statement>) {
        let item = target.map(|index| format!("goods_items[{index}].")).unwrap_or_default();
        let declaration = self.number;
        let left_out = gone.into_iter().map(|Statement { path, value, sources }| LeftOut {
            declaration,
            path: format!("{item}{path}"),
            value: value.to_string(),
            sources: sources.to_vec(),
            rule: rule.id.clone(),
        });
        self.left_out.extend(left_out);
    }

    /// Says what is missing, and what rules have to say.
    pub fn check(&self, run: &mut Run<'a>) {
        for rule in run.inputs.rules.on(run.inputs.on, self.data_set.as_deref()) {
            for action in &rule.actions {
                for target in self.targets(action) {
                    self.check_one(run, rule, action, target);
                }
            }
        }
    }

    fn check_one(&self, run: &mut Run<'a>, rule: &Rule, action: &Action, target: Target) {
        let finding = match action {
            Action::Demand(demand) => {
                let goods = target.and_then(|index| self.goods.get(index));
                let stated = goods.map_or(&self.header, |goods| &goods.stated);
                if demand.paths.iter().any(|path| stated.holds(path)) {
                    return;
                }
                self.missing(rule, demand, target)
            }
            Action::Note { text, hint, severity } => note(rule, text, hint.as_deref(), *severity),
            _ => return,
        };
        if self.holds(run, rule, target) {
            self.say(run, target, &finding);
        }
    }

    /// The finding about a datum that is missing.
    fn missing(&self, rule: &Rule, demand: &Demand, target: Target) -> Finding {
        let finding = missing(rule, demand, self.data_set.as_deref().unwrap_or_default());
        let path = demand.paths.first().map(Pattern::text).unwrap_or_default();
        finding.canonical(match target {
            Some(index) => path.replace("goods_items[]", &format!("goods_items[sequence={}]", index + 1)),
            None => path.to_owned(),
        })
    }

    /// Says something on the lines behind goods, or on the first order of the declaration.
    fn say(&self, run: &mut Run<'_>, target: Target, finding: &Finding) {
        match target.and_then(|index| self.goods.get(index)) {
            Some(goods) => goods.lines.iter().for_each(|at| run.on_line(at, "sku", finding.clone())),
            None => {
                if let Some(first) = self.orders().next() {
                    run.on_order(first, finding.clone());
                }
            }
        }
    }

    /// What an action is about: the header, or each of the goods.
    fn targets(&self, action: &Action) -> impl Iterator<Item = Target> + use<> {
        let is_of_item = action.is_of_item();
        let count = if is_of_item { self.goods.len() } else { 1 };
        (0..count).map(move |index| is_of_item.then_some(index))
    }

    fn stated(&mut self, target: Target) -> Option<&mut Statements> {
        match target {
            Some(index) => self.goods.get_mut(index).map(|goods| &mut goods.stated),
            None => Some(&mut self.header),
        }
    }

    /// What an action states that is not stated yet.
    fn supplied(&self, run: &mut Run<'a>, rule: &Rule, action: &Action, target: Target) -> Vec<Statement> {
        if !matches!(action, Action::Supply { .. } | Action::Add { .. }) || !self.holds(run, rule, target) {
            return Vec::new();
        }
        let goods = target.and_then(|index| self.goods.get(index));
        let stated = goods.map_or(&self.header, |goods| &goods.stated);
        let Some(subject) = self.asked(run, goods).next() else { return Vec::new() };
        match action {
            Action::Supply { path, value } => fill(rule, path, value, &subject, stated),
            Action::Add { list, entry } => add(rule, list, entry, &subject, stated),
            _ => Vec::new(),
        }
    }

    /// True where a rule's condition holds seen from every order, or from the order of the goods.
    fn holds(&self, run: &mut Run<'a>, rule: &Rule, target: Target) -> bool {
        let goods = target.and_then(|index| self.goods.get(index));
        let verdict = all(&rule.when, self.asked(run, goods));
        let says_more = rule.actions.iter().any(|action| !matches!(action, Action::Note { .. }));
        if let Verdict::Unknown(rate) = &verdict
            && says_more
        {
            self.say(run, None, &undecided(rule, rate));
        }
        verdict == Verdict::Holds
    }

    /// The declaration seen from each of its orders, or from that of some goods.
    fn asked<'s>(
        &'s self,
        run: &'s Run<'a>,
        goods: Option<&'s Goods<'a>>,
    ) -> impl Iterator<Item = Asked<'s, 'a>> {
        let order = goods.and_then(|goods| goods.lines.first()).map(|at| at.order);
        let orders = |delivery: &'s Delivery| delivery.orders.iter().map(move |index| (delivery, *index));
        let seen = self.deliveries.iter().flat_map(orders);
        let seen = seen.filter(move |(_, index)| order.is_none_or(|order| order == *index));
        let asked = move |(delivery, order)| Asked {
            run,
            header: &self.header,
            delivery,
            deliveries: &self.deliveries,
            count: self.count,
            order,
            goods,
            used: RefCell::default(),
        };
        seen.map(asked)
    }
}

/// Whether a condition holds of all.
pub(crate) fn all<'s, 'a: 's>(
    condition: &Condition,
    asked: impl IntoIterator<Item: Borrow<Asked<'s, 'a>>>,
) -> Verdict {
    asked.into_iter().fold(Verdict::Holds, |all, one| all.and(condition.verdict(one.borrow())))
}

/// A value at each place of a pattern.
fn fill(
    rule: &Rule,
    path: &Pattern,
    value: &Template,
    subject: &dyn Subject,
    stated: &Statements,
) -> Vec<Statement> {
    let Some((value, sources)) = value.fill(subject) else { return Vec::new() };
    let (value, sources) = (Arc::<str>::from(value), Arc::<[Source]>::from(or_rule(rule, sources)));
    let places = stated.places(path).into_iter();
    let statement =
        |path: String| Statement { path: path.into(), value: value.clone(), sources: sources.clone() };
    places.map(statement).collect()
}

/// One more entry of each list of a pattern, where everything that it refers to is there.
fn add(
    rule: &Rule,
    list: &Pattern,
    entry: &[(Box<str>, Template)],
    subject: &dyn Subject,
    stated: &Statements,
) -> Vec<Statement> {
    let filled = entry.iter().map(|(member, value)| Some((member, value.fill(subject)?)));
    let Some(filled) = filled.collect::<Option<Vec<_>>>() else { return Vec::new() };
    let mut added = Vec::new();
    for list in stated.lists(list) {
        let index = stated.entries(&list);
        added.extend(filled.iter().map(|(member, (value, sources))| {
            let dot = if member.is_empty() { "" } else { "." };
            let path = format!("{list}[{index}]{dot}{member}");
            Statement {
                path: path.into(),
                value: value.as_str().into(),
                sources: or_rule(rule, sources.clone()).into(),
            }
        }));
    }
    added
}

/// A value that refers to nothing comes from the rule itself.
fn or_rule(rule: &Rule, sources: Vec<Source>) -> Vec<Source> {
    if sources.is_empty() { vec![Source::Rule { id: (&*rule.id).into() }] } else { sources }
}
