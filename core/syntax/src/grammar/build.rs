//! Building a grammar: places are opened and closed in pre-order.

use std::sync::Arc;

use dragoman_tree::{Kind, NameId, NameTable, PlaceId};
use rustc_hash::FxHashMap;

use super::{Facets, Fill, Grammar, Header, Namespace, Place, SegmentRules, Syntax};

/// Collects places in pre-order; the loader and the importers both build with it.
#[derive(Debug)]
pub struct GrammarBuilder {
    grammar: Grammar,
    table: NameTable,
    open: Vec<PlaceId>,
}

impl GrammarBuilder {
    /// Starts an empty grammar.
    pub fn new(syntax: Syntax, header: Header) -> Self {
        let none = Namespace { prefix: "".into(), uri: "".into() };
        let grammar = Grammar {
            header,
            syntax,
            namespaces: vec![none],
            lists: Vec::new(),
            attributes: Vec::new(),
            rules: FxHashMap::default(),
            places: Vec::new(),
            facets: Vec::new(),
            lookups: Vec::new(),
            listed: Vec::new(),
            names: Arc::default(),
            index: FxHashMap::default(),
            twins: FxHashMap::default(),
        };
        Self { grammar, table: NameTable::default(), open: Vec::new() }
    }

    /// The grammar as built so far.
    pub fn grammar(&self) -> &Grammar {
        &self.grammar
    }

    /// Header, namespaces and lists, to fill.
    pub fn grammar_mut(&mut self) -> &mut Grammar {
        &mut self.grammar
    }

    /// The id of a name.
    pub fn intern(&mut self, name: &str) -> NameId {
        self.table.intern(name)
    }

    /// The number of these facets, shared with equal ones.
    pub fn facets(&mut self, facets: Facets) -> u32 {
        let known = self.grammar.facets.iter().position(|at| *at == facets);
        known.unwrap_or_else(|| {
            self.grammar.facets.push(facets);
            self.grammar.facets.len() - 1
        }) as u32
    }

    /// A place with that name and kind, optional and without repeats, to fill in and [`open`](Self::open).
    pub fn place(&mut self, name: &str, kind: Kind) -> Place {
        let namespace = self.open.last().map_or(0, |parent| self.grammar.place(*parent).namespace);
        Place {
            name: self.table.intern(name),
            kind,
            parent: PlaceId(0),
            end: PlaceId(0),
            min: 0,
            max: 1,
            list: false,
            nullable: false,
            message: false,
            namespace,
            choice: 0,
            parts: 1,
            fill: Fill::Left,
            same: false,
            position: 0,
            facets: None,
            fixed: None,
            wco: None,
            tded: None,
            format: None,
            key: None,
        }
    }

    /// Adds a place below the innermost open one, and opens it.
    pub fn open(&mut self, mut place: Place) -> PlaceId {
        let id = PlaceId(self.grammar.places.len() as u32);
        place.parent = self.open.last().copied().unwrap_or(id);
        place.end = PlaceId(id.0 + 1);
        if id != place.parent {
            self.index(id, place.parent, place.name);
        }
        self.grammar.places.push(place);
        self.open.push(id);
        id
    }

    fn index(&mut self, id: PlaceId, parent: PlaceId, name: NameId) {
        let first = *self.grammar.index.entry((parent, name)).or_insert(id);
        if first != id {
            let mut last = first;
            while let Some(next) = self.grammar.twins.get(&last) {
                last = *next;
            }
            self.grammar.twins.insert(last, id);
        }
    }

    /// Says what holds of the elements of the innermost open place, a segment.
    pub fn rules(&mut self, rules: SegmentRules) {
        if let Some(name) = self.open.last().map(|place| self.grammar.place(*place).name) {
            self.grammar.rules.insert(name, rules);
        }
    }

    /// Changes a place that was added before.
    #[expect(clippy::indexing_slicing, reason = "places are indices that this arena gave out")]
    pub fn place_mut(&mut self, place: PlaceId) -> &mut Place {
        &mut self.grammar.places[place.index()]
    }

    /// Closes the innermost open place.
    pub fn close(&mut self) {
        if let Some(id) = self.open.pop() {
            self.place_mut(id).end = PlaceId(self.grammar.places.len() as u32);
        }
    }

    /// How many places are open.
    pub fn depth(&self) -> usize {
        self.open.len()
    }

    /// Closes what is open and hands the grammar over.
    pub fn finish(mut self) -> Grammar {
        while !self.open.is_empty() {
            self.close();
        }
        self.grammar.names = Arc::new(self.table);
        self.grammar.find_lists();
        self.grammar
    }
}
