//! Access tokens in the store: a refresh token that is good once must outlive the process.

use std::collections::HashMap;
use std::sync::Arc;

use async_trait::async_trait;
use dragoman_store::{Batch, RecordChange, Store};
use dragoman_transport::{Kept, TokenKeeper};

use crate::config::Config;

/// The space of the store's records that tokens are in, by account.
pub(crate) const SPACE: &str = "token";

/// Keeps the tokens of all accounts.
pub(crate) struct Keeper {
    store: Arc<dyn Store>,
    tenants: HashMap<String, String>,
}

impl Keeper {
    /// Keeps the tokens of the accounts of a configuration.
    pub fn new(store: Arc<dyn Store>, config: &Config) -> Self {
        let tenant = |account: &crate::config::Account| (account.name.clone(), account.tenant.clone());
        Self { store, tenants: config.account.iter().map(tenant).collect() }
    }

    fn tenant(&self, account: &str) -> Result<&str, String> {
        self.tenants
            .get(account)
            .map(String::as_str)
            .ok_or_else(|| format!("there is no account `{account}`"))
    }
}

#[async_trait]
impl TokenKeeper for Keeper {
    async fn load(&self, account: &str) -> Result<Option<Kept>, String> {
        let record = self.store.record(self.tenant(account)?, SPACE, account).await;
        let Some(record) = record.map_err(|error| error.to_string())? else { return Ok(None) };
        Kept::read(&record.body).map(Some).map_err(|error| error.to_string())
    }

    async fn keep(&self, account: &str, kept: &Kept) -> Result<(), String> {
        let tenant = self.tenant(account)?;
        let body = kept.write();
        // Tokens of one account are asked for one after the other: who is stale was overtaken by an operator's tool.
        loop {
            let known = self.store.record(tenant, SPACE, account).await.map_err(|error| error.to_string())?;
            let change = RecordChange {
                tenant: tenant.to_owned(),
                space: SPACE.to_owned(),
                key: account.to_owned(),
                expected: known.map_or(0, |record| record.revision),
                body: Some(body.clone()),
            };
            let batch = Batch { records: vec![change], ..Batch::default() };
            match self.store.commit(batch).await {
                Ok(_) => return Ok(()),
                Err(dragoman_store::StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.to_string()),
            }
        }
    }
}
