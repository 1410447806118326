//! One order of a stream.

use dragoman_channel::{By, Item, Shown, Values};
use dragoman_store::StoreError;

use super::later::Change;
use super::read::{Reading, Trouble, key};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::hash::sha256;
use crate::intake::{News, OrderIn};
use crate::people::Actor;
use crate::writing::Writing;

/// The space of what lists showed last of items, by `account/stream/id`.
const SEEN: &str = "item";

impl Gateway {
    /// Takes an item of a list in: true where it is new or was changed. What a list shows as it did before is had, or
    /// something newer is, from an answer of its own. A sweep is there for what the list of changes misses: it believes no
    /// time of a change.
    pub(crate) async fn take_item(&self, reading: Reading<'_>, item: &Item, by: By) -> Answer<bool> {
        let tenant = &reading.account.settings.tenant;
        let begin = reading.account.settings.since;
        if begin.is_some_and(|begin| item.placed.is_some_and(|placed| placed < begin)) {
            return Ok(false);
        }
        let key = format!("{}/{}", key(reading), item.id);
        let seen = self.0.store.record(tenant, SEEN, &key).await?;
        // What a list of changes shows of an item is no more than an id, where it is fetched alone: that it is there says all.
        let shows_changes = item.whole || reading.stream.placed.is_some();
        let content = shows_changes.then(|| sha256(&item.shown.bytes));
        let mark = item.updated.clone().or(content);
        if by == By::Updated && mark.is_some() && seen.as_ref().map(|seen| &seen.body) == mark.as_ref() {
            return Ok(false);
        }
        let fetched;
        let shown = if item.whole {
            &item.shown
        } else {
            match self.fetch_item(reading, &item.id).await {
                Ok(shown) => {
                    fetched = shown;
                    &fetched
                }
                Err(trouble) => {
                    self.0.troubles.begin(reading.account.name(), &trouble.said, self.0.clock.now());
                    if !trouble.is_final() {
                        self.fetch_later(reading, &item.id, Change::Unknown).await?;
                    }
                    return Ok(false);
                }
            }
        };
        let is_news = self.take_shown(reading, &item.id, shown).await?;
        let Some(mark) = mark else { return Ok(is_news) };
        let mut writing = Writing::new(self, &Actor::gateway(tenant));
        writing.record(SEEN, key, seen.map_or(0, |seen| seen.revision), Some(mark));
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(is_news),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes in what an answer shows of an item, and sees to it that it is fetched again where it may change unseen.
    /// True where it is new or was changed.
    pub(crate) async fn take_shown(&self, reading: Reading<'_>, id: &str, shown: &Shown) -> Answer<bool> {
        let is_news = self.take_order(reading, id, shown).await?;
        if shown.ended {
            self.fetch_no_more(reading, id).await?;
        } else {
            let change = if is_news { Change::Seen } else { Change::None };
            self.fetch_later(reading, id, change).await?;
        }
        Ok(is_news)
    }

    /// Takes an order of a stream in. One that is not settled is kept, and not declared yet.
    async fn take_order(&self, reading: Reading<'_>, id: &str, shown: &Shown) -> Answer<bool> {
        let by = Actor::gateway(&reading.account.settings.tenant);
        let message = format!("{}/{}", reading.account.settings.adapter, &*reading.stream.message);
        let order = OrderIn {
            message: &message,
            bytes: &shown.bytes,
            from: Some(reading.account.name()),
            platform_id: Some(id),
            unsettled: !shown.settled,
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

    /// Fetches an item alone.
    pub(crate) async fn fetch_item(&self, reading: Reading<'_>, id: &str) -> Result<Shown, Trouble> {
        let detail = reading.stream.detail.as_ref();
        let detail = detail.ok_or_else(|| Trouble::said("items cannot be fetched alone".to_owned()))?;
        let named = Values::new().with("order.id", id);
        let answer = self.detail(reading.account, reading.channel, &detail.operation, &named).await?;
        let lacks = || Trouble::said(format!("the answer of {} holds no order", &*detail.operation));
        reading.stream.alone(&answer).ok_or_else(lacks)
    }
}
