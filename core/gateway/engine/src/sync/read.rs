//! Reading a stream, window by window and page by page. The cursor moves once everything on a page is stored.

use dragoman_channel::{Channel, Content, Cursor, Page, Plan, Stream, Values, Window};
use dragoman_exchange::Purpose;
use dragoman_store::StoreError;
use jiff::{SignedDuration, Timestamp};

use super::CURSORS;
use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::Gateway;
use crate::intake::About;
use crate::outbox::Became;
use crate::people::Actor;
use crate::writing::Writing;

/// How long a stream rests after a failure that says nothing else.
const PAUSE: SignedDuration = SignedDuration::from_secs(30);

/// What a round of reading came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SyncRound {
    /// Orders that are new or were changed.
    pub orders: usize,
    /// Nothing before this moment; the same moment where there is more to read at once.
    pub next: Option<Timestamp>,
}

/// A stream of an account.
#[derive(Clone, Copy)]
pub(crate) struct Reading<'r> {
    pub account: &'r Account,
    pub channel: &'r Channel,
    pub stream: &'r Stream,
}

impl Gateway {
    /// Reads the streams of an account as far as there is something to read, and gives how much came in and when there
    /// is more.
    pub async fn sync(&self, account: &str) -> Answer<SyncRound> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| EngineError::unknown("account", account))?;
        let Some(channel) = &account.channel else { return Ok(SyncRound::default()) };
        let mut all = SyncRound::default();
        for stream in &channel.streams {
            let reading = Reading { account, channel, stream };
            let (orders, next) = self.read_stream(reading).await?;
            all.orders += orders;
            all.next = Some(all.next.map_or(next, |known| known.min(next)));
        }
        all.orders += self.hints(account).await?;
        Ok(all)
    }

    async fn read_stream(&self, reading: Reading<'_>) -> Answer<(usize, Timestamp)> {
        let mut orders = self.unsettled(reading).await?;
        loop {
            let (cursor, revision) = self.cursor(reading).await?;
            let now = self.0.clock.now();
            let window = match reading.stream.plan(&cursor, now) {
                Plan::Rest(until) => return Ok((orders, until)),
                Plan::Read(window) => window,
            };
            match self.page(reading, &window).await? {
                Ok(page) => {
                    for item in &page.items {
                        orders += usize::from(self.take_item(reading, item, window.by).await?);
                    }
                    let after = reading.stream.after(&cursor, &window, &page);
                    self.keep_cursor(reading, &after, revision).await?;
                    self.0.troubles.end(reading.account.name());
                }
                Err(Trouble { class, said, wait }) => {
                    self.0.troubles.begin(reading.account.name(), &said, now);
                    let Some(after) = class.and_then(|class| reading.stream.failed(&cursor, &window, class))
                    else {
                        let pause = wait.unwrap_or(PAUSE).max(SignedDuration::from_millis(100));
                        return Ok((orders, now.checked_add(pause).unwrap_or(Timestamp::MAX)));
                    };
                    self.keep_cursor(reading, &after, revision).await?;
                }
            }
        }
    }

    /// Asks for a page of a window.
    async fn page(&self, reading: Reading<'_>, window: &Window) -> Answer<Result<Page, Trouble>> {
        let Reading { account, channel, stream } = reading;
        let name = stream.operation(window);
        let Some(operation) = channel.operation(name) else {
            return Err(EngineError::unknown("operation", name));
        };
        if let Some(wait) = self.turn(account, channel, name) {
            let said = "its limit holds it back".to_owned();
            return Ok(Err(Trouble { class: None, said, wait: Some(wait) }));
        }
        let mut values = self.values(account, &About::new(account.name(), name, Purpose::Fulfilment));
        stream.fill(window, &mut values);
        Ok(match self.ask(account, channel, operation, &values, None).await {
            Became::Done(_, Some(answer)) => {
                stream.page(window, &answer).map_err(|error| Trouble::said(error.to_string()))
            }
            Became::Done(_, None) => Err(Trouble::said("there was no answer".to_owned())),
            Became::Failed(failure, _) => {
                let said = failure.message.or(failure.code).unwrap_or_else(|| failure.class.to_string());
                Err(Trouble { class: Some(failure.class), said, wait: failure.wait })
            }
            Became::Unknown(said) | Became::Unauthorised(said) => Err(Trouble::said(said)),
        })
    }

    /// How long an operation has to wait for its turn; none where it has used one.
    pub(crate) fn turn(
        &self,
        account: &Account,
        channel: &Channel,
        operation: &str,
    ) -> Option<SignedDuration> {
        if !account.settings.limits {
            return None;
        }
        let wait = self.0.transport.admit(account.on(channel), channel.operation(operation)?)?;
        Some(SignedDuration::try_from(wait).unwrap_or(PAUSE))
    }

    /// Fetches an item alone, with what identifies it, and what is told of it in other answers.
    pub(crate) async fn detail(
        &self,
        account: &Account,
        channel: &Channel,
        operation: &str,
        named: &Values,
    ) -> Result<Vec<u8>, Trouble> {
        let mut body = self.fetched(account, channel, operation, named).await?;
        for join in channel.operation(operation).into_iter().flat_map(|operation| &operation.join) {
            let second = self.fetched(account, channel, &join.operation, named).await?;
            let lacks =
                || Trouble::said(format!("the answers of {operation} and {} do not fit", &*join.operation));
            body = join.put(&body, &second).ok_or_else(lacks)?;
        }
        Ok(body)
    }

    /// Asks for something whose answer can be read.
    pub(crate) async fn fetched(
        &self,
        account: &Account,
        channel: &Channel,
        operation: &str,
        named: &Values,
    ) -> Result<Vec<u8>, Trouble> {
        let Some(asked) = channel.operation(operation) else {
            return Err(Trouble::said(format!("there is no operation `{operation}`")));
        };
        while let Some(wait) = self.turn(account, channel, operation) {
            let wait = std::time::Duration::try_from(wait).unwrap_or_default();
            tokio::time::sleep(wait).await;
        }
        let mut values = self.values(account, &About::new(account.name(), operation, Purpose::Fulfilment));
        values.extend(named);
        match self.ask(account, channel, asked, &values, None).await {
            // What breaks off in the middle may still say that all is well at its beginning.
            Became::Done(_, Some(answer)) if Content::read(&answer.body).is_readable() => Ok(answer.body),
            Became::Done(_, Some(_)) => {
                Err(Trouble::said(format!("the answer of {operation} cannot be read")))
            }
            Became::Failed(failure, _) => {
                let said = failure.message.or(failure.code).unwrap_or_else(|| failure.class.to_string());
                Err(Trouble { class: Some(failure.class), said, wait: failure.wait })
            }
            Became::Done(_, None) => Err(Trouble::said("there was no answer".to_owned())),
            Became::Unknown(said) | Became::Unauthorised(said) => Err(Trouble::said(said)),
        }
    }

    /// Where the reading of a stream stands, and in which revision that was kept.
    pub(crate) async fn cursor(&self, reading: Reading<'_>) -> Answer<(Cursor, u64)> {
        let settings = &reading.account.settings;
        let record = self.0.store.record(&settings.tenant, CURSORS, &key(reading)).await?;
        match record {
            Some(record) => {
                let cursor = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
                Ok((cursor, record.revision))
            }
            None => Ok((Cursor::new(settings.since.unwrap_or_else(|| self.0.clock.now())), 0)),
        }
    }

    /// Keeps where the reading of a stream stands. Where a person set it meanwhile, that counts.
    pub(crate) async fn keep_cursor(
        &self,
        reading: Reading<'_>,
        cursor: &Cursor,
        revision: u64,
    ) -> Answer<()> {
        let mut writing = Writing::new(self, &Actor::gateway(&reading.account.settings.tenant));
        let body = serde_json::to_string(cursor).map_err(EngineError::damaged)?;
        writing.record(CURSORS, key(reading), revision, Some(body));
        match writing.commit().await {
            Ok(_) | Err(StoreError::Stale { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }
}

/// `account/stream`.
pub(crate) fn key(reading: Reading<'_>) -> String {
    format!("{}/{}", reading.account.name(), &*reading.stream.name)
}

/// Why a page or an item was not had.
#[derive(Debug)]
pub(crate) struct Trouble {
    class: Option<dragoman_exchange::ErrorClass>,
    /// In words.
    pub said: String,
    wait: Option<SignedDuration>,
}

impl Trouble {
    /// In words alone.
    pub fn said(said: String) -> Self {
        Self { class: None, said, wait: None }
    }

    /// True where it is not there, or nobody may have it: asking again is of no use.
    pub fn is_final(&self) -> bool {
        self.class.is_some_and(|class| !class.may_pass())
    }
}
