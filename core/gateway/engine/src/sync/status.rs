//! How the reading of orders stands.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_channel::Cursor;
use jiff::Timestamp;
use serde::Serialize;
use utoipa::ToSchema;

use super::hint::ASKS;
use super::later::UNSETTLED;
use super::queue::QueueView;
use super::read::{Reading, key};
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right};

/// How the reading of one stream of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SyncView {
    /// The account.
    pub account: String,
    /// The stream.
    pub stream: String,
    /// Where it stands.
    #[schema(value_type = Object)]
    pub cursor: Cursor,
    /// Items that are to be fetched again.
    pub unsettled: usize,
    /// What went wrong last, and when; none since something went right.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trouble: Option<Trouble>,
    /// What the platform asks people to do.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub asks: Vec<String>,
    /// The queues of the account that are asked.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queues: Vec<QueueView>,
}

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Trouble {
    /// When.
    pub at: Timestamp,
    /// What.
    pub said: String,
}

/// What went wrong last, by account.
#[derive(Default)]
pub(crate) struct Troubles(Mutex<HashMap<String, Trouble>>);

impl Troubles {
    /// Something went wrong.
    pub fn begin(&self, account: &str, said: &str, now: Timestamp) {
        tracing::warn!(account, said, "orders cannot be read");
        self.lock().insert(account.to_owned(), Trouble { at: now, said: said.to_owned() });
    }

    /// Something went right.
    pub fn end(&self, account: &str) {
        self.lock().remove(account);
    }

    /// What went wrong last.
    pub fn of(&self, account: &str) -> Option<Trouble> {
        self.lock().get(account).cloned()
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// So many are counted.
const COUNTED: usize = 10_000;

impl Gateway {
    /// How the reading of the tenant's orders stands.
    pub async fn sync_status(&self, by: &Actor) -> Answer<Vec<SyncView>> {
        allowed(by, Right::Read)?;
        let mut views = Vec::new();
        for account in self.0.accounts.values().filter(|account| account.settings.tenant == by.tenant) {
            let Some(channel) = &account.channel else { continue };
            for stream in &channel.streams {
                let reading = Reading { account, channel, stream };
                let prefix = format!("{}/", key(reading));
                let unsettled = self.0.store.records(&by.tenant, UNSETTLED, &prefix, COUNTED).await?;
                let asks =
                    self.0.store.records(&by.tenant, ASKS, &format!("{}/", account.name()), COUNTED).await?;
                let own = |record: &&dragoman_store::Record| {
                    record.key.starts_with(&format!("{}/", account.name()))
                };
                views.push(SyncView {
                    account: account.name().to_owned(),
                    stream: stream.name.to_string(),
                    cursor: self.cursor(reading).await?.0,
                    unsettled: unsettled.iter().filter(|record| record.key.starts_with(&prefix)).count(),
                    trouble: self.0.troubles.of(account.name()),
                    asks: asks.iter().filter(own).map(|record| record.body.clone()).collect(),
                    queues: self.queue_views(account),
                });
            }
        }
        views.sort_by(|one, two| (&one.account, &one.stream).cmp(&(&two.account, &two.stream)));
        Ok(views)
    }

    /// Reads the orders of an account from a moment on; where none is given, both lists at once.
    pub async fn sync_from(&self, by: &Actor, account: &str, since: Option<Timestamp>) -> Answer<()> {
        allowed(by, Right::Write)?;
        let account = self.account(&by.tenant, account)?;
        let channel = account.channel.as_ref().filter(|channel| !channel.streams.is_empty());
        let channel = channel.ok_or_else(|| EngineError::unknown("stream of account", account.name()))?;
        for stream in &channel.streams {
            let reading = Reading { account, channel, stream };
            let (cursor, revision) = self.cursor(reading).await?;
            let cursor = match since {
                Some(since) => Cursor::new(since),
                None => Cursor { read_at: None, swept_at: None, ..cursor },
            };
            self.keep_cursor(reading, &cursor, revision).await?;
        }
        self.0.hinted.notify_waiters();
        Ok(())
    }
}
