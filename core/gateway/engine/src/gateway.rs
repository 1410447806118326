//! The gateway: what is configured, the store under it, and the ways in.

use std::collections::HashMap;
use std::io;
use std::sync::Arc;

use dragoman_adapters::{Catalogue, CatalogueError, Message, packs, parted, recognise};
use dragoman_declare::assess::Pack;
use dragoman_store::{Store, StoreError};
use dragoman_transport::{Guard, Http, SettingsError, Transport};
use tokio::sync::Notify;

use crate::account::Account;
use crate::clock::Clock;
use crate::config::{self, Config};
use crate::declaring::{Flow, FlowError, Services, services};
use crate::error::{Answer, EngineError};
use crate::master::Kept;
use crate::outbox::{Keeper, Lanes};
use crate::partner::{Partner, partners};
use crate::people::{Actor, Right};
use crate::sync::{Keys, Polls, Troubles};
use crate::webhook::Listeners;

/// Reads a file that the configuration names.
pub type Files<'f> = &'f (dyn Fn(&str) -> io::Result<String> + Sync);

/// The gateway. A clone is the same one.
#[derive(Clone)]
pub struct Gateway(pub(crate) Arc<Inner>);

/// What the gateway works with.
pub(crate) struct Inner {
    pub config: Config,
    pub catalogue: Arc<Catalogue>,
    /// The hash of the catalogue's data, recorded with what is made with it.
    pub data: String,
    pub store: Arc<dyn Store>,
    pub clock: Clock,
    pub accounts: HashMap<String, Account>,
    /// The customs services of the accounts.
    pub customs: Services,
    pub flows: Vec<Arc<Flow>>,
    /// Who exchanges files with us.
    pub partners: HashMap<String, Partner>,
    /// What countries ask of parcels.
    pub packs: Vec<Pack>,
    pub master: Kept,
    pub transport: Transport,
    pub lanes: Lanes,
    /// Connections to addresses that strangers name.
    pub strangers: Http,
    /// Judges those addresses.
    pub guard: Guard,
    /// The addresses that news go to.
    pub listeners: Listeners,
    /// What went wrong with reading orders.
    pub troubles: Troubles,
    /// The public keys that platforms sign with.
    pub keys: Keys,
    /// What is known of the queues that are asked.
    pub polls: Polls,
    /// Held while jobs are taken from the outbox.
    pub taking: tokio::sync::Mutex<()>,
    /// There is something to send.
    pub queued: Notify,
    /// The customs master says more than before.
    pub filled: Notify,
    /// There may be orders to read.
    pub hinted: Notify,
}

/// Why a gateway cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// An account cannot be used.
    #[error("account `{name}`: {}", .faults.join("; "))]
    Account {
        /// Its name.
        name: String,
        /// Everything that is wrong with it.
        faults: Vec<String>,
    },
    /// A flow cannot be used.
    #[error("flow `{name}`: {error}")]
    Flow {
        /// Its name.
        name: String,
        /// Why.
        error: FlowError,
    },
    /// A flow joins accounts that do not go together.
    #[error("flow `{name}`: {reason}")]
    Joins {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// A partner cannot be used.
    #[error("partner `{name}`: {reason}")]
    Partner {
        /// Its name.
        name: String,
        /// Why.
        reason: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What is allowed besides public addresses is no network.
    #[error("`gateway.allow_private`: `{0}` is no network, such as 10.0.0.0/8")]
    Network(String),
    /// A rule of retention says nothing.
    #[error("`retention[{index}]`: {reason}")]
    Retention {
        /// Which, counted from 0.
        index: usize,
        /// Why.
        reason: String,
    },
    /// A rule pack cannot be used.
    #[error(transparent)]
    Data(#[from] CatalogueError),
    /// Nothing can be sent.
    #[error(transparent)]
    Transport(#[from] SettingsError),
    /// The customs master of a flow cannot be taken in.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

impl Gateway {
    /// Opens a gateway on a store: checks the accounts, compiles the flows, and takes the customs masters that they name
    /// into those of their tenants.
    pub async fn open(
        config: Config,
        files: Files<'_>,
        catalogue: Arc<Catalogue>,
        store: Arc<dyn Store>,
        clock: Clock,
    ) -> Result<Self, OpenError> {
        let accounts = accounts(&config, &catalogue)?;
        let customs = customs(&accounts, &catalogue)?;
        let partners = partners(&config, &accounts, &catalogue)?;
        let flows = flows(&config, &accounts, &customs, files)?;
        let packs = packs(&catalogue).map_err(CatalogueError::from)?;
        let data = catalogue.data().hash();
        let keeper = Arc::new(Keeper::new(Arc::clone(&store), &config));
        let transport = Transport::new(&dragoman_transport::Settings::default(), keeper)?;
        for account in accounts.values() {
            let checked = account.channel.as_ref().map(|channel| transport.check(account.on(channel)));
            checked.unwrap_or(Ok(())).map_err(|failure| OpenError::Account {
                name: account.name().to_owned(),
                faults: vec![failure.cause().to_string()],
            })?;
        }
        let guard = guard(&config)?;
        for (index, rule) in config.retention.iter().enumerate() {
            rule.check().map_err(|reason| OpenError::Retention { index, reason })?;
        }
        let settings = dragoman_transport::Settings::webhooks(guard.clone());
        let strangers = Http::new(&settings)?;
        let gateway = Self(Arc::new(Inner {
            config,
            catalogue,
            data,
            store,
            clock,
            accounts,
            customs,
            flows,
            partners,
            packs,
            master: Kept::default(),
            transport,
            lanes: Lanes::default(),
            strangers,
            guard,
            listeners: Listeners::default(),
            troubles: Troubles::default(),
            keys: Keys::default(),
            polls: Polls::default(),
            taking: tokio::sync::Mutex::default(),
            queued: Notify::new(),
            filled: Notify::new(),
            hinted: Notify::new(),
        }));
        gateway.keep_texts().await?;
        gateway.take_masters(files).await?;
        Ok(gateway)
    }

    /// The configuration.
    pub fn config(&self) -> &Config {
        &self.0.config
    }

    /// The mappings, grammars, rules and adapters.
    pub fn catalogue(&self) -> &Arc<Catalogue> {
        &self.0.catalogue
    }

    /// The store.
    pub fn store(&self) -> &Arc<dyn Store> {
        &self.0.store
    }

    /// The clock.
    pub fn clock(&self) -> &Clock {
        &self.0.clock
    }

    /// An account of a tenant.
    pub(crate) fn account(&self, tenant: &str, name: &str) -> Answer<&Account> {
        let account = self.0.accounts.get(name).filter(|account| account.settings.tenant == tenant);
        account.ok_or_else(|| EngineError::unknown("account", name))
    }

    /// The message that an answer to an account is: the one that its channel names, else the one of its adapter that
    /// the bytes are. None where they are none of those.
    pub(crate) fn answer_of_account(
        &self,
        tenant: &str,
        account: &str,
        bytes: &[u8],
    ) -> Answer<Option<Message>> {
        let account = self.account(tenant, account)?;
        let channel = account.channel.as_ref();
        let notifications = channel.and_then(|channel| channel.notifications.as_ref());
        let unknown = || EngineError::unknown("channel of account", account.name());
        let of_adapter = format!("{}/", account.settings.adapter);
        let Some(named) = &notifications.ok_or_else(unknown)?.message else {
            let found = recognise(&self.0.catalogue, bytes).map_err(EngineError::damaged)?;
            return Ok(found.filter(|message| message.name().starts_with(&of_adapter)));
        };
        let message = self.0.catalogue.message(&format!("{of_adapter}{}", &**named));
        message.map(Some).map_err(EngineError::damaged)
    }

    /// Where orders come from: an account or a partner of a tenant.
    pub(crate) fn origin(&self, tenant: &str, name: &str) -> Answer<&str> {
        let partner = self.0.partners.get(name).filter(|partner| partner.settings.tenant == tenant);
        match partner {
            Some(partner) => Ok(&partner.settings.name),
            None => self.account(tenant, name).map(Account::name),
        }
    }

    /// A flow of a tenant, by its name.
    pub(crate) fn flow(&self, tenant: &str, name: &str) -> Answer<&Arc<Flow>> {
        let mut flows = self.0.flows.iter();
        let flow = flows.find(|flow| flow.tenant == tenant && flow.settings.name == name);
        flow.ok_or_else(|| EngineError::unknown("flow", name))
    }

    /// The flow of the orders of an account.
    pub(crate) fn flow_from(&self, tenant: &str, account: &str) -> Option<&Arc<Flow>> {
        let comes_from = |flow: &&Arc<Flow>| flow.settings.from.as_deref() == Some(account);
        self.0.flows.iter().filter(|flow| flow.tenant == tenant).find(comes_from)
    }
}

/// Refuses who may not do something.
pub(crate) fn allowed(by: &Actor, right: Right) -> Answer<()> {
    if by.may(right) { Ok(()) } else { Err(EngineError::Forbidden(right)) }
}

/// The addresses that news may go to.
fn guard(config: &Config) -> Result<Guard, OpenError> {
    let read = |text: &String| text.parse().map_err(|_| OpenError::Network(text.clone()));
    let allow = config.gateway.allow_private.iter().map(read).collect::<Result<_, _>>()?;
    Ok(Guard { allow, plain: config.gateway.plain_webhooks })
}

fn accounts(config: &Config, catalogue: &Catalogue) -> Result<HashMap<String, Account>, OpenError> {
    let mut accounts = HashMap::new();
    for settings in &config.account {
        let name = &settings.name;
        let refused = |faults| OpenError::Account { name: name.clone(), faults };
        let account = Account::new(settings, catalogue).map_err(refused)?;
        if accounts.insert(name.clone(), account).is_some() {
            return Err(refused(vec!["there is an account of this name already".to_owned()]));
        }
    }
    Ok(accounts)
}

/// The customs services that accounts declare to.
fn customs(accounts: &HashMap<String, Account>, catalogue: &Catalogue) -> Result<Services, OpenError> {
    services(accounts.values(), catalogue).map_err(|(account, error)| {
        let (name, faults) = (account.name().to_owned(), vec![error.to_string()]);
        OpenError::Account { name, faults }
    })
}

fn flows(
    config: &Config,
    accounts: &HashMap<String, Account>,
    customs: &Services,
    files: Files<'_>,
) -> Result<Vec<Arc<Flow>>, OpenError> {
    let mut flows: Vec<Arc<Flow>> = Vec::new();
    for settings in &config.flow {
        let name = &settings.name;
        let to = joined(settings, config, accounts, &flows)
            .map_err(|reason| OpenError::Joins { name: name.clone(), reason })?;
        let declares = |message: &String| customs.get(message).is_some_and(|customs| customs.declares());
        if !to.begun_with().iter().any(declares) {
            let reason = format!("nothing can be declared to `{}`", to.settings.adapter);
            return Err(OpenError::Joins { name: name.clone(), reason });
        }
        let is_taken = |message: &&String| {
            let begun = to.begun_with().into_iter().filter(|name| to.own(parted(name).0) == Some(message));
            begun.into_iter().any(|name| declares(&name))
        };
        if let Some(message) = settings.message.as_ref().filter(|message| !is_taken(message)) {
            let reason = format!("nothing is declared to `{}` as `{message}`", to.settings.adapter);
            return Err(OpenError::Joins { name: name.clone(), reason });
        }
        let flow = Flow::new(settings, &to.settings, &|path| files(path));
        flows.push(Arc::new(flow.map_err(|error| OpenError::Flow { name: name.clone(), error })?));
    }
    Ok(flows)
}

/// The account that a flow declares to, where the flow fits the accounts and the flows before it.
fn joined<'a>(
    settings: &config::Flow,
    config: &Config,
    accounts: &'a HashMap<String, Account>,
    before: &[Arc<Flow>],
) -> Result<&'a Account, String> {
    let account = |name: &str| accounts.get(name).ok_or_else(|| format!("there is no account `{name}`"));
    let to = account(&settings.to)?;
    let Some(from) = &settings.from else { return Ok(to) };
    let partner = config.partner.iter().find(|partner| partner.name == *from);
    let tenant = match partner {
        Some(partner) => &partner.tenant,
        None => &account(from)?.settings.tenant,
    };
    if *tenant != to.settings.tenant {
        return Err("its two sides are of different tenants".to_owned());
    }
    let is_taken = |flow: &Arc<Flow>| flow.settings.from.as_ref() == Some(from);
    match before.iter().find(|flow| is_taken(flow) || flow.settings.name == settings.name) {
        Some(other) => {
            Err(format!("flow `{}` has the same name or declares the same orders", other.settings.name))
        }
        None => Ok(to),
    }
}
