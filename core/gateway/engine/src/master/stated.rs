//! What platforms stated of articles, order by order: the seller's own history, out of which the customs master is filled by
//! a person's word, and never by guesses.

use dragoman_model::{At, Document, OrderView, convert, decimal};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{Article, MasterImport};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The space of the records: what was stated of an article, by its number.
pub(crate) const STATED: &str = "stated";

/// So many values of an article are kept: the first that were stated.
const KEPT: usize = 32;
/// So many records are read at once.
const AT_ONCE: usize = 500;

/// A value that the seller's own history has for a column of the customs master.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Suggestion {
    /// The column: `code`, `origin`, `net_mass_g`, `description`.
    pub field: String,
    /// The value.
    pub value: String,
    /// The language of a description.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub lang: String,
    /// Where it was stated: `shop, order 1001`.
    pub source: String,
    /// When it was stated first, as `YYYY-MM-DD`.
    pub on: String,
}

impl Gateway {
    /// Adds what an order states of its articles to a batch, where that is new.
    pub(crate) async fn note_stated(
        &self,
        writing: &mut Writing<'_>,
        from: &str,
        order: &Document<'_>,
    ) -> Answer<()> {
        let on = self.0.clock.today();
        for (sku, values) in stated(order, from, on) {
            let known = self.0.store.record(&writing.tenant, STATED, &sku).await?;
            let (revision, mut all) = match &known {
                Some(record) => (record.revision, read(&record.body)?),
                None => (0, Vec::new()),
            };
            let before = all.len();
            for value in values {
                let is_same = |own: &Suggestion| own.field == value.field && own.value == value.value;
                if all.len() < KEPT && !all.iter().any(is_same) {
                    all.push(value);
                }
            }
            if all.len() > before {
                let body = serde_json::to_string(&all).map_err(EngineError::damaged)?;
                writing.record(STATED, sku, revision, Some(body));
            }
        }
        Ok(())
    }

    /// What the seller's history has for an article: what platforms stated of it, and the digits that all tariffs share of
    /// a code that the master has for another one.
    pub(crate) async fn suggestions(
        &self,
        tenant: &str,
        sku: &str,
        known: &[Article],
    ) -> Answer<Vec<Suggestion>> {
        let record = self.0.store.record(tenant, STATED, sku).await?;
        let mut all = record.map(|record| read(&record.body)).transpose()?.unwrap_or_default();
        for row in known.iter().filter(|row| row.code.len() >= 6) {
            let value: String = row.code.chars().take(6).collect();
            if !all.iter().any(|own| own.field == "code" && own.value.starts_with(&value)) {
                let source = format!("the customs master, {} of {}", row.code, row.schedule);
                let (field, on) = ("code".to_owned(), row.valid_from.clone());
                all.push(Suggestion { field, value, lang: String::new(), source, on });
            }
        }
        Ok(all)
    }

    /// Takes into the customs master what platforms stated of articles, where the master says nothing: a row a value, with
    /// its source and the day from which on it counts.
    pub async fn take_stated(&self, by: &Actor) -> Answer<MasterImport> {
        allowed(by, Right::Write)?;
        let (mut import, mut after) = (MasterImport::default(), String::new());
        loop {
            let records = self.0.store.records(&by.tenant, STATED, &after, AT_ONCE).await?;
            let Some(last) = records.last() else { break };
            after.clone_from(&last.key);
            for record in &records {
                let known = self.article_rows(by, &record.key).await?;
                let new = rows(&record.key, &read(&record.body)?, &known);
                if new.is_empty() {
                    continue;
                }
                let taken = self.set_master(by, &record.key, &[known, new.clone()].concat()).await?;
                import.taken += new.len();
                import.articles += 1;
                import.rows.extend(taken.rows);
            }
        }
        Ok(import)
    }
}

/// The rows that an article lacks: of each column for which the master has nothing, the value that was stated first.
fn rows(sku: &str, stated: &[Suggestion], known: &[Article]) -> Vec<Article> {
    let mut rows: Vec<Article> = Vec::new();
    for one in stated {
        let says = |row: &Article| match one.field.as_str() {
            "code" => !row.code.is_empty(),
            "origin" => !row.origin.is_empty(),
            "net_mass_g" => !row.net_mass_g.is_empty(),
            _ => !row.description.is_empty() && (row.lang.is_empty() || row.lang == one.lang),
        };
        if known.iter().chain(&rows).any(says) {
            continue;
        }
        let mut row = Article {
            sku: sku.to_owned(),
            source: one.source.clone(),
            valid_from: one.on.clone(),
            ..Article::default()
        };
        match one.field.as_str() {
            // Six digits are those of the Harmonized System. Of more nobody says whose tariff they are: six count.
            "code" => {
                let schedule = if one.value.len() == 6 { "hs" } else { "platform" };
                (row.code, row.schedule) = (one.value.clone(), schedule.to_owned());
            }
            "origin" => row.origin.clone_from(&one.value),
            "net_mass_g" => row.net_mass_g.clone_from(&one.value),
            _ => (row.description, row.lang) = (one.value.clone(), one.lang.clone()),
        }
        rows.push(row);
    }
    rows
}

fn read(body: &str) -> Answer<Vec<Suggestion>> {
    serde_json::from_str(body).map_err(EngineError::damaged)
}

/// What an order states of each of its articles.
fn stated(order: &Document<'_>, from: &str, on: Date) -> Vec<(String, Vec<Suggestion>)> {
    let Some(view) = OrderView::new(order) else { return Vec::new() };
    let number = At::root(order).text("order_number").unwrap_or_default();
    let mut all: Vec<(String, Vec<Suggestion>)> = Vec::new();
    for line in view.lines() {
        let Some(sku) = line.sku().filter(|sku| !sku.is_empty()) else { continue };
        let at = line.at();
        let one = |field: &str, value: String, lang: &str| Suggestion {
            field: field.to_owned(),
            value,
            lang: lang.to_owned(),
            source: format!("{from}, order {number}"),
            on: on.to_string(),
        };
        let text = |path: &str| at.text(path).map(str::trim).filter(|text| !text.is_empty());
        let lang = text("customs.description_lang").unwrap_or_default();
        let values = [
            text("customs.code").map(|code| one("code", code.to_owned(), "")),
            text("customs.origin").map(|origin| one("origin", origin.to_owned(), "")),
            grams(at).map(|grams| one("net_mass_g", grams, "")),
            text("customs.description").map(|description| one("description", description.to_owned(), lang)),
        ];
        let values: Vec<_> = values.into_iter().flatten().collect();
        match all.iter_mut().find(|(own, _)| own == sku) {
            Some((_, own)) => own.extend(values),
            None if !values.is_empty() => all.push((sku.to_owned(), values)),
            None => {}
        }
    }
    all
}

/// The net mass of one, in grams.
fn grams(line: At<'_>) -> Option<String> {
    let mass = line.measure("customs.net_mass")?;
    let grams = convert(decimal(mass.literal).ok()?, mass.unit?, "GRM")?;
    Some(grams.normalize().to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(field: &str, value: &str) -> Suggestion {
        Suggestion {
            field: field.to_owned(),
            value: value.to_owned(),
            lang: String::new(),
            source: "shop, order 1".to_owned(),
            on: "2026-11-28".to_owned(),
        }
    }

    #[test]
    fn only_what_the_master_lacks_is_taken() {
        let known = [Article { sku: "A".to_owned(), origin: "CN".to_owned(), ..Article::default() }];
        let stated = [said("origin", "VN"), said("code", "420222"), said("code", "420221")];
        let rows = rows("A", &stated, &known);
        assert_eq!(rows.len(), 1, "the first of the two codes, and no origin: {rows:?}");
        assert_eq!((rows[0].code.as_str(), rows[0].schedule.as_str()), ("420222", "hs"));
        assert_eq!((rows[0].source.as_str(), rows[0].valid_from.as_str()), ("shop, order 1", "2026-11-28"));
    }
}
