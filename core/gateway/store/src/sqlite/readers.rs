//! Connections that read, off the threads that serve.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use rusqlite::{Connection, OpenFlags};
use tokio::sync::Semaphore;

use super::folder::{Folder, steady};
use crate::StoreError;

/// So many read at once; who comes then waits.
const READERS: usize = 8;

/// Connections that read.
pub struct Readers(Arc<Shared>);

struct Shared {
    journal: PathBuf,
    lists: PathBuf,
    places: Semaphore,
    /// Those that are not reading at the moment.
    free: Mutex<Vec<Connection>>,
}

impl Readers {
    /// None yet.
    pub fn new(folder: &Folder) -> Self {
        let (journal, lists) = (folder.journal_file(), folder.lists_file());
        Self(Arc::new(Shared { journal, lists, places: Semaphore::new(READERS), free: Mutex::default() }))
    }

    /// Looks something up by its key, on the thread that asks: that takes some microseconds, and to wake another thread
    /// would take longer.
    pub async fn look_up<T>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let _place = self.0.places.acquire().await.map_err(|_| StoreError::Closed)?;
        self.0.with(read)
    }

    /// Reads.
    pub async fn read<T: Send + 'static>(
        &self,
        read: impl FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let _place = self.0.places.acquire().await.map_err(|_| StoreError::Closed)?;
        let shared = Arc::clone(&self.0);
        let task = tokio::task::spawn_blocking(move || shared.with(read));
        task.await.map_err(|_| StoreError::Closed)?
    }
}

impl Shared {
    fn with<T>(&self, read: impl FnOnce(&Connection) -> Result<T, StoreError>) -> Result<T, StoreError> {
        let free = self.free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let connection = free.map_or_else(|| self.connect(), Ok)?;
        let read = read(&connection);
        self.free.lock().unwrap_or_else(PoisonError::into_inner).push(connection);
        read
    }

    fn connect(&self) -> Result<Connection, StoreError> {
        let connection = open(&self.journal)?;
        let lists =
            self.lists.to_str().ok_or_else(|| std::io::Error::other("the folder's name is no text"))?;
        connection.execute("ATTACH ?1 AS lists", [lists])?;
        Ok(connection)
    }
}

/// Opens a store to read it.
pub fn open(file: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    steady(&connection)?;
    Ok(connection)
}
