//! The structure pass: which place of the grammar a segment takes.
//!
//! The nearest open place in grammar order wins, without look-ahead: from the innermost open group outwards,
//! the place of the last segment or group again while it may repeat, then the places after it. A section
//! control (UNS) that is still to come is not jumped over.

use std::sync::Arc;

use dragoman_tree::{Kind, NameId, PlaceId};
use rustc_hash::FxHashMap;

use super::blanks::without_line_ends;
use crate::grammar::{Grammar, Syntax};

/// A segment tag as a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Tag(u32);

impl Tag {
    /// The number of a tag; what has more than four bytes is no tag of any grammar.
    pub fn of(tag: &[u8]) -> Self {
        match tag {
            [] | [_, _, _, _, _, ..] => Self(u32::MAX),
            tag => Self(tag.iter().fold(0, |number, byte| number << 8 | u32::from(*byte))),
        }
    }

    /// The number of a record of a flat file: ids and names of sections are of any length.
    pub const fn named(name: NameId) -> Self {
        Self(name.0)
    }
}

/// A grammar with the index of its tags.
#[derive(Clone, Debug)]
pub(crate) struct Outline {
    pub grammar: Arc<Grammar>,
    /// The children of the message or a group that a tag is, or opens, in order.
    children: FxHashMap<(PlaceId, Tag), Vec<PlaceId>>,
    /// The section controls of the message, in order.
    controls: Vec<PlaceId>,
    /// The fixed values of segments: the position of the element and the value (UNS+D, HL03).
    fixed: FxHashMap<PlaceId, Vec<(u32, Box<str>)>>,
}

/// Gives the value of an element of a segment by its position.
pub(crate) type Values<'v, 'b> = &'v dyn Fn(u32) -> &'b [u8];

impl Outline {
    /// Indexes the tags of a grammar.
    pub fn new(grammar: Arc<Grammar>) -> Self {
        let mut children: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for id in (1..grammar.len() as u32).map(PlaceId) {
            if let Some(tag) = tag(&grammar, id) {
                children.entry((grammar.place(id).parent, tag)).or_default().push(id);
            }
        }
        let controls = children.get(&(Grammar::ROOT, Tag::of(b"UNS"))).cloned().unwrap_or_default();
        let mut fixed: FxHashMap<_, Vec<_>> = FxHashMap::default();
        for element in (1..grammar.len() as u32).map(|id| grammar.place(PlaceId(id))) {
            let is_of_segment = grammar.place(element.parent).kind == Kind::Segment;
            if let Some(value) = element.fixed.clone().filter(|_| is_of_segment) {
                fixed.entry(element.parent).or_default().push((u32::from(element.position), value));
            }
        }
        Self { grammar, children, controls, fixed }
    }

    /// False where the grammar fixes elements of the place, or of the segment that opens it, to other values.
    fn fits(&self, place: PlaceId, values: Values<'_, '_>) -> bool {
        if self.fixed.is_empty() {
            return true;
        }
        let opens = self.grammar.place(place).kind == Kind::Group;
        let fixed = self.fixed.get(&PlaceId(place.0 + u32::from(opens)));
        let is_same = |(position, value): &(u32, Box<str>)| {
            let found = values(*position);
            found.is_empty() || *without_line_ends(found) == *value.as_bytes()
        };
        fixed.is_none_or(|fixed| fixed.iter().all(is_same))
    }

    /// The segment that opens a group; the group itself where it is a section, which no record opens.
    pub fn opener(&self, group: PlaceId) -> PlaceId {
        if is_section(&self.grammar) { group } else { PlaceId(group.0 + 1) }
    }

    /// The tag that a segment has, or that opens a group.
    pub fn tag(&self, place: PlaceId) -> Tag {
        tag(&self.grammar, place).unwrap_or(Tag(u32::MAX))
    }

    /// True where the message has such a segment anywhere.
    pub fn knows(&self, tag: Tag) -> bool {
        self.children.keys().any(|(_, known)| *known == tag)
    }

    fn children(&self, group: PlaceId, tag: Tag) -> &[PlaceId] {
        self.children.get(&(group, tag)).map_or(&[], Vec::as_slice)
    }
}

/// An open group, or the message.
#[derive(Clone, Copy, Debug)]
struct Level {
    /// The group.
    group: PlaceId,
    /// The child that occurred last, and its tag.
    last: PlaceId,
    tag: Tag,
    /// How often it did.
    times: u32,
}

/// Where in the grammar the last segment was.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cursor {
    levels: Vec<Level>,
}

/// Where a segment goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Target {
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
        self.levels.push(Level { group: Grammar::ROOT, last: Grammar::ROOT, tag: Tag(0), times: 0 });
    }

    /// The innermost open group, or the message.
    pub fn group(&self) -> PlaceId {
        self.levels.last().map_or(Grammar::ROOT, |level| level.group)
    }

    /// The repetition of each open group, from the outermost, and of the segment that was placed last.
    pub fn repetitions(&self) -> impl Iterator<Item = u32> {
        self.levels.iter().map(|level| level.times)
    }

    /// Finds the place of a segment and moves there. `values` gives its elements; `sections`
    /// tells how many section controls are still to come. `None`, and no move, where it has no place.
    pub fn place(
        &mut self,
        outline: &Outline,
        tag: Tag,
        values: Values<'_, '_>,
        sections: usize,
    ) -> Option<Target> {
        let grammar = &outline.grammar;
        let levels = || self.levels.iter().enumerate().rev();
        let open = levels().find_map(|(depth, level)| {
            let again = level.tag == tag && level.times < grammar.place(level.last).max;
            let again = Some(level.last).filter(|last| again && outline.fits(*last, values));
            Some((depth, again.or_else(|| after(outline, level, tag, values, sections))?))
        });
        // More often than allowed is better than nowhere; the count is checked later.
        let again = || {
            levels()
                .find(|(_, level)| level.tag == tag && outline.fits(level.last, values))
                .map(|(depth, level)| (depth, level.last))
        };
        let (depth, next) = open.or_else(again)?;
        self.levels.truncate(depth + 1);
        let level = self.levels.last_mut()?;
        level.times = if level.last == next { level.times + 1 } else { 1 };
        (level.last, level.tag) = (next, tag);
        if grammar.place(next).kind != Kind::Group {
            return Some(Target { keep: depth, group: None, segment: next });
        }
        let segment = outline.opener(next);
        // The line that opens a section is none of its records.
        let (tag, times) = if segment == next { (Tag(u32::MAX), 0) } else { (tag, 1) };
        self.levels.push(Level { group: next, last: segment, tag, times });
        Some(Target { keep: depth, group: Some(next), segment })
    }

    /// Ends the innermost open section of that name, and what is open in it. How many groups stay open.
    pub fn end(&mut self, outline: &Outline, name: Tag) -> Option<usize> {
        let is = |level: &Level| level.group != Grammar::ROOT && outline.tag(level.group) == name;
        let depth = self.levels.iter().rposition(is)?;
        self.levels.truncate(depth);
        depth.checked_sub(1)
    }

    /// True where an open group has a place of that tag, but before the place that was reached.
    pub fn is_late(&self, outline: &Outline, tag: Tag) -> bool {
        let late = |level: &Level| outline.children(level.group, tag).iter().any(|place| *place < level.last);
        self.levels.iter().any(late)
    }
}

/// True where groups stand between lines of their own.
fn is_section(grammar: &Grammar) -> bool {
    grammar.header.flat.as_ref().is_some_and(|flat| flat.sections)
}

/// The tag that a segment has, or that opens a group.
fn tag(grammar: &Grammar, place: PlaceId) -> Option<Tag> {
    let named = match grammar.get(place)?.kind {
        Kind::Group if !is_section(grammar) => PlaceId(place.0 + 1),
        Kind::Segment | Kind::Group => place,
        _ => return None,
    };
    let name = grammar.get(named)?.name;
    let is_flat = grammar.syntax == Syntax::Flat;
    Some(if is_flat { Tag::named(name) } else { Tag::of(grammar.names().get(name).as_bytes()) })
}

/// The first child after the last that the tag is, or opens.
fn after(
    outline: &Outline,
    level: &Level,
    tag: Tag,
    values: Values<'_, '_>,
    sections: usize,
) -> Option<PlaceId> {
    let mut places = outline.children(level.group, tag).iter().copied();
    let next = places.find(|place| *place > level.last && outline.fits(*place, values))?;
    let to_come = |place: PlaceId| outline.controls.iter().filter(|control| **control > place).count();
    let barred =
        level.group == Grammar::ROOT && sections > 0 && to_come(next) < sections.min(to_come(level.last));
    (!barred).then_some(next)
}
