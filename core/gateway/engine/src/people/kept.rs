//! Where the records of people are kept.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::PeopleError;

/// Records by space and key.
#[derive(Debug, Default)]
pub struct Kept(Mutex<BTreeMap<(&'static str, String), Value>>);

#[expect(clippy::unused_async, reason = "a store on disk is awaited")]
impl Kept {
    /// One record.
    pub async fn get<T: DeserializeOwned>(
        &self,
        space: &'static str,
        key: &str,
    ) -> Result<Option<T>, PeopleError> {
        let found = self.lock().get(&(space, key.to_owned())).cloned();
        found.map(serde_json::from_value).transpose().map_err(PeopleError::record)
    }

    /// All records of a space.
    pub async fn all<T: DeserializeOwned>(
        &self,
        space: &'static str,
    ) -> Result<Vec<(String, T)>, PeopleError> {
        let records: Vec<_> = self
            .lock()
            .iter()
            .filter(|((of, _), _)| *of == space)
            .map(|((_, key), body)| (key.clone(), body.clone()))
            .collect();
        let read = |(key, body)| Ok((key, serde_json::from_value(body).map_err(PeopleError::record)?));
        records.into_iter().map(read).collect()
    }

    /// Keeps a record that is new; false where there is one.
    pub async fn add(
        &self,
        space: &'static str,
        key: &str,
        record: &impl Serialize,
    ) -> Result<bool, PeopleError> {
        let body = serde_json::to_value(record).map_err(PeopleError::record)?;
        let mut records = self.lock();
        let is_new = !records.contains_key(&(space, key.to_owned()));
        if is_new {
            records.insert((space, key.to_owned()), body);
        }
        Ok(is_new)
    }

    /// Changes a record; the change is made again where somebody else was quicker. `None` where there is no such record.
    pub async fn change<T: Serialize + DeserializeOwned>(
        &self,
        space: &'static str,
        key: &str,
        change: impl Fn(&mut T),
    ) -> Result<Option<T>, PeopleError> {
        let Some(mut record) = self.get::<T>(space, key).await? else { return Ok(None) };
        change(&mut record);
        let body = serde_json::to_value(&record).map_err(PeopleError::record)?;
        self.lock().insert((space, key.to_owned()), body);
        Ok(Some(record))
    }

    /// Removes a record.
    pub async fn remove(&self, space: &'static str, key: &str) -> Result<(), PeopleError> {
        self.lock().remove(&(space, key.to_owned()));
        Ok(())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, BTreeMap<(&'static str, String), Value>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
