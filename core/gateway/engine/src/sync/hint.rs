//! Webhooks of platforms: verified, stored, answered, and then what they are about is fetched. They are believed no
//! further than that something happened.

use std::collections::BTreeMap;

use dragoman_channel::{By, Hint as Told, Stream, Webhook};
use dragoman_store::StoreError;
use serde::{Deserialize, Serialize};

use super::key::KEY;
use super::read::Reading;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::hash::sha256;
use crate::people::Actor;
use crate::writing::{Writing, id};

/// The space of hints that nothing was done about yet, by `account/id`.
const HINTS: &str = "hint";

/// The space of events that platforms told of, each once.
const HEARD: &str = "heard";

/// The space of what platforms ask people to do, by `account/id`.
pub(crate) const ASKS: &str = "ask";

/// So many are looked at in one go.
const AT_ONCE: usize = 100;

/// What is to be done about a webhook.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Hint {
    topic: String,
    #[serde(default)]
    fetch: Option<String>,
    #[serde(default)]
    sync: Option<String>,
    #[serde(default)]
    values: BTreeMap<String, String>,
}

/// Notes that something is to be fetched by an operation of an account: what names it, by the name of the value.
pub(crate) fn fetch_soon(
    writing: &mut Writing<'_>,
    account: &str,
    topic: &str,
    fetch: &str,
    (name, value): (&str, &str),
) -> Answer<()> {
    let values = BTreeMap::from([(name.to_owned(), value.to_owned())]);
    let hint = Hint { topic: topic.to_owned(), fetch: Some(fetch.to_owned()), sync: None, values };
    let body = serde_json::to_string(&hint).map_err(EngineError::damaged)?;
    writing.record(HINTS, format!("{account}/{}", id()), 0, Some(body));
    Ok(())
}

impl Gateway {
    /// Takes a webhook of a platform for an account. It is on disk when this answers. The same event again changes
    /// nothing.
    pub async fn webhook_in(
        &self,
        account: &str,
        name: &str,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Answer<()> {
        let (account, webhook) = self.webhook_of(account, name)?;
        let key = match webhook.verify.named(headers) {
            Some(Ok((operation, kid))) => self.public_key(account, operation, &kid).await?,
            Some(Err(rejected)) => return Err(EngineError::NotBelieved(rejected.to_string())),
            None => None,
        };
        let mut values = account.values.clone();
        if let Some(key) = key {
            values.set(KEY, key);
        }
        let hint = webhook.read(headers, body, &values);
        let hint = hint.map_err(|rejected| EngineError::NotBelieved(rejected.to_string()))?;
        self.note_hint(account, &hint, body).await
    }

    /// What a platform is answered that asks whether the address of a webhook is ours: a member and its value. Nothing where
    /// it does not ask so.
    pub fn webhook_challenged(
        &self,
        account: &str,
        name: &str,
        asked: impl Fn(&str) -> Option<String>,
    ) -> Answer<Option<(String, String)>> {
        let webhook = self.webhook_of(account, name)?;
        let Some(challenge) = &webhook.1.challenge else { return Ok(None) };
        let Some(asked) = asked(&challenge.parameter) else { return Ok(None) };
        let address = format!("{}/v1/hooks/{account}/{name}", self.0.config.gateway.address());
        let answer = challenge.answer(&asked, &address, &webhook.0.values);
        let answer = answer.map_err(|missing| EngineError::refused(missing.to_string()))?;
        Ok(Some((challenge.answer.clone(), answer)))
    }

    /// The status that a webhook is answered with which is not believed, where its platform wants one of its own.
    pub fn webhook_refusal(&self, account: &str, name: &str) -> Option<u16> {
        self.webhook_of(account, name).ok()?.1.refused
    }

    fn webhook_of(&self, account: &str, name: &str) -> Answer<(&Account, &Webhook)> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| EngineError::unknown("account", account))?;
        let webhook = account.channel.as_ref().and_then(|channel| channel.webhook(name));
        Ok((account, webhook.ok_or_else(|| EngineError::unknown("webhook", name))?))
    }

    /// Writes down what is to be done about something that a platform told of, once for each event.
    pub(crate) async fn note_hint(&self, account: &Account, hint: &Told<'_>, body: &[u8]) -> Answer<()> {
        let Some(on) = hint.on else { return Ok(()) };
        let event = hint.id.clone().unwrap_or_else(|| sha256(body));
        let key = format!("{}/{}", account.name(), id());
        let mut writing = Writing::new(self, &Actor::gateway(&account.settings.tenant));
        writing.mark(HEARD, format!("{}/{event}", account.name()), &key, None);
        if let Some(person) = &on.person {
            writing.record(ASKS, key.clone(), 0, Some(person.clone()));
        }
        if on.fetch.is_some() || on.sync.is_some() {
            let values = hint.values.iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
            let hint = Hint {
                topic: hint.topic.clone(),
                fetch: on.fetch.as_deref().map(ToOwned::to_owned),
                sync: on.sync.as_deref().map(ToOwned::to_owned),
                values: values.collect(),
            };
            let body = serde_json::to_string(&hint).map_err(EngineError::damaged)?;
            writing.record(HINTS, key, 0, Some(body));
        }
        match writing.commit().await {
            Ok(_) => {
                self.0.hinted.notify_waiters();
                Ok(())
            }
            Err(StoreError::Conflict(_)) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Does what the hints of an account ask for. Gives how many orders are new or were changed.
    pub(crate) async fn hints(&self, account: &Account) -> Answer<usize> {
        let tenant = &account.settings.tenant;
        let prefix = format!("{}/", account.name());
        let mut orders = 0;
        for record in self.0.store.records(tenant, HINTS, &prefix, AT_ONCE).await? {
            if !record.key.starts_with(&prefix) {
                break;
            }
            let hint: Hint = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
            match self.follow(account, &hint).await? {
                Some(changed) => orders += usize::from(changed),
                None => continue,
            }
            let mut writing = Writing::new(self, &Actor::gateway(tenant));
            writing.record(HINTS, record.key, record.revision, None);
            match writing.commit().await {
                Ok(_) | Err(StoreError::Stale { .. }) => {}
                Err(error) => return Err(error.into()),
            }
        }
        Ok(orders)
    }

    /// True where an order is new or was changed; none where it has to be tried again.
    async fn follow(&self, account: &Account, hint: &Hint) -> Answer<Option<bool>> {
        let Some(channel) = &account.channel else { return Ok(Some(false)) };
        if let Some(stream) = hint.sync.as_deref().and_then(|name| channel.stream(name)) {
            let reading = Reading { account, channel, stream };
            let (mut cursor, revision) = self.cursor(reading).await?;
            cursor.read_at = None;
            cursor.open = cursor.open.filter(|window| window.by == By::Updated);
            self.keep_cursor(reading, &cursor, revision).await?;
        }
        let Some(fetch) = &hint.fetch else { return Ok(Some(false)) };
        let fetches_objects = channel.objects.iter().filter_map(|own| own.fetch.as_ref());
        if let Some(id) =
            hint.values.get("object.id").filter(|_| fetches_objects.into_iter().any(|own| **own == **fetch))
        {
            return Ok(match self.fetch_told_object(account, id).await? {
                Ok(is_news) => Some(is_news),
                Err(trouble) => {
                    self.0.troubles.begin(account.name(), &trouble.said, self.0.clock.now());
                    trouble.is_final().then_some(false)
                }
            });
        }
        let fetches = |stream: &&Stream| stream.detail.as_ref().is_some_and(|one| *one.operation == **fetch);
        let stream = channel.streams.iter().find(fetches);
        let (Some(stream), Some(id)) = (stream, hint.values.get("order.id")) else {
            let said = format!("`{fetch}` fetches no order that a webhook tells of");
            self.0.troubles.begin(account.name(), &said, self.0.clock.now());
            return Ok(Some(false));
        };
        let reading = Reading { account, channel, stream };
        match self.fetch_item(reading, id).await {
            Ok(shown) => self.take_shown(reading, id, &shown).await.map(Some),
            Err(trouble) => {
                self.0.troubles.begin(account.name(), &trouble.said, self.0.clock.now());
                Ok(trouble.is_final().then_some(false))
            }
        }
    }
}
