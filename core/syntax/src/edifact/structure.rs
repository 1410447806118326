//! The structure pass: which place of the grammar a segment takes.
//!
//! The nearest open place in grammar order wins, without look-ahead: from the innermost open group outwards, the
//! place of the last segment or group again while it may repeat, then the places after it. A section control
//! (UNS) that is still to come is not jumped over.

use std::sync::Arc;

use dragoman_tree::{Kind, NameId, PlaceId};
use rustc_hash::FxHashMap;

use crate::grammar::Grammar;

/// The names of a tag in a grammar: its own and that of the groups it opens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    /// `RFF`.
    pub segment: NameId,
    /// `<RFF>`, where there is such a group.
    pub group: Option<NameId>,
}

/// A grammar with the index of its tags.
#[derive(Clone, Debug)]
pub(super) struct Outline {
    pub grammar: Arc<Grammar>,
    tags: FxHashMap<Box<[u8]>, Tag>,
    /// The section controls at the top, in order.
    controls: Vec<PlaceId>,
}

impl Outline {
    /// Indexes the tags of a grammar.
    pub fn new(grammar: Arc<Grammar>) -> Self {
        let places = (0..grammar.len() as u32).map(PlaceId);
        let segments = places.filter(|place| grammar.place(*place).kind == Kind::Segment);
        let tags = segments.map(|place| {
            let name = grammar.name_of(place);
            let group = grammar.names().find(&format!("<{name}>"));
            (name.as_bytes().into(), Tag { segment: grammar.place(place).name, group })
        });
        let tags = tags.collect();
        let controls = grammar.children_named(Grammar::ROOT, "UNS").collect();
        Self { grammar, tags, controls }
    }

    /// The names of a tag.
    pub fn tag(&self, tag: &[u8]) -> Option<Tag> {
        self.tags.get(tag).copied()
    }
}

/// An open group, or the message.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// The group.
    group: PlaceId,
    /// The child that occurred last.
    last: PlaceId,
    /// How often it did.
    times: u32,
}

/// Where in the grammar the last segment was.
#[derive(Clone, Debug, Default)]
pub(super) struct Cursor {
    levels: Vec<Level>,
}

/// Where a segment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Target {
    /// How many of the open groups stay open.
    pub keep: usize,
    /// The group that it opens.
    pub group: Option<PlaceId>,
    /// Its place.
    pub segment: PlaceId,
}

impl Cursor {
    /// Begins a message.
    pub fn restart(&mut self) {
        self.levels.clear();
        self.levels.push(Level { group: Grammar::ROOT, last: Grammar::ROOT, times: 0 });
    }

    /// The innermost open group, or the message.
    pub fn group(&self) -> PlaceId {
        self.levels.last().map_or(Grammar::ROOT, |level| level.group)
    }

    /// Finds the place of a segment and moves there. `first` is the value of its first element; `sections` tells how
    /// many section controls are still to come. `None`, and no move, where it has no place.
    pub fn place(&mut self, outline: &Outline, tag: Tag, first: &str, sections: usize) -> Option<Target> {
        let grammar = &outline.grammar;
        let levels = || self.levels.iter().enumerate().rev();
        let open = levels().find_map(|(depth, level)| {
            let next = again(grammar, level, tag, true);
            let next = next.or_else(|| after(outline, level, tag, first, sections));
            Some((depth, next?))
        });
        // More often than allowed is better than nowhere; the count is checked later.
        let (depth, next) = open.or_else(|| {
            levels().find_map(|(depth, level)| Some((depth, again(grammar, level, tag, false)?)))
        })?;
        self.levels.truncate(depth + 1);
        let level = self.levels.last_mut()?;
        level.times = if level.last == next { level.times + 1 } else { 1 };
        level.last = next;
        if grammar.place(next).kind != Kind::Group {
            return Some(Target { keep: depth, group: None, segment: next });
        }
        let segment = PlaceId(next.0 + 1);
        self.levels.push(Level { group: next, last: segment, times: 1 });
        Some(Target { keep: depth, group: Some(next), segment })
    }

    /// True where an open group has a place of that tag, but before the place that was reached.
    pub fn is_late(&self, outline: &Outline, tag: Tag) -> bool {
        let names = [Some(tag.segment), tag.group];
        let mut levels = self.levels.iter();
        levels.any(|level| {
            let mut names = names.iter().flatten();
            names.any(|name| {
                let first = outline.grammar.child_named(level.group, *name);
                first.is_some_and(|place| place < level.last)
            })
        })
    }
}

/// The place of the last child again, where the tag is its own or opens it.
fn again(grammar: &Grammar, level: &Level, tag: Tag, open: bool) -> Option<PlaceId> {
    let place = grammar.get(level.last)?;
    let same = level.times > 0 && (place.name == tag.segment || Some(place.name) == tag.group);
    (same && (!open || level.times < place.max)).then_some(level.last)
}

/// The first child after the last that the tag is, or opens.
fn after(outline: &Outline, level: &Level, tag: Tag, first: &str, sections: usize) -> Option<PlaceId> {
    let grammar = &outline.grammar;
    let named = |name: NameId| {
        let places = grammar.child_named(level.group, name);
        let mut places = std::iter::successors(places, |place| grammar.next_twin(*place));
        places.find(|place| *place > level.last && fits(grammar, *place, first))
    };
    let segment = named(tag.segment);
    let group = tag.group.and_then(named);
    let next = segment.into_iter().chain(group).min()?;
    let to_come = |place: PlaceId| outline.controls.iter().filter(|control| **control > place).count();
    let barred = level.group == Grammar::ROOT && to_come(next) < sections.min(to_come(level.last));
    (!barred).then_some(next)
}

/// False where the grammar fixes the first element of the place to another value (UNS+D, UNS+S).
fn fits(grammar: &Grammar, place: PlaceId, first: &str) -> bool {
    let element = grammar.get(PlaceId(place.0 + 1)).filter(|element| element.parent == place);
    let fixed = element.and_then(|element| element.fixed.as_deref());
    fixed.is_none_or(|fixed| first.is_empty() || fixed == first)
}
