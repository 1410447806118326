//! The places of a segment or composite along the positions of its data elements or components.

use dragoman_tree::{Kind, NameId, PlaceId};

use crate::grammar::{Grammar, Syntax};

/// The place of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slot {
    /// The place.
    pub place: PlaceId,
    /// Its name.
    pub name: NameId,
    /// Composite or data element.
    pub kind: Kind,
    /// Its first position, from 1.
    pub first: u32,
    /// How many positions it takes.
    pub width: u32,
    /// How many positions one occurrence takes: those of its components where each has its own, else 1.
    pub parts: u32,
    /// True where it may occur more than once, so that its occurrences have to be counted.
    pub counts: bool,
}

/// Goes through the places in the order of their positions.
#[derive(Clone, Debug)]
pub(crate) struct Slots<'g> {
    grammar: Option<&'g Grammar>,
    first: PlaceId,
    next: PlaceId,
    end: PlaceId,
    slot: Option<Slot>,
    repetitions: bool,
}

impl<'g> Slots<'g> {
    /// The places below `parent`. With `repetitions` an element that repeats (`0..5` in a `.gram` file) does
    /// so at one position, by the repetition separator; without, as in syntax versions 1 to 3, at as many as
    /// it may occur.
    pub fn new(grammar: Option<&'g Grammar>, parent: PlaceId, repetitions: bool) -> Self {
        let repetitions = repetitions || grammar.is_some_and(|grammar| grammar.syntax == Syntax::X12);
        let end = grammar.and_then(|grammar| grammar.get(parent)).map_or(PlaceId(0), |place| place.end);
        let first = PlaceId(parent.0.wrapping_add(1));
        Self { grammar, first, next: first, end, slot: None, repetitions }
    }

    /// The place of a position, if any. Positions must not fall from one call to the next.
    pub fn at(&mut self, position: u32) -> Option<Slot> {
        loop {
            match self.slot {
                // X12 grammars leave out positions that are not read.
                Some(slot) if position < slot.first => return None,
                Some(slot) if position - slot.first < slot.width => return self.slot,
                _ => self.slot = Some(self.advance()?),
            }
        }
    }

    /// The positions of a place. Fastest where places come in order.
    pub fn of(&mut self, place: PlaceId) -> Option<Slot> {
        if self.slot.is_none_or(|slot| slot.place > place) {
            (self.slot, self.next) = (None, self.first);
        }
        loop {
            match self.slot {
                Some(slot) if slot.place == place => return self.slot,
                _ => self.slot = Some(self.advance()?),
            }
        }
    }

    /// The next place.
    fn advance(&mut self) -> Option<Slot> {
        let place = self.grammar.filter(|_| self.next < self.end)?.get(self.next)?;
        let parts = u32::from(place.parts.max(1));
        let width = if place.list && self.repetitions { 1 } else { place.max.max(1).saturating_mul(parts) };
        let after = self.slot.map_or(1, |slot| slot.first.saturating_add(slot.width));
        let first = after.max(u32::from(place.position));
        let (name, kind, counts) = (place.name, place.kind, place.max > 1);
        let slot = Slot { place: self.next, name, kind, first, width, parts, counts };
        self.next = place.end;
        Some(slot)
    }
}
