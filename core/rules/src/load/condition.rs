//! Conditions as they stand in a file: a name and one test, or several conditions together.

use dragoman_model::{Currency, Decimal, decimal};
use regex::Regex;
use serde::Deserialize;
use toml::Spanned;

use super::{Loading, Text};
use crate::condition::{Bound, Order, Test};
use crate::{Condition, Name};

/// A condition as it stands in a file: `{ value = "order.recipient.address.country", is = "GB" }`, `{ any = [ … ] }`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConditionText {
    value: Option<Text>,
    is: Option<String>,
    #[serde(rename = "in")]
    within: Option<Vec<String>>,
    matches: Option<Text>,
    present: Option<bool>,
    at_least: Option<Text>,
    at_most: Option<Text>,
    above: Option<Text>,
    below: Option<Text>,
    /// The purpose of the rates that other currencies are converted by.
    rate: Option<String>,
    all: Option<Vec<Spanned<ConditionText>>>,
    any: Option<Vec<Spanned<ConditionText>>>,
    not: Option<Box<Spanned<ConditionText>>>,
}

impl ConditionText {
    fn has_test(&self) -> bool {
        let bounds = [&self.at_least, &self.at_most, &self.above, &self.below, &self.matches];
        let literals = self.is.is_some() || self.within.is_some() || self.present.is_some();
        literals || self.rate.is_some() || bounds.into_iter().any(Option::is_some)
    }
}

/// Compiles a condition; `None` after a mistake.
pub(super) fn condition(raw: Spanned<ConditionText>, loading: &mut Loading<'_>) -> Option<Condition> {
    let at = raw.span();
    let raw = raw.into_inner();
    let several = |parts: Vec<Spanned<ConditionText>>, loading: &mut Loading<'_>| -> Option<Vec<Condition>> {
        parts.into_iter().map(|part| condition(part, loading)).collect()
    };
    if raw.value.is_none() && raw.has_test() {
        loading.fail(at, "a test needs a `value`");
        return None;
    }
    match raw {
        ConditionText { value: Some(_), all: None, any: None, not: None, .. } => single(raw, at, loading),
        ConditionText { value: None, all: Some(parts), any: None, not: None, .. } => {
            Some(Condition::All(several(parts, loading)?))
        }
        ConditionText { value: None, all: None, any: Some(parts), not: None, .. } => {
            Some(Condition::Any(several(parts, loading)?))
        }
        ConditionText { value: None, all: None, any: None, not: Some(part), .. } => {
            Some(Condition::Not(Box::new(condition(*part, loading)?)))
        }
        _ => {
            loading.fail(at, "a condition has one of `value`, `all`, `any` and `not`");
            None
        }
    }
}

fn single(raw: ConditionText, at: std::ops::Range<usize>, loading: &mut Loading<'_>) -> Option<Condition> {
    let facts = loading.facts;
    let name = loading.read(raw.value.as_ref()?, |text| Name::parse(text, facts))?;
    let rate = raw.rate.as_deref();
    let bounds = [
        (Order::AtLeast, raw.at_least),
        (Order::AtMost, raw.at_most),
        (Order::Above, raw.above),
        (Order::Below, raw.below),
    ];
    let literals = raw.within.into_iter().chain(raw.is.map(|literal| vec![literal]));
    let literals = literals.map(|literals| Test::In(literals.into_iter().map(Into::into).collect()));
    let mut tests: Vec<_> = literals.chain(raw.present.map(Test::Present)).collect();
    if let Some(pattern) = &raw.matches {
        let anchored = |text: &str| Regex::new(&format!("^(?:{text})$")).map_err(|error| error.to_string());
        tests.push(Test::Matches(loading.read(pattern, anchored)?));
    }
    for (order, text) in bounds {
        let Some(text) = text else { continue };
        tests.push(Test::Compare(order, loading.read(&text, |text| bound(text, rate))?));
    }
    match (tests.pop(), tests.is_empty()) {
        (Some(test), true) => Some(Condition::Test(name, test)),
        _ => {
            let tests = "`is`, `in`, `matches`, `present`, `at_least`, `at_most`, `above`, `below`";
            loading.fail(at, format!("a condition on a value has exactly one test: {tests}"));
            None
        }
    }
}

/// `135 GBP` with the purpose of the rate, or `2` without.
fn bound(text: &str, rate: Option<&str>) -> Result<Bound, String> {
    let number = |text: &str| decimal(text).map_err(|_| format!("`{text}` is no number"));
    let (number, money): (Decimal, _) = match (text.split_once(' '), rate) {
        (None, None) => (number(text)?, None),
        (Some((amount, currency)), Some(rate)) if Currency::of(currency).is_some() => {
            (number(amount)?, Some((currency.into(), rate.into())))
        }
        (Some((_, currency)), Some(_)) => return Err(format!("`{currency}` is no currency code")),
        (Some(_), None) => return Err("an amount needs `rate`: for which purpose rates convert to it".into()),
        (None, Some(_)) => return Err("`rate` is for amounts, such as 135 GBP".into()),
    };
    Ok(Bound { number, money })
}
