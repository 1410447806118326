//! Which place of the grammar an element or attribute has.

use dragoman_tree::{Kind, PlaceId};

use crate::grammar::{Grammar, Place};

/// How many siblings ahead of the last one are compared by name before the grammar's index is asked: most
/// messages come in order, and most optional elements are left out in short runs.
const AHEAD: usize = 6;

/// Where reading stands among the children of one element.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cursor {
    last: PlaceId,
    count: u32,
}

impl Cursor {
    /// Before the first child.
    pub const START: Self = Self { last: PlaceId::NONE, count: 0 };
}

/// Finds places by name and namespace.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'g> {
    pub grammar: &'g Grammar,
    /// True for a document without namespaces, in which every name fits.
    pub unqualified: bool,
    /// True once the grammar's root was met.
    pub rooted: bool,
}

impl Places<'_> {
    /// The place of a child element, and the cursor moved to it.
    ///
    /// Same-named siblings of one namespace (or of any, where the document has none) are told apart by position:
    /// the first place at or after the cursor that is not full.
    pub fn element(
        &self,
        parent: PlaceId,
        cursor: &mut Cursor,
        name: &str,
        namespace: u32,
    ) -> Option<PlaceId> {
        let found = self.ahead(parent, *cursor, name, namespace)?;
        cursor.count = if found == cursor.last { cursor.count + 1 } else { 1 };
        cursor.last = found;
        Some(found)
    }

    /// The place of an element below none that the grammar knows: the root, which may stand inside elements of
    /// another format, once.
    pub fn begin(&mut self, name: &str, namespace: u32, is_outermost: bool) -> Option<PlaceId> {
        let root = self.grammar.get(Grammar::ROOT).filter(|_| !self.rooted)?;
        let unqualified = namespace == 0;
        let fits = self.grammar.names().get(root.name) == name;
        self.rooted = fits && (unqualified || u32::from(root.namespace) == namespace);
        if self.rooted || is_outermost {
            self.unqualified = unqualified;
        }
        self.rooted.then_some(Grammar::ROOT)
    }

    fn ahead(&self, parent: PlaceId, cursor: Cursor, name: &str, namespace: u32) -> Option<PlaceId> {
        let end = self.grammar.get(parent)?.end;
        let fits = |at: PlaceId| self.fits(at, name, namespace) && self.has_room(at, cursor);
        let mut at = if cursor.last.is_known() { cursor.last } else { PlaceId(parent.0 + 1) };
        for _ in 0..AHEAD {
            if at >= end {
                break;
            }
            if fits(at) {
                return Some(at);
            }
            at = self.grammar.place(at).end;
        }
        let twins = || self.grammar.children_named(parent, name).filter(|at| self.fits(*at, name, namespace));
        let later = |at: &PlaceId| !cursor.last.is_known() || *at >= cursor.last;
        twins().filter(later).find(|at| self.has_room(*at, cursor)).or_else(|| twins().last())
    }

    fn fits(&self, at: PlaceId, name: &str, namespace: u32) -> bool {
        let place = self.grammar.place(at);
        self.grammar.names().get(place.name) == name
            && place.kind == Kind::Element
            && self.is_namespace_of(place, namespace)
    }

    /// True where the place has that namespace, or the document has none at all.
    fn is_namespace_of(&self, place: &Place, namespace: u32) -> bool {
        u32::from(place.namespace) == namespace || (self.unqualified && namespace == 0)
    }

    /// A full place is passed over only where another one of its name follows.
    fn has_room(&self, at: PlaceId, cursor: Cursor) -> bool {
        at != cursor.last || cursor.count < self.grammar.place(at).max || self.grammar.next_twin(at).is_none()
    }

    /// The place of an attribute without prefix.
    pub fn attribute(&self, element: PlaceId, name: &str) -> Option<PlaceId> {
        let is_attribute = |at: &PlaceId| self.grammar.place(*at).kind == Kind::Attribute;
        self.grammar.children_named(element, name).find(is_attribute)
    }
}
