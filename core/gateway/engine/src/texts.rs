//! Texts by the hash of their content: profiles, consignments, rates. What a declaration was made from stays.

use std::collections::BTreeMap;

use dragoman_store::StoreError;

use crate::declaring::Flow;
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::writing::Writing;

/// The space of the store's records that texts are in.
pub(crate) const SPACE: &str = "text";

impl Gateway {
    /// Keeps the texts of all flows.
    pub(crate) async fn keep_texts(&self) -> Result<(), StoreError> {
        let mut by_tenant: BTreeMap<&str, BTreeMap<&str, &str>> = BTreeMap::new();
        for flow in &self.0.flows {
            let texts = by_tenant.entry(&flow.tenant).or_default();
            texts.insert(&flow.profile.hash, &flow.profile.text);
            texts.insert(&flow.consignment.hash, &flow.consignment.text);
            texts.insert(&flow.rates.hash, &flow.rates.text);
        }
        for (tenant, texts) in by_tenant {
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            for (hash, text) in texts {
                if self.0.store.record(tenant, SPACE, hash).await?.is_none() {
                    writing.record(SPACE, hash.to_owned(), 0, Some(text.to_owned()));
                }
            }
            writing.commit().await?;
        }
        Ok(())
    }

    /// Keeps the consignment of a flow, where it is not the flow's own but one that came with the orders.
    pub(crate) async fn keep_consignment(
        &self,
        writing: &mut Writing<'_>,
        flow: &Flow,
    ) -> Result<(), StoreError> {
        let (hash, text) = (&flow.consignment.hash, &flow.consignment.text);
        let is_own =
            self.0.flows.iter().any(|own| own.tenant == flow.tenant && own.consignment.hash == *hash);
        if !is_own && self.0.store.record(&flow.tenant, SPACE, hash).await?.is_none() {
            writing.record(SPACE, hash.clone(), 0, Some(text.to_string()));
        }
        Ok(())
    }

    /// A text that is kept.
    pub(crate) async fn text(&self, tenant: &str, hash: &str) -> Result<Option<String>, StoreError> {
        Ok(self.0.store.record(tenant, SPACE, hash).await?.map(|record| record.body))
    }
}
