//! Answers that wait to be fetched.

use dragoman_channel::{Channel, Operation, Pull};

use super::receive::{Arrived, notifications};
use crate::account::Account;
use crate::error::Answer;
use crate::gateway::Gateway;
use crate::intake::About;
use crate::outbox::Became;
use dragoman_exchange::Purpose;

impl Gateway {
    /// Fetches what waits for an account, and gives how much that was. `again` looks at what was fetched before as
    /// well: what was lost between fetching and storing is there.
    pub async fn pull(&self, account: &str, again: bool) -> Answer<usize> {
        let known = self.0.accounts.get(account);
        let account = known.ok_or_else(|| crate::EngineError::unknown("account", account))?;
        let (Some(channel), Some(pull)) = (&account.channel, notifications(account)?.pull.as_ref()) else {
            return Ok(0);
        };
        let mut fetched = self.fetch(account, channel, pull, &pull.list, &pull.get).await?;
        if let (true, Some(list), Some(get)) = (again, &pull.fetched, &pull.again) {
            fetched += self.fetch(account, channel, pull, list, get).await?;
        }
        Ok(fetched)
    }

    async fn fetch(
        &self,
        account: &Account,
        channel: &Channel,
        pull: &Pull,
        list: &str,
        get: &str,
    ) -> Answer<usize> {
        let (Some(list), Some(get)) = (channel.operation(list), channel.operation(get)) else { return Ok(0) };
        let Some(listed) = self.question(account, channel, list, None).await else { return Ok(0) };
        let mut fetched = 0;
        for id in pull.ids(&listed) {
            let Some(answer) = self.question(account, channel, get, Some(&id)).await else { continue };
            let conversation = notifications(account)?.conversation(&answer.headers).map(str::to_owned);
            self.arrived(Arrived { account, conversation: conversation.as_deref(), bytes: &answer.body })
                .await?;
            fetched += 1;
            if let Some(done) = pull.done.as_deref().and_then(|done| channel.operation(done)) {
                self.question(account, channel, done, Some(&id)).await;
            }
        }
        Ok(fetched)
    }

    /// Asks for something that changes nothing, within the limits; nothing where it was not given.
    async fn question(
        &self,
        account: &Account,
        channel: &Channel,
        operation: &Operation,
        notification: Option<&str>,
    ) -> Option<dragoman_channel::Answer> {
        let about = About::new(account.name(), &operation.name, Purpose::Declaration)
            .with("notification.id", notification.map(str::to_owned).as_ref());
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
