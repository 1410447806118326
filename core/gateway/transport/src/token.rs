//! Access tokens: asked for once however many wait for one, refreshed before they end, and kept before they are used.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use dragoman_channel::{Auth, Channel, Grant, Standing, Token, Values};
use dragoman_exchange::ErrorClass;
use jiff::Timestamp;
use thiserror::Error;
use tokio::sync::Mutex as Flight;

use crate::exchange::exchange;
use crate::http::Http;

/// Why there is no access token.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TokenFailure {
    /// A person has to authorise the application, for the first time or anew.
    #[error("a person has to authorise the application{}", .0.as_deref().map(|said| format!(": {said}")).unwrap_or_default())]
    NeedsPerson(Option<String>),
    /// The counterpart gives none at the moment.
    #[error("no access token: {0}")]
    NotGiven(String),
    /// A value that the account lacks.
    #[error("the account states no `{0}`")]
    Missing(String),
    /// A new refresh token could not be kept: it must not be used, or the standing is lost with the next crash.
    #[error("the token cannot be kept: {0}")]
    NotKept(String),
}

/// Where tokens are kept: they outlive the process, since many refresh tokens are good once.
#[async_trait]
pub trait TokenKeeper: Send + Sync {
    /// The token of an account, as it was kept last.
    async fn load(&self, account: &str) -> Result<Option<Token>, String>;
    /// Keeps a token. It is on disk when this answers.
    async fn keep(&self, account: &str, token: &Token) -> Result<(), String>;
}

type Cell = Arc<Flight<Option<Token>>>;

/// The tokens of all accounts.
pub(crate) struct Tokens {
    keeper: Arc<dyn TokenKeeper>,
    cells: Mutex<HashMap<(String, Standing), Cell>>,
}

impl Tokens {
    pub fn new(keeper: Arc<dyn TokenKeeper>) -> Self {
        Self { keeper, cells: Mutex::default() }
    }

    fn cell(&self, account: &str, standing: Standing) -> Cell {
        let mut cells = self.cells.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(cells.entry((account.to_owned(), standing)).or_default())
    }

    /// The access token of an account. Who comes while one is being asked for waits for that one.
    pub async fn get(
        &self,
        http: &Http,
        channel: &Channel,
        account: &str,
        values: &Values,
        standing: Standing,
        now: Timestamp,
    ) -> Result<String, TokenFailure> {
        let cell = self.cell(account, standing);
        let mut held = cell.lock().await;
        if held.is_none() && standing == Standing::Account {
            *held = self.keeper.load(account).await.map_err(TokenFailure::NotKept)?;
        }
        if let Some(token) = held.as_ref().filter(|token| now < token.refresh_at) {
            return Ok(token.access.clone());
        }
        let before = held.as_ref().and_then(|token| token.refresh.clone());
        let grant = grant(channel, standing, before.is_some());
        let mut values = values.clone();
        if let Some(refresh) = &before {
            values.set("token.refresh", refresh.as_str());
        }
        match ask(http, channel, grant, &values, now).await {
            Ok(mut token) => {
                token.refresh = token.refresh.or(before);
                if standing == Standing::Account {
                    self.keeper.keep(account, &token).await.map_err(TokenFailure::NotKept)?;
                }
                Ok(held.insert(token).access.clone())
            }
            // One that still holds is better than none.
            Err(failure) => match held.as_ref().filter(|token| now < token.expires_at) {
                Some(token) => Ok(token.access.clone()),
                None => Err(failure),
            },
        }
    }

    /// A person authorised the application: `values` holds `token.code` and `token.redirect`.
    pub async fn authorised(
        &self,
        http: &Http,
        channel: &Channel,
        account: &str,
        values: &Values,
        now: Timestamp,
    ) -> Result<(), TokenFailure> {
        let cell = self.cell(account, Standing::Account);
        let mut held = cell.lock().await;
        let token = ask(http, channel, Grant::Code, values, now).await?;
        self.keeper.keep(account, &token).await.map_err(TokenFailure::NotKept)?;
        *held = Some(token);
        Ok(())
    }

    /// The counterpart no longer takes an access token: the next request asks for a new one, unless somebody else did.
    pub async fn expired(&self, account: &str, standing: Standing, access: &str) {
        let cell = self.cell(account, standing);
        let mut held = cell.lock().await;
        if let Some(token) = held.as_mut().filter(|token| token.access == access) {
            (token.refresh_at, token.expires_at) = (Timestamp::MIN, Timestamp::MIN);
        }
    }
}

fn grant(channel: &Channel, standing: Standing, refreshes: bool) -> Grant {
    let is_client = matches!(channel.settings.auth, Auth::Oauth2ClientCredentials(_));
    if standing == Standing::Application || (is_client && !refreshes) {
        Grant::Client
    } else {
        Grant::Refresh
    }
}

async fn ask(
    http: &Http,
    channel: &Channel,
    grant: Grant,
    values: &Values,
    now: Timestamp,
) -> Result<Token, TokenFailure> {
    let missing = |name: String| match grant {
        Grant::Refresh if name == "token.refresh" => TokenFailure::NeedsPerson(None),
        _ => TokenFailure::Missing(name),
    };
    let request = channel.token_request(grant, values).map_err(|error| missing(error.0))?;
    let answer =
        exchange(http, &request).await.map_err(|failure| TokenFailure::NotGiven(failure.to_string()))?;
    channel.token(&answer, now).map_err(|failure| {
        let said = failure.message.or(failure.code);
        match failure.class {
            ErrorClass::AuthRevoked => TokenFailure::NeedsPerson(said),
            class => TokenFailure::NotGiven(said.unwrap_or_else(|| class.to_string())),
        }
    })
}
