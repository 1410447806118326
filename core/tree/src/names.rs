//! Interned names: a frozen table that a grammar or schema owns, and what one message adds to it.

use std::sync::Arc;

use rustc_hash::FxHashMap;

/// The number of a name. Ids below the base table's length belong to the grammar or schema, the rest to one tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NameId(pub u32);

/// The names of a grammar or schema, frozen after it is loaded.
#[derive(Clone, Debug, Default)]
pub struct NameTable {
    names: Vec<Box<str>>,
    index: FxHashMap<Box<str>, NameId>,
}

impl NameTable {
    /// The id of `name`, added where it is new.
    pub fn intern(&mut self, name: &str) -> NameId {
        if let Some(id) = self.index.get(name) {
            return *id;
        }
        let id = NameId(self.names.len() as u32);
        self.names.push(name.into());
        self.index.insert(name.into(), id);
        id
    }

    /// The id of a name that is in the table.
    pub fn find(&self, name: &str) -> Option<NameId> {
        self.index.get(name).copied()
    }

    /// The name of an id, or `""` for one of another table.
    pub fn get(&self, id: NameId) -> &str {
        self.names.get(id.0 as usize).map_or("", |name| name)
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// True where there is no name.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// A shared table and the names that one tree adds to it.
#[derive(Clone, Debug, Default)]
pub struct Names {
    base: Arc<NameTable>,
    extra: NameTable,
}

impl Names {
    /// Starts with the names of a grammar or schema.
    pub fn with_base(base: Arc<NameTable>) -> Self {
        Self { base, extra: NameTable::default() }
    }

    /// The id of `name`, added to the tree's own names where the base lacks it.
    pub fn intern(&mut self, name: &str) -> NameId {
        match self.base.find(name) {
            Some(id) => id,
            None => NameId(self.base.len() as u32 + self.extra.intern(name).0),
        }
    }

    /// The id of a name that is known.
    pub fn find(&self, name: &str) -> Option<NameId> {
        let offset = self.base.len() as u32;
        self.base.find(name).or_else(|| self.extra.find(name).map(|id| NameId(offset + id.0)))
    }

    /// The name of an id.
    pub fn get(&self, id: NameId) -> &str {
        match id.0.checked_sub(self.base.len() as u32) {
            None => self.base.get(id),
            Some(own) => self.extra.get(NameId(own)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_adds_names_without_touching_the_base() {
        let mut table = NameTable::default();
        let known = table.intern("known");
        let base = Arc::new(table);
        let mut names = Names::with_base(base.clone());
        let own = names.intern("own");
        assert_eq!(names.intern("known"), known);
        assert_eq!(names.intern("own"), own);
        assert_eq!((names.get(known), names.get(own)), ("known", "own"));
        assert_eq!(names.find("missing"), None);
        assert_eq!(base.len(), 1);
    }
}
