//! Accounts, and the connections that each of them is served by.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use dragoman_channel::{Channel, Values};
use sha2::{Digest, Sha256};

use crate::failure::{Cause, Failure};
use crate::http::{Http, Settings, SettingsError};
use crate::secret::Secret;

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

/// Connections of all accounts. An account with a certificate of its own, or with authorities of its own, shares its
/// connections with nobody else.
pub(crate) struct Connections {
    settings: Settings,
    shared: Http,
    own: Mutex<HashMap<[u8; 32], Http>>,
}

impl Connections {
    /// Sets the shared ones up.
    pub fn new(settings: &Settings) -> Result<Self, SettingsError> {
        Ok(Self { settings: settings.clone(), shared: Http::new(settings)?, own: Mutex::default() })
    }

    /// Those in which no account shows itself.
    pub fn shared(&self) -> &Http {
        &self.shared
    }

    /// Those of an account.
    pub fn of(&self, values: &Values) -> Result<Http, Failure> {
        let certificate = values.get("account.client_certificate");
        let authorities = values.get("account.authorities");
        if certificate.is_none() && authorities.is_none() {
            return Ok(self.shared.clone());
        }
        let mut hash = Sha256::new();
        for part in [certificate, authorities] {
            hash.update((part.map_or(0, str::len) as u64).to_be_bytes());
            hash.update(part.unwrap_or_default());
        }
        let mut own = self.own.lock().unwrap_or_else(PoisonError::into_inner);
        let key = hash.finalize().into();
        if let Some(http) = own.get(&key) {
            return Ok(http.clone());
        }
        let settings = Settings {
            identity: certificate.map(Secret::new),
            authorities: authorities
                .map(|pem| pem.as_bytes().to_vec())
                .or_else(|| self.settings.authorities.clone()),
            ..self.settings.clone()
        };
        let http =
            Http::new(&settings).map_err(|error| Failure::NotSent(Cause::Settings(error.to_string())))?;
        own.insert(key, http.clone());
        Ok(http)
    }
}
