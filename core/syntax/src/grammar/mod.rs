//! Grammars: what a message may hold, where, how often and in which form. Loaded from `.gram` files.
//!
//! A grammar is a pre-order arena of places. A reader gives every node of a message its [`PlaceId`], and
//! everything after it (validation, mapping, writing) works on places, never on names.

mod attributes;
mod build;
mod codes;
mod condition;
mod diff;
mod facets;
mod flat;
mod layout;
mod line;
mod linked;
mod parse;
mod segment;
mod wrapper;

use std::sync::Arc;

use dragoman_tree::{Kind, NameId, NameTable, PlaceId};
use rustc_hash::FxHashMap;

pub use attributes::AttributeSet;
pub(crate) use attributes::is_same as is_same_attribute;
pub use build::GrammarBuilder;
pub use condition::{Condition, Relation, SegmentRules};
pub use diff::{Change, What, changes};
pub use facets::{Base, Facets, Pattern};
pub use flat::{Fill, Flat};
pub use layout::layout;
pub use linked::Linked;
pub use parse::parse;

/// The syntaxes that a grammar can be of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// XML 1.0 with namespaces.
    Xml,
    /// JSON, RFC 8259.
    Json,
    /// UN/EDIFACT, ISO 9735.
    Edifact,
    /// ASC X12.
    X12,
    /// Records a line, of fields in columns or separated.
    Flat,
}

impl Syntax {
    /// The word that `.gram` and `.map` files use.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Edifact => "edifact",
            Self::X12 => "x12",
            Self::Flat => "flat",
        }
    }

    /// The syntax of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        let all = [Self::Xml, Self::Json, Self::Edifact, Self::X12, Self::Flat];
        all.into_iter().find(|syntax| syntax.word() == word)
    }

    /// True for the syntaxes of segments and records: values at positions, several messages in a file.
    pub const fn has_segments(self) -> bool {
        matches!(self, Self::Edifact | Self::X12 | Self::Flat)
    }
}

/// An XML namespace and the prefix it is written with; `""` is the default namespace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    /// The prefix that the writer uses and paths may name (`{od}Declaration`).
    pub prefix: Box<str>,
    /// The namespace name.
    pub uri: Box<str>,
}

/// A list of codes that values are checked against.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CodeList {
    /// Its name in the file.
    pub name: Box<str>,
    /// The codes, sorted.
    pub codes: Vec<Box<str>>,
}

/// One place: an element, attribute, member, segment group, segment, composite or data element at its position.
#[expect(clippy::struct_excessive_bools, reason = "facts of different syntaxes, independent of each other")]
#[derive(Clone, Debug)]
pub struct Place {
    /// Its name: local name, member, tag, `<RFF>` for a group, data element number.
    pub name: NameId,
    /// What nodes there are in their syntax.
    pub kind: Kind,
    /// The place above; the root is its own.
    pub parent: PlaceId,
    /// One past the last place below.
    pub end: PlaceId,
    /// How often it must occur in its parent.
    pub min: u32,
    /// How often it may; `u32::MAX` is without bound.
    pub max: u32,
    /// JSON: the member is an array of this. EDIFACT: the element repeats at its position, by the repetition separator.
    pub list: bool,
    /// JSON: `null` may stand here. XML: the element `null` may, in the place of a text.
    pub nullable: bool,
    /// JSON, in a wrapper: here stands the message itself, as [`Grammar::ROOT`] describes it.
    pub message: bool,
    /// XML: the namespace, an index into [`Grammar::namespaces`].
    pub namespace: u16,
    /// Siblings that share a number other than 0 exclude each other.
    pub choice: u8,
    /// How many positions of its segment an occurrence takes: more than one in X12 where the components stand at
    /// positions of their own, as pairs of qualifier and value do.
    /// Flat files: how many columns.
    pub parts: u16,
    /// Flat files: where the value stands in its columns.
    pub fill: Fill,
    /// Flat files: it repeats the value of the same name in a record before.
    pub same: bool,
    /// EDI: position of a segment or group in the message (0120), of an element in its segment or composite
    /// (from 1).
    pub position: u16,
    /// The form of its value, an index into [`Grammar::facets`]; none for a branch or a free value.
    pub facets: Option<u32>,
    /// The only value it may have.
    pub fixed: Option<Box<str>>,
    /// WCO Data Model id of the class or attribute.
    pub wco: Option<Box<str>>,
    /// Trade Data Elements Directory number.
    pub tded: Option<Box<str>>,
    /// The form that the published document gives, where it is not what binds.
    pub format: Option<Box<str>>,
    /// The child that identifies an occurrence.
    pub key: Option<NameId>,
}

/// What a file of another grammar shares with this one: where it came from, for reviewers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Header {
    /// The grammar's name: its path under `mappings/` without the ending.
    pub name: Box<str>,
    /// What it was made from, with version and hash.
    pub source: Vec<Box<str>>,
    /// Grammars whose segments it uses.
    pub uses: Vec<Box<str>>,
    /// EDIFACT: the tables of the codes of its elements.
    pub codes: Vec<Box<str>>,
    /// EDIFACT: type, version, release and agency of the message (`CUSDEC D 96B UN`). X12: transaction set,
    /// functional identifier code and version (`850 PO 004010`).
    pub message: Vec<Box<str>>,
    /// XML: an element that may stand once in another is written even where nothing is said of it, with `null` or empty.
    pub complete: bool,
    /// Flat files: how records are cut.
    pub flat: Option<Flat>,
    /// JSON-LD: what its names stand for.
    pub linked: Option<Linked>,
}

/// A loaded grammar.
#[derive(Clone, Debug)]
pub struct Grammar {
    /// Name and sources.
    pub header: Header,
    /// Its syntax.
    pub syntax: Syntax,
    /// XML namespaces; index 0 is "none".
    pub namespaces: Vec<Namespace>,
    /// Code lists.
    pub lists: Vec<CodeList>,
    /// XML attributes that many elements share.
    pub attributes: Vec<AttributeSet>,
    /// What holds of the elements of a segment together, by its tag.
    rules: FxHashMap<NameId, SegmentRules>,
    places: Vec<Place>,
    facets: Vec<Facets>,
    /// The code lists as they are searched.
    lookups: Vec<codes::Lookup>,
    /// For each of the facets its code list.
    listed: Vec<Option<u32>>,
    names: Arc<NameTable>,
    index: FxHashMap<(PlaceId, NameId), PlaceId>,
    twins: FxHashMap<PlaceId, PlaceId>,
}

impl Grammar {
    /// The place of the whole message.
    pub const ROOT: PlaceId = PlaceId(0);

    /// The grammar's name.
    pub fn name(&self) -> &str {
        &self.header.name
    }

    /// The names of all places, to share with trees.
    pub fn names(&self) -> &Arc<NameTable> {
        &self.names
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.places.len()
    }

    /// True for a grammar of segments only.
    pub fn is_empty(&self) -> bool {
        self.places.is_empty()
    }

    /// A place of this grammar; `None` for [`PlaceId::NONE`].
    pub fn get(&self, place: PlaceId) -> Option<&Place> {
        self.places.get(place.index())
    }

    /// A place that this grammar gave.
    #[expect(clippy::indexing_slicing, reason = "places are indices that this arena gave out")]
    pub fn place(&self, place: PlaceId) -> &Place {
        &self.places[place.index()]
    }

    /// The name of a place.
    pub fn name_of(&self, place: PlaceId) -> &str {
        self.get(place).map_or("", |found| self.names.get(found.name))
    }

    /// The form of a place's value.
    pub fn facets_of(&self, place: PlaceId) -> Option<&Facets> {
        self.facets.get(self.get(place)?.facets? as usize)
    }

    /// The code list of a place.
    pub fn list_of(&self, place: PlaceId) -> Option<&CodeList> {
        self.lists.get(self.list_number(place)?)
    }

    /// False for a value that is not in the code list of its place.
    pub fn is_listed(&self, place: PlaceId, value: &str) -> bool {
        let lookup = self.list_number(place).and_then(|list| self.lookups.get(list));
        lookup.is_none_or(|lookup| lookup.holds(value))
    }

    fn list_number(&self, place: PlaceId) -> Option<usize> {
        let facets = self.get(place)?.facets?;
        self.listed.get(facets as usize).copied().flatten().map(|list| list as usize)
    }

    /// Finds once what is looked up for every value.
    fn find_lists(&mut self) {
        self.lookups = self.lists.iter().map(codes::Lookup::of).collect();
        let numbers: FxHashMap<&str, u32> =
            (0..).zip(&self.lists).map(|(at, list)| (&*list.name, at)).collect();
        let list = |facets: &Facets| numbers.get(facets.list.as_deref()?).copied();
        self.listed = self.facets.iter().map(list).collect();
    }

    /// What holds of the elements of a segment together.
    pub fn rules_of(&self, segment: PlaceId) -> Option<&SegmentRules> {
        self.rules.get(&self.get(segment)?.name)
    }

    /// False where a segment may hold elements that the grammar does not describe: X12 grammars describe what is
    /// read.
    pub fn is_whole(&self, segment: PlaceId) -> bool {
        self.syntax != Syntax::X12 || self.rules_of(segment).is_some_and(|rules| rules.whole)
    }

    /// The first child of `parent` with that name.
    pub fn child(&self, parent: PlaceId, name: &str) -> Option<PlaceId> {
        self.child_named(parent, self.names.find(name)?)
    }

    /// The first child of `parent` with that interned name.
    pub fn child_named(&self, parent: PlaceId, name: NameId) -> Option<PlaceId> {
        self.index.get(&(parent, name)).copied()
    }

    /// The next sibling of the same name: elements of other namespaces, UNS#2, a second LOC.
    pub fn next_twin(&self, place: PlaceId) -> Option<PlaceId> {
        self.twins.get(&place).copied()
    }

    /// All children of `parent` with that name, in order.
    pub fn children_named<'g>(
        &'g self,
        parent: PlaceId,
        name: &str,
    ) -> impl Iterator<Item = PlaceId> + use<'g> {
        std::iter::successors(self.child(parent, name), |place| self.next_twin(*place))
    }

    /// The children of a place, in order.
    pub fn children(&self, parent: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        let end = self.get(parent).map_or(PlaceId(0), |place| place.end);
        let first = Some(PlaceId(parent.0 + 1)).filter(|place| *place < end);
        std::iter::successors(first, move |place| Some(self.get(*place)?.end).filter(|next| *next < end))
    }

    /// The place and its parents, up to the root.
    pub fn ancestry(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        std::iter::successors(Some(place), |at| {
            let parent = self.get(*at)?.parent;
            (parent != *at).then_some(parent)
        })
    }

    /// The path of a place for people: `/MetaData/Declaration/ID`, `<RFF>/RFF/1154`.
    pub fn path(&self, place: PlaceId) -> String {
        let mut steps: Vec<_> = self.ancestry(place).map(|at| self.name_of(at)).collect();
        steps.reverse();
        match self.syntax {
            Syntax::Xml => format!("/{}", steps.join("/")),
            Syntax::Json => steps.get(1..).unwrap_or_default().join("."),
            Syntax::Edifact | Syntax::X12 | Syntax::Flat => steps.get(1..).unwrap_or_default().join("/"),
        }
    }
}

/// A `.gram` file that cannot be loaded.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}:{column}: {message}")]
pub struct GrammarError {
    /// The grammar's name.
    pub file: Box<str>,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
    /// What is wrong.
    pub message: String,
}
