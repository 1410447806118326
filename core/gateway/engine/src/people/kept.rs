//! Where the records of people are kept: in the store, beside those of all tenants, since who signs in has no tenant yet.

use std::fmt;
use std::sync::Arc;

use dragoman_store::{Batch, Record, RecordChange, Store, StoreError};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::PeopleError;

/// The tenant of these records: no name of one.
const TENANT: &str = "@people";

/// So many records are read at a time.
const PAGE: usize = 500;

/// So often a change is tried again where somebody else was quicker.
const TRIES: usize = 10;

/// Records by space and key.
#[derive(Clone)]
pub struct Kept(Arc<dyn Store>);

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Kept")
    }
}

impl Kept {
    /// In a store.
    pub fn new(store: Arc<dyn Store>) -> Self {
        Self(store)
    }

    /// One record.
    pub async fn get<T: DeserializeOwned>(&self, space: &str, key: &str) -> Result<Option<T>, PeopleError> {
        self.0.record(TENANT, space, key).await?.as_ref().map(read).transpose()
    }

    /// All records of a space, by key.
    pub async fn all<T: DeserializeOwned>(&self, space: &str) -> Result<Vec<(String, T)>, PeopleError> {
        let mut all = Vec::new();
        let mut after = String::new();
        loop {
            let page = self.0.records(TENANT, space, &after, PAGE).await?;
            let Some(last) = page.last() else { return Ok(all) };
            after.clone_from(&last.key);
            for record in &page {
                all.push((record.key.clone(), read(record)?));
            }
        }
    }

    /// Keeps a record that is new; false where there is one.
    pub async fn add(&self, space: &str, key: &str, record: &impl Serialize) -> Result<bool, PeopleError> {
        self.write(space, key, 0, Some(written(record)?)).await
    }

    /// Changes a record; where somebody else was quicker, the change is made again. `None` where there is no such record.
    pub async fn change<T: Serialize + DeserializeOwned>(
        &self,
        space: &str,
        key: &str,
        change: impl Fn(&mut T),
    ) -> Result<Option<T>, PeopleError> {
        for _ in 0..TRIES {
            let Some(found) = self.0.record(TENANT, space, key).await? else { return Ok(None) };
            let mut record: T = read(&found)?;
            change(&mut record);
            if self.write(space, key, found.revision, Some(written(&record)?)).await? {
                return Ok(Some(record));
            }
        }
        Err(PeopleError::Record(format!("{space} `{key}` changes all the time")))
    }

    /// Removes a record; what is not there needs no removing.
    pub async fn remove(&self, space: &str, key: &str) -> Result<(), PeopleError> {
        for _ in 0..TRIES {
            let Some(found) = self.0.record(TENANT, space, key).await? else { return Ok(()) };
            if self.write(space, key, found.revision, None).await? {
                return Ok(());
            }
        }
        Err(PeopleError::Record(format!("{space} `{key}` changes all the time")))
    }

    /// Writes a record that was read in that revision; false where it has another by now.
    async fn write(
        &self,
        space: &str,
        key: &str,
        expected: u64,
        body: Option<String>,
    ) -> Result<bool, PeopleError> {
        let (tenant, space, key) = (TENANT.to_owned(), space.to_owned(), key.to_owned());
        let records = vec![RecordChange { tenant, space, key, expected, body }];
        match self.0.commit(Batch { records, ..Batch::default() }).await {
            Ok(_) => Ok(true),
            Err(StoreError::Stale { .. }) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }
}

fn read<T: DeserializeOwned>(record: &Record) -> Result<T, PeopleError> {
    serde_json::from_str(&record.body).map_err(|error| PeopleError::Record(error.to_string()))
}

fn written(record: &impl Serialize) -> Result<String, PeopleError> {
    serde_json::to_string(record).map_err(|error| PeopleError::Record(error.to_string()))
}
