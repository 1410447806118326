//! The rows of the articles that were asked for last.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use dragoman_declare::MasterRow;
use dragoman_model::{Document, OrderView};
use dragoman_store::StoreError;

use super::SPACE;
use crate::gateway::Gateway;

/// So many articles are remembered. A row is some hundred bytes.
const REMEMBERED: usize = 65_536;

/// The rows of an article as CSV; none where the master lacks it.
type Rows = Option<Arc<str>>;

/// The rows of articles, by tenant and number.
#[derive(Default)]
pub(crate) struct Kept(Mutex<HashMap<(String, String), Rows>>);

impl Kept {
    /// What is remembered of an article, if anything is.
    fn get(&self, key: &(String, String)) -> Result<Rows, NotAsked> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get(key).cloned().ok_or(NotAsked)
    }

    fn put(&self, key: (String, String), rows: Rows) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= REMEMBERED {
            kept.clear();
        }
        kept.insert(key, rows);
    }

    /// Forgets an article whose rows have changed.
    pub fn forget(&self, tenant: &str, sku: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.remove(&(tenant.to_owned(), sku.to_owned()));
    }
}

/// The store was not asked for this article yet, or it was forgotten.
struct NotAsked;

impl Gateway {
    /// The rows of a tenant's master that are about some articles: a master of its own, as CSV.
    pub(crate) async fn master_of(&self, tenant: &str, skus: Vec<String>) -> Result<String, StoreError> {
        let mut text = MasterRow::head();
        for sku in skus {
            if let Some(rows) = self.article(tenant, sku).await? {
                text.push_str(&rows);
            }
        }
        Ok(text)
    }

    async fn article(&self, tenant: &str, sku: String) -> Result<Rows, StoreError> {
        let key = (tenant.to_owned(), sku);
        if let Ok(known) = self.0.master.get(&key) {
            return Ok(known);
        }
        let record = self.0.store.record(tenant, SPACE, &key.1).await?;
        let rows: Rows = record.map(|record| record.body.into());
        self.0.master.put(key, rows.clone());
        Ok(rows)
    }
}

/// The article numbers in orders, each once, those of the parts of kits included.
pub(crate) fn skus(orders: &[&Document<'static>]) -> Vec<String> {
    let mut skus: Vec<String> = Vec::new();
    let mut add = |sku: Option<&str>| {
        if let Some(sku) = sku.filter(|sku| !sku.is_empty() && !skus.iter().any(|known| known == sku)) {
            skus.push(sku.to_owned());
        }
    };
    for order in orders {
        let Some(view) = OrderView::new(order) else { continue };
        for line in view.lines() {
            add(line.sku());
            line.at().entries("parts").for_each(|part| add(part.text("sku")));
        }
    }
    skus
}
