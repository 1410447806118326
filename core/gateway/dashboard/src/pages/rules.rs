//! Rules: what applies to a corridor on a day, since when, and who says so.

use dragoman_rules::{Action, Condition, Rule};
use jiff::civil::Date;
use maud::{Markup, html};

use crate::frame::{Area, Frame, Page};
use crate::texts::{Texts, filled};

/// What was asked, and what applies.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The country that goods leave.
    pub from: String,
    /// The country that they enter.
    pub to: String,
    /// The day.
    pub on: Date,
    /// The countries whose rules are known.
    pub known: Vec<String>,
    /// The title of the rules, and those that hold; none where no rules of the country are known.
    pub rules: Option<(&'a str, Vec<&'a Rule>)>,
}

/// The page.
pub fn rules(frame: &Frame<'_>, asked: &Asked<'_>) -> String {
    let texts = frame.texts;
    let page = Page { area: Area::Rules, title: texts.rules, lead: Some(texts.rules_lead), live: "" };
    let country = "[A-Za-z]{2}";
    frame.page(
        &page,
        &html! {
            form.filters method="get" action="/rules" data-search {
                label { span { (texts.from_country) } input name="from" value=(asked.from) pattern=(country) maxlength="2"; }
                label { span { (texts.to_country) }
                    input name="to" value=(asked.to) pattern=(country) maxlength="2" list="known" required;
                    datalist id="known" { @for one in &asked.known { option value=(one) {} } }
                }
                label { span { (texts.on_day) } input type="date" name="on" value=(asked.on); }
                button { (texts.rules_show) }
            }
            div id="list" {
                @match &asked.rules {
                    Some((title, rules)) => { section { h2 { (title) } (table(texts, rules)) } },
                    None => div.empty { p { (filled(texts.rules_none, &[&asked.to, &asked.known.join(", ")])) } },
                }
            }
        },
    )
}

fn table(texts: &Texts, rules: &[&Rule]) -> Markup {
    html! {
        table.list role="table" {
            thead role="rowgroup" { tr role="row" {
                @for head in [texts.rule, texts.says, texts.data_set, texts.since, texts.source] { th role="columnheader" { (head) } }
            } }
            tbody role="rowgroup" { @for rule in rules { (row(texts, rule)) } }
        }
    }
}

fn row(texts: &Texts, rule: &Rule) -> Markup {
    let sets: Vec<&str> = rule.data_sets.iter().map(AsRef::as_ref).collect();
    html! {
        tr role="row" id=(rule.id) {
            td role="cell" { (rule.title) br; code.soft { (rule.id) } }
            td role="cell" { @for action in &rule.actions { div { (says(texts, action)) } } @if !matches!(&rule.when, Condition::All(all) if all.is_empty()) { div.soft { (texts.rule_conditional) } } }
            td role="cell" { @if sets.is_empty() { (texts.rules_always) } @else { (sets.join(", ")) } }
            td role="cell" { (rule.valid_from) @if let Some(end) = rule.valid_to { br; (filled(texts.until, &[&end.to_string()])) } }
            td role="cell" { (rule.source) }
        }
    }
}

fn says(texts: &Texts, action: &Action) -> String {
    match action {
        Action::Choose(set) => filled(texts.rule_chooses, &[set]),
        Action::Supply { path, .. } => filled(texts.rule_supplies, &[path.text()]),
        Action::Add { list, .. } => filled(texts.rule_adds, &[list.text()]),
        Action::Demand(demand) => filled(texts.rule_demands, &[&demand.what]),
        Action::Forbid(path) => filled(texts.rule_forbids, &[path.text()]),
        Action::Note { text, .. } => filled(texts.rule_notes, &[text]),
    }
}
