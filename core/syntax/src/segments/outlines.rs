//! The grammars of the messages of a file, each asked for once.

use std::hash::Hash;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::structure::Outline;
use crate::grammar::Grammar;

/// So many are remembered: more kinds than an interchange has.
const KINDS: usize = 256;

/// The grammars asked for so far, by what a message says it is.
pub(crate) struct Outlines<'g, K> {
    find: &'g dyn Fn(&K) -> Option<Arc<Grammar>>,
    known: FxHashMap<K, Option<Arc<Outline>>>,
}

impl<'g, K: Clone + Eq + Hash> Outlines<'g, K> {
    /// None yet.
    pub fn new(find: &'g dyn Fn(&K) -> Option<Arc<Grammar>>) -> Self {
        Self { find, known: FxHashMap::default() }
    }

    /// The grammar of a kind of message; none where none is known.
    pub fn of(&mut self, kind: &K) -> Option<Arc<Outline>> {
        if let Some(outline) = self.known.get(kind) {
            return outline.clone();
        }
        if self.known.len() >= KINDS {
            self.known.clear();
        }
        let grammar = (self.find)(kind).filter(|grammar| !grammar.is_empty());
        let outline = grammar.map(|grammar| Arc::new(Outline::new(grammar)));
        self.known.insert(kind.clone(), outline.clone());
        outline
    }
}
