//! From tokens to a tree: data elements and components, each at its place.
//!
//! Occurrences of one place have to be counted, so an empty one before a filled one gets a node; other empty
//! elements get none. What has no place is named by its position.

use std::borrow::Cow;

use dragoman_tree::{Code, Finding, Kind, Mark, NameId, NameTable, NodeId, PlaceId, Span, Value};

use super::assemble::{Assembly, Source};
use super::blanks::without_line_ends;
use super::header::unescape;
use super::slots::{Slot, Slots};
use super::token::{Occurrence, Segment};
use crate::edifact::escapes;

/// A data element that the segment has no place for.
pub const NO_ELEMENT: Code = Code {
    id: "DG-E0321",
    title: "the segment has no such data element",
    help: "The segment holds more data elements than its definition in the directory has, or repeats one \
           that may not repeat. Its value is kept under its position. Often a separator was not released \
           (`?+`), or the message is of another directory than UNH says.",
};

/// A component that the data element has no place for.
pub const NO_COMPONENT: Code = Code {
    id: "DG-E0322",
    title: "the data element has no such component",
    help: "The composite holds more components than the directory defines, or a simple data element has \
           several. The value is kept under its position. Often a separator was not released (`?:`), or the \
           message is of another directory than UNH says.",
};

/// A tag with nesting and repetition indicators.
pub const NESTING: Code = Code {
    id: "DG-E0324",
    title: "explicit nesting does not agree with the structure",
    help: "Components after a segment tag state the repetition of each group around the segment, and its own \
           (ISO 9735 versions 1 to 3, explicit indication of nesting). The order of segments says something else; \
           it counts. What is stated is kept as element 0.",
};

/// Positions up to this one are in the names of trees without grammar, each under its own number.
const NUMBERS: u32 = 99;

/// The names of trees without grammar; `padded` to two digits in X12.
pub(crate) fn names(padded: bool) -> NameTable {
    let mut names = NameTable::default();
    for position in 0..=NUMBERS {
        let name = if padded { format!("{position:02}") } else { position.to_string() };
        names.intern(&name);
    }
    names
}

/// Empty occurrences that count only if a filled one of the same place follows.
#[derive(Clone, Copy, Debug, Default)]
struct Held {
    /// The place, or the position where there is none.
    of: Option<(PlaceId, u32)>,
    /// The state of the tree before the first.
    before: Option<Mark>,
}

impl Assembly<'_, '_> {
    /// Adds the data elements of a segment.
    pub fn elements(&mut self, source: Source<'_>, segment: &Segment<'_>, place: PlaceId) {
        let outline = self.outline;
        let grammar = outline.map(|outline| &*outline.grammar);
        let is_whole = grammar.is_some_and(|grammar| grammar.is_whole(place));
        let mut slots = Slots::new(grammar, place, self.service.repetition.is_some());
        let (mut held, mut pair) = (Held::default(), None);
        for occurrence in segment.occurrences() {
            if self.is_full() {
                break;
            }
            if occurrence.element == 0 {
                self.nesting(source, &occurrence);
                continue;
            }
            let slot = slots.at(occurrence.element);
            self.hold(&mut held, slot, occurrence.element);
            // A place of several positions has no repetitions at one of them.
            let fits = slot.is_none_or(|slot| slot.width == 1 || occurrence.repetition == 1);
            let slot = slot.filter(|_| fits);
            if let Some(slot) = slot.filter(|slot| slot.parts > 1) {
                self.part(source, &occurrence, slot, &mut pair, &mut held);
                continue;
            }
            if !self.is_empty(source, &occurrence) {
                held.before = None;
                match slot {
                    Some(slot) if slot.kind == Kind::Composite => self.composite(source, &occurrence, slot),
                    Some(slot) => self.simple(source, &occurrence, slot),
                    None => self.unplaced(source, &occurrence, place.is_known() && is_whole),
                }
            } else if fits && is_counted(slot, &occurrence) {
                held.before.get_or_insert(self.build.mark());
                self.filler(source, occurrence.span(), slot, occurrence.element);
            }
        }
        self.close_pair(&mut pair);
        self.hold(&mut held, None, u32::MAX);
    }

    /// True where an occurrence holds nothing, or filling alone.
    fn is_empty(&self, source: Source<'_>, occurrence: &Occurrence<'_>) -> bool {
        let blank =
            || source.bytes.get(occurrence.span().range()).unwrap_or_default().trim_ascii().is_empty();
        let cut = || !occurrence.components().any(|(span, _)| self.holds(source, span));
        occurrence.is_empty() || (self.filled && blank()) || (self.service.wrapped && cut())
    }

    /// True where a field holds more than the line ends that cut it.
    fn holds(&self, source: Source<'_>, span: Span) -> bool {
        let bytes = || source.bytes.get(span.range()).unwrap_or_default();
        !span.is_empty() && (!self.service.wrapped || !without_line_ends(bytes()).is_empty())
    }

    /// A component that stands at a position of its own, in the composite with those around it.
    fn part(
        &mut self,
        source: Source<'_>,
        occurrence: &Occurrence<'_>,
        slot: Slot,
        pair: &mut Option<(PlaceId, u32)>,
        held: &mut Held,
    ) {
        let offset = occurrence.element - slot.first;
        let (number, part) = (offset / slot.parts, offset % slot.parts + 1);
        let own = (slot.place, number);
        if pair.is_some_and(|open| open != own) {
            self.close_pair(pair);
        }
        if !self.is_empty(source, occurrence) {
            held.before = None;
            if pair.is_none() {
                self.build.open(slot.kind, slot.name, slot.place, source.span(occurrence.span()));
                *pair = Some(own);
            }
            let grammar = self.outline.map(|outline| &*outline.grammar);
            let component = Slots::new(grammar, slot.place, false).at(part);
            self.simple_at(source, occurrence, component, part);
        } else if pair.is_none() && part == slot.parts {
            held.before.get_or_insert(self.build.mark());
            self.filler(source, occurrence.span(), Some(slot), occurrence.element);
        }
    }

    fn close_pair(&mut self, pair: &mut Option<(PlaceId, u32)>) {
        if pair.take().is_some() {
            self.build.close();
        }
    }

    /// A component with nothing below it.
    fn simple_at(
        &mut self,
        source: Source<'_>,
        occurrence: &Occurrence<'_>,
        slot: Option<Slot>,
        position: u32,
    ) {
        let field = occurrence.components().next().unwrap_or_default();
        self.data(source, field, slot, position);
        if occurrence.components().skip(1).any(|(span, _)| self.holds(source, span)) {
            let node = self.positional(source, occurrence, 2);
            let message = format!("data element {} has components", occurrence.element);
            self.report(Finding::error(&NO_COMPONENT, message), node, source.span(occurrence.span()));
        }
    }

    /// Takes back the empty occurrences that no filled one of their place followed.
    fn hold(&mut self, held: &mut Held, slot: Option<Slot>, position: u32) {
        let of = slot.map_or((PlaceId::NONE, position), |slot| (slot.place, 0));
        if held.of.replace(of) != Some(of)
            && let Some(mark) = held.before.take()
        {
            self.build.rollback(mark);
        }
    }

    /// An empty occurrence, so that those after it are counted right.
    fn filler(&mut self, source: Source<'_>, span: Span, slot: Option<Slot>, position: u32) {
        let span = source.span(Span::new(span.start, span.start));
        match slot {
            Some(slot) if slot.kind == Kind::Composite => {
                self.build.open(slot.kind, slot.name, slot.place, span);
                self.build.close();
            }
            slot => {
                let (name, place) = self.named(slot, position);
                let empty = self.build.owned("");
                self.build.leaf(Kind::Data, name, place, span, empty);
            }
        }
    }

    fn composite(&mut self, source: Source<'_>, occurrence: &Occurrence<'_>, slot: Slot) {
        let node = self.build.open(slot.kind, slot.name, slot.place, source.span(occurrence.span()));
        let outline = self.outline;
        let mut slots = Slots::new(outline.map(|outline| &*outline.grammar), slot.place, false);
        let mut held = Held::default();
        for (position, (span, released)) in (1..).zip(occurrence.components()) {
            if self.is_full() {
                break;
            }
            let slot = slots.at(position);
            self.hold(&mut held, slot, position);
            if self.holds(source, span) {
                held.before = None;
                self.data(source, (span, released), slot, position);
                if slot.is_none() {
                    let message = format!("the composite has no component {position}");
                    self.report(Finding::error(&NO_COMPONENT, message), node, source.span(span));
                }
            } else if slot.is_some_and(|slot| slot.counts) {
                held.before.get_or_insert(self.build.mark());
                self.filler(source, span, slot, position);
            }
        }
        self.hold(&mut held, None, u32::MAX);
        self.build.close();
    }

    /// A simple data element. Components after the first have no place.
    fn simple(&mut self, source: Source<'_>, occurrence: &Occurrence<'_>, slot: Slot) {
        let mut components = occurrence.components();
        let first = components.next().unwrap_or_default();
        if self.holds(source, first.0) || slot.counts || occurrence.repetition > 1 {
            self.data(source, first, Some(slot), occurrence.element);
        }
        if components.any(|(span, _)| self.holds(source, span)) {
            let node = self.positional(source, occurrence, 2);
            let message = format!("data element {} has components", self.build.names().get(slot.name));
            self.report(Finding::error(&NO_COMPONENT, message), node, source.span(occurrence.span()));
        }
    }

    /// A data element without a place: simple where only its first component is filled.
    fn unplaced(&mut self, source: Source<'_>, occurrence: &Occurrence<'_>, known: bool) {
        let mut components = occurrence.components();
        let first = components.next().unwrap_or_default();
        let node = if components.any(|(span, _)| self.holds(source, span)) {
            self.positional(source, occurrence, u32::from(occurrence.repetition == 1))
        } else {
            self.data(source, first, None, occurrence.element)
        };
        if known {
            let message = match occurrence.repetition {
                1 => format!("the segment has no data element {}", occurrence.element),
                _ => format!("data element {} may not be repeated", occurrence.element),
            };
            self.report(Finding::error(&NO_ELEMENT, message), node, source.span(occurrence.span()));
        }
    }

    /// Nesting and repetition indicators after the tag, as element 0.
    fn nesting(&mut self, source: Source<'_>, occurrence: &Occurrence<'_>) {
        let tag = occurrence.repetition == 1;
        if occurrence.components().skip(usize::from(tag)).any(|(span, _)| self.holds(source, span)) {
            self.positional(source, occurrence, if tag { 2 } else { 0 });
        }
    }

    /// The filled components from the position `from` on, each under its position; from 0 also an empty first
    /// one, which tells a repetition from the rest of the one before it.
    fn positional(&mut self, source: Source<'_>, occurrence: &Occurrence<'_>, from: u32) -> NodeId {
        let name = self.number(occurrence.element);
        let fields = || (1..).zip(occurrence.components()).skip(from.max(1) as usize - 1);
        let start = fields().next().map_or(0, |(_, (first, _))| first.start);
        let span = source.span(Span::new(start, occurrence.span().end));
        let node = self.build.open(Kind::Composite, name, PlaceId::NONE, span);
        for (position, field) in fields() {
            if self.is_full() {
                break;
            }
            if self.holds(source, field.0) || (from == 0 && position == 1) {
                self.data(source, field, None, position);
            }
        }
        self.build.close();
        node
    }

    /// A data element or component with a value.
    fn data(&mut self, source: Source<'_>, field: (Span, bool), slot: Option<Slot>, position: u32) -> NodeId {
        let (name, place) = self.named(slot, position);
        let field = if self.filled { (without_filling(source, field.0), field.1) } else { field };
        let value = self.value(source, field);
        self.build.leaf(Kind::Data, name, place, source.span(field.0), value)
    }

    fn named(&mut self, slot: Option<Slot>, position: u32) -> (NameId, PlaceId) {
        match slot {
            Some(slot) => (slot.name, slot.place),
            None => (self.number(position), PlaceId::NONE),
        }
    }

    /// The name of a position.
    fn number(&mut self, position: u32) -> NameId {
        match self.outline {
            None if position <= NUMBERS => NameId(position),
            _ if self.padded => self.build.names().intern(&format!("{position:02}")),
            _ => self.build.names().intern(&position.to_string()),
        }
    }

    /// The value of a field: borrowed where the window is UTF-8 and nothing is released, else decoded.
    fn value(&mut self, source: Source<'_>, (span, released): (Span, bool)) -> Value {
        if self.utf8 && source.at.is_some() && !released {
            let value = self.build.borrowed(source.span(span));
            if value != Value::NONE {
                return value;
            }
        }
        let bytes = source.bytes.get(span.range()).unwrap_or_default();
        if self.service.extended && released {
            let whole = if self.service.wrapped { without_line_ends(bytes) } else { Cow::Borrowed(bytes) };
            self.decoded.clear();
            escapes::decode(&whole, self.service.release, &mut self.decoded);
            return self.build.owned(&self.decoded);
        }
        let bytes = if released { unescape(bytes, self.service, &mut self.scratch) } else { bytes };
        match std::str::from_utf8(bytes) {
            Ok(text) if self.utf8 || text.is_ascii() => self.build.owned(text),
            _ => {
                self.decoded.clear();
                self.charset.decode(bytes, &mut self.decoded);
                self.build.owned(&self.decoded)
            }
        }
    }
}

/// A value without the blanks that fill it up.
fn without_filling(source: Source<'_>, span: Span) -> Span {
    let bytes = source.bytes.get(span.range()).unwrap_or_default();
    Span::new(span.start, span.start + bytes.trim_ascii_end().len() as u32)
}

/// True where the occurrences of a data element have to be counted.
fn is_counted(slot: Option<Slot>, occurrence: &Occurrence<'_>) -> bool {
    slot.is_some_and(|slot| slot.counts) || occurrence.repetition > 1 || occurrence.is_repeated()
}
