//! The wrappers that a platform sends a JSON message in: `{"order": …}`, `{"orders": […], "next": …}`.
//!
//! A wrapper is a place of its own after the message. The member of it that holds the message has no places below
//! it: it stands for the message's, so that a mapping is written once.

use dragoman_tree::{NameId, PlaceId};

use super::Grammar;

impl Grammar {
    /// The place of a JSON member below `parent`: that of the message where the member is one that a wrapper
    /// holds the message in, [`PlaceId::NONE`] where `parent` has no such member.
    pub fn member(&self, parent: PlaceId, name: NameId) -> PlaceId {
        match self.child_named(parent, name) {
            Some(place) if self.get(place).is_some_and(|place| place.message) => Self::ROOT,
            Some(place) => place,
            None => PlaceId::NONE,
        }
    }

    /// The places that a whole JSON text may stand at: the message, then the wrappers that a platform sends it
    /// in (`{"order": …}`).
    pub fn tops(&self) -> impl Iterator<Item = PlaceId> + '_ {
        let first = self.get(Self::ROOT).map(|_| Self::ROOT);
        std::iter::successors(first, |top| Some(self.get(*top)?.end).filter(|next| self.get(*next).is_some()))
    }
}
