//! Named sets of XML attributes, which schemas repeat on hundreds of elements.
//!
//! ```text
//! attributes CodeType  @listID  token  @listVersionID  token
//! FunctionCode *  token..2  with CodeType
//! ```

use dragoman_tree::{Kind, PlaceId};

use super::line::{Line, Word};
use super::parse::Loader;
use super::{Grammar, GrammarError, Place};

/// A named set of attributes.
#[derive(Clone, Debug)]
pub struct AttributeSet {
    /// Its name in the file.
    pub name: Box<str>,
    /// The attributes in order, to be opened below an element.
    pub attributes: Vec<Place>,
}

/// The set that an element's attributes are, all of them in order.
pub(super) fn set_of(grammar: &Grammar, element: PlaceId) -> Option<&AttributeSet> {
    let attributes =
        || grammar.children(element).map(|at| grammar.place(at)).filter(|at| at.kind == Kind::Attribute);
    let is_all = |set: &&AttributeSet| {
        let same = attributes().zip(&set.attributes).all(|(one, other)| is_same(one, other));
        same && attributes().count() == set.attributes.len()
    };
    grammar.attributes.iter().find(is_all)
}

/// True for attributes that are written alike.
pub(crate) fn is_same(one: &Place, other: &Place) -> bool {
    let form = |place: &Place| (place.name, place.min, place.facets);
    let ids = |place: &Place| (place.wco.clone(), place.tded.clone(), place.format.clone());
    form(one) == form(other) && one.fixed == other.fixed && ids(one) == ids(other)
}

impl Loader {
    /// `attributes NAME  @a …  @b …`.
    pub fn attributes(&mut self, line: &Line) -> Result<(), GrammarError> {
        let Some((_, Word::Bare(name))) = line.words.get(1) else {
            return self.error(line, 1, "expected `attributes NAME  @ATTRIBUTE …`");
        };
        let attributes = self.places(line, line.words.get(2..).unwrap_or_default())?;
        let set = AttributeSet { name: name.as_str().into(), attributes };
        self.build.grammar_mut().attributes.push(set);
        Ok(())
    }

    /// The attributes of the set that a line ends with.
    pub fn attribute_set(&self, line: &Line, name: Option<&str>) -> Result<Vec<Place>, GrammarError> {
        let Some(name) = name else { return Ok(Vec::new()) };
        match self.build.grammar().attributes.iter().find(|set| *set.name == *name) {
            Some(set) => Ok(set.attributes.clone()),
            None => self.error(line, 1, format!("there are no attributes `{name}` above")),
        }
    }
}

/// Takes `with NAME` off the end of a line.
pub(super) fn split(line: &Line) -> (&[(u32, Word)], Option<&str>) {
    match line.words.as_slice() {
        [rest @ .., (_, Word::Bare(with)), (_, Word::Bare(name))] if with == "with" => (rest, Some(name)),
        words => (words, None),
    }
}
