//! A person authorises the application: RFC 6749, section 4.1, with the state that section 10.12 asks for and the proof of RFC 7636.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use dragoman_channel::Values;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::{TokenFailure, Unreadable, hash};
use crate::account::Account;
use crate::secret::Secret;

/// How long a person has.
const TIME: SignedDuration = SignedDuration::from_mins(10);

/// An authorisation that was begun.
#[derive(Clone, Debug)]
pub struct Begun {
    /// Where the person goes.
    pub url: String,
    /// What is needed when they come back.
    pub pending: Pending,
}

/// An authorisation that waits for a person to come back.
#[derive(Clone, Debug)]
pub struct Pending {
    account: String,
    by: String,
    redirect: String,
    /// The hash of the state: who reads what is kept cannot come back in the person's place.
    key: String,
    verifier: Secret,
    until: Timestamp,
}

/// What a person comes back with.
#[derive(Clone, Copy)]
pub struct Came<'a> {
    /// The state that they were sent with.
    pub state: &'a str,
    /// What the counterpart gives tokens for.
    pub code: &'a str,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    account: String,
    by: String,
    redirect: String,
    key: String,
    verifier: String,
    until: Timestamp,
}

impl Pending {
    pub(crate) fn begin(
        account: Account<'_>,
        by: &str,
        redirect: &str,
        now: Timestamp,
    ) -> Result<Begun, TokenFailure> {
        let state = random()?;
        let pending = Self {
            account: account.name.to_owned(),
            by: by.to_owned(),
            redirect: redirect.to_owned(),
            key: Self::key_of(state.expose()),
            verifier: random()?,
            until: now.checked_add(TIME).unwrap_or(now),
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(pending.verifier.expose()));
        let url = account.channel.authorise_url(account.values, redirect, state.expose(), &challenge);
        let url = url.map_err(|missing| TokenFailure::Missing(missing.0))?;
        Ok(Begun { url, pending })
    }

    /// Whose authorisation it is.
    pub fn account(&self) -> &str {
        &self.account
    }

    /// What it is found by when the person comes back: it follows from the state, and tells nothing of it.
    pub fn key(&self) -> &str {
        &self.key
    }

    /// The key of what waits for a state.
    pub fn key_of(state: &str) -> String {
        hash(state)
    }

    /// What comes back must be the answer to this.
    pub(crate) fn proved(
        &self,
        account: Account<'_>,
        by: &str,
        came: Came<'_>,
        now: Timestamp,
    ) -> Result<Values, TokenFailure> {
        let is_theirs = self.key == Self::key_of(came.state) && self.by == by;
        if !is_theirs || self.account != account.name || now >= self.until {
            return Err(TokenFailure::Foreign);
        }
        Ok(Values::new()
            .with("token.code", came.code)
            .with("token.redirect", self.redirect.as_str())
            .with("token.verifier", self.verifier.expose()))
    }

    /// As text, secrets among them.
    pub fn write(&self) -> String {
        let written = Written {
            account: self.account.clone(),
            by: self.by.clone(),
            redirect: self.redirect.clone(),
            key: self.key.clone(),
            verifier: self.verifier.expose().to_owned(),
            until: self.until,
        };
        serde_json::to_string(&written).unwrap_or_default()
    }

    /// From text that [`Pending::write`] gave.
    pub fn read(text: &str) -> Result<Self, Unreadable> {
        let written: Written = serde_json::from_str(text).map_err(Unreadable)?;
        Ok(Self {
            account: written.account,
            by: written.by,
            redirect: written.redirect,
            key: written.key,
            verifier: Secret::new(written.verifier),
            until: written.until,
        })
    }
}

/// 32 random bytes as 43 characters that URLs carry as they are.
fn random() -> Result<Secret, TokenFailure> {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).map_err(|error| TokenFailure::NotGiven(error.to_string()))?;
    Ok(Secret::new(URL_SAFE_NO_PAD.encode(bytes)))
}
