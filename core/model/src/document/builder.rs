//! Writing a document by paths, for code that makes one: `declare`, tests, patches.

use dragoman_tree::{PlaceId, Span};
use rustc_hash::FxHashMap;

use super::path::{Select, Step, first_step};
use super::{Document, Draft, EntryId, Origin, Source};
use crate::{Schema, Type};

/// A path that the model does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}: {message}")]
pub struct PathError {
    /// The path as it was given.
    pub path: Box<str>,
    /// What is wrong with it.
    pub message: String,
}

/// Writes one document. Values are given in any order with the origin of each.
#[derive(Debug)]
pub struct DocumentBuilder {
    draft: Draft<'static>,
    /// The entries of each list so far.
    lists: FxHashMap<(EntryId, PlaceId), Vec<EntryId>>,
}

impl DocumentBuilder {
    /// Starts a document of that type (`declaration`); its member `type` is set.
    pub fn new(document: &str) -> Result<Self, PathError> {
        let schema = Schema::standard();
        let root = schema.document(document).ok_or_else(|| error(document, "is no document".to_owned()))?;
        let mut builder = Self { draft: Draft::new(root, "", 0), lists: FxHashMap::default() };
        builder.set(EntryId::ROOT, "type", document, Origin::None)?;
        Ok(builder)
    }

    /// The draft underneath, for origins and extensions.
    pub fn draft(&mut self) -> &mut Draft<'static> {
        &mut self.draft
    }

    /// An origin outside the message.
    pub fn source(&mut self, source: Source) -> Origin {
        self.draft.source(source)
    }

    /// Adds an entry to the list at `path` below `at`.
    pub fn entry(&mut self, at: EntryId, path: &str, origin: Origin) -> Result<EntryId, PathError> {
        let (at, list) = self.walk(at, path)?;
        if !Schema::standard().get(list).is_some_and(|field| field.list && field.ty.is_branch()) {
            return Err(error(path, "is no list of objects".to_owned()));
        }
        Ok(self.append(at, list, origin))
    }

    /// Sets the value at `path` below `at`: `price.amount`, `goods_items[0].origins[1].country`. An index
    /// names an entry that is there or the next one. For a list of scalars each call adds an entry.
    pub fn set(&mut self, at: EntryId, path: &str, value: &str, origin: Origin) -> Result<(), PathError> {
        let (at, place) = self.walk(at, path)?;
        if Schema::standard().type_of(place).is_branch() {
            return Err(error(path, "holds members, not a value".to_owned()));
        }
        let value = self.draft.owned(value);
        self.draft.leaf(at, place, value, Span::default(), origin);
        Ok(())
    }

    /// Puts everything into the schema's order.
    pub fn finish(self) -> Document<'static> {
        self.draft.finish()
    }

    /// The entry and place that a path reaches; entries on the way are made where they are the next.
    fn walk(&mut self, at: EntryId, path: &str) -> Result<(EntryId, PlaceId), PathError> {
        let (mut entry, mut place, mut rest) = (at, self.draft.place_of(at), path);
        while !rest.is_empty() {
            let (step, after) = first_step(rest).ok_or_else(|| error(path, "is malformed".to_owned()))?;
            place = child(place, step.name).map_err(|message| error(path, message))?;
            let list = Schema::standard().get(place).is_some_and(|field| field.list);
            let is_entry = !after.is_empty() || step.select != Select::First;
            if list && is_entry {
                entry = self.select(entry, place, &step).map_err(|message| error(path, message))?;
            }
            rest = after;
        }
        Ok((entry, place))
    }

    fn select(&mut self, at: EntryId, list: PlaceId, step: &Step<'_>) -> Result<EntryId, String> {
        if !Schema::standard().type_of(list).is_branch() {
            return Ok(at);
        }
        let known = self.lists.get(&(at, list)).map(Vec::as_slice).unwrap_or_default();
        match step.select {
            Select::Index(index) if index == known.len() => Ok(self.append(at, list, Origin::None)),
            Select::Index(index) => {
                known.get(index).copied().ok_or_else(|| format!("{} has {} entries", step.name, known.len()))
            }
            _ => Err(format!("{} is a list: say which entry, as {}[0]", step.name, step.name)),
        }
    }

    fn append(&mut self, at: EntryId, list: PlaceId, origin: Origin) -> EntryId {
        let entry = self.draft.entry(at, list, Span::default(), origin);
        self.lists.entry((at, list)).or_default().push(entry);
        entry
    }
}

fn child(parent: PlaceId, name: &str) -> Result<PlaceId, String> {
    let schema = Schema::standard();
    schema.child(parent, name).ok_or_else(|| {
        let parent_is_open = schema.type_of(parent) == Type::Open;
        match schema.nearest(parent, name) {
            _ if parent_is_open => format!("{name} is inside extensions, which have no places"),
            Some(near) => format!("there is no {name}; did you mean {near}?"),
            None => format!("there is no {name}"),
        }
    })
}

fn error(path: &str, message: String) -> PathError {
    PathError { path: path.into(), message }
}
