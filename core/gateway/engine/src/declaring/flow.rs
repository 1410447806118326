//! Flows, compiled once: orders are declared by the thousand with the same profile, consignment and rates.

use std::sync::Arc;

use dragoman_adapters::{Fault, Refused};
use dragoman_declare::{Consignment, Profile, Rates};
use dragoman_mapping::language::LoadError;

use crate::config;
use crate::hash::sha256;

/// A text with the name that it is kept by and what it says.
#[derive(Clone, Debug)]
pub(crate) struct Kept<T> {
    /// SHA-256 of the text.
    pub hash: String,
    /// The text.
    pub text: Arc<str>,
    /// What it says.
    pub read: Arc<T>,
}

impl<T> Kept<T> {
    /// Reads a text. `path` is what people know it by.
    pub fn new(
        path: &str,
        text: &str,
        read: impl Fn(&str) -> Result<T, Vec<LoadError>>,
    ) -> Result<Self, Refused> {
        let fault = |error: LoadError| {
            let LoadError { at, message, hint, .. } = error;
            Fault { path: path.to_owned(), text: text.into(), at, message, hint }
        };
        let said = read(text).map_err(|errors| Refused(errors.into_iter().map(fault).collect()))?;
        let hash = sha256(text.as_bytes());
        Ok(Self { hash, text: text.into(), read: Arc::new(said) })
    }
}

/// Which orders are declared, to whom, and with what.
#[derive(Clone, Debug)]
pub(crate) struct Flow {
    /// Its name, the accounts that it joins, and how it works.
    pub settings: config::Flow,
    /// Whose it is.
    pub tenant: String,
    /// Who declares.
    pub profile: Kept<Profile>,
    /// What no order knows.
    pub consignment: Kept<Consignment>,
    /// Rates of exchange.
    pub rates: Kept<Rates>,
}

/// Why a flow cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum FlowError {
    /// A file that it names cannot be read.
    #[error("{path}: {reason}")]
    File {
        /// The file.
        path: String,
        /// Why.
        reason: String,
    },
    /// A file that it names has mistakes.
    #[error(transparent)]
    Text(#[from] Refused),
}

impl Flow {
    /// Compiles a flow of the account that it declares to; `file` reads a file that it names.
    pub fn new(
        settings: &config::Flow,
        to: &config::Account,
        file: &dyn Fn(&str) -> std::io::Result<String>,
    ) -> Result<Self, FlowError> {
        let read = |path: &str| {
            file(path).map_err(|error| FlowError::File { path: path.to_owned(), reason: error.to_string() })
        };
        let path = settings.profile.as_deref().or(to.profile.as_deref()).unwrap_or_default();
        let profile = if path.is_empty() { String::new() } else { read(path)? };
        let profile = Kept::new(path, &profile, Profile::read)?;
        let path = &settings.consignment;
        let consignment = Kept::new(path, &read(path)?, Consignment::read)?;
        let path = settings.rates.as_deref().unwrap_or_default();
        let rates = if path.is_empty() { String::new() } else { read(path)? };
        let rates = Kept::new(path, &rates, |text| Ok(rates_of(text)))?;
        let (settings, tenant) = (settings.clone(), to.tenant.clone());
        Ok(Self { settings, tenant, profile, consignment, rates })
    }
}

/// Rates of a text; none of an empty one, which would be told that it lacks columns.
pub(crate) fn rates_of(text: &str) -> Rates {
    if text.is_empty() { Rates::default() } else { Rates::read(text) }
}
