//! A document being written: values in any order, put into the schema's order at the end.
//!
//! Everything that is set is one item: the entry it belongs to, its place, its value. Objects between an
//! entry and a place are implied and cost nothing. At the end the items of each entry are sorted by place and
//! arrival, and one pass opens and closes the implied objects. So a mapping may read a message in the
//! message's order, and a value that arrives late joins the object that it belongs to.

use dragoman_tree::{Kind, Mark, NameId, Names, PlaceId, Span, Tree, TreeBuilder, Value};
use rustc_hash::{FxHashMap, FxHashSet};

use super::{Document, Origin, Source, emit};
use crate::{Schema, Type};

/// An object that items are added to: the document, an entry of a list, or an object inside `extensions`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryId(pub(super) u32);

impl EntryId {
    /// The document itself.
    pub const ROOT: Self = Self(0);
}

/// A point to return to with [`Draft::rollback`].
#[derive(Clone, Copy, Debug)]
pub struct DraftMark {
    items: usize,
    entries: usize,
    sources: usize,
    build: Mark,
}

/// No name: a member whose place the schema does not have.
const NONE: NameId = NameId(u32::MAX);

#[derive(Clone, Copy, Debug)]
pub(super) enum What {
    /// A literal.
    Leaf(Kind),
    /// An object that is there even if it holds nothing.
    Present,
    /// A list that is there even if it holds nothing.
    EmptyList,
    /// An object that items are added to.
    Entry(EntryId),
}

/// One thing that was set.
#[derive(Clone, Copy, Debug)]
pub(super) struct Item {
    pub parent: EntryId,
    pub place: PlaceId,
    /// Order among the open members of one object, and among the sources of one list; 0 for other members.
    pub rank: u32,
    pub name: NameId,
    pub what: What,
    pub repeats: bool,
    pub value: Value,
    pub span: Span,
    pub origin: Origin,
}

impl Item {
    /// True for an item of the same place, or of the same name in an open object.
    pub fn is_beside(&self, other: &Self) -> bool {
        (self.parent, self.place, self.name) == (other.parent, other.place, other.name)
    }

    /// A member of an open object, still without name and rank.
    fn open(parent: EntryId, what: What) -> Self {
        Self {
            parent,
            place: PlaceId::NONE,
            rank: 0,
            name: NONE,
            what,
            repeats: false,
            value: Value::NONE,
            span: Span::default(),
            origin: Origin::None,
        }
    }
}

/// What is known of one name inside an open object.
#[derive(Clone, Copy, Debug)]
struct OpenMember {
    rank: u32,
    object: Option<EntryId>,
}

/// A document being written.
#[derive(Debug)]
pub struct Draft<'i> {
    schema: &'static Schema,
    build: TreeBuilder<'i>,
    items: Vec<Item>,
    /// The place of each entry, by its id.
    entries: Vec<PlaceId>,
    sources: Vec<Source>,
    open: FxHashMap<(EntryId, NameId), OpenMember>,
    rank: u32,
}

impl<'i> Draft<'i> {
    /// Starts a document of that type (a place that [`Schema::document`] gave), whose values may borrow from
    /// `text`, a window that begins at `base` in its file.
    pub fn new(document: PlaceId, text: &'i str, base: u64) -> Self {
        let schema = Schema::standard();
        let names = Names::with_base(schema.names().clone());
        Self {
            schema,
            build: TreeBuilder::new(text, base, names),
            items: Vec::new(),
            entries: vec![document],
            sources: Vec::new(),
            open: FxHashMap::default(),
            rank: 0,
        }
    }

    /// Makes room for that many things to be set.
    pub fn reserve(&mut self, items: usize) {
        self.items.reserve(items);
        self.build.reserve(items);
    }

    /// The names, to add those of extensions to.
    pub fn names(&mut self) -> &mut Names {
        self.build.names()
    }

    /// The place of an entry; [`PlaceId::NONE`] inside `extensions`.
    pub fn place_of(&self, entry: EntryId) -> PlaceId {
        self.entries.get(entry.0 as usize).copied().unwrap_or(PlaceId::NONE)
    }

    /// Says which of several sources of one list the next entries come from: entries of a list are ordered by the
    /// rank of their source first, then by arrival. 0 until it is said otherwise.
    pub fn rank(&mut self, rank: u32) {
        self.rank = rank;
    }

    /// A value that is a stretch of the input text.
    pub fn borrowed(&self, span: Span) -> Value {
        self.build.borrowed(span)
    }

    /// A value that is kept in the document.
    pub fn owned(&mut self, text: &str) -> Value {
        self.build.owned(text)
    }

    /// A value of another tree: by reference where both borrow from the same text, else as a copy.
    pub fn adopt(&mut self, from: &Tree<'i>, value: Value) -> Value {
        self.build.adopt(from, value)
    }

    /// The text of a value of this draft.
    pub fn text_of(&self, value: Value) -> Option<&str> {
        self.build.tree().text_of(value)
    }

    /// An origin outside the message.
    pub fn source(&mut self, source: Source) -> Origin {
        self.sources_of([source])
    }

    /// An origin of several things outside the message: the summands of a sum. At most 65,535 are kept.
    pub fn sources_of(&mut self, sources: impl IntoIterator<Item = Source>) -> Origin {
        let first = self.sources.len();
        self.sources.extend(sources.into_iter().take(usize::from(u16::MAX)));
        Origin::Sources { first: first as u32, count: (self.sources.len() - first) as u16 }
    }

    /// Sets the literal of a place that stands below `parent` and not inside another list. Of several for one
    /// place the last counts; for a list of scalars each is an entry.
    pub fn leaf(&mut self, parent: EntryId, place: PlaceId, value: Value, span: Span, origin: Origin) {
        let kind = if self.schema.type_of(place) == Type::Bool { Kind::Bool } else { Kind::String };
        self.push(parent, place, What::Leaf(kind), value, span, origin);
    }

    /// Sets the literal of a place with the kind that it has: of [`Type::Value`], which may be a bool too.
    pub fn any_leaf(
        &mut self,
        parent: EntryId,
        place: PlaceId,
        kind: Kind,
        value: Value,
        span: Span,
        origin: Origin,
    ) {
        self.push(parent, place, What::Leaf(kind), value, span, origin);
    }

    /// Adds an entry to the list at `list`, which stands below `parent` and not inside another list.
    pub fn entry(&mut self, parent: EntryId, list: PlaceId, span: Span, origin: Origin) -> EntryId {
        let entry = self.new_entry(list);
        self.push(parent, list, What::Entry(entry), Value::NONE, span, origin);
        entry
    }

    /// Says that the object at `place` is there, even if nothing is set below it.
    pub fn object(&mut self, parent: EntryId, place: PlaceId, span: Span, origin: Origin) {
        self.push(parent, place, What::Present, Value::NONE, span, origin);
    }

    /// Says that the list at `place` is there, even if it gets no entry.
    pub fn empty_list(&mut self, parent: EntryId, place: PlaceId, span: Span, origin: Origin) {
        self.push(parent, place, What::EmptyList, Value::NONE, span, origin);
    }

    /// The open object at `place`, such as `extensions`, to add members of any name to; the same each time.
    pub fn extensions(&mut self, parent: EntryId, place: PlaceId) -> EntryId {
        let name = self.schema.get(place).map_or(NONE, |field| field.name);
        if let Some(OpenMember { object: Some(object), .. }) = self.open.get(&(parent, name)) {
            return *object;
        }
        let object = self.new_entry(place);
        let rank = self.items.len() as u32;
        self.open.insert((parent, name), OpenMember { rank, object: Some(object) });
        self.push(parent, place, What::Entry(object), Value::NONE, Span::default(), Origin::None);
        object
    }

    /// The object of that name inside an open object; the same each time, from where it was first said to be.
    pub fn open_object(&mut self, parent: EntryId, name: &str, origin: Origin) -> EntryId {
        let name = self.names().intern(name);
        let member = self.open_member(parent, name);
        if let Some(object) = member.object {
            return object;
        }
        let object = self.new_entry(PlaceId::NONE);
        self.open.insert((parent, name), OpenMember { object: Some(object), ..member });
        let item = Item::open(parent, What::Entry(object));
        self.items.push(Item { rank: member.rank, name, origin, ..item });
        object
    }

    /// True where an open object has a member of that name.
    pub fn has_open(&self, parent: EntryId, name: &str) -> bool {
        self.build.tree().names().find(name).is_some_and(|name| self.open.contains_key(&(parent, name)))
    }

    /// Adds an entry to the list of objects of that name inside an open object.
    pub fn open_entry(&mut self, parent: EntryId, name: &str, origin: Origin) -> EntryId {
        let name = self.names().intern(name);
        let rank = self.open_member(parent, name).rank;
        let entry = self.new_entry(PlaceId::NONE);
        let item = Item::open(parent, What::Entry(entry));
        self.items.push(Item { rank, name, repeats: true, origin, ..item });
        entry
    }

    /// Adds a literal of that name to an open object. `repeats` makes it an entry of a list.
    pub fn open_leaf(
        &mut self,
        parent: EntryId,
        name: &str,
        kind: Kind,
        repeats: bool,
        value: Value,
        origin: Origin,
    ) {
        let name = self.names().intern(name);
        let rank = self.open_member(parent, name).rank;
        let item = Item::open(parent, What::Leaf(kind));
        self.items.push(Item { rank, name, repeats, value, origin, ..item });
    }

    /// Takes back what was set at places of entries.
    pub fn forget(&mut self, places: &FxHashSet<(EntryId, PlaceId)>) {
        self.items.retain(|item| !places.contains(&(item.parent, item.place)));
    }

    /// A point to return to.
    pub fn mark(&self) -> DraftMark {
        DraftMark {
            items: self.items.len(),
            entries: self.entries.len(),
            sources: self.sources.len(),
            build: self.build.mark(),
        }
    }

    /// True where something was added since `mark`.
    pub fn is_grown(&self, mark: DraftMark) -> bool {
        self.items.len() > mark.items
    }

    /// Forgets everything that was added since `mark`.
    pub fn rollback(&mut self, mark: DraftMark) {
        self.items.truncate(mark.items);
        self.entries.truncate(mark.entries);
        self.sources.truncate(mark.sources);
        self.build.rollback(mark.build);
        if !self.open.is_empty() {
            self.open.retain(|_, member| (member.rank as usize) < mark.items);
        }
    }

    fn new_entry(&mut self, place: PlaceId) -> EntryId {
        self.entries.push(place);
        EntryId(self.entries.len() as u32 - 1)
    }

    fn open_member(&mut self, parent: EntryId, name: NameId) -> OpenMember {
        let rank = self.items.len() as u32;
        *self.open.entry((parent, name)).or_insert(OpenMember { rank, object: None })
    }

    fn push(
        &mut self,
        parent: EntryId,
        place: PlaceId,
        what: What,
        value: Value,
        span: Span,
        origin: Origin,
    ) {
        let (name, list) = self.schema.get(place).map_or((NONE, false), |field| (field.name, field.list));
        let repeats = list && !matches!(what, What::EmptyList);
        let rank = if repeats { self.rank } else { 0 };
        self.items.push(Item { parent, place, rank, name, what, repeats, value, span, origin });
    }

    /// Puts everything into the schema's order.
    pub fn finish(self) -> Document<'i> {
        let (tree, origins, replaced) = emit::emit(self.schema, self.build, &self.items, &self.entries);
        Document { tree, origins, sources: self.sources, replaced }
    }
}
