//! Assessments for people.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use dragoman_declare::assess::{Amount, Answer, Assessment, Change, Due, RateUsed, Said};
use jiff::civil::Date;

/// One order: regimes with what is due and missing under each, then what changes soon, rates and sources.
pub fn assessment(assessment: &Assessment, color: bool) -> String {
    let Assessment { order, on, from, to, value, packs, .. } = assessment;
    let from = from.as_ref().map_or_else(String::new, |from| format!(" from {from}"));
    let value: Vec<_> = value.iter().map(amount).collect();
    let value = if value.is_empty() { "value not clear".to_owned() } else { value.join(" and ") };
    let mut text = bold(&format!("order {order}{from} to {to} on {on}: {value}"), color);
    text.push('\n');
    for answer in packs {
        pack(&mut text, answer, color);
    }
    text.push('\n');
    text
}

fn pack(text: &mut String, answer: &Answer, color: bool) {
    let _ = writeln!(text, "\n  {}", bold(&answer.title, color));
    for regime in &answer.regimes {
        let name = bold(&regime.name, color);
        let _ = writeln!(
            text,
            "    can be declared as {name}: {}, by {}  [{}]",
            regime.declaration, regime.filed_by, regime.rule
        );
        statements(text, &regime.charges, &regime.remarks, "      ");
    }
    if answer.regimes.is_empty() {
        let _ = writeln!(text, "    no regime is open, as far as that can be decided");
    }
    if !answer.charges.is_empty() || !answer.remarks.is_empty() {
        let _ = writeln!(text, "    whatever the regime");
        statements(text, &answer.charges, &answer.remarks, "      ");
    }
    for change in &answer.upcoming {
        let word = if change.begins { "begins" } else { "ends" };
        let _ = writeln!(text, "    soon: {word} on {}: {}  [{}]", change.on, change.title, change.rule);
    }
    let rate = |rate: &RateUsed| format!("{} {} of {} ({})", rate.from, rate.to, rate.date, rate.purpose);
    let rates: BTreeSet<_> = answer.rates.iter().map(rate).collect();
    for rate in rates {
        let _ = writeln!(text, "    rate: {rate}");
    }
    let _ = writeln!(text, "    sources");
    for rule in &answer.rules {
        let end = rule.valid_to.map_or_else(String::new, |end| format!(" to {end}"));
        let standing = if rule.status == "enacted" { String::new() } else { format!(" · {}", rule.status) };
        let doubt = rule.unverified.as_ref().map_or_else(String::new, |why| format!(" · unverified: {why}"));
        let _ = writeln!(
            text,
            "      {}: {} · from {}{end} · checked {}{standing}{doubt}",
            rule.rule, rule.source, rule.valid_from, rule.checked
        );
    }
}

fn statements(text: &mut String, charges: &[Due], remarks: &[Said], indent: &str) {
    for due in charges {
        let _ = writeln!(text, "{indent}{:<10}{}  [{}]", due.kind, due.words(), due.rule);
    }
    for said in remarks {
        let _ = writeln!(text, "{indent}{:<10}{}  [{}]", said.kind, said.words(), said.rule);
    }
}

/// What differs between two days, order by order.
pub fn changes(changes: &[Change], (first, second): (Date, Date)) -> String {
    if changes.is_empty() {
        return format!("nothing differs between {first} and {second}\n");
    }
    let mut text = format!("what differs on {second} from {first}\n");
    let mut order = None;
    for change in changes {
        if order != Some(&change.order) {
            let _ = writeln!(text, "\norder {}", change.order);
            order = Some(&change.order);
        }
        let sign = if change.comes { '+' } else { '-' };
        let regime = change.regime.as_ref().map_or_else(String::new, |regime| format!("{regime}: "));
        let _ = writeln!(text, "  {sign} {:<10}{regime}{}  [{}]", change.kind, change.text, change.rule);
    }
    text
}

fn amount(amount: &Amount) -> String {
    format!("{} {}", amount.amount, amount.currency)
}

fn bold(text: &str, color: bool) -> String {
    if color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
}
