//! Articles of the customs master, and what waits for them.

use std::collections::BTreeMap;

use dragoman_declare::{Master, MasterRow};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::{MasterImport, SPACE, Suggestion};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::intake::GAPS;
use crate::people::{Actor, Right};

/// A row of the customs master. An empty text is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Article {
    /// The article number.
    pub sku: String,
    /// The commodity code.
    pub code: String,
    /// The tariff that the code is of.
    pub schedule: String,
    /// The country of origin.
    pub origin: String,
    /// Net mass of one, in grams.
    pub net_mass_g: String,
    /// What it is, for customs.
    pub description: String,
    /// The language of the description.
    pub lang: String,
    /// Who says so.
    pub source: String,
    /// Since when it counts.
    pub valid_from: String,
}

/// An article that the customs master has to say more about.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Gap {
    /// The article number.
    pub sku: String,
    /// How many orders it holds up.
    pub count: usize,
    /// Some of them.
    pub orders: Vec<String>,
    /// What the master says of it so far.
    pub known: Vec<Article>,
    /// What the seller's own history has for it: nothing is taken but by a person's word.
    pub suggestions: Vec<Suggestion>,
}

/// So many orders are named.
const NAMED: usize = 20;

/// So many records are read at once.
const AT_ONCE: usize = 1000;

impl Gateway {
    /// The rows of the customs master, some articles at a time: those behind one.
    pub async fn articles(&self, by: &Actor, after: &str, limit: usize) -> Answer<Vec<Article>> {
        allowed(by, Right::Read)?;
        let records = self.0.store.records(&by.tenant, SPACE, after, limit.clamp(1, AT_ONCE)).await?;
        Ok(records.iter().flat_map(|record| rows(&record.body)).collect())
    }

    /// The rows of one article.
    pub async fn article_rows(&self, by: &Actor, sku: &str) -> Answer<Vec<Article>> {
        allowed(by, Right::Read)?;
        let record = self.0.store.record(&by.tenant, SPACE, sku).await?;
        Ok(record.map(|record| rows(&record.body)).unwrap_or_default())
    }

    /// Sets the rows of an article, in the place of those that were there. Orders that wait for it are declared.
    pub async fn set_master(&self, by: &Actor, sku: &str, articles: &[Article]) -> Answer<MasterImport> {
        if articles.iter().any(|article| article.sku != sku) {
            return Err(EngineError::refused(format!("all rows have to be of `{sku}`")));
        }
        let lines: String = articles.iter().map(|article| MasterRow::from(article).line()).collect();
        let import = self.import_master(by, &format!("{}{lines}", MasterRow::head())).await?;
        if import.taken == 0 {
            let findings = import.rows.into_iter().flat_map(|row| row.findings).collect();
            return Err(EngineError::Refused { message: "no row counts".to_owned(), findings });
        }
        Ok(import)
    }

    /// What the customs master has to say more about: first what holds up most orders.
    pub async fn gaps(&self, by: &Actor) -> Answer<Vec<Gap>> {
        allowed(by, Right::Read)?;
        let mut waiting: BTreeMap<String, (usize, Vec<String>)> = BTreeMap::new();
        let mut after = String::new();
        loop {
            let records = self.0.store.records(&by.tenant, GAPS, &after, AT_ONCE).await?;
            let Some(last) = records.last() else { break };
            after.clone_from(&last.key);
            for record in records {
                let Some((sku, _)) = record.key.split_once('\u{1f}') else { continue };
                let (count, orders) = waiting.entry(sku.to_owned()).or_default();
                *count += 1;
                if orders.len() < NAMED {
                    orders.push(record.body);
                }
            }
        }
        let mut gaps = Vec::new();
        for (sku, (count, orders)) in waiting {
            let known = self.article_rows(by, &sku).await?;
            let suggestions = self.suggestions(&by.tenant, &sku, &known).await?;
            gaps.push(Gap { sku, count, orders, known, suggestions });
        }
        gaps.sort_by(|one, two| two.count.cmp(&one.count).then_with(|| one.sku.cmp(&two.sku)));
        Ok(gaps)
    }
}

/// The rows of an article as they are kept.
fn rows(body: &str) -> Vec<Article> {
    let text = format!("{}{body}", MasterRow::head());
    Master::read(&text).rows().map(|(row, _)| Article::from(row)).collect()
}

impl From<MasterRow> for Article {
    fn from(row: MasterRow) -> Self {
        let MasterRow { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from } =
            row;
        Self { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from }
    }
}

impl From<&Article> for MasterRow {
    fn from(article: &Article) -> Self {
        let Article { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from } =
            article.clone();
        Self { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from }
    }
}
