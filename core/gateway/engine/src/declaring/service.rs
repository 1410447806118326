//! The customs services that accounts declare to: one for each message that an exchange begins with, in each edition.

use std::collections::HashMap;
use std::sync::Arc;

use dragoman_adapters::{Catalogue, CatalogueError, Customs};
use jiff::civil::Date;

use super::flow::Flow;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;

/// Those services, by the names of their messages: `eu-ncts/CC015C@6`.
pub(crate) type Services = HashMap<String, Arc<Customs>>;

/// The services of some accounts; none of one that nothing can be declared to.
pub(crate) fn services<'a>(
    accounts: impl Iterator<Item = &'a Account>,
    catalogue: &Catalogue,
) -> Result<Services, (&'a Account, CatalogueError)> {
    let mut all = Services::new();
    for account in accounts {
        for name in account.begun_with() {
            if all.contains_key(&name) {
                continue;
            }
            match Customs::of_any(catalogue, &name) {
                Ok(customs) => {
                    all.insert(name, Arc::new(customs));
                }
                Err(CatalogueError::NotDeclaredTo { .. }) => {}
                Err(error) => return Err((account, error)),
            }
        }
    }
    Ok(all)
}

impl Gateway {
    /// The customs service of a flow, as it takes the message that the flow's orders are declared as.
    pub(crate) fn customs_of(&self, flow: &Flow, on: Date) -> Answer<Arc<Customs>> {
        let Flow { settings, tenant, .. } = flow;
        let account = self.account(tenant, &settings.to)?;
        let named = settings.message.as_deref().map(|message| account.named(message, None));
        self.customs(tenant, &settings.to, &named.unwrap_or_default(), on)
    }

    /// The customs service of an account, as it takes a message: one that begins an exchange of its own as that one, any
    /// other rewritten as declarations are. The edition is the message's own, else the one that the account speaks on
    /// that day.
    pub(crate) fn customs(
        &self,
        tenant: &str,
        account: &str,
        message: &str,
        on: Date,
    ) -> Answer<Arc<Customs>> {
        let account = self.account(tenant, account)?;
        let known = self.0.customs.get(&account.taken_as(message, on)).cloned();
        known.ok_or_else(|| EngineError::refused(format!("nothing can be declared to `{}`", account.name())))
    }
}
