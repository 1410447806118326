//! The places that paths in checks lead to: of a grammar, or of the canonical model.

use dragoman_model::{Schema, nearest};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

/// What checks speak about.
#[derive(Clone, Copy, Debug)]
pub enum Places<'p> {
    /// The messages of a grammar.
    Wire(&'p Grammar),
    /// The canonical documents below a root place.
    Canonical(PlaceId),
}

impl Places<'_> {
    /// The place of the whole message or document.
    pub fn root(self) -> PlaceId {
        match self {
            Self::Wire(_) => Grammar::ROOT,
            Self::Canonical(root) => root,
        }
    }

    /// The number of places that there are.
    pub(crate) fn len(self) -> usize {
        match self {
            Self::Wire(grammar) => grammar.len(),
            Self::Canonical(_) => Schema::standard().len(),
        }
    }

    /// The place around one; none around the root.
    pub(crate) fn parent(self, place: PlaceId) -> Option<PlaceId> {
        if place == self.root() {
            return None;
        }
        match self {
            Self::Wire(grammar) => grammar.get(place).map(|found| found.parent),
            Self::Canonical(_) => Schema::standard().get(place).map(|field| field.parent),
        }
    }

    /// The place of that name below one. `Err` names the nearest right name.
    pub(crate) fn child(self, parent: PlaceId, name: &str) -> Result<PlaceId, String> {
        let (found, near) = match self {
            Self::Wire(grammar) => {
                let names = grammar.children(parent).map(|child| grammar.name_of(child));
                (grammar.child(parent, name), nearest(name, names))
            }
            Self::Canonical(_) => {
                let schema = Schema::standard();
                (schema.child(parent, name), schema.nearest(parent, name))
            }
        };
        found.ok_or_else(|| match near {
            Some(near) => format!("there is no `{name}` here; did you mean `{near}`?"),
            None => format!("there is no `{name}` here"),
        })
    }

    /// The places on the way along a path of names.
    pub(crate) fn follow(self, from: PlaceId, path: &str) -> Result<Vec<PlaceId>, String> {
        let mut place = from;
        let mut way = Vec::new();
        for name in path.split(['/', '.']).filter(|name| !name.is_empty()) {
            place = self.child(place, name)?;
            way.push(place);
        }
        Ok(way)
    }
}
