//! The elements inside another. Of a complete grammar those that may stand once do stand, with no value where the document
//! says nothing.

use dragoman_syntax::grammar::Base;
use dragoman_tree::{Kind, PlaceId};

use super::{Life, Writing};
use crate::plan::{Plan, Slot, SlotId};

impl<'w> Writing<'w, '_> {
    /// Everything below an element that is open, in the order of the grammar.
    pub(super) fn inside(&mut self, slot: &'w Slot) -> Life {
        let plan: &'w Plan = self.plan;
        let blanks = self.blanks(slot.place).into_iter();
        let mut blanks = blanks.filter(|blank| !self.plan.is_entry(slot, *blank)).peekable();
        let mut life = Life::Nothing;
        for child in &slot.children {
            let place = plan.slot(*child).place;
            while let Some(blank) = blanks.next_if(|blank| *blank < place) {
                self.blank(blank);
            }
            let before = self.sources.len();
            life = life.max(self.slot(*child));
            if self.sources.len() > before {
                blanks.next_if_eq(&place);
            }
        }
        blanks.for_each(|blank| self.blank(blank));
        life
    }

    /// The elements of a complete grammar that stand once below a place, and may hold nothing.
    fn blanks(&self, parent: PlaceId) -> Vec<PlaceId> {
        let grammar = &self.plan.grammar;
        if !grammar.header.complete || self.is_sparse() {
            return Vec::new();
        }
        let stands = |place: &PlaceId| {
            let found = grammar.place(*place);
            let may_be_empty = grammar.facets_of(*place).is_none_or(|form| form.base == Base::Text);
            found.kind == Kind::Element && found.max == 1 && (may_be_empty || found.nullable)
        };
        grammar.children(parent).filter(stands).collect()
    }

    /// An element that says nothing. It is of no slot: laid over a message it is left out.
    fn blank(&mut self, place: PlaceId) {
        let node = self.open(place, SlotId::NONE);
        for below in self.blanks(place) {
            self.blank(below);
        }
        if self.plan.grammar.place(place).nullable {
            self.out.node_mut(node).kind = Kind::Null;
        }
        self.out.close();
    }
}
