//! Files of rules: what counterparts check in messages, and what the documents of a sale have to agree in.

use std::sync::{Arc, Mutex};

use dragoman_mapping::language::LoadError;
use dragoman_rules::{Agreement, CheckSources, Checks};

use super::{Catalogue, CatalogueError, Loaded, Refused, lock};
use crate::edition::parted;
use crate::fault::Fault;
use crate::message::Message;

impl Catalogue {
    /// What the counterpart checks in a message of that name, with the adapter whose numbers it has.
    pub fn checks_of(&self, name: &str) -> Result<Option<(&str, Arc<Checks>)>, CatalogueError> {
        let Some((adapter, message)) = parted(name).0.split_once('/') else { return Ok(None) };
        let adapter = self.adapters.iter().find(|one| one.name == adapter);
        let message = adapter.and_then(|adapter| adapter.message(message));
        let Some((adapter, checks)) = adapter.zip(message.and_then(|message| message.checks.as_deref()))
        else {
            return Ok(None);
        };
        Ok(Some((&adapter.name, self.checks(checks)?)))
    }

    /// A file of checks.
    pub fn checks(&self, name: &str) -> Result<Arc<Checks>, CatalogueError> {
        let sources =
            CheckSources { grammar: &|name| self.grammar(name).ok(), list: &|name| self.list(name).ok() };
        let load = |text: &str| dragoman_rules::load_checks(name, text, &sources);
        self.rules(&self.checks, "file of checks", name, &load)
    }

    /// What the documents of one sale have to agree in, as a file of that name says.
    pub fn agreement(&self, name: &str) -> Result<Arc<Agreement>, CatalogueError> {
        let load = |text: &str| dragoman_rules::load_agreement(name, text);
        self.rules(&self.agreements, "file of agreement", name, &load)
    }

    /// What a message has to agree in with the other documents of its sale; none where nothing is compared.
    pub fn agreement_of(&self, message: &Message) -> Result<Option<Arc<Agreement>>, CatalogueError> {
        let Some((adapter, name)) = message.plain_name().split_once('/') else { return Ok(None) };
        let adapter = self.adapters().iter().find(|one| one.name == adapter);
        let agreement = adapter.and_then(|adapter| adapter.agreement_of(name));
        agreement.map(|agreement| self.agreement(agreement)).transpose()
    }

    /// A file under `mappings/`, loaded when it is first asked for.
    fn rules<T>(
        &self,
        known: &Mutex<Loaded<T>>,
        what: &'static str,
        name: &str,
        load: &dyn Fn(&str) -> Result<T, Vec<LoadError>>,
    ) -> Result<Arc<T>, CatalogueError> {
        let path = format!("mappings/{name}.toml");
        let Some(text) = self.data.get(&path) else {
            return Err(CatalogueError::Unknown { what, name: name.to_owned(), nearest: None });
        };
        if let Some(loaded) = lock(known).get(name) {
            return loaded.clone().map_err(Into::into);
        }
        let loaded = load(text).map(Arc::new).map_err(|errors| {
            Refused(errors.into_iter().map(|error| Fault::of_load_error(&self.data, &path, error)).collect())
        });
        lock(known).insert(name.to_owned(), loaded.clone());
        loaded.map_err(Into::into)
    }
}
