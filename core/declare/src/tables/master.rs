//! The customs master: what orders do not say of the goods, by article.

use std::borrow::Cow;

use dragoman_model::{CommodityCode, Country, DateTime, Decimal, Source, decimal};
use dragoman_tree::{Finding, Severity};
use jiff::civil::Date;
use rustc_hash::FxHashMap;

use crate::csv::Cell;
use crate::findings::{AMBIGUOUS_MASTER, BAD_MASTER};

/// The customs master as it was read. An article may have several rows: codes of several schedules, descriptions in
/// several languages, values from several days on.
#[derive(Clone, Debug, Default)]
pub struct Master<'t> {
    pub(super) rows: Vec<Row<'t>>,
    by_sku: FxHashMap<Cow<'t, str>, Vec<usize>>,
    /// What is worth saying about its head.
    pub findings: Vec<Finding>,
}

#[derive(Clone, Debug)]
pub(super) struct Row<'t> {
    pub sku: Cell<'t>,
    pub code: Cell<'t>,
    pub schedule: Cell<'t>,
    pub origin: Cell<'t>,
    pub net_mass: Cell<'t>,
    pub description: Cell<'t>,
    pub lang: Cell<'t>,
    pub source: Cell<'t>,
    pub valid_from: Cell<'t>,
}

/// A value of the master and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Datum {
    pub text: String,
    pub source: Source,
}

/// What the master says of an article on a day.
#[derive(Clone, Debug, Default)]
pub(crate) struct Article {
    /// The commodity code; of a schedule that was not asked for only its six digits that all schedules share.
    pub code: Option<Datum>,
    pub origin: Option<Datum>,
    /// Net mass of one, in grams.
    pub net_mass: Option<(Decimal, Source)>,
    pub description: Option<Datum>,
    /// What is worth saying about its rows.
    pub findings: Vec<Finding>,
}

pub(super) const COLUMNS: [&str; 9] =
    ["sku", "code", "schedule", "origin", "net_mass_g", "description", "lang", "source", "valid_from"];

impl<'t> Master<'t> {
    /// Reads a master (CSV with the columns `sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from`
    /// in any order). Any cell but the first may be empty.
    pub fn read(text: &'t str) -> Self {
        let (columns, records, findings) = super::table(text, "the customs master", COLUMNS);
        let mut master = Self { findings, ..Self::default() };
        for record in &records {
            let [sku, code, schedule, origin, net_mass, description, lang, source, valid_from] =
                columns.cells(record);
            master.by_sku.entry(sku.text.clone()).or_default().push(master.rows.len());
            let row = Row { sku, code, schedule, origin, net_mass, description, lang, source, valid_from };
            master.rows.push(row);
        }
        master
    }

    /// What it says of an article on a day: codes of one of the schedules, the earlier preferred, and a description in
    /// that language. `None` where it does not have the article.
    pub(crate) fn article(
        &self,
        sku: &str,
        on: Date,
        schedules: &[Box<str>],
        language: &str,
    ) -> Option<Article> {
        let rows = self.by_sku.get(sku)?;
        let mut article = Article::default();
        let mut valid = Vec::new();
        for row in rows.iter().filter_map(|index| self.rows.get(*index)) {
            match row.since() {
                Ok(since) if since.is_none_or(|since| since <= on) => valid.push((since, row)),
                Ok(_) => {}
                Err(cell) => {
                    article.findings.push(bad(cell, "is no day, such as 2026-01-01: the row does not count"));
                }
            }
        }
        let choice = Choice { rows: valid, sku };
        let schedule = |row: &Row<'_>| match &*row.schedule.text {
            "" => Some(0),
            text => Some(schedules.iter().position(|one| **one == *text).unwrap_or(usize::MAX)),
        };
        let same_language = |row: &Row<'_>| {
            let lang = &row.lang.text;
            (lang.is_empty() || lang.eq_ignore_ascii_case(language)).then_some(0)
        };
        let any = |_: &Row<'_>| Some(0);
        let found = &mut article.findings;
        let code = choice.take("code", |row| &row.code, schedule, found);
        let foreign = code.as_ref().is_some_and(|(_, rank)| *rank == usize::MAX);
        let digits = if foreign { 6 } else { usize::MAX };
        let code = code.map(|(datum, _)| Datum { text: datum.text.chars().take(digits).collect(), ..datum });
        let origin = choice.take("origin", |row| &row.origin, any, found);
        let mass = choice.take("net_mass_g", |row| &row.net_mass, any, found);
        let description = choice.take("description", |row| &row.description, same_language, found);
        article.net_mass = mass.and_then(|(datum, _)| {
            let grams = decimal(&datum.text).ok().filter(|grams| *grams >= Decimal::ZERO);
            grams.map(|grams| (grams, datum.source))
        });
        article.code = code;
        article.origin = origin.map(|(datum, _)| datum);
        article.description = description.map(|(datum, _)| datum);
        Some(article)
    }
}

impl<'t> Row<'t> {
    /// Since when it counts; always where it does not say. `Err` is what cannot be read.
    pub fn since(&self) -> Result<Option<Date>, &Cell<'t>> {
        let text = &*self.valid_from.text;
        if text.is_empty() {
            return Ok(None);
        }
        let day = DateTime::parse(text, None).and_then(|time| time.day());
        day.map(Some).ok_or(&self.valid_from)
    }
}

/// The rows of an article that count on the day.
struct Choice<'c, 't> {
    rows: Vec<(Option<Date>, &'c Row<'t>)>,
    sku: &'c str,
}

impl<'t> Choice<'_, 't> {
    /// The value of a column: of the rows that have one and rank best, the newest, and of those the last.
    fn take(
        &self,
        column: &str,
        cell: impl for<'r> Fn(&'r Row<'t>) -> &'r Cell<'t>,
        rank: impl Fn(&Row<'t>) -> Option<usize>,
        findings: &mut Vec<Finding>,
    ) -> Option<(Datum, usize)> {
        let stating = self.rows.iter().filter(|(_, row)| !cell(row).text.is_empty());
        let ranked = stating.filter_map(|(since, row)| Some((std::cmp::Reverse(rank(row)?), *since, *row)));
        let ranked: Vec<_> = ranked.collect();
        let best = ranked.iter().map(|(rank, since, _)| (*rank, *since)).max()?;
        let last: Vec<_> = ranked
            .iter()
            .filter(|(rank, since, _)| (*rank, *since) == best)
            .map(|(.., row)| cell(row))
            .collect();
        let chosen = *last.last()?;
        if last.iter().any(|other| other.text != chosen.text) {
            let message =
                format!("two rows of {} differ in {column}; the last counts: {}", self.sku, chosen.text);
            let finding = Finding::warning(&AMBIGUOUS_MASTER, message).at(0, chosen.span);
            findings.push(finding.hint("give the rows different days, schedules or languages"));
        }
        findings.extend(check(column, chosen));
        let source = Source::Master { sku: self.sku.into(), field: column.into(), span: chosen.span };
        Some((Datum { text: chosen.text.to_string(), source }, best.0.0))
    }
}

/// What is wrong with a value for its column. It is kept as it came, but for a mass that is no number.
pub(super) fn check(column: &str, cell: &Cell<'_>) -> Option<Finding> {
    let text = &*cell.text;
    match column {
        "code" if CommodityCode::parse(text).is_none() => {
            Some(bad(cell, "is no commodity code: 4 to 12 digits, without dots and blanks"))
        }
        "origin" if Country::of(text).is_none() => Some(bad(cell, "is no country code of two letters")),
        "net_mass_g" if !decimal(text).is_ok_and(|grams| grams >= Decimal::ZERO) => {
            Some(Finding { severity: Severity::Error, ..bad(cell, "is no mass in grams") })
        }
        _ => None,
    }
}

pub(super) fn bad(cell: &Cell<'_>, message: &str) -> Finding {
    Finding::warning(&BAD_MASTER, format!("`{}` {message}", cell.text)).at(0, cell.span)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;

    use super::*;

    const TEXT: &str = "sku,code,schedule,origin,net_mass_g,description,lang,source,valid_from
BAG,4202221000,gb-tariff,CN,420,\"Handbag, plastic\",en,seller,2026-01-01
BAG,42022290,cn-tariff,,,手提包,zh,seller,2026-01-01
BAG,,,VN,,,,supplier,2026-06-01
HAT,65050090,cn-tariff,CN,80,,,seller,
CUP,69.11,gb-tariff,UK,heavy,,en,seller,someday
CUP,6911,gb-tariff,,x,Cup,en,seller,
CUP,6912,gb-tariff,,,Cup,en,seller,
";

    fn article(sku: &str, on: Date) -> Option<Article> {
        Master::read(TEXT).article(sku, on, &["gb-tariff".into()], "en")
    }

    fn text(datum: Option<&Datum>) -> &str {
        datum.map_or("", |datum| {
            let Source::Master { span, .. } = &datum.source else { panic!() };
            assert!(TEXT[span.range()].starts_with(&datum.text));
            &datum.text
        })
    }

    #[test]
    fn rows_are_chosen_by_day_schedule_and_language() {
        let bag = article("BAG", date(2026, 3, 1)).unwrap();
        assert_eq!((text(bag.code.as_ref()), text(bag.origin.as_ref())), ("4202221000", "CN"));
        assert_eq!(text(bag.description.as_ref()), "Handbag, plastic");
        assert_eq!(bag.net_mass.unwrap().0, Decimal::from(420));
        assert_eq!(text(article("BAG", date(2026, 6, 1)).unwrap().origin.as_ref()), "VN");
        let early = article("BAG", date(2025, 12, 31)).unwrap();
        assert!(early.code.is_none() && early.findings.is_empty());
        assert!(article("bag", date(2026, 3, 1)).is_none());
    }

    #[test]
    fn a_code_of_another_schedule_counts_for_six_digits() {
        let hat = article("HAT", date(2026, 3, 1)).unwrap();
        assert_eq!(text(hat.code.as_ref()), "650500");
    }

    #[test]
    fn what_is_wrong_is_said_where_it_stands() {
        let cup = article("CUP", date(2026, 3, 1)).unwrap();
        let said: Vec<_> = cup
            .findings
            .iter()
            .map(|one| &TEXT[one.span.as_ref().map(|at| at.start as usize..at.end as usize).unwrap()])
            .collect();
        assert_eq!(said, ["someday", "6912", "x"]);
        assert!(cup.net_mass.is_none() && text(cup.code.as_ref()) == "6912");
        let heads = Master::read("sku,kode\nA,1").findings;
        assert!(heads.iter().any(|one| one.message.contains("no column `code`")));
        assert!(heads.iter().any(|one| one.hint.as_deref() == Some("did you mean `code`?")));
    }
}
