//! Sending for an account: within its limits, with its standing, once.

use std::sync::Arc;
use std::time::Duration;

use dragoman_channel::{Answer, Operation, Outcome, Request, Standing};
use dragoman_exchange::ErrorClass;
use jiff::Timestamp;
use tokio::time::Instant;

use crate::account::{Account, Connections};
use crate::exchange::{exchange, nonce};
use crate::failure::{Cause, Failure};
use crate::http::{Settings, SettingsError};
use crate::limits::Limits;
use crate::secret::Secret;
use crate::token::{Authorised, Begun, Came, Outlook, Pending, TokenFailure, TokenKeeper, Tokens};

/// What all accounts send through.
pub struct Transport {
    connections: Connections,
    tokens: Tokens,
    limits: Limits,
}

/// An answer, and what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// What was answered.
    pub answer: Answer,
    /// What it means by the channel.
    pub outcome: Outcome,
}

impl Transport {
    /// Sets it up; nothing is sent yet.
    pub fn new(settings: &Settings, keeper: Arc<dyn TokenKeeper>) -> Result<Self, SettingsError> {
        Ok(Self {
            connections: Connections::new(settings)?,
            tokens: Tokens::new(keeper),
            limits: Limits::default(),
        })
    }

    /// Nothing where an operation may be asked for now, else how long it has to wait. To be called before each
    /// [`Transport::send`], and before the attempt is written down: who is admitted has used one of the limits.
    pub fn admit(&self, account: Account<'_>, operation: &Operation) -> Option<Duration> {
        self.limits.admit(account, operation)
    }

    /// Sends a request once, with the account's standing, and learns from the answer.
    pub async fn send(
        &self,
        account: Account<'_>,
        operation: &Operation,
        request: Request,
        now: Timestamp,
    ) -> Result<Reply, Failure> {
        let (name, operation_name, begun) = (account.name, &*operation.name, Instant::now());
        let sent = self.sent(account, request, now).await;
        let took = begun.elapsed();
        let (answer, token) = sent.inspect_err(|failure| {
            tracing::debug!(account = name, operation = operation_name, ?took, %failure, "no answer");
        })?;
        let status = answer.status;
        tracing::debug!(account = name, operation = operation_name, ?took, status, "answered");
        let mut outcome = account.channel.classify(operation, &answer, now);
        let failed = match &mut outcome {
            Outcome::Done(_) => None,
            Outcome::Failed(failure) | Outcome::Unknown(failure) => Some(failure),
        };
        self.limits.learn(account, operation, &answer, failed.as_deref());
        if let Some((standing, token)) = token {
            let is_refused = failed.as_ref().is_some_and(|failure| failure.class == ErrorClass::AuthExpired);
            // One that was given just now and is refused all the same: asking for another would not help.
            let is_useless = self.tokens.judged(name, standing, &token, is_refused).await;
            if let (Some(failure), true) = (failed, is_useless) {
                failure.class = ErrorClass::AuthRevoked;
            }
        }
        Ok(Reply { answer, outcome })
    }

    /// Sends, and gives the access token that was shown.
    async fn sent(
        &self,
        account: Account<'_>,
        mut request: Request,
        now: Timestamp,
    ) -> Result<(Answer, Option<(Standing, Secret)>), Failure> {
        let standing = request.standing;
        let auth = &account.channel.settings.auth;
        let http = match standing {
            Standing::None => self.connections.shared().clone(),
            Standing::Account | Standing::Application => self.connections.of(account.values)?,
        };
        let token = match auth.oauth2() {
            Some(_) if standing != Standing::None => {
                let token = self.tokens.get(account, standing, &http, now).await;
                Some(token.map_err(|failure| Failure::NotSent(failure.into()))?)
            }
            _ => None,
        };
        let shown = auth.authorise(&mut request, account.values, token.as_ref().map(Secret::expose));
        shown.map_err(|missing| Failure::NotSent(Cause::Secret(missing.0.into())))?;
        let signed = account.channel.sign(&mut request, account.values, now, &nonce());
        signed.map_err(|missing| Failure::NotSent(Cause::Secret(missing.0.into())))?;
        let answer = exchange(&http, &request).await?;
        Ok((answer, token.map(|token| (standing, token))))
    }

    /// Sends a request of an account once, as it is: it shows what it has to show by itself.
    pub async fn carry(&self, account: Account<'_>, request: &Request) -> Result<Answer, Failure> {
        let (name, operation, begun) = (account.name, &*request.operation, Instant::now());
        let answer = exchange(&self.connections.of(account.values)?, request).await;
        let took = begun.elapsed();
        match &answer {
            Ok(answer) => {
                tracing::debug!(account = name, operation, ?took, status = answer.status, "answered");
            }
            Err(failure) => tracing::debug!(account = name, operation, ?took, %failure, "no answer"),
        }
        answer
    }

    /// Whether an account's certificate and authorities can be read.
    pub fn check(&self, account: Account<'_>) -> Result<(), Failure> {
        self.connections.of(account.values).map(|_| ())
    }

    /// Begins an authorisation: the person `by` is led to [`Begun::url`], and comes back to `redirect` with a state and
    /// a code. What is pending is kept meanwhile, under [`Pending::key`].
    pub fn begin(
        &self,
        account: Account<'_>,
        by: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Result<Begun, TokenFailure> {
        Pending::begin(account, by, redirect, now)
    }

    /// Ends an authorisation, for who began it: the code becomes a token, which is kept. What was pending must be
    /// forgotten before, so that it is good once.
    pub async fn finish(
        &self,
        account: Account<'_>,
        by: &str,
        pending: &Pending,
        came: Came<'_>,
        now: Timestamp,
    ) -> Result<(), TokenFailure> {
        let proved = pending.proved(account, by, came, now)?;
        let http = self.connections.of(account.values);
        let http = http.map_err(|failure| TokenFailure::NotGiven(failure.to_string()))?;
        self.tokens.authorised(account, by, &proved, &http, now).await
    }

    /// Who authorised the application for an account, and how its access will hold.
    pub async fn outlook(
        &self,
        account: Account<'_>,
        now: Timestamp,
    ) -> Result<(Option<Authorised>, Outlook), TokenFailure> {
        self.tokens.outlook(account, now).await
    }
}
