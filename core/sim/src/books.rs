//! What an authority keeps: references that are used, declarations by their number.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use dragoman_model::Document;

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
#[derive(Debug, Default)]
pub(crate) struct Books {
    lrns: Mutex<HashSet<String>>,
    declared: Mutex<HashMap<String, Declared>>,
}

impl Books {
    /// Takes a reference; false where it was used before. A message without one takes none.
    pub fn reserve(&self, lrn: &str) -> bool {
        lrn.is_empty() || lock(&self.lrns).insert(lrn.to_owned())
    }

    /// Gives a reference back.
    pub fn release(&self, lrn: &str) {
        lock(&self.lrns).remove(lrn);
    }

    /// The declaration of a number.
    pub fn declared(&self, mrn: &str) -> Option<Declared> {
        lock(&self.declared).get(mrn).cloned()
    }

    /// The declaration of a reference.
    pub fn declared_as(&self, lrn: &str) -> Option<Declared> {
        lock(&self.declared).values().find(|declared| declared.lrn == lrn).cloned()
    }

    /// Enters a declaration, or what has become of it.
    pub fn set(&self, declared: Declared) {
        lock(&self.declared).insert(declared.mrn.clone(), declared);
    }
}

/// What a panic left behind is whole: entries are made in one step.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
