//! Answers that wait to be fetched.

use dragoman_channel::{Channel, Listed, Operation, Pull, Within};
use jiff::SignedDuration;

use super::receive::{Arrived, notifications};
use crate::account::Account;
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::intake::About;
use crate::outbox::Became;
use crate::people::Actor;
use crate::writing::Writing;
use dragoman_exchange::Purpose;

/// The space of the records of up to when lists were read, by account and list.
const PULLED: &str = "pulled";

/// The space of what was fetched from lists that stay as they are.
const FETCHED: &str = "fetched";

/// What changes while a list is made may show late: it is read again from so long before.
const OVERLAP: SignedDuration = SignedDuration::from_mins(1);

/// So many pages of a list are read at most: a counterpart may give full ones for ever. The rest is listed again.
const PAGES: u32 = 1000;

/// A message by the list that it is in.
pub(super) struct Placed<'c> {
    pub channel: &'c Channel,
    pub pull: &'c Pull,
    pub conversation: String,
    pub id: String,
}

impl<'c> Placed<'c> {
    /// The message at an address.
    pub fn at(channel: &'c Channel, address: &str) -> Option<Self> {
        let pulls = channel.notifications.iter().flat_map(|notifications| &notifications.pull);
        let place = |pull: &'c Pull| {
            let within = pull.within.as_ref()?;
            let (conversation, id) = within.named(channel.operation(&within.list)?, address)?;
            Some(Self { channel, pull, conversation, id })
        };
        pulls.into_iter().find_map(place)
    }
}

/// What is fetched from, and how.
#[derive(Clone, Copy)]
struct Pulling<'p> {
    account: &'p Account,
    channel: &'p Channel,
    pull: &'p Pull,
}

impl Gateway {
    /// Fetches what waits for an account, and gives how much that was. `again` looks at what was fetched before as
    /// well: what was lost between fetching and storing is there.
    pub async fn pull(&self, account: &str, again: bool) -> Answer<usize> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| crate::EngineError::unknown("account", account))?;
        let Some(channel) = &account.channel else { return Ok(0) };
        let mut fetched = 0;
        for pull in &notifications(account)?.pull {
            let pulling = Pulling { account, channel, pull };
            fetched += self.fetch(pulling, &pull.list, &pull.get).await?;
            if let (true, Some(list), Some(get)) = (again, &pull.fetched, &pull.again) {
                fetched += self.fetch(pulling, list, get).await?;
            }
        }
        Ok(fetched)
    }

    /// Fetches what lists name that wait, or were fetched before.
    async fn fetch(&self, pulling: Pulling<'_>, list: &str, get: &str) -> Answer<usize> {
        let Pulling { account, channel, pull } = pulling;
        let (Some(list), Some(get)) = (channel.operation(list), channel.operation(get)) else { return Ok(0) };
        let key = format!("{}/{}", account.name(), &*list.name);
        let known = self.0.store.record(&account.settings.tenant, PULLED, &key).await?;
        let since = known.as_ref().map(|record| record.body.clone());
        let (listed, mut is_whole) = self.listed(pulling, list, since.as_ref()).await;
        let mut fetched = 0;
        for entry in &listed {
            let (more, all) = match &pull.within {
                Some(within) => self.fetch_within(pulling, within, get, &entry.id).await?,
                None => self.fetch_one(pulling, get, None, &entry.id).await?,
            };
            fetched += more;
            is_whole &= all;
        }
        // What could not be fetched is listed again.
        let latest = listed.iter().filter_map(|entry| entry.updated).max().filter(|_| is_whole);
        if let Some(since) = latest.and_then(|at| at.checked_sub(OVERLAP).ok()).map(|at| at.to_string())
            && known.as_ref().is_none_or(|record| record.body != since)
        {
            let mut writing = Writing::new(self, &Actor::gateway(&account.settings.tenant));
            let revision = known.map_or(0, |record| record.revision);
            writing.record(PULLED, key, revision, Some(since));
            writing.commit().await?;
        }
        Ok(fetched)
    }

    /// All pages of a list, and whether those are all there are.
    async fn listed(
        &self,
        pulling: Pulling<'_>,
        list: &Operation,
        since: Option<&String>,
    ) -> (Vec<Listed>, bool) {
        let mut all = Vec::new();
        for page in 1..=PAGES {
            let token = Some(page.to_string()).filter(|_| page > 1);
            let named = [("pulled.since", since), ("page.token", token.as_ref())];
            let Some(answer) = self.question(pulling, list, &named).await else { return (all, false) };
            all.extend(pulling.pull.listed(&answer));
            if !pulling.pull.has_more(&answer) {
                return (all, true);
            }
        }
        (all, false)
    }

    /// Fetches what a conversation has that is not here yet. Gives how much that was, and whether it was all.
    async fn fetch_within(
        &self,
        pulling: Pulling<'_>,
        within: &Within,
        get: &Operation,
        conversation: &String,
    ) -> Answer<(usize, bool)> {
        let Some(list) = pulling.channel.operation(&within.list) else { return Ok((0, true)) };
        let Some(answer) = self.question(pulling, list, &[("conversation", Some(conversation))]).await else {
            return Ok((0, false));
        };
        let (mut fetched, mut is_whole) = (0, true);
        let told = within.sent.as_ref().and_then(|sent| pulling.channel.operation(&sent.get));
        let told = told.into_iter().flat_map(|get| within.sent(&answer).into_iter().map(move |id| (id, get)));
        for (id, get) in within.ids(&answer).into_iter().map(|id| (id, get)).chain(told) {
            if self.is_fetched(pulling.account, conversation, &id).await? {
                continue;
            }
            let (more, all) = self.fetch_one(pulling, get, Some(conversation), &id).await?;
            fetched += more;
            is_whole &= all;
            if all {
                self.note_fetched(pulling.account, conversation, &id).await?;
            }
        }
        Ok((fetched, is_whole))
    }

    /// Fetches a message that was told of. False where it was not given.
    pub(super) async fn fetch_told(&self, account: &Account, place: &Placed<'_>) -> Answer<bool> {
        let Placed { channel, pull, conversation, id } = place;
        let Some(get) = channel.operation(&pull.get) else { return Ok(false) };
        if self.is_fetched(account, conversation, id).await? {
            return Ok(true);
        }
        let pulling = Pulling { account, channel, pull };
        let (_, is_given) = self.fetch_one(pulling, get, Some(conversation), id).await?;
        if is_given {
            self.note_fetched(account, conversation, id).await?;
        }
        Ok(is_given)
    }

    async fn is_fetched(&self, account: &Account, conversation: &str, id: &str) -> Answer<bool> {
        let key = format!("{}/{conversation}/{id}", account.name());
        Ok(self.0.store.mark(&account.settings.tenant, FETCHED, &key).await?.is_some())
    }

    /// Notes that something from the list of a conversation is here.
    pub(super) async fn note_fetched(&self, account: &Account, conversation: &str, id: &str) -> Answer<()> {
        let mut writing = Writing::new(self, &Actor::gateway(&account.settings.tenant));
        writing.link(FETCHED, format!("{}/{conversation}/{id}", account.name()), "", None);
        writing.commit().await?;
        Ok(())
    }

    /// Fetches one, and takes it off the list once it is stored. Gives how much that was, and whether it was all.
    async fn fetch_one(
        &self,
        pulling: Pulling<'_>,
        get: &Operation,
        conversation: Option<&String>,
        id: &String,
    ) -> Answer<(usize, bool)> {
        let Pulling { account, channel, pull } = pulling;
        let named = [("conversation", conversation), ("notification.id", Some(id))];
        let Some(answer) = self.question(pulling, get, &named).await else { return Ok((0, false)) };
        let stated = notifications(account)?.conversation(&answer.headers);
        let message = conversation.map(|_| id.as_str());
        let conversation = conversation.map(String::as_str).or(stated);
        self.arrived(Arrived { account, conversation, message, bytes: &answer.body }).await?;
        if let Some(done) = pull.done.as_deref().and_then(|done| channel.operation(done)) {
            self.question(pulling, done, &named).await;
        }
        Ok((1, true))
    }

    /// Asks for something that changes nothing, within the limits; nothing where it was not given.
    async fn question(
        &self,
        Pulling { account, channel, .. }: Pulling<'_>,
        operation: &Operation,
        named: &[(&str, Option<&String>)],
    ) -> Option<dragoman_channel::Answer> {
        let about = About::new(account.name(), &operation.name, Purpose::Declaration);
        let about = named.iter().fold(about, |about, (name, value)| about.with(name, *value));
        let values = self.values(account, &about);
        if account.settings.limits {
            while let Some(wait) = self.0.transport.admit(account.on(channel), operation) {
                tokio::time::sleep(wait).await;
            }
        }
        match self.ask(account, channel, operation, &values, None).await {
            Became::Done(_, answer) => answer,
            other => {
                tracing::warn!(
                    account = account.name(),
                    operation = &*operation.name,
                    ?other,
                    "nothing was fetched"
                );
                None
            }
        }
    }
}
