//! Accounts that a person has to authorise us for: leaving for the counterpart, coming back with a code, and the end of
//! what was granted.

use dragoman_channel::Auth;
use dragoman_store::{Batch, RecordChange, StoreError};
use dragoman_transport::TokenFailure;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::account::Account;
use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right, Secret};
use crate::writing::Writing;

/// The space of the records that say when an account was authorised.
const SPACE: &str = "grant";

/// The tenant and space of those who are on the way: who comes back has no tenant yet.
const AWAY: (&str, &str) = ("@grant", "leaving");

/// The kind of secret that comes back with the code.
const STATE: &str = "dga";

/// Who left is back within this time.
const LONGEST: SignedDuration = SignedDuration::from_mins(30);

/// How the authorisation of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct GrantView {
    /// The account.
    pub account: String,
    /// When a person authorised us last; none where nobody has.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub granted: Option<Timestamp>,
    /// Who that was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When it ends.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ends: Option<Timestamp>,
    /// True where a person has to authorise us, for the first time or soon anew.
    pub is_due: bool,
}

/// That a person authorised us.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Granted {
    at: Timestamp,
    by: String,
}

/// Somebody who is on the way.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct Leaving {
    tenant: String,
    account: String,
    by: String,
    at: Timestamp,
}

impl Gateway {
    /// The accounts of the tenant that a person has to authorise us for.
    pub async fn grants(&self, by: &Actor) -> Answer<Vec<GrantView>> {
        allowed(by, Right::Read)?;
        let mut grants = Vec::new();
        for account in self.0.accounts.values().filter(|account| account.settings.tenant == by.tenant) {
            if needs_person(account) {
                grants.push(self.grant(account).await?);
            }
        }
        grants.sort_by(|one, two| one.account.cmp(&two.account));
        Ok(grants)
    }

    async fn grant(&self, account: &Account) -> Answer<GrantView> {
        let record = self.0.store.record(&account.settings.tenant, SPACE, account.name()).await?;
        let granted: Option<Granted> = record
            .map(|record| serde_json::from_str(&record.body).map_err(EngineError::damaged))
            .transpose()?;
        let oauth2 = account.channel.as_ref().and_then(|channel| channel.settings.auth.oauth2());
        let holds = oauth2.and_then(|oauth2| oauth2.grant_holds);
        let warn = oauth2.map_or(SignedDuration::ZERO, |oauth2| oauth2.warn.0);
        let ends =
            granted.as_ref().zip(holds).and_then(|(granted, holds)| granted.at.checked_add(holds.0).ok());
        let lapses = ends.is_some_and(|ends| ends.duration_since(self.0.clock.now()) <= warn);
        Ok(GrantView {
            account: account.name().to_owned(),
            is_due: granted.is_none() || lapses,
            granted: granted.as_ref().map(|granted| granted.at),
            by: granted.map(|granted| granted.by),
            ends,
        })
    }

    /// Where a person goes to authorise us for an account. The counterpart sends the person back to
    /// [`Gateway::redirect_url`] with a state that is good once.
    pub async fn authorise(&self, by: &Actor, account: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let account = self.account(&by.tenant, account)?;
        let channel = account.channel.as_ref().filter(|_| needs_person(account));
        let channel =
            channel.ok_or_else(|| EngineError::unknown("authorisation of account", account.name()))?;
        let state = Secret::new(STATE).map_err(EngineError::damaged)?;
        let url = channel.authorise_url(&account.values, &self.redirect_url(), state.text());
        let url = url.map_err(|missing| EngineError::refused(format!("the account lacks {}", missing.0)))?;
        let leaving = Leaving {
            tenant: by.tenant.clone(),
            account: account.name().to_owned(),
            by: by.name.clone(),
            at: self.0.clock.now(),
        };
        let body = serde_json::to_string(&leaving).map_err(EngineError::damaged)?;
        self.away(state.digest(), 0, Some(body)).await?;
        Ok(url)
    }

    /// A person is back: the code becomes a token. Gives the account. A state is good once, and for half an hour.
    pub async fn authorised(&self, state: &str, code: &str) -> Answer<String> {
        let unknown =
            || EngineError::NotBelieved("the state is none that was given out, or was used".to_owned());
        let state = Secret::shown(STATE, state).ok_or_else(unknown)?;
        let key = state.digest();
        let record = self.0.store.record(AWAY.0, AWAY.1, &key).await?.ok_or_else(unknown)?;
        match self.away(key, record.revision, None).await {
            Err(StoreError::Stale { .. }) => return Err(unknown()),
            gone => gone?,
        }
        let leaving: Leaving = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
        let now = self.0.clock.now();
        if now.duration_since(leaving.at) > LONGEST {
            return Err(unknown());
        }
        let account = self.account(&leaving.tenant, &leaving.account)?;
        let channel = account.channel.as_ref().ok_or_else(unknown)?;
        let token = self.0.transport.authorised(account.on(channel), code, &self.redirect_url(), now);
        token.await.map_err(|failure| match failure {
            TokenFailure::NotKept(why) => EngineError::damaged(why),
            failure => EngineError::Conflict(failure.to_string()),
        })?;
        let by = Actor { name: leaving.by.clone(), ..Actor::gateway(&leaving.tenant) };
        let known = self.0.store.record(&leaving.tenant, SPACE, &leaving.account).await?;
        let granted =
            serde_json::to_string(&Granted { at: now, by: leaving.by }).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, &by);
        let revision = known.map_or(0, |record| record.revision);
        writing.record(SPACE, leaving.account.clone(), revision, Some(granted));
        writing.commit().await?;
        self.0.queued.notify_one();
        Ok(leaving.account)
    }

    /// Where counterparts send people back to.
    pub fn redirect_url(&self) -> String {
        let settings = &self.0.config.gateway;
        let base = settings.public_url.clone().unwrap_or_else(|| format!("http://{}", settings.listen));
        format!("{}/v1/authorised", base.trim_end_matches('/'))
    }

    async fn away(&self, key: String, expected: u64, body: Option<String>) -> Result<(), StoreError> {
        let (tenant, space) = (AWAY.0.to_owned(), AWAY.1.to_owned());
        let records = vec![RecordChange { tenant, space, key, expected, body }];
        self.0.store.commit(Batch { records, ..Batch::default() }).await.map(drop)
    }
}

fn needs_person(account: &Account) -> bool {
    let channel = account.channel.as_ref();
    channel.is_some_and(|channel| matches!(channel.settings.auth, Auth::Oauth2Code(_)))
}
