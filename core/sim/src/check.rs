//! Checking a declaration: every check at every place that it is about.

use dragoman_mapping::{Base, Mapping};
use dragoman_model::{At, Decimal};
use dragoman_rules::{Found, Name, Pattern, Subject, Verdict};

use crate::facts::Facts;
use crate::script::Check;

/// Something that is wrong, as the authority says it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    pub code: Box<str>,
    /// Why, in the authority's words.
    pub text: Option<Box<str>>,
    /// The authority's pointer; none where the message has no place for what is meant.
    pub pointer: Option<String>,
    /// The number of the goods item that it is about.
    pub item: Option<String>,
}

/// All faults of a declaration, in the order of the checks.
pub(crate) fn faults(checks: &[Check], mapping: &Mapping, base: &Base<'_>, facts: &Facts) -> Vec<Fault> {
    let root = At::alone(base.document);
    let items: Vec<_> = root.entries("goods_items").collect();
    let mut faults: Vec<Fault> = Vec::new();
    for check in checks {
        let froms = if check.at.is_of_item() { items.clone() } else { vec![root] };
        for from in froms {
            let item = check.at.is_of_item().then_some(from);
            for fault in check.faults(from, &Looked { root, item, facts, one: None }, mapping, base) {
                if !faults.contains(&fault) {
                    faults.push(fault);
                }
            }
        }
    }
    faults
}

impl Check {
    /// The faults below the document or one goods item: of each value at the place, or of the place where there is
    /// none.
    fn faults(&self, from: At<'_>, looked: &Looked<'_>, mapping: &Mapping, base: &Base<'_>) -> Vec<Fault> {
        let found = self.at.find(from);
        let values: Vec<_> =
            if found.is_empty() { vec![None] } else { found.into_iter().map(Some).collect() };
        let wrong = values.into_iter().filter(|value| {
            let one = Some((&self.at, *value));
            self.when.verdict(&Looked { one, ..*looked }) == Verdict::Holds
        });
        let fault = |value: Option<At<'_>>| {
            let near = value.unwrap_or(from).node();
            let place = self.at.place_in(looked.root);
            let pointer = place.and_then(|place| mapping.point(base, near, place));
            let item = looked.item.and_then(|item| item.text("sequence")).map(str::to_owned);
            Fault { code: self.code.clone(), text: self.text.clone(), pointer, item }
        };
        wrong.map(fault).collect()
    }
}

/// A declaration, one of its goods items, and the one value that is looked at.
#[derive(Clone, Copy)]
pub(crate) struct Looked<'l> {
    pub root: At<'l>,
    pub item: Option<At<'l>>,
    pub facts: &'l Facts,
    pub one: Option<(&'l Pattern, Option<At<'l>>)>,
}

impl Looked<'_> {
    /// Everything at a place of a declaration or of its goods items.
    pub fn all<'d>(root: At<'d>, pattern: &Pattern) -> Vec<At<'d>> {
        if pattern.is_of_item() {
            root.entries("goods_items").flat_map(|item| pattern.find(item)).collect()
        } else {
            pattern.find(root)
        }
    }

    fn declared(&self, pattern: &Pattern) -> Vec<Found> {
        let nodes = match (self.one, self.item) {
            (Some((place, one)), _) if place == pattern => one.into_iter().collect(),
            (_, Some(item)) if pattern.is_of_item() => pattern.find(item),
            _ => Self::all(self.root, pattern),
        };
        nodes.into_iter().map(found).collect()
    }
}

impl Subject for Looked<'_> {
    fn find(&self, name: &Name) -> Vec<Found> {
        match name {
            Name::Declaration(pattern) => self.declared(pattern),
            Name::Fact(fact) => {
                let value = self.facts.get(fact.name);
                value
                    .map(|text| Found { text: text.to_owned(), currency: None, sources: Vec::new() })
                    .into_iter()
                    .collect()
            }
            // An authority sees no orders.
            Name::Order(_) | Name::Line(_) => Vec::new(),
        }
    }

    fn convert(&self, _: Decimal, _: &str, _: &str, _: &str) -> Option<Decimal> {
        None
    }
}

fn found(at: At<'_>) -> Found {
    let literal = at.get("amount").unwrap_or(at);
    Found {
        text: literal.value().unwrap_or_default().trim().to_owned(),
        currency: at.text("currency").map(str::to_owned),
        sources: Vec::new(),
    }
}
