//! The schema: every place that a canonical document has, compiled from `fields.csv`.
//!
//! A [`Schema`] is a pre-order arena in which shapes (Party, Money ...) are expanded where they are used, so
//! that there is exactly one place a path. A document's nodes carry the [`PlaceId`]s given here; sorting by
//! place is the order in which members are written. Loading is total: the table is part of the program, and a
//! test loads it with every rule that [`parse`](Schema::parse) has.

mod expand;
mod identifiers;
mod table;
mod types;

#[cfg(test)]
mod published;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::{Arc, LazyLock};

use dragoman_tree::{NameId, NameTable, PlaceId};
use rustc_hash::FxHashMap;

pub use identifiers::{Fit, Identifiers, Tded, Words};
pub(crate) use table::{Definition, Member};
pub use types::Type;

/// The table that the schema is made from; its columns are explained at [`Schema::parse`].
pub const FIELDS: &str = include_str!("../../fields.csv");

/// The rows of the table, nested by path.
pub(crate) fn rows() -> Result<Vec<Definition>, SchemaError> {
    table::parse(FIELDS)
}

/// One place of a document.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name; a document's is the document's type.
    pub name: NameId,
    /// The place above; a document is its own.
    pub parent: PlaceId,
    /// One past the last place below.
    pub end: PlaceId,
    /// What stands there; of a list, what an entry is.
    pub ty: Type,
    /// True where the place repeats: each entry of the list is a node of this place.
    pub list: bool,
    /// How often it must occur. Nothing is mandatory in a sparse declaration.
    pub min: u32,
    /// How often it may; `u32::MAX` is without bound.
    pub max: u32,
    /// The child that tells the entries of a list apart; without one they are addressed by index.
    pub key: Option<PlaceId>,
    /// Its numbers and names elsewhere.
    pub ids: Identifiers,
    /// True where the value can identify a natural person: encrypted at rest, masked in logs.
    pub personal: bool,
    /// What it means, in a phrase.
    pub meaning: &'static str,
}

/// The places of all canonical documents.
#[derive(Clone, Debug, Default)]
pub struct Schema {
    fields: Vec<Field>,
    names: Arc<NameTable>,
    index: FxHashMap<(PlaceId, NameId), PlaceId>,
    documents: Vec<PlaceId>,
}

/// A row of the table that cannot be understood.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("fields.csv:{line}: {message}")]
pub struct SchemaError {
    /// Line of the table, from 1.
    pub line: usize,
    /// What is wrong.
    pub message: String,
}

impl Schema {
    /// The schema of this program, loaded once.
    pub fn standard() -> &'static Self {
        static STANDARD: LazyLock<Schema> = LazyLock::new(|| Schema::parse(FIELDS).unwrap_or_default());
        &STANDARD
    }

    /// Compiles a table. It is CSV (RFC 4180, without line breaks in cells) with the columns
    /// `document,path,type,min,max,key,wco,tded,de,eucdm,sad,ceb,x12,personal,meaning`.
    ///
    /// * `document`: a document (lower case), a shape (upper case), or `*` for what every document has.
    /// * `path`: steps joined by `.`, a list ends in `[]`. Objects on the way have rows of their own. A row
    ///   without a type refines a member of an expanded shape: what it states replaces what the shape states.
    /// * `type`: see [`Type`]; `Text+lang` adds the sibling `…_lang`; `Date` and `DateTime` add `…_format`,
    ///   the wire's own format code. An entry of a list of objects has `sequence` first and `extensions` last
    ///   without saying so; the members of every document are its own between `envelope` and `extensions`.
    /// * `min`, `max`: cardinality, `*` without bound. `key`: the child that tells entries apart.
    /// * `wco` (chains of class and attribute ids from the root class, WCO Data Model), `tded` (UNTDED and
    ///   ISO 9735 numbers), `de` (data elements of annex B, Delegated Regulation 2015/2446 as it was first),
    ///   `eucdm` (group numbers since its revision of 2021), `sad` (box of the Single Administrative
    ///   Document), `ceb` (element of the China cross-border e-commerce messages), `x12` (data element,
    ///   qualifier): several are joined by `|`. A TDED number is followed by `~` where it is no element of
    ///   the EDIFACT directories, and by `!` where its element there means something else.
    /// * `personal`: `yes` or empty. `meaning`: one phrase.
    pub fn parse(text: &'static str) -> Result<Self, SchemaError> {
        expand::compile(&table::parse(text)?)
    }

    /// The names of all places, to share with trees.
    pub fn names(&self) -> &Arc<NameTable> {
        &self.names
    }

    /// How many places there are.
    pub fn len(&self) -> usize {
        self.fields.len()
    }

    /// True where nothing could be loaded.
    pub fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// The documents, in the table's order.
    pub fn documents(&self) -> impl Iterator<Item = PlaceId> + '_ {
        self.documents.iter().copied()
    }

    /// The root of a document by its type: `declaration`, `order`, `customs_response` ...
    pub fn document(&self, name: &str) -> Option<PlaceId> {
        let name = self.names.find(name)?;
        self.documents().find(|root| self.get(*root).is_some_and(|field| field.name == name))
    }

    /// The document that a place belongs to.
    pub fn document_of(&self, place: PlaceId) -> Option<PlaceId> {
        let after = self.documents.partition_point(|root| *root <= place);
        let root = self.documents.get(after.checked_sub(1)?).copied()?;
        self.contains(root, place).then_some(root)
    }

    /// A place; `None` for [`PlaceId::NONE`] (what stands inside `extensions`).
    pub fn get(&self, place: PlaceId) -> Option<&Field> {
        self.fields.get(place.index())
    }

    /// The type of a place; [`Type::Open`] where the schema does not know it.
    pub fn type_of(&self, place: PlaceId) -> Type {
        self.get(place).map_or(Type::Open, |field| field.ty)
    }

    /// The name of a place.
    pub fn name_of(&self, place: PlaceId) -> &str {
        self.get(place).map_or("", |field| self.names.get(field.name))
    }

    /// True where `inner` is `outer` or stands below it.
    pub fn contains(&self, outer: PlaceId, inner: PlaceId) -> bool {
        inner == outer || self.get(outer).is_some_and(|field| outer < inner && inner < field.end)
    }

    /// The child of `parent` with that name.
    pub fn child(&self, parent: PlaceId, name: &str) -> Option<PlaceId> {
        self.child_named(parent, self.names.find(name)?)
    }

    /// The child of `parent` with that interned name.
    pub fn child_named(&self, parent: PlaceId, name: NameId) -> Option<PlaceId> {
        self.index.get(&(parent, name)).copied()
    }

    /// The place that a path of names reaches from `parent`. `.` is `parent`; `[]` after a name is allowed,
    /// and changes nothing.
    pub fn resolve(&self, parent: PlaceId, path: &str) -> Option<PlaceId> {
        if path == "." {
            return Some(parent);
        }
        path.split('.').try_fold(parent, |at, step| self.child(at, step.strip_suffix("[]").unwrap_or(step)))
    }

    /// The children of a place, in order.
    pub fn children(&self, parent: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        let end = self.get(parent).map_or(PlaceId(0), |field| field.end);
        let first = Some(PlaceId(parent.0.saturating_add(1))).filter(|place| *place < end);
        std::iter::successors(first, move |place| Some(self.get(*place)?.end).filter(|next| *next < end))
    }

    /// The place and all below it, in order.
    pub fn subtree(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + use<> {
        (place.0..self.get(place).map_or(place.0, |field| field.end.0)).map(PlaceId)
    }

    /// The place and its parents, up to the document.
    pub fn ancestry(&self, place: PlaceId) -> impl Iterator<Item = PlaceId> + '_ {
        std::iter::successors(self.get(place).map(|_| place), |at| {
            let parent = self.get(*at)?.parent;
            (parent != *at).then_some(parent)
        })
    }

    /// The path of a place from its document: `goods_items[].price.amount`. A document's own is empty.
    pub fn path(&self, place: PlaceId) -> String {
        let mut steps: Vec<_> = self.ancestry(place).collect();
        steps.reverse();
        let steps = steps.get(1..).unwrap_or_default();
        let words: Vec<_> = steps
            .iter()
            .map(|step| {
                let list = self.get(*step).is_some_and(|field| field.list);
                format!("{}{}", self.name_of(*step), if list { "[]" } else { "" })
            })
            .collect();
        words.join(".")
    }

    /// The place whose identifiers describe this one: the value that it is a part of, where that has some,
    /// since a number such as WCO 112 names an amount with its currency (`price`, not `price.amount`); else
    /// itself.
    pub fn identified(&self, place: PlaceId) -> PlaceId {
        let value = self.ancestry(place).skip(1).take_while(|at| self.type_of(*at).is_value());
        let named = |at: &PlaceId| self.get(*at).is_some_and(|field| !field.ids.is_empty());
        value.filter(named).last().unwrap_or(place)
    }

    /// The child of `parent` whose name is nearest to a misspelt one, for "did you mean".
    pub fn nearest(&self, parent: PlaceId, name: &str) -> Option<&str> {
        let names = self.children(parent).map(|child| self.name_of(child));
        nearest(name, names)
    }
}

/// The word that takes the fewest single changes (insertions, deletions, replacements) to reach, at most a
/// third of the length; the first of several.
pub fn nearest<'a>(word: &str, among: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let limit = word.chars().count() / 3 + 1;
    let measured = among.map(|candidate| (distance(word, candidate), candidate));
    measured
        .filter(|(distance, _)| *distance <= limit)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, near)| near)
}

/// The edit distance of Levenshtein, 1966.
fn distance(one: &str, two: &str) -> usize {
    let mut row: Vec<usize> = (0..=two.chars().count()).collect();
    for (at, left) in one.chars().enumerate() {
        let mut diagonal = at;
        let mut before = at + 1;
        for (cell, right) in row.iter_mut().skip(1).zip(two.chars()) {
            let replaced = diagonal + usize::from(left != right);
            diagonal = *cell;
            *cell = replaced.min(before + 1).min(diagonal + 1);
            before = *cell;
        }
        if let Some(first) = row.first_mut() {
            *first = at + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

impl fmt::Display for Schema {
    /// One path a line with its type: a compact view for reviews.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in (0..self.fields.len() as u32).map(PlaceId) {
            let document = self.document_of(place).map_or("", |root| self.name_of(root));
            writeln!(f, "{document} {} {}", self.path(place), self.type_of(place))?;
        }
        Ok(())
    }
}
