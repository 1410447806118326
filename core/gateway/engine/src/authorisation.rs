//! Authorisations that a person gives at the counterpart: begun here, ended with a code, good for a while.

use dragoman_store::StoreError;
use dragoman_transport::{Came, Outlook, Pending, TokenFailure};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Account;
use crate::config::Oidc;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::oidc::Provider;
use crate::people::{Actor, Right};
use crate::writing::Writing;

/// The space of authorisations that were begun, by the digest of the state that comes back with the code.
const BEGUN: &str = "authorising";

/// How the authorisation of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Authorisation {
    /// Who gave it.
    pub by: String,
    /// When.
    pub at: Timestamp,
    /// When it lapses, where the counterpart says how long it holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lapses: Option<Timestamp>,
    /// True where it is time to give it anew.
    #[serde(default)]
    pub warn: bool,
    /// True where it holds no more: nothing goes out before somebody gives it anew.
    #[serde(default)]
    pub is_over: bool,
    /// What the counterpart said when it ended it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub said: Option<String>,
}

impl Gateway {
    /// Where counterparts send people back to.
    pub fn redirect_url(&self) -> String {
        format!("{}/v1/authorised", self.0.config.gateway.address())
    }

    /// Where people may sign in besides here.
    pub fn provider(&self) -> Option<Provider> {
        let Oidc { issuer, client_id, client_secret, claim } = self.0.config.oidc.clone()?;
        let redirect_url = format!("{}/v1/session/oidc/callback", self.0.config.gateway.address());
        let issuer = issuer.trim_end_matches('/').to_owned();
        Some(Provider { issuer, client_id, client_secret, redirect_url, claim })
    }

    /// Begins the authorisation of an account: the address that the person is sent to. The counterpart sends the person
    /// back to [`Gateway::redirect_url`].
    pub async fn begin_authorisation(&self, by: &Actor, account: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let account = self.account(&by.tenant, account)?;
        let channel = account.channel.as_ref().filter(|channel| channel.settings.auth.needs_a_person());
        let channel = channel.ok_or_else(|| {
            EngineError::refused(format!("account `{}` needs no authorisation by a person", account.name()))
        })?;
        let now = self.0.clock.now();
        let begun = self.0.transport.begin(account.on(channel), &by.name, &self.redirect_url(), now);
        let begun = begun.map_err(|failure| EngineError::refused(failure.to_string()))?;
        let mut writing = Writing::new(self, by);
        writing.record(BEGUN, begun.pending.key().to_owned(), 0, Some(begun.pending.write()));
        writing.commit().await?;
        Ok(begun.url)
    }

    /// Ends an authorisation with the code and the state that the counterpart sent the person back with. Each state is
    /// good once, for who began it. Gives the account.
    pub async fn end_authorisation(&self, by: &Actor, state: &str, code: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let pending = self.used(by, state).await?;
        let account = self.account(&by.tenant, pending.account())?;
        let channel = account.channel.as_ref();
        let channel = channel.ok_or_else(|| EngineError::unknown("channel of account", account.name()))?;
        let (came, now) = (Came { state, code }, self.0.clock.now());
        let ended = self.0.transport.finish(account.on(channel), &by.name, &pending, came, now).await;
        ended.map_err(|failure| match failure {
            TokenFailure::NotKept(why) => EngineError::damaged(why),
            refused => EngineError::Conflict(refused.to_string()),
        })?;
        self.0.queued.notify_one();
        Ok(account.name().to_owned())
    }

    /// What was begun with a state, which is good no more.
    async fn used(&self, by: &Actor, state: &str) -> Answer<Pending> {
        let unknown =
            || EngineError::NotBelieved("the state is none that was given out, or was used".to_owned());
        let key = Pending::key_of(state);
        let record = self.0.store.record(&by.tenant, BEGUN, &key).await?.ok_or_else(unknown)?;
        let mut writing = Writing::new(self, by);
        writing.record(BEGUN, key, record.revision, None);
        match writing.commit().await {
            Err(StoreError::Stale { .. }) => Err(unknown()),
            gone => gone.map(drop).map_err(EngineError::from),
        }?;
        Pending::read(&record.body).map_err(EngineError::damaged)
    }

    /// How the authorisation of an account stands; none where none was given, or none is needed.
    pub(crate) async fn authorisation(&self, account: &Account) -> Answer<Option<Authorisation>> {
        let Some(channel) = &account.channel else { return Ok(None) };
        let outlook = self.0.transport.outlook(account.on(channel), self.0.clock.now()).await;
        let (given, outlook) = outlook.map_err(EngineError::damaged)?;
        let (lapses, warn, said) = match outlook {
            Outlook::Good { until } => (until, false, None),
            Outlook::Lapses { at } => (Some(at), true, None),
            Outlook::NeedsPerson { said } => (None, true, said),
        };
        let is_over = warn && lapses.is_none();
        Ok(given.map(|given| Authorisation { by: given.by, at: given.at, lapses, warn, is_over, said }))
    }
}
