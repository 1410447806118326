//! What changes for a parcel between two days.

use serde::Serialize;

use super::answer::{Assessment, Due, Said};

/// Something that is said on one of two days only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The order's number.
    pub order: String,
    /// The pack.
    pub pack: String,
    /// The regime, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub regime: Option<String>,
    /// True where it is said on the second day only, false where on the first only.
    pub comes: bool,
    /// `regime`, `tax`, `duty`, `missing`, `forbidden`, `note`, …
    pub kind: String,
    /// What is said.
    pub text: String,
    /// The rule that says so.
    pub rule: String,
}

/// What the second assessment of the same order says and the first does not, and the other way.
pub fn compare(first: &Assessment, second: &Assessment) -> Vec<Change> {
    let (before, after) = (statements(first), statements(second));
    let only = |one: &[Change], other: &[Change], comes| {
        let is_new = |change: &&Change| !other.iter().any(|known| is_same(known, change));
        one.iter().filter(is_new).map(|change| Change { comes, ..change.clone() }).collect::<Vec<_>>()
    };
    let mut changes = only(&before, &after, false);
    changes.extend(only(&after, &before, true));
    changes
}

fn is_same(one: &Change, other: &Change) -> bool {
    (&one.pack, &one.regime, &one.kind, &one.text) == (&other.pack, &other.regime, &other.kind, &other.text)
}

/// All that an assessment says.
fn statements(assessment: &Assessment) -> Vec<Change> {
    let mut all = Vec::new();
    for pack in &assessment.packs {
        let mut push = |regime: Option<&str>, kind: &str, text: String, rule: &str| {
            all.push(Change {
                order: assessment.order.clone(),
                pack: pack.pack.clone(),
                regime: regime.map(str::to_owned),
                comes: true,
                kind: kind.to_owned(),
                text,
                rule: rule.to_owned(),
            });
        };
        for regime in &pack.regimes {
            let name = Some(regime.regime.as_str());
            push(name, "regime", format!("{}: {}", regime.name, regime.declaration), &regime.rule);
            regime.charges.iter().for_each(|due| push(name, due.kind, due.words(), &due.rule));
            regime.remarks.iter().for_each(|said| push(name, said.kind, said.words(), &said.rule));
        }
        pack.charges.iter().for_each(|due| push(None, due.kind, due.words(), &due.rule));
        pack.remarks.iter().for_each(|said| push(None, said.kind, said.words(), &said.rule));
    }
    all
}

impl Due {
    /// In words: `VAT: 20 % on the price, collected by the platform`.
    pub fn words(&self) -> String {
        let scheme = self.scheme.as_ref().map_or_else(String::new, |scheme| format!(" ({scheme})"));
        let amount = self.amount.as_ref();
        let amount = amount.map_or_else(String::new, |sum| format!(" = {} {}", sum.amount, sum.currency));
        let by = match self.collector.as_str() {
            "nobody" => "nobody collects it".to_owned(),
            collector => format!("collected by the {collector}"),
        };
        format!("{}{scheme}: {}{amount}, on {}; {by}", self.name, self.rate, self.base)
    }
}

impl Said {
    /// In words, with the line that it is about.
    pub fn words(&self) -> String {
        match &self.line {
            Some(line) => format!("line {line}: {}", self.text),
            None => self.text.clone(),
        }
    }
}
