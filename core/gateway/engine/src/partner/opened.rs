//! Partners, checked once.

use std::collections::HashMap;

use dragoman_adapters::{Catalogue, Message};
use dragoman_folders::Settling;

use crate::account::Account;
use crate::config::{self, Config};
use crate::gateway::OpenError;
use crate::people::{Actor, Right};

/// A partner, ready for use.
pub(crate) struct Partner {
    /// As it is configured.
    pub settings: config::Partner,
    /// The message that each type of document goes out as.
    pub send: HashMap<String, Message>,
    /// Files that may still be written, in each of the folders that are watched.
    pub watched: tokio::sync::Mutex<Watched>,
}

/// Files that may still be written.
#[derive(Default)]
pub(crate) struct Watched {
    /// In `in`.
    pub incoming: Settling,
    /// In `send`.
    pub send: Settling,
    /// On the partner's server.
    #[cfg(feature = "sftp")]
    pub server: super::server::Visits,
}

impl Partner {
    /// Who acts where its files are taken in.
    pub fn actor(&self) -> Actor {
        let (tenant, name) = (self.settings.tenant.clone(), format!("partner:{}", self.settings.name));
        Actor { tenant, name, rights: [Right::Read, Right::Write].into() }
    }
}

/// The partners of a configuration.
pub(crate) fn partners(
    config: &Config,
    accounts: &HashMap<String, Account>,
    catalogue: &Catalogue,
) -> Result<HashMap<String, Partner>, OpenError> {
    let mut partners = HashMap::new();
    for settings in &config.partner {
        let name = settings.name.clone();
        let refused = |reason| OpenError::Partner { name: name.clone(), reason };
        if accounts.contains_key(&name) || partners.contains_key(&name) {
            return Err(refused("there is an account or a partner of this name already".to_owned()));
        }
        let partner = open(settings, accounts, catalogue).map_err(refused)?;
        partners.insert(name, partner);
    }
    Ok(partners)
}

fn open(
    settings: &config::Partner,
    accounts: &HashMap<String, Account>,
    catalogue: &Catalogue,
) -> Result<Partner, String> {
    if let Some(name) = &settings.account {
        let account = accounts.get(name).filter(|account| account.settings.tenant == settings.tenant);
        account.ok_or_else(|| format!("there is no account `{name}`"))?;
    }
    if cfg!(not(feature = "sftp")) && settings.sftp.is_some() {
        return Err("this program was built without SFTP".to_owned());
    }
    let mut send = HashMap::new();
    for (kind, name) in &settings.send {
        let message = catalogue.message(name).map_err(|error| error.to_string())?;
        let holds = message.mapping().map(|mapping| mapping.model());
        let document = dragoman_model::Schema::standard().document(kind);
        if document.is_none() || holds.is_some_and(|holds| Some(holds) != document) {
            return Err(format!("`send.{kind}`: a document of type `{kind}` is not written as `{name}`"));
        }
        send.insert(kind.clone(), message);
    }
    Ok(Partner { settings: settings.clone(), send, watched: tokio::sync::Mutex::default() })
}
