//! Items that are fetched again: what may change without any list naming it.

use dragoman_store::{Record, StoreError};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use super::read::{Reading, key};
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::people::Actor;
use crate::writing::Writing;

/// The space of items that are to be fetched again, by `account/stream/id`.
pub(crate) const UNSETTLED: &str = "unsettled";

/// So many are looked at together.
const AT_ONCE: usize = 100;

/// So many are fetched in one round: the lists are read meanwhile.
const FETCHED: usize = 100;

/// One that does not change is fetched this seldom at most.
const SELDOM: SignedDuration = SignedDuration::from_hours(24);

/// When an item is fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Later {
    due: Timestamp,
    /// How many seconds it rests until then.
    rest: i64,
}

/// What was seen of an item that is to be fetched again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Change {
    /// It is new, or it changed: the next change may be near.
    Seen,
    /// Nothing: the longer ago the last change was, the later is soon enough.
    None,
    /// It could not be seen.
    Unknown,
}

impl Gateway {
    /// Fetches again what is due. Gives how many were changed.
    pub(crate) async fn unsettled(&self, reading: Reading<'_>) -> Answer<usize> {
        let (mut changed, mut fetched) = (0, 0);
        let prefix = format!("{}/", key(reading));
        let mut after = prefix.clone();
        loop {
            let records = self.0.store.records(&reading.account.settings.tenant, UNSETTLED, &after, AT_ONCE);
            let records = records.await?;
            let is_last = records.len() < AT_ONCE;
            for record in records {
                let Some(id) = record.key.strip_prefix(&prefix) else { return Ok(changed) };
                if later(&record)?.due <= self.0.clock.now() {
                    changed += usize::from(self.fetch_again(reading, id).await?);
                    fetched += 1;
                }
                if fetched == FETCHED {
                    return Ok(changed);
                }
                after.clone_from(&record.key);
            }
            if is_last {
                return Ok(changed);
            }
        }
    }

    /// True where it was changed.
    async fn fetch_again(&self, reading: Reading<'_>, id: &str) -> Answer<bool> {
        match self.fetch_item(reading, id).await {
            Ok(shown) => self.take_shown(reading, id, &shown).await,
            Err(trouble) => {
                self.0.troubles.begin(reading.account.name(), &trouble.said, self.0.clock.now());
                if trouble.is_final() {
                    self.fetch_no_more(reading, id).await?;
                } else {
                    self.fetch_later(reading, id, Change::Unknown).await?;
                }
                Ok(false)
            }
        }
    }

    /// An item is to be fetched again: the sooner, the less ago its last change was.
    pub(crate) async fn fetch_later(&self, reading: Reading<'_>, id: &str, change: Change) -> Answer<()> {
        let again = reading.stream.detail.as_ref().map_or(SELDOM, |detail| detail.again.0);
        let known = self.known(reading, id).await?;
        let before = known.as_ref().map(later).transpose()?.map(|later| later.rest);
        let rest = match (change, before.map(SignedDuration::from_secs)) {
            (Change::None, Some(before)) => before.saturating_mul(2).clamp(again, SELDOM.max(again)),
            (Change::Unknown, Some(before)) => before,
            _ => again,
        };
        let due = self.0.clock.now().saturating_add(rest).unwrap_or(Timestamp::MAX);
        let body = serde_json::to_string(&Later { due, rest: rest.as_secs() });
        let revision = known.map_or(0, |record| record.revision);
        self.keep(reading, id, revision, Some(body.map_err(EngineError::damaged)?)).await
    }

    /// An item changes no more unless a list names it.
    pub(crate) async fn fetch_no_more(&self, reading: Reading<'_>, id: &str) -> Answer<()> {
        match self.known(reading, id).await? {
            Some(record) => self.keep(reading, id, record.revision, None).await,
            None => Ok(()),
        }
    }

    async fn known(&self, reading: Reading<'_>, id: &str) -> Answer<Option<Record>> {
        let tenant = &reading.account.settings.tenant;
        Ok(self.0.store.record(tenant, UNSETTLED, &format!("{}/{id}", key(reading))).await?)
    }

    async fn keep(&self, reading: Reading<'_>, id: &str, revision: u64, body: Option<String>) -> Answer<()> {
        let mut writing = Writing::new(self, &Actor::gateway(&reading.account.settings.tenant));
        writing.record(UNSETTLED, format!("{}/{id}", key(reading)), revision, body);
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

fn later(record: &Record) -> Answer<Later> {
    serde_json::from_str(&record.body).map_err(EngineError::damaged)
}
