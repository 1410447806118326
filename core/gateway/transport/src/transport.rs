//! Sending for an account: within its limits, with its standing, once.

use std::sync::Arc;
use std::time::Duration;

use dragoman_channel::{Answer, Channel, Operation, Request, Standing, Values};
use jiff::Timestamp;

use crate::exchange::exchange;
use crate::failure::{Cause, Failure};
use crate::http::{Http, Settings, SettingsError};
use crate::limits::Limits;
use crate::token::{TokenFailure, TokenKeeper, Tokens};

/// Our standing at a counterpart.
#[derive(Clone, Copy, Debug)]
pub struct Account<'a> {
    /// Its name: one for each account of the gateway.
    pub name: &'a str,
    /// What its channel wants to know, secrets among it.
    pub values: &'a Values,
    /// The channel.
    pub channel: &'a Channel,
}

/// What all accounts send through.
pub struct Transport {
    http: Http,
    tokens: Tokens,
    limits: Limits,
}

impl Transport {
    /// Sets it up; nothing is sent yet.
    pub fn new(settings: &Settings, keeper: Arc<dyn TokenKeeper>) -> Result<Self, SettingsError> {
        Ok(Self { http: Http::new(settings)?, tokens: Tokens::new(keeper), limits: Limits::default() })
    }

    /// Nothing where an operation may be asked for now, else how long it has to wait. Who is admitted has used one.
    pub fn admit(&self, account: Account<'_>, operation: &Operation) -> Option<Duration> {
        self.limits.admit(account.channel, operation, account.name, account.values)
    }

    /// Sends a request once, with the account's standing, and gives what was answered, whatever it says.
    pub async fn send(
        &self,
        account: Account<'_>,
        operation: &Operation,
        mut request: Request,
        now: Timestamp,
    ) -> Result<Answer, Failure> {
        let Account { name, values, channel } = account;
        let standing = request.standing;
        let auth = &channel.settings.auth;
        let token = match auth.oauth2() {
            Some(_) if standing != Standing::None => {
                let token = self.tokens.get(&self.http, channel, name, values, standing, now).await;
                Some(token.map_err(|failure| Failure::NotSent(Cause::Token(failure)))?)
            }
            _ => None,
        };
        let shown = auth.authorise(&mut request, values, token.as_deref());
        shown.map_err(|missing| Failure::NotSent(Cause::Secret(missing.0.into())))?;
        let answer = exchange(&self.http, &request).await?;
        self.limits.learn(channel, operation, name, values, &answer);
        if let (401, Some(token)) = (answer.status, &token) {
            self.tokens.expired(name, standing, token).await;
        }
        Ok(answer)
    }

    /// A person authorised the application: the code becomes a token.
    pub async fn authorised(
        &self,
        account: Account<'_>,
        code: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Result<(), TokenFailure> {
        let values = account.values.clone().with("token.code", code).with("token.redirect", redirect);
        self.tokens.authorised(&self.http, account.channel, account.name, &values, now).await
    }
}
