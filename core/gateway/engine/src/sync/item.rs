//! One order of a stream.

use dragoman_channel::{By, Values};
use dragoman_store::StoreError;
use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::read::{Reading, Trouble, key};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::{News, OrderIn};
use crate::people::Actor;
use crate::writing::Writing;

/// The space of what is remembered of items, by `account/stream/id`.
const SEEN: &str = "item";

/// The space of items that are to be fetched again, by `account/stream/id`.
pub(crate) const UNSETTLED: &str = "unsettled";

/// After so long an item is fetched again.
const LATER: SignedDuration = SignedDuration::from_mins(10);

/// So many are fetched again in one go.
const AT_ONCE: usize = 100;

/// An item of a list.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Item<'i> {
    id: &'i str,
    updated: Option<&'i str>,
    /// The item as it came, where the list has it whole.
    bytes: Option<&'i [u8]>,
    settled: bool,
}

/// What is remembered of an item.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    updated: Option<String>,
}

impl<'i> Item<'i> {
    /// The item of a page.
    pub fn of(item: &'i dragoman_channel::Item) -> Self {
        Self {
            id: &item.id,
            updated: item.updated.as_deref(),
            bytes: item.whole.then_some(item.bytes.as_slice()),
            settled: item.settled,
        }
    }
}

impl Gateway {
    /// Takes an item in: true where it is new or was changed. One that the list of changes names again unchanged is not
    /// fetched. A sweep is there for what that list misses: it believes no time of a change.
    pub(crate) async fn take_item(&self, reading: Reading<'_>, item: &Item<'_>, by: By) -> Answer<bool> {
        let tenant = &reading.account.settings.tenant;
        let key = format!("{}/{}", key(reading), item.id);
        let record = self.0.store.record(tenant, SEEN, &key).await?;
        let seen: Seen = match &record {
            Some(record) => serde_json::from_str(&record.body).map_err(EngineError::damaged)?,
            None => Seen::default(),
        };
        let is_known = record.is_some() && item.updated.is_some() && seen.updated.as_deref() == item.updated;
        if is_known && by == By::Updated {
            return Ok(false);
        }
        let fetched;
        let (bytes, settled) = match item.bytes {
            Some(bytes) => (bytes, item.settled),
            None => match self.fetch_item(reading, item.id).await {
                Ok(bytes) => {
                    fetched = bytes;
                    (fetched.as_slice(), reading.stream.is_settled(&fetched))
                }
                Err(trouble) => {
                    self.0.troubles.begin(reading.account.name(), &trouble.said, self.0.clock.now());
                    if !trouble.is_final() {
                        self.fetch_later(tenant, &key).await?;
                    }
                    return Ok(false);
                }
            },
        };
        let news = self.take_order(reading, item.id, bytes, settled).await?;
        let mut writing = Writing::new(self, &Actor::gateway(tenant));
        let body = serde_json::to_string(&Seen { updated: item.updated.map(str::to_owned) });
        let revision = record.map_or(0, |record| record.revision);
        writing.record(SEEN, key.clone(), revision, Some(body.map_err(EngineError::damaged)?));
        // Together: an item that was seen and is not settled is not forgotten over a crash.
        self.fetch_again(&mut writing, &key, !settled).await?;
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(news),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes in what was fetched alone: true where it is new or was changed. It is fetched again where it is not settled.
    pub(crate) async fn take_fetched(&self, reading: Reading<'_>, id: &str, bytes: &[u8]) -> Answer<bool> {
        let settled = reading.stream.is_settled(bytes);
        let news = self.take_order(reading, id, bytes, settled).await?;
        let (tenant, key) = (&reading.account.settings.tenant, format!("{}/{id}", key(reading)));
        self.keep_unsettled(tenant, &key, !settled).await?;
        Ok(news)
    }

    /// Takes an order of a stream in. One that is not settled is kept, and not declared yet.
    async fn take_order(&self, reading: Reading<'_>, id: &str, bytes: &[u8], settled: bool) -> Answer<bool> {
        let by = Actor::gateway(&reading.account.settings.tenant);
        let message = format!("{}/{}", reading.account.settings.adapter, &*reading.stream.message);
        let order = OrderIn {
            message: &message,
            bytes,
            from: Some(reading.account.name()),
            platform_id: Some(id),
            unsettled: !settled,
            ..OrderIn::default()
        };
        match self.receive_order(&by, order).await {
            Ok(taken) => Ok(taken.orders.iter().any(|order| order.news != News::Known)),
            Err(EngineError::Refused { message, .. }) => {
                // What is no order stops nothing; it is seen in the state of the sync.
                let said = format!("{id} is not taken: {message}");
                self.0.troubles.begin(reading.account.name(), &said, self.0.clock.now());
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    async fn fetch_item(&self, reading: Reading<'_>, id: &str) -> Result<Vec<u8>, Trouble> {
        let detail = reading.stream.detail.as_ref();
        let detail = detail.ok_or_else(|| Trouble::said("items cannot be fetched alone".to_owned()))?;
        let named = Values::new().with("order.id", id);
        self.detail(reading.account, reading.channel, &detail.operation, &named).await
    }

    /// Fetches again what was not settled, or could not be fetched. Gives how many were changed.
    pub(crate) async fn unsettled(&self, reading: Reading<'_>) -> Answer<usize> {
        let tenant = &reading.account.settings.tenant;
        let prefix = format!("{}/", key(reading));
        let mut changed = 0;
        for record in self.0.store.records(tenant, UNSETTLED, &prefix, AT_ONCE).await? {
            let Some(id) = record.key.strip_prefix(&prefix) else { break };
            let due = record.body.parse().is_ok_and(|due: jiff::Timestamp| due <= self.0.clock.now());
            if !due {
                continue;
            }
            match self.fetch_item(reading, id).await {
                Ok(bytes) => changed += usize::from(self.take_fetched(reading, id, &bytes).await?),
                Err(trouble) if trouble.is_final() => self.settled(tenant, &record.key).await?,
                _ => self.fetch_later(tenant, &record.key).await?,
            }
        }
        Ok(changed)
    }

    async fn fetch_later(&self, tenant: &str, key: &str) -> Answer<()> {
        self.keep_unsettled(tenant, key, true).await
    }

    async fn settled(&self, tenant: &str, key: &str) -> Answer<()> {
        self.keep_unsettled(tenant, key, false).await
    }

    async fn keep_unsettled(&self, tenant: &str, key: &str, again: bool) -> Answer<()> {
        let mut writing = Writing::new(self, &Actor::gateway(tenant));
        self.fetch_again(&mut writing, key, again).await?;
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Notes that an item is to be fetched again later, or no longer.
    async fn fetch_again(&self, writing: &mut Writing<'_>, key: &str, again: bool) -> Answer<()> {
        let known = self.0.store.record(&writing.tenant, UNSETTLED, key).await?;
        let later = self.0.clock.now().checked_add(LATER).ok().filter(|_| again);
        if known.is_some() || later.is_some() {
            let revision = known.map_or(0, |record| record.revision);
            writing.record(UNSETTLED, key.to_owned(), revision, later.map(|later| later.to_string()));
        }
        Ok(())
    }
}
