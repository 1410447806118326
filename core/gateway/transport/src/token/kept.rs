//! What is kept of an account's access, over the end of the process.

use async_trait::async_trait;
use dragoman_channel::{OAuth2, Token};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use thiserror::Error;

/// What is kept of an account's access.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// The tokens.
    pub token: Token,
    /// Who authorised the application; none where the configuration did.
    pub authorised: Option<Authorised>,
    /// The hash of the refresh token of the configuration that it began with: another one there begins anew.
    pub configured: Option<String>,
    /// What the counterpart said when it refused to refresh it: a person has to authorise anew.
    pub lapsed: Option<String>,
}

/// A person authorised the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authorised {
    /// Who.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

/// Where tokens are kept: they outlive the process, since many refresh tokens are good once.
#[async_trait]
pub trait TokenKeeper: Send + Sync {
    /// What was kept last of an account.
    async fn load(&self, account: &str) -> Result<Option<Kept>, String>;
    /// Keeps it. It is on disk when this answers.
    async fn keep(&self, account: &str, kept: &Kept) -> Result<(), String>;
}

/// How an account's access will hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outlook {
    /// Well, until the moment at which the authorisation ends, where that is known.
    Good {
        /// That moment.
        until: Option<Timestamp>,
    },
    /// The authorisation ends soon: a person should renew it.
    Lapses {
        /// When.
        at: Timestamp,
    },
    /// A person has to authorise the application.
    NeedsPerson {
        /// What the counterpart said, if anything.
        said: Option<String>,
    },
}

/// What was kept cannot be read.
#[derive(Debug, Error)]
#[error("the kept token cannot be read")]
pub struct Unreadable(#[source] pub(crate) serde_json::Error);

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    access: String,
    refresh: Option<String>,
    expires_at: Timestamp,
    refresh_at: Timestamp,
    authorised: Option<Authorised>,
    configured: Option<String>,
    lapsed: Option<String>,
}

impl Kept {
    /// As text, secrets among them.
    pub fn write(&self) -> String {
        let written = Written {
            access: self.token.access.clone(),
            refresh: self.token.refresh.clone(),
            expires_at: self.token.expires_at,
            refresh_at: self.token.refresh_at,
            authorised: self.authorised.clone(),
            configured: self.configured.clone(),
            lapsed: self.lapsed.clone(),
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// From text that [`Kept::write`] gave.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let written: Written = serde_json::from_str(text).map_err(Unreadable)?;
        Ok(Self {
            token: Token {
                access: written.access,
                refresh: written.refresh,
                expires_at: written.expires_at,
                refresh_at: written.refresh_at,
            },
            authorised: written.authorised,
            configured: written.configured,
            lapsed: written.lapsed,
        })
    }

    /// How it will hold.
    pub(crate) fn outlook(&self, oauth2: &OAuth2, now: Timestamp) -> Outlook {
        if let Some(said) = &self.lapsed {
            return Outlook::NeedsPerson { said: Some(said.clone()) };
        }
        let end = self.authorised.as_ref().zip(oauth2.grant_holds);
        let end = end.and_then(|(authorised, holds)| authorised.at.checked_add(holds.0).ok());
        match end {
            Some(at) if at <= now => Outlook::NeedsPerson { said: None },
            Some(at) if at.duration_since(now) <= oauth2.warn.0 => Outlook::Lapses { at },
            until => Outlook::Good { until },
        }
    }
}
