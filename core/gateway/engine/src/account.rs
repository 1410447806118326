//! Accounts with the channel of their adapter, checked once.

use std::sync::Arc;

use dragoman_adapters::{Adapter, Catalogue, Party};
use dragoman_channel::{ACCOUNT, Channel, Values};

use crate::config;

/// Our standing at one counterpart, ready for use.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    /// As it is configured.
    pub settings: config::Account,
    /// Whose side of the trade the counterpart stands for.
    pub party: Party,
    /// How it is talked with; none where the adapter is a format alone.
    pub channel: Option<Arc<Channel>>,
    /// What templates may name: `account.name`, `account.client_id` …
    pub values: Values,
}

impl Account {
    /// Checks an account against its adapter. `Err` says everything that is wrong.
    pub fn new(settings: &config::Account, catalogue: &Catalogue) -> Result<Self, Vec<String>> {
        let named = |adapter: &&Adapter| adapter.name == settings.adapter;
        let Some(adapter) = catalogue.adapters().iter().find(named) else {
            return Err(vec![format!("there is no adapter `{}`", settings.adapter)]);
        };
        let mut values = Values::new();
        values.set("account.name", &*settings.name).set("account.environment", &*settings.environment);
        for (name, value) in &settings.values {
            values.set(format!("account.{name}"), &**value);
        }
        let channel = adapter.channel.clone().map(Arc::new);
        let wrong = channel.as_ref().map(|channel| faults(settings, &values, channel)).unwrap_or_default();
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Self { settings: settings.clone(), party: adapter.party.clone(), channel, values })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The account for the transport; `channel` is its own.
    pub fn on<'a>(&'a self, channel: &'a Channel) -> dragoman_transport::Account<'a> {
        dragoman_transport::Account { name: &self.settings.name, values: &self.values, channel }
    }

    /// True where answers are pushed: the account has what they show.
    pub fn is_pushed(&self) -> bool {
        let channel = self.channel.as_ref();
        let push = channel.and_then(|channel| channel.notifications.as_ref()?.push.as_ref());
        let rejected = push.map(|push| push.check(&[], &[], &self.values));
        rejected.is_some_and(|rejected| rejected != Err(dragoman_channel::Rejected::NoSecret))
    }

    /// The country of the customs service that it is for.
    pub fn country(&self) -> Option<&str> {
        match &self.party {
            Party::Customs(country) => Some(country),
            Party::Platform(_) | Party::Any => None,
        }
    }
}

/// What is wrong with the values of an account: those that its channel lacks, and those that it does not know.
fn faults(settings: &config::Account, values: &Values, channel: &Channel) -> Vec<String> {
    let known = |name: &str| {
        let always = ACCOUNT.iter().filter_map(|known| known.name.strip_prefix("account."));
        always.chain(channel.settings.account.iter().map(|one| one.name.as_str())).any(|known| known == name)
    };
    let mut faults = channel.settings.account_faults(values);
    let unknown = settings.values.keys().filter(|name| !known(name));
    faults.extend(unknown.map(|name| format!("`{name}` is nothing that `{}` knows", settings.adapter)));
    faults
}
