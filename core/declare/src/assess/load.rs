//! Rule packs as they stand (TOML), and their loading: every mistake with its place.

use dragoman_mapping::language::LoadError;
use dragoman_model::{Country, Currency, Decimal, decimal};
use dragoman_rules::{Condition, ConditionText, Level, Loading, Name, Rules};
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::case::RawCase;
use super::pack::{Charge, Need, Pack, PackRule, Per, Rate, RegimeText, Remark, Says, Standing};
use super::parcel::PARCEL_FACTS;

type Text = Spanned<String>;

/// The collectors that a charge may name.
const COLLECTORS: [&str; 5] = ["platform", "seller", "carrier", "importer", "nobody"];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    title: String,
    language: String,
    schedules: Vec<String>,
    #[serde(default)]
    to: Vec<Text>,
    #[serde(default)]
    from: Vec<Text>,
    #[serde(default)]
    when: Vec<Spanned<ConditionText>>,
    /// Per cent of a threshold.
    band: Option<Text>,
    rule: Vec<RawRule>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRule {
    id: Text,
    title: String,
    source: String,
    checked: Spanned<Datetime>,
    unverified: Option<String>,
    #[serde(default)]
    status: Standing,
    valid_from: Spanned<Datetime>,
    valid_to: Option<Spanned<Datetime>>,
    #[serde(default)]
    regimes: Vec<Text>,
    #[serde(default)]
    when: Vec<Spanned<ConditionText>>,
    regime: Option<RawRegime>,
    tax: Option<RawCharge>,
    duty: Option<RawCharge>,
    #[serde(default)]
    need: Vec<RawNeed>,
    prohibit: Option<RawRemark>,
    note: Option<RawRemark>,
    #[serde(default)]
    applies: Vec<RawCase>,
    #[serde(default)]
    applies_not: Vec<RawCase>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRegime {
    id: String,
    name: String,
    declaration: String,
    filed_by: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawCharge {
    name: String,
    scheme: Option<String>,
    collector: Text,
    base: String,
    #[serde(default)]
    of: Vec<Text>,
    /// Per cent.
    rate: Option<Text>,
    /// What it is where no number can say it: `as the member state says`.
    rate_is: Option<String>,
    /// `3 EUR`.
    flat: Option<Text>,
    per: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawNeed {
    any: Vec<Text>,
    what: String,
    ask: String,
    #[serde(default)]
    severity: Level,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RawRemark {
    text: String,
    hint: Option<String>,
    severity: Option<Level>,
}

impl Pack {
    /// Loads a pack. `name` is its path under `mappings/` without ending. All mistakes are reported, not only the
    /// first, but for a file that is no TOML.
    pub fn load(name: &str, text: &str) -> Result<Self, Vec<LoadError>> {
        let file: File = toml::from_str(text).map_err(|error| {
            let at = error.span().unwrap_or(0..0);
            vec![LoadError::new(name, &at, error.message())]
        })?;
        let mut loading = Loading::new(name, PARCEL_FACTS);
        let to = countries(&mut loading, &file.to);
        let from = countries(&mut loading, &file.from);
        let when = conditions(&mut loading, file.when);
        let band = file.band.as_ref().and_then(|band| percent(&mut loading, band));
        let first = to.first().cloned().unwrap_or_else(|| "US".into());
        let mut list: Vec<PackRule> = Vec::new();
        for raw in file.rule {
            if list.iter().any(|rule| *rule.id == **raw.id.get_ref()) {
                loading.fail(raw.id.span(), format!("there is a rule `{}` already", raw.id.get_ref()));
            }
            list.push(rule(&mut loading, raw, &first));
        }
        let errors = loading.into_errors();
        if !errors.is_empty() {
            return Err(errors);
        }
        let head = Rules::without_rules(name, &file.title, file.schedules, &file.language);
        let band = band.unwrap_or(Decimal::TWO) / Decimal::ONE_HUNDRED;
        Ok(Self { to, from, when, band, list, head })
    }
}

fn countries(loading: &mut Loading<'_>, codes: &[Text]) -> Vec<Box<str>> {
    for code in codes {
        // XI is how customs names Northern Ireland.
        if Country::of(code.get_ref()).is_none() && code.get_ref() != "XI" {
            loading.fail(code.span(), "is no country code of two letters");
        }
    }
    codes.iter().map(|code| code.get_ref().as_str().into()).collect()
}

/// Conditions of orders, lines and facts: there is no declaration yet that could be asked.
fn conditions(loading: &mut Loading<'_>, all: Vec<Spanned<ConditionText>>) -> Condition {
    let at = all.first().map_or(0..0, Spanned::span);
    let condition = loading.conditions(all);
    if condition.names().iter().any(|name| matches!(name, Name::Declaration(_))) {
        loading.fail(at, "asks about a declaration; a parcel has `order.…`, `line.…` and `fact.…`");
    }
    condition
}

fn rule(loading: &mut Loading<'_>, raw: RawRule, to: &str) -> PackRule {
    let valid_from = loading.day(&raw.valid_from).unwrap_or_default();
    let valid_to = raw.valid_to.as_ref().and_then(|day| loading.day(day));
    if let Some(to) = raw.valid_to.as_ref().filter(|_| valid_to.is_some_and(|end| end <= valid_from)) {
        loading.fail(to.span(), "the rule ends before it begins");
    }
    let mut says: Vec<Says> = raw.regime.map(regime).into_iter().collect();
    for (is_tax, raw) in [(true, raw.tax), (false, raw.duty)] {
        says.extend(raw.and_then(|raw| charge(loading, raw, is_tax)).map(Says::Charge));
    }
    says.extend(raw.need.into_iter().map(|raw| Says::Need(need(loading, raw))));
    says.extend(raw.prohibit.map(|raw| Says::Prohibited(remark(raw, Level::Error))));
    says.extend(raw.note.map(|raw| Says::Note(remark(raw, Level::Info))));
    if says.is_empty() {
        loading.fail(raw.id.span(), "the rule says nothing");
    }
    let cases = [(true, raw.applies), (false, raw.applies_not)];
    let cases =
        cases.into_iter().flat_map(|(applies, cases)| cases.into_iter().map(move |case| (applies, case)));
    PackRule {
        id: raw.id.into_inner().into(),
        title: raw.title.into(),
        source: raw.source.into(),
        checked: loading.day(&raw.checked).unwrap_or_default(),
        unverified: raw.unverified.map(Into::into),
        status: raw.status,
        valid_from,
        valid_to,
        regimes: raw.regimes.into_iter().map(|id| id.into_inner().into()).collect(),
        when: conditions(loading, raw.when),
        says,
        cases: cases.filter_map(|(applies, case)| case.read(loading, applies, to)).collect(),
    }
}

fn regime(raw: RawRegime) -> Says {
    Says::Regime(RegimeText {
        id: raw.id.into(),
        name: raw.name.into(),
        declaration: raw.declaration.into(),
        filed_by: raw.filed_by.into(),
    })
}

fn charge(loading: &mut Loading<'_>, raw: RawCharge, is_tax: bool) -> Option<Charge> {
    if !COLLECTORS.contains(&raw.collector.get_ref().as_str()) {
        loading.fail(raw.collector.span(), format!("is none of {}", COLLECTORS.join(", ")));
    }
    let of = raw.of.iter().filter_map(|name| loading.name(name)).collect();
    let rate = match (&raw.rate, &raw.flat) {
        (Some(rate), None) => Rate::Percent(percent(loading, rate)?),
        (None, Some(flat)) => {
            let (amount, currency) = money(loading, flat)?;
            let per = raw.per.as_ref().map_or(Some(Per::Parcel), |per| counted_by(loading, per))?;
            Rate::Flat { amount, currency: currency.into(), per }
        }
        (None, None) => Rate::Words(raw.rate_is.unwrap_or_else(|| "as the tariff says".into()).into()),
        (Some(rate), Some(_)) => {
            loading.fail(rate.span(), "a charge is a `rate` of its base or a `flat` amount, not both");
            return None;
        }
    };
    Some(Charge {
        is_tax,
        name: raw.name.into(),
        scheme: raw.scheme.map(Into::into),
        collector: raw.collector.into_inner().into(),
        base: raw.base.into(),
        of,
        rate,
    })
}

fn counted_by(loading: &mut Loading<'_>, per: &Text) -> Option<Per> {
    loading.read(per, |text| match text {
        "parcel" => Ok(Per::Parcel),
        "line" => Ok(Per::Line),
        "class" => Ok(Per::Class),
        _ => Err("is none of parcel, line, class".into()),
    })
}

fn percent(loading: &mut Loading<'_>, text: &Text) -> Option<Decimal> {
    loading.read(text, |text| decimal(text).map_err(|_| "is no number".into()))
}

/// `3 EUR`.
pub(super) fn money(loading: &mut Loading<'_>, text: &Text) -> Option<(Decimal, String)> {
    loading.read(text, |text| {
        let parts = text.split_once(' ').filter(|(_, currency)| Currency::of(currency).is_some());
        let (amount, currency) = parts.ok_or("is no amount, such as `3 EUR`")?;
        Ok((decimal(amount).map_err(|_| "is no amount, such as `3 EUR`")?, currency.to_owned()))
    })
}

fn need(loading: &mut Loading<'_>, raw: RawNeed) -> Need {
    Need {
        any: raw.any.iter().filter_map(|name| loading.name(name)).collect(),
        what: raw.what.into(),
        ask: raw.ask.into(),
        severity: raw.severity.into(),
    }
}

fn remark(raw: RawRemark, usual: Level) -> Remark {
    Remark {
        text: raw.text.into(),
        hint: raw.hint.map(Into::into),
        severity: raw.severity.unwrap_or(usual).into(),
    }
}
