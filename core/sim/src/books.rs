//! What an authority keeps: references that are used, declarations by their number.
//!
//! They lie in a temporary file: an authority that is sent a million declarations needs no more memory than one that is
//! sent a hundred.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dragoman_model::{Decimal, Document, decimal};
use rusqlite::{Connection, OptionalExtension, Row, params};

/// A declaration that was accepted.
#[derive(Clone, Debug)]
pub struct Declared {
    /// Its number.
    pub mrn: String,
    /// Its reference.
    pub lrn: String,
    /// Its version.
    pub version: String,
    /// What it has become, in the word of the script.
    pub state: String,
    /// What it says, where later answers show it.
    pub(crate) document: Option<Arc<Document<'static>>>,
}

/// The books. Each is locked for one look-up or one entry, never over work.
#[derive(Debug)]
pub(crate) struct Books {
    file: Mutex<Connection>,
    /// What declarations say, by their number.
    documents: Mutex<HashMap<String, Arc<Document<'static>>>>,
}

/// A file without a name is the database's own and goes with the connection (<https://www.sqlite.org/inmemorydb.html>, section
/// 3): what it holds need not survive, so that nothing is synced.
const SCHEMA: &str = "
    PRAGMA journal_mode = OFF;
    PRAGMA synchronous = OFF;
    CREATE TABLE used (lrn TEXT PRIMARY KEY) WITHOUT ROWID;
    CREATE TABLE declared (mrn TEXT PRIMARY KEY, lrn TEXT, version TEXT, state TEXT) WITHOUT ROWID;
    CREATE INDEX declared_as ON declared (lrn);
    CREATE TABLE ledger (of TEXT, year TEXT, amount TEXT, PRIMARY KEY (of, year)) WITHOUT ROWID;
";

impl Books {
    /// Books with nothing in them.
    pub fn new() -> rusqlite::Result<Self> {
        let file = Connection::open("")?;
        file.execute_batch(SCHEMA)?;
        Ok(Self { file: Mutex::new(file), documents: Mutex::default() })
    }

    /// Takes a reference; false where it was used before. A message without one takes none.
    pub fn reserve(&self, lrn: &str) -> rusqlite::Result<bool> {
        if lrn.is_empty() {
            return Ok(true);
        }
        let file = lock(&self.file);
        let taken = file.prepare_cached("INSERT OR IGNORE INTO used VALUES (?1)")?.execute([lrn])?;
        Ok(taken == 1)
    }

    /// Gives a reference back.
    pub fn release(&self, lrn: &str) -> rusqlite::Result<()> {
        lock(&self.file).prepare_cached("DELETE FROM used WHERE lrn = ?1")?.execute([lrn])?;
        Ok(())
    }

    /// What was added up of somebody in a year.
    pub fn sum(&self, of: &str, year: &str) -> rusqlite::Result<Decimal> {
        let read = |row: &Row<'_>| row.get::<_, String>(0);
        let found = lock(&self.file)
            .prepare_cached("SELECT amount FROM ledger WHERE of = ?1 AND year = ?2")?
            .query_row([of, year], read)
            .optional()?;
        Ok(found.and_then(|text| decimal(&text).ok()).unwrap_or_default())
    }

    /// Enters what is now added up of somebody in a year.
    pub fn set_sum(&self, of: &str, year: &str, amount: Decimal) -> rusqlite::Result<()> {
        lock(&self.file)
            .prepare_cached("INSERT OR REPLACE INTO ledger VALUES (?1, ?2, ?3)")?
            .execute(params![of, year, amount.to_string()])?;
        Ok(())
    }

    /// The declaration of a number.
    pub fn declared(&self, mrn: &str) -> rusqlite::Result<Option<Declared>> {
        self.find("SELECT mrn, lrn, version, state FROM declared WHERE mrn = ?1", mrn)
    }

    /// The declaration of a reference.
    pub fn declared_as(&self, lrn: &str) -> rusqlite::Result<Option<Declared>> {
        self.find("SELECT mrn, lrn, version, state FROM declared WHERE lrn = ?1", lrn)
    }

    fn find(&self, select: &str, by: &str) -> rusqlite::Result<Option<Declared>> {
        let read = |row: &Row<'_>| {
            let [mrn, lrn, version, state] = [row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?];
            Ok(Declared { mrn, lrn, version, state, document: None })
        };
        let found = lock(&self.file).prepare_cached(select)?.query_row([by], read).optional()?;
        Ok(found.map(|declared| Declared {
            document: lock(&self.documents).get(&declared.mrn).cloned(),
            ..declared
        }))
    }

    /// Enters a declaration, or what has become of it.
    pub fn set(&self, declared: Declared) -> rusqlite::Result<()> {
        let Declared { mrn, lrn, version, state, document } = declared;
        lock(&self.file)
            .prepare_cached("INSERT OR REPLACE INTO declared VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![mrn, lrn, version, state])?;
        let mut documents = lock(&self.documents);
        match document {
            Some(document) => documents.insert(mrn, document),
            None => documents.remove(&mrn),
        };
        Ok(())
    }
}

/// What a panic left behind is whole: entries are made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn declared(number: u32, state: &str) -> Declared {
        let [mrn, lrn] = [format!("26GB{number}"), format!("ORDER-{number}")];
        Declared { mrn, lrn, version: "1".into(), state: state.into(), document: None }
    }

    #[test]
    fn a_reference_is_taken_once_until_it_is_given_back() {
        let books = Books::new().unwrap();
        assert!(books.reserve("A").unwrap());
        assert!(!books.reserve("A").unwrap());
        books.release("A").unwrap();
        assert!(books.reserve("A").unwrap());
        assert!(
            books.reserve("").unwrap() && books.reserve("").unwrap(),
            "no reference is none that is used"
        );
    }

    #[test]
    fn a_declaration_is_found_by_number_and_by_reference_as_it_is_now() {
        let books = Books::new().unwrap();
        (0..3).for_each(|number| books.set(declared(number, "accepted")).unwrap());
        books.set(declared(1, "cleared")).unwrap();
        for found in [books.declared("26GB1").unwrap(), books.declared_as("ORDER-1").unwrap()] {
            let found = found.unwrap();
            assert_eq!((&*found.mrn, &*found.lrn, &*found.state), ("26GB1", "ORDER-1", "cleared"));
        }
        assert!(books.declared("26GB9").unwrap().is_none());
    }
}
