//! Authorisations that a person gives at the counterpart: begun here, ended with a code, good for a while.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::error::{Answer, EngineError};
use crate::gateway::{Gateway, allowed};
use crate::people::{Actor, Right, Secret};
use crate::writing::Writing;

/// The space of authorisations that were begun, by the state that comes back with the code.
const BEGUN: &str = "authorising";

/// The space of authorisations that were given, by account.
const GIVEN: &str = "authorised";

/// How long one may take from its begin to its end.
const OPEN: SignedDuration = SignedDuration::from_mins(15);

/// An authorisation that was begun.
#[derive(Debug, Serialize, Deserialize)]
struct Begun {
    account: String,
    by: String,
    redirect: String,
    at: Timestamp,
}

/// How the authorisation of an account stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

impl Gateway {
    /// Begins the authorisation of an account: the address that the person is sent to. The counterpart sends the person
    /// back to `redirect`.
    pub async fn begin_authorisation(&self, by: &Actor, account: &str, redirect: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let account = self.account(&by.tenant, account)?;
        let channel = account.channel.as_ref().filter(|channel| channel.settings.auth.needs_a_person());
        let channel = channel.ok_or_else(|| {
            EngineError::refused(format!("account `{}` needs no authorisation by a person", account.name()))
        })?;
        let state = Secret::new("state").map_err(EngineError::damaged)?.text().to_owned();
        let url = channel.authorise_url(&account.values, redirect, &state);
        let url = url.map_err(|missing| EngineError::refused(missing.to_string()))?;
        let begun = Begun {
            account: account.name().to_owned(),
            by: by.name.clone(),
            redirect: redirect.to_owned(),
            at: self.0.clock.now(),
        };
        let body = serde_json::to_string(&begun).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, by);
        writing.record(BEGUN, state, 0, Some(body));
        writing.commit().await?;
        Ok(url)
    }

    /// Ends an authorisation with the code and the state that the counterpart sent the person back with. Each state is
    /// good once, for who began it. Gives the account.
    pub async fn end_authorisation(&self, by: &Actor, state: &str, code: &str) -> Answer<String> {
        allowed(by, Right::Administer)?;
        let record = self.0.store.record(&by.tenant, BEGUN, state).await?;
        let record = record.ok_or_else(|| EngineError::unknown("authorisation", state))?;
        let begun: Begun = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, by);
        writing.record(BEGUN, state.to_owned(), record.revision, None);
        writing.commit().await?;
        let now = self.0.clock.now();
        if begun.by != by.name || now.duration_since(begun.at) > OPEN {
            return Err(EngineError::Conflict("this authorisation has to be begun anew".to_owned()));
        }
        let account = self.account(&by.tenant, &begun.account)?;
        let channel = account.channel.as_ref();
        let channel = channel.ok_or_else(|| EngineError::unknown("channel of account", account.name()))?;
        let given = self.0.transport.authorised(account.on(channel), code, &begun.redirect, now).await;
        given.map_err(|failure| EngineError::Conflict(failure.to_string()))?;
        let known = self.0.store.record(&by.tenant, GIVEN, account.name()).await?;
        let given = Authorisation { by: by.name.clone(), at: now, lapses: None, warn: false };
        let body = serde_json::to_string(&given).map_err(EngineError::damaged)?;
        let mut writing = Writing::new(self, by);
        let revision = known.map_or(0, |record| record.revision);
        writing.record(GIVEN, account.name().to_owned(), revision, Some(body));
        writing.commit().await?;
        self.0.queued.notify_one();
        Ok(account.name().to_owned())
    }

    /// How the authorisation of an account stands; none where none was given, or none is needed.
    pub(crate) async fn authorisation(
        &self,
        account: &crate::account::Account,
    ) -> Answer<Option<Authorisation>> {
        let tenant = &account.settings.tenant;
        let Some(record) = self.0.store.record(tenant, GIVEN, account.name()).await? else { return Ok(None) };
        let given: Authorisation = serde_json::from_str(&record.body).map_err(EngineError::damaged)?;
        let oauth2 = account.channel.as_ref().and_then(|channel| channel.settings.auth.oauth2().cloned());
        let holds = oauth2.as_ref().and_then(|oauth2| oauth2.grant_holds).map(|holds| holds.0);
        let lapses = holds.and_then(|holds| given.at.checked_add(holds).ok());
        let warn = oauth2
            .zip(lapses)
            .is_some_and(|(oauth2, lapses)| lapses.duration_since(self.0.clock.now()) <= oauth2.warn.0);
        Ok(Some(Authorisation { lapses, warn, ..given }))
    }
}
