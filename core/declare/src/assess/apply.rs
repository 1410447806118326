//! Applying a pack to a parcel.

use dragoman_model::{Decimal, Source};
use dragoman_rules::{Condition, MISSING, MissingRate, NOTE, Subject, UNDECIDED, Verdict};
use dragoman_tree::{Code, Finding, Severity};
use jiff::ToSpan;

use super::answer::{Answer, Due, RateUsed, Regime, RuleUsed, Said, Upcoming};
use super::charge::due;
use super::pack::{Need, Pack, PackRule, RegimeText, Remark, Says, Standing};
use super::parcel::{Asked, Parcel, Used};
use crate::findings::{CLOSE, FORBIDDEN};
use crate::goods::{Goods, LineOf};

/// How many days ahead changes are said.
const AHEAD: i64 = 60;

/// A pack and a parcel, with what has been said so far.
pub(super) struct Applying<'p, 'a> {
    pack: &'p Pack,
    parcel: &'p Parcel<'a>,
    answer: Answer,
    said: Vec<(Option<LineOf<'a>>, Finding)>,
}

/// Whether a rule applies.
struct Applies {
    verdict: Verdict,
    /// True where a rate that is a little off would tip it.
    is_close: bool,
    used: Vec<Used>,
}

/// Findings with the order lines that they are about.
type SaidOf<'a> = Vec<(Option<LineOf<'a>>, Finding)>;

impl<'p, 'a> Applying<'p, 'a> {
    pub fn new(pack: &'p Pack, parcel: &'p Parcel<'a>) -> Self {
        let answer = Answer {
            pack: pack.name().to_owned(),
            title: pack.title().to_owned(),
            regimes: Vec::new(),
            charges: Vec::new(),
            remarks: Vec::new(),
            upcoming: Vec::new(),
            rates: Vec::new(),
            rules: Vec::new(),
        };
        Self { pack, parcel, answer, said: Vec::new() }
    }

    /// What the pack says; `None` where it is not about this parcel.
    pub fn answer(mut self) -> Option<(Answer, SaidOf<'a>)> {
        if self.applies(&self.pack.when, None).verdict == Verdict::Fails {
            return None;
        }
        let current = || self.pack.list.iter().filter(|rule| rule.holds_on(self.parcel.on));
        let (opening, others): (Vec<_>, Vec<_>) = current().partition(|rule| rule.regime().is_some());
        for rule in opening.into_iter().chain(others) {
            self.rule(rule);
        }
        self.upcoming();
        Some((self.answer, self.said))
    }

    fn applies(&self, when: &Condition, line: Option<&Goods<'a>>) -> Applies {
        let asked = Asked::new(self.parcel, line);
        let verdict = when.verdict(&asked);
        let used = asked.used.into_inner();
        let tips = |factor: Decimal| {
            let asked = Asked { factor, ..Asked::new(self.parcel, line) };
            when.verdict(&asked) != verdict
        };
        let (less, more) = (Decimal::ONE - self.pack.band, Decimal::ONE + self.pack.band);
        let is_close = !used.is_empty() && (tips(less) || tips(more));
        Applies { verdict, is_close, used }
    }

    /// Whether it applies to the parcel or one of its lines.
    fn is_met(&self, rule: &PackRule) -> bool {
        let holds = |line| self.applies(&rule.when, line).verdict == Verdict::Holds;
        if rule.is_of_line() { self.parcel.goods.iter().any(|line| holds(Some(line))) } else { holds(None) }
    }

    fn rule(&mut self, rule: &PackRule) {
        let opened = |regime: &Regime| rule.is_of(&regime.regime);
        if !rule.regimes.is_empty() && !self.answer.regimes.iter().any(opened) {
            return;
        }
        if rule.is_of_line() {
            self.parcel.goods.iter().for_each(|line| self.rule_of(rule, Some(line)));
        } else {
            self.rule_of(rule, None);
        }
    }

    fn rule_of(&mut self, rule: &PackRule, line: Option<&Goods<'a>>) {
        let Applies { verdict, is_close, used } = self.applies(&rule.when, line);
        if is_close {
            let text = format!(
                "{}: the amount is so near the threshold that another rate or day could tip it",
                rule.title
            );
            self.say(rule, line, ("close", &CLOSE, Severity::Warning), text, None);
        }
        self.rates(rule, &used);
        match verdict {
            Verdict::Fails if !is_close => return,
            Verdict::Fails => {}
            Verdict::Unknown(rate) => self.undecided(rule, line, &rate),
            Verdict::Holds if rule.status != Standing::Enacted => {
                let text = format!("{}, not applied: {}", rule.status.word(), rule.title);
                self.say(rule, line, ("note", &NOTE, Severity::Info), text, None);
            }
            Verdict::Holds => rule.says.iter().for_each(|says| self.says(rule, says, line)),
        }
        self.used(rule);
    }

    fn says(&mut self, rule: &PackRule, says: &Says, line: Option<&Goods<'a>>) {
        match says {
            Says::Regime(regime) => self.open(rule, regime),
            Says::Charge(charge) => {
                let due = due(rule, charge, &Asked::new(self.parcel, line));
                self.charge(rule, &due);
            }
            Says::Need(need) => self.need(rule, need, line),
            Says::Prohibited(remark) => self.remark(rule, line, ("forbidden", &FORBIDDEN), remark),
            Says::Note(remark) => self.remark(rule, line, ("note", &NOTE), remark),
        }
    }

    fn open(&mut self, rule: &PackRule, regime: &RegimeText) {
        if self.answer.regimes.iter().any(|open| *open.regime == *regime.id) {
            return;
        }
        self.answer.regimes.push(Regime {
            regime: regime.id.to_string(),
            name: regime.name.to_string(),
            declaration: regime.declaration.to_string(),
            filed_by: regime.filed_by.to_string(),
            rule: rule.id.to_string(),
            charges: Vec::new(),
            remarks: Vec::new(),
        });
    }

    /// What is due goes to the regimes that the rule is of, or to the parcel; a rule of lines says it line by line.
    fn charge(&mut self, rule: &PackRule, due: &Due) {
        if rule.regimes.is_empty() {
            self.answer.charges.push(due.clone());
        }
        for regime in self.answer.regimes.iter_mut().filter(|_| !rule.regimes.is_empty()) {
            if rule.is_of(&regime.regime) {
                regime.charges.push(due.clone());
            }
        }
    }

    fn need(&mut self, rule: &PackRule, need: &Need, line: Option<&Goods<'a>>) {
        let asked = Asked::new(self.parcel, line);
        let is_there =
            need.any.iter().any(|name| asked.find(name).iter().any(|found| !found.text.is_empty()));
        if !is_there {
            let text = format!("{} is missing", need.what);
            let hint = format!("who could supply it: {}", need.ask);
            self.say(rule, line, ("missing", &MISSING, need.severity), text, Some(hint));
        }
    }

    fn remark(
        &mut self,
        rule: &PackRule,
        line: Option<&Goods<'a>>,
        (kind, code): (&'static str, &'static Code),
        remark: &Remark,
    ) {
        let hint = remark.hint.as_deref().map(str::to_owned);
        self.say(rule, line, (kind, code, remark.severity), remark.text.to_string(), hint);
    }

    fn undecided(&mut self, rule: &PackRule, line: Option<&Goods<'a>>, rate: &MissingRate) {
        let MissingRate { from, to, purpose } = rate;
        let text = format!("{}: this cannot be decided without a rate {from} to {to}", rule.title);
        let hint = format!("add a row to the table of rates: purpose {purpose}, from {from}, to {to}");
        self.say(rule, line, ("undecided", &UNDECIDED, Severity::Error), text, Some(hint));
    }

    /// Says something of the parcel or a line, under the regimes that the rule is of.
    fn say(
        &mut self,
        rule: &PackRule,
        line: Option<&Goods<'a>>,
        (kind, code, severity): (&'static str, &'static Code, Severity),
        text: String,
        hint: Option<String>,
    ) {
        let at = line.and_then(|line| line.lines.first()).copied();
        let finding = Finding::new(code, severity, format!("{text} (rule {})", rule.id));
        let finding = hint.iter().fold(finding, |finding, hint| finding.hint(hint.clone()));
        self.said.push((at, finding));
        let line = at.and_then(|at| at.line.id()).map(str::to_owned);
        let said = Said { kind, text, hint, severity: severity.word(), line, rule: rule.id.to_string() };
        if rule.regimes.is_empty() {
            self.answer.remarks.push(said);
            return;
        }
        for regime in &mut self.answer.regimes {
            if rule.is_of(&regime.regime) {
                regime.remarks.push(said.clone());
            }
        }
    }

    fn rates(&mut self, rule: &PackRule, used: &[Used]) {
        for Used { purpose, source } in used {
            let Source::Rate { from, to, date, .. } = source else { continue };
            let rate = RateUsed {
                from: from.to_string(),
                to: to.to_string(),
                date: date.to_string(),
                purpose: purpose.clone(),
                rule: rule.id.to_string(),
            };
            if !self.answer.rates.contains(&rate) {
                self.answer.rates.push(rate);
            }
        }
    }

    fn used(&mut self, rule: &PackRule) {
        if self.answer.rules.iter().any(|used| *used.rule == *rule.id) {
            return;
        }
        self.answer.rules.push(RuleUsed {
            rule: rule.id.to_string(),
            title: rule.title.to_string(),
            source: rule.source.to_string(),
            checked: rule.checked,
            status: rule.status.word(),
            unverified: rule.unverified.as_deref().map(str::to_owned),
            valid_from: rule.valid_from,
            valid_to: rule.valid_to,
        });
    }

    /// The rules that begin or end soon and are about this parcel.
    fn upcoming(&mut self) {
        let on = self.parcel.on;
        let last = on.saturating_add(AHEAD.days());
        let is_soon = |day: jiff::civil::Date| on < day && day <= last;
        let mut upcoming: Vec<Upcoming> = Vec::new();
        for rule in &self.pack.list {
            let begins = is_soon(rule.valid_from).then_some((rule.valid_from, true));
            let ends = rule.valid_to.filter(|day| is_soon(*day) && rule.holds_on(on)).map(|day| (day, false));
            let Some((day, begins)) = begins.or(ends).filter(|_| self.is_met(rule)) else { continue };
            upcoming.push(Upcoming {
                on: day,
                begins,
                title: rule.title.to_string(),
                rule: rule.id.to_string(),
            });
        }
        upcoming.sort_by_key(|change| change.on);
        self.answer.upcoming = upcoming;
    }
}
