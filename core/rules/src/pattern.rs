//! Paths in rules: places of a document, where a list stands for each of its entries unless one is chosen.

use dragoman_model::{At, Schema, Type};
use dragoman_tree::PlaceId;

/// Which entries of a list a step means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pick {
    /// The place is no list.
    Only,
    /// Every entry.
    Each,
    /// One entry, by index from 0.
    Index(usize),
    /// The entries of which a member has that value.
    Key(Box<str>, Box<str>),
}

/// One step of a pattern.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The name in the canonical model.
    pub name: Box<str>,
    /// Which entries, where it is a list.
    pub pick: Pick,
}

/// A path of a rule: `destination.country`, `goods_items[].origins[0].country`, `authorisations[type=CGU].number`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pattern {
    text: Box<str>,
    of_item: bool,
    steps: Vec<Step>,
    place: PlaceId,
}

/// The list whose entries rules are applied to one by one.
const ITEMS: &str = "goods_items";

impl Pattern {
    /// Reads a path below `root`. `Err` says what is wrong with it.
    pub(crate) fn parse(text: &str, root: PlaceId) -> Result<Self, String> {
        let mut place = root;
        let mut steps = Vec::new();
        for word in text.split('.') {
            let (name, choice) = match word.split_once('[') {
                Some((name, rest)) => (name, Some(rest)),
                None => (word, None),
            };
            place = child(place, name)?;
            let is_list = Schema::standard().get(place).is_some_and(|field| field.list);
            steps.push(Step { name: name.into(), pick: pick(name, choice, is_list, place)? });
        }
        let of_item = steps.len() > 1 && steps.first().is_some_and(|step| &*step.name == ITEMS);
        if of_item && steps.remove(0).pick != Pick::Each {
            return Err(format!("rules are applied to each goods item: write {ITEMS}[]"));
        }
        Ok(Self { text: text.into(), of_item, steps, place })
    }

    /// The path as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// True for a path below a goods item; its steps then start at the item.
    pub fn is_of_item(&self) -> bool {
        self.of_item
    }

    /// The steps, from the document or from the goods item.
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// The nodes that the steps reach, from the document's root or from a goods item.
    pub fn find<'d>(&self, from: At<'d>) -> Vec<At<'d>> {
        self.steps.iter().fold(vec![from], |nodes, step| {
            let below = nodes.into_iter().flat_map(|at| match &step.pick {
                Pick::Only => at.get(&step.name).into_iter().collect(),
                Pick::Each => at.entries(&step.name).collect(),
                Pick::Index(index) => at.entries(&step.name).nth(*index).into_iter().collect(),
                Pick::Key(key, value) => {
                    let has = |entry: &At<'d>| entry.text(key) == Some(&**value);
                    at.entries(&step.name).filter(has).collect::<Vec<_>>()
                }
            });
            below.collect()
        })
    }

    /// What stands at the place.
    pub fn kind(&self) -> Type {
        Schema::standard().type_of(self.place)
    }

    /// The place.
    pub(crate) fn place(&self) -> PlaceId {
        self.place
    }

    /// The place, in the document that stands there: a batch has its documents at places of their own.
    pub fn place_in(&self, root: At<'_>) -> Option<PlaceId> {
        let names =
            self.of_item.then_some(ITEMS).into_iter().chain(self.steps.iter().map(|step| &*step.name));
        root.place(&names.collect::<Vec<_>>().join("."))
    }
}

fn child(parent: PlaceId, name: &str) -> Result<PlaceId, String> {
    let schema = Schema::standard();
    schema.child(parent, name).ok_or_else(|| match schema.nearest(parent, name) {
        Some(near) => format!("the canonical model has no `{name}` here; did you mean `{near}`?"),
        None => format!("the canonical model has no `{name}` here"),
    })
}

/// What stands between brackets; `choice` begins behind the opening one.
fn pick(name: &str, choice: Option<&str>, is_list: bool, place: PlaceId) -> Result<Pick, String> {
    let Some(choice) = choice else { return Ok(if is_list { Pick::Each } else { Pick::Only }) };
    if !is_list {
        return Err(format!("`{name}` is no list"));
    }
    let inner = choice.strip_suffix(']').ok_or_else(|| format!("`[` after `{name}` is not closed"))?;
    match inner.split_once('=') {
        None if inner.is_empty() => Ok(Pick::Each),
        None => inner
            .parse()
            .map(Pick::Index)
            .map_err(|_| format!("`{inner}` is neither an index from 0 nor `member=value`")),
        Some((key, value)) => {
            child(place, key)?;
            Ok(Pick::Key(key.into(), value.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<Pattern, String> {
        Pattern::parse(text, Schema::standard().document("declaration").unwrap())
    }

    #[test]
    fn a_list_stands_for_its_entries() {
        let pattern = parse("goods_items[].origins[0].country").unwrap();
        assert!(pattern.is_of_item());
        let steps: Vec<_> = pattern.steps().iter().map(|step| (&*step.name, step.pick.clone())).collect();
        assert_eq!(steps, [("origins", Pick::Index(0)), ("country", Pick::Only)]);
        let key = parse("authorisations[type=CGU].number").unwrap();
        assert_eq!(key.steps()[0].pick, Pick::Key("type".into(), "CGU".into()));
        assert_eq!(parse("guarantees.type").unwrap().steps()[0].pick, Pick::Each);
        assert!(!parse("goods_items").unwrap().is_of_item());
    }

    #[test]
    fn mistakes_name_the_nearest_right_name() {
        let said = |text| parse(text).unwrap_err();
        assert_eq!(
            said("goods_items[].prize"),
            "the canonical model has no `prize` here; did you mean `price`?"
        );
        assert_eq!(said("lrn[0]"), "`lrn` is no list");
        assert_eq!(said("guarantees[x].type"), "`x` is neither an index from 0 nor `member=value`");
        assert_eq!(said("guarantees[0"), "`[` after `guarantees` is not closed");
        assert_eq!(said("goods_items[0].price"), "rules are applied to each goods item: write goods_items[]");
    }
}
