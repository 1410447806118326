//! Orders that waited for the customs master, once it says what they lack.

use dragoman_store::{Record, StoreError};

use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::{GAPS, Goal};
use crate::people::Actor;
use crate::writing::Writing;

/// The space of the articles whose rows changed while orders wait for them.
pub(crate) const FILLED: &str = "filled";

/// So many orders are declared in one go.
const AT_ONCE: usize = 200;

impl Gateway {
    /// Remembers which articles of those that changed are waited for.
    pub(crate) async fn filled(&self, by: &Actor, skus: impl Iterator<Item = &String>) -> Answer<()> {
        if self.0.store.records(&by.tenant, GAPS, "", 1).await?.is_empty() {
            return Ok(());
        }
        for sku in skus {
            if self.waiting(&by.tenant, sku, 1).await?.is_empty() {
                continue;
            }
            let known = self.0.store.record(&by.tenant, FILLED, sku).await?;
            let mut writing = Writing::new(self, by);
            let revision = known.map_or(0, |record| record.revision);
            writing.record(FILLED, sku.clone(), revision, Some(by.name.clone()));
            match writing.commit().await {
                Ok(_) | Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        self.0.filled.notify_one();
        Ok(())
    }

    /// The records of orders that wait for an article.
    async fn waiting(&self, tenant: &str, sku: &str, limit: usize) -> Answer<Vec<Record>> {
        let prefix = format!("{sku}\u{1f}");
        let mut records = self.0.store.records(tenant, GAPS, &prefix, limit).await?;
        records.retain(|record| record.key.starts_with(&prefix));
        Ok(records)
    }

    /// Declares the orders of a tenant that waited for articles whose rows changed. Gives how many were looked at.
    pub async fn fill(&self, tenant: &str) -> Answer<usize> {
        let mut looked = 0;
        for Record { key: sku, revision, .. } in self.0.store.records(tenant, FILLED, "", AT_ONCE).await? {
            for Record { body: stream, key, .. } in self.waiting(tenant, &sku, AT_ONCE).await? {
                looked += 1;
                let order = key.split_once('\u{1f}').map_or("", |(_, order)| order);
                let Some((known, _)) = self.known_order(tenant, order).await? else { continue };
                let from = order.split_once('/').map_or("", |(from, _)| from);
                let flow = self.flow_from(tenant, from).map(|flow| flow.settings.name.clone());
                let goal =
                    known.goal.or_else(|| flow.map(|flow| Goal { flow: Some(flow), ..Goal::default() }));
                let Some(goal) = goal else { continue };
                match self.declare(&Actor::gateway(tenant), &[stream], &goal, None).await {
                    Ok(_) => {}
                    Err(EngineError::Store(error)) => return Err(error.into()),
                    Err(error) => tracing::warn!(%error, order, "an order that waited cannot be declared"),
                }
            }
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            writing.record(FILLED, sku, revision, None);
            match writing.commit().await {
                Ok(_) | Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(looked)
    }
}
