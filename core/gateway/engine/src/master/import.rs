//! Taking a customs master in.

use std::collections::BTreeMap;

use dragoman_declare::{Master, MasterRow};
use dragoman_store::{Record, StoreError};
use dragoman_tree::{FindingRecord, LineIndex, Position, Severity};
use serde::Serialize;
use utoipa::ToSchema;

use super::SPACE;
use crate::error::{Answer, EngineError};
use crate::gateway::{Files, Gateway, allowed};
use crate::hash::sha256;
use crate::people::{Actor, Right};
use crate::view::Finding;
use crate::writing::Writing;

/// What became of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct MasterImport {
    /// Rows that were taken.
    pub taken: usize,
    /// Rows that do not count.
    pub refused: usize,
    /// Articles that they are about.
    pub articles: usize,
    /// What is wrong with the table, and with its rows.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
    /// Rows with something wrong.
    pub rows: Vec<RowFindings>,
}

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RowFindings {
    /// Its number, from 1, without the head.
    pub row: usize,
    /// Its article number.
    pub sku: String,
    /// False where it does not count.
    pub taken: bool,
    /// What is wrong.
    #[schema(value_type = Vec<Finding>)]
    pub findings: Vec<FindingRecord>,
}

/// So many articles are stored at once.
const AT_ONCE: usize = 500;

impl Gateway {
    /// Takes a customs master (CSV) in. The rows of an article replace those that were there. Rows that do not count are
    /// left out, and said.
    pub async fn import_master(&self, by: &Actor, csv: &str) -> Answer<MasterImport> {
        allowed(by, Right::Write)?;
        let (import, articles) = read(csv);
        if import.taken == 0 && import.findings.iter().any(|finding| finding.severity == Severity::Error) {
            let message = "this is no customs master".to_owned();
            return Err(EngineError::Refused { message, findings: import.findings });
        }
        let articles: Vec<_> = articles.into_iter().collect();
        for some in articles.chunks(AT_ONCE) {
            self.put_articles(by, some).await?;
        }
        self.filled(by, articles.iter().map(|(sku, _)| sku)).await?;
        Ok(import)
    }

    /// The rows of an article take the place of those that were there.
    pub(crate) async fn put_articles(&self, by: &Actor, articles: &[(String, String)]) -> Answer<()> {
        loop {
            let mut writing = Writing::new(self, by);
            for (sku, rows) in articles {
                let known = self.0.store.record(&by.tenant, SPACE, sku).await?;
                let revision = known.as_ref().map_or(0, |record| record.revision);
                if known.is_none_or(|Record { body, .. }| body != *rows) {
                    writing.record(SPACE, sku.clone(), revision, Some(rows.clone()));
                }
            }
            match writing.commit().await {
                Ok(_) => break,
                Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        for (sku, _) in articles {
            self.0.master.forget(&by.tenant, sku);
        }
        Ok(())
    }

    /// Takes the masters in that flows name, each unless it was taken before as it is.
    pub(crate) async fn take_masters(&self, files: Files<'_>) -> Answer<()> {
        for flow in &self.0.flows {
            let Some(path) = &flow.settings.master else { continue };
            let text = files(path).map_err(|error| EngineError::refused(format!("{path}: {error}")))?;
            let by = Actor::gateway(&flow.tenant);
            let (key, hash) = (path.clone(), sha256(text.as_bytes()));
            let known = self.0.store.record(&by.tenant, TAKEN, &key).await?;
            if known.as_ref().is_some_and(|known| known.body == hash) {
                continue;
            }
            self.import_master(&by, &text).await?;
            let mut writing = Writing::new(self, &by);
            writing.record(TAKEN, key, known.map_or(0, |known| known.revision), Some(hash));
            writing.commit().await?;
        }
        Ok(())
    }
}

/// The files that were taken in, with the hash of their content.
const TAKEN: &str = "master_file";

/// The rows of a table by article, as lines of CSV.
fn read(csv: &str) -> (MasterImport, BTreeMap<String, String>) {
    let index = LineIndex::new(csv.as_bytes());
    let position = |offset: u64| -> Option<Position> {
        Some(index.position(csv.as_bytes(), usize::try_from(offset).ok()?))
    };
    let record = |finding: &dragoman_tree::Finding| FindingRecord::new(finding, None, position);
    let master = Master::read(csv);
    let findings = master.findings.iter().map(record).collect();
    let mut import = MasterImport { findings, ..MasterImport::default() };
    let mut articles: BTreeMap<String, String> = BTreeMap::new();
    for (number, (row, findings)) in (1..).zip(master.rows()) {
        let taken = findings.iter().all(|finding| finding.severity != Severity::Error);
        if !findings.is_empty() {
            let (sku, findings) = (row.sku.clone(), findings.iter().map(record).collect());
            import.rows.push(RowFindings { row: number, sku, taken, findings });
        }
        if taken {
            import.taken += 1;
            let MasterRow { sku, .. } = &row;
            articles.entry(sku.clone()).or_default().push_str(&row.line());
        } else {
            import.refused += 1;
        }
    }
    import.articles = articles.len();
    (import, articles)
}
