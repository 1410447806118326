//! Accounts with the channel of their adapter, checked once.

use std::sync::Arc;

use dragoman_adapters::{Adapter, Catalogue, Message, Party, in_edition, parted};
use dragoman_channel::{ACCOUNT, Channel, Operation, SUBMIT, Values};
use jiff::civil::Date;

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
    /// What templates may name: `account.name`, `account.client_id` … This is what standing and notifications go by.
    pub values: Values,
    /// How it is spoken from which day on, the earliest first.
    spoken: Vec<Spoken>,
}

/// How a counterpart is spoken with from a day on.
#[derive(Clone, Debug)]
struct Spoken {
    from: Date,
    values: Values,
    /// The edition of the adapter's messages; none where it has one.
    edition: Option<String>,
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
        let channel = adapter.channel.clone().map(Arc::new);
        let usual = channel.iter().flat_map(|channel| channel.settings.usual(&settings.environment));
        usual.for_each(|(name, value)| {
            values.set(format!("account.{name}"), value);
        });
        set(&mut values, &settings.values);
        let mut spoken = vec![Spoken::new(adapter, Date::MIN, values.clone())];
        for (day, changed) in &settings.from {
            let mut values = spoken.last().map_or_else(Values::new, |before| before.values.clone());
            set(&mut values, changed);
            spoken.push(Spoken::new(adapter, *day, values));
        }
        let wrong = channel.as_ref().map(|channel| faults(settings, adapter, &spoken, channel));
        match wrong.filter(|wrong| !wrong.is_empty()) {
            Some(wrong) => Err(wrong),
            None => {
                Ok(Self { settings: settings.clone(), party: adapter.party.clone(), channel, values, spoken })
            }
        }
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// The account for the transport; `channel` is its own.
    pub fn on<'a>(&'a self, channel: &'a Channel) -> dragoman_transport::Account<'a> {
        dragoman_transport::Account { name: &self.settings.name, values: &self.values, channel }
    }

    /// True where people hand over what is submitted.
    pub fn is_by_hand(&self) -> bool {
        self.channel.as_ref().is_some_and(|channel| channel.settings.by_hand)
    }

    /// True where answers are pushed: the account has what they show.
    pub fn is_pushed(&self) -> bool {
        let channel = self.channel.as_ref();
        let push = channel.and_then(|channel| channel.notifications.as_ref()?.push.as_ref());
        let rejected = push.map(|push| push.check(&[], &[], &self.values));
        rejected.is_some_and(|rejected| rejected != Err(dragoman_channel::Rejected::NoSecret))
    }

    /// True where answers are fetched: where they are not pushed, or only told of, of which a word may be lost.
    pub fn is_polled(&self) -> bool {
        let notifications = self.channel.as_ref().and_then(|channel| channel.notifications.as_ref());
        let push = notifications.and_then(|notifications| notifications.push.as_ref());
        !self.is_pushed() || push.is_some_and(|push| push.told.is_some())
    }

    /// The country of the customs service that it is for.
    pub fn country(&self) -> Option<&str> {
        match &self.party {
            Party::Customs(country) => Some(country),
            Party::Platform(_) | Party::Any => None,
        }
    }

    /// What templates may name on a day, of something in an edition: as that one is spoken, also before or after it is
    /// the usual one.
    pub fn values_in(&self, edition: Option<&str>, on: Date) -> &Values {
        let usual = self.spoken_on(on);
        let fits = |spoken: &&Spoken| edition.is_none() || spoken.edition.as_deref() == edition;
        let found = usual.into_iter().chain(self.spoken.iter().rev()).find(fits);
        found.or(usual).map_or(&self.values, |spoken| &spoken.values)
    }

    fn spoken_on(&self, on: Date) -> Option<&Spoken> {
        self.spoken.iter().rfind(|spoken| spoken.from <= on)
    }

    /// The names of the messages that an exchange begins with, in every edition that it speaks; the adapter's name, where
    /// nothing is submitted.
    pub fn begun_with(&self) -> Vec<String> {
        let channel = self.channel.iter().flat_map(|channel| &channel.operations);
        let begun = channel.filter(|operation| operation.is_beginning());
        let messages: Vec<_> = begun.filter_map(|operation| operation.message.as_deref()).collect();
        let of_edition = |message: &str, spoken: &Spoken| self.named(message, spoken.edition.as_deref());
        let names =
            messages.iter().flat_map(|message| self.spoken.iter().map(|one| of_edition(message, one)));
        if messages.is_empty() { vec![self.settings.adapter.clone()] } else { names.collect() }
    }

    /// The name of the message that something which is handed in is sent as on a day: its own, where that begins an
    /// exchange, or that of declarations.
    pub fn taken_as(&self, message: &str, on: Date) -> String {
        let (plain, edition) = parted(message);
        let usual = || self.spoken_on(on).and_then(|spoken| spoken.edition.as_deref());
        match self.beginning(plain).and_then(|operation| operation.message.as_deref()) {
            Some(own) => self.named(own, edition.or_else(usual)),
            None => match self.operation(SUBMIT).and_then(|operation| operation.message.as_deref()) {
                Some(own) => self.named(own, usual()),
                None => self.settings.adapter.clone(),
            },
        }
    }

    /// The operation that an exchange begins with whose declaration is such a message.
    pub fn begins(&self, message: &Message) -> Option<&Operation> {
        self.beginning(message.plain_name()).or_else(|| self.operation(SUBMIT))
    }

    /// The operation that sends such a message.
    pub fn sends(&self, message: &Message) -> Option<&Operation> {
        let own = self.own(message.plain_name())?;
        let sends = |operation: &&Operation| operation.message.as_deref().is_some_and(|name| *name == *own);
        self.channel.as_ref()?.operations.iter().find(sends)
    }

    /// The operation of its channel of that name.
    pub fn operation(&self, name: &str) -> Option<&Operation> {
        self.channel.as_ref().and_then(|channel| channel.operation(name))
    }

    fn beginning(&self, name: &str) -> Option<&Operation> {
        self.channel.as_ref()?.beginning(self.own(name)?)
    }

    /// A message of the adapter, by its name below that.
    pub fn own<'n>(&self, name: &'n str) -> Option<&'n str> {
        name.strip_prefix(&*self.settings.adapter)?.strip_prefix('/')
    }

    /// The name of a message of the adapter in an edition.
    pub fn named(&self, message: &str, edition: Option<&str>) -> String {
        in_edition(&format!("{}/{message}", self.settings.adapter), edition)
    }
}

impl Spoken {
    fn new(adapter: &Adapter, from: Date, values: Values) -> Self {
        let spoken = adapter.spoken(|name| values.get(&format!("account.{name}")));
        let edition = spoken.map(|edition| edition.name.clone());
        Self { from, values, edition }
    }
}

fn set(values: &mut Values, settings: &std::collections::BTreeMap<String, String>) {
    for (name, value) in settings {
        values.set(format!("account.{name}"), &**value);
    }
}

/// What is wrong with the values of an account: those that its channel lacks, and those that it does not know.
fn faults(
    settings: &config::Account,
    adapter: &Adapter,
    spoken: &[Spoken],
    channel: &Channel,
) -> Vec<String> {
    let known = |name: &str| {
        let always = ACCOUNT.iter().filter_map(|known| known.name.strip_prefix("account."));
        always.chain(channel.settings.account.iter().map(|one| one.name.as_str())).any(|known| known == name)
    };
    let mut faults = Vec::new();
    for fault in spoken.iter().flat_map(|spoken| channel.settings.account_faults(&spoken.values)) {
        if !faults.contains(&fault) {
            faults.push(fault);
        }
    }
    let queues = channel.queues.iter();
    let lacking =
        queues.filter_map(|queue| Some((queue, queue.lacks(spoken.first().map(|one| &one.values)?)?)));
    faults.extend(lacking.map(|(queue, missing)| {
        let name = missing.0.strip_prefix("account.").unwrap_or(&missing.0).to_owned();
        format!("`{name}` is missing: without it the queue `{}` cannot be asked", &*queue.name)
    }));
    let unknown = settings.values.keys().filter(|name| !known(name));
    faults.extend(unknown.map(|name| format!("`{name}` is nothing that `{}` knows", settings.adapter)));
    let counts = |name: &String| adapter.editions.iter().any(|edition| edition.accounts.contains_key(name));
    let others = settings.from.values().flat_map(|changed| changed.keys()).filter(|name| !counts(name));
    faults.extend(others.map(|name| format!("`{name}` does not change from a day on")));
    faults
}
