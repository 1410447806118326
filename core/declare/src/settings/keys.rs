//! From the keys of a file to places of the declaration.

use std::sync::Arc;

use dragoman_mapping::language::LoadError;
use dragoman_model::{Schema, Source, Type, nearest};
use dragoman_tree::{PlaceId, Span};

use super::leaves::{Leaf, Step};
use crate::statements::Statements;

/// A shorter key, and what it stands for.
pub(super) type Alias = (&'static str, &'static str);

/// Schemes of identification numbers that are keys of their own: `eori = "…"` in a party is its number of that scheme.
const SCHEMES: [&str; 4] = ["eori", "vat", "ioss", "tin"];

/// What the keys of a file may be.
pub(super) struct Keys {
    /// The file, for messages.
    pub file: &'static str,
    /// Shorter keys.
    pub aliases: &'static [Alias],
    /// The members of a declaration that the file may state; empty for all.
    pub roots: &'static [&'static str],
    /// Where a value of the file comes from.
    pub source: fn(Arc<str>, Span) -> Source,
}

impl Keys {
    /// States a value where its key says. `item` are statements about every goods item, under `item.`.
    pub fn state(
        &self,
        leaf: &Leaf,
        header: &mut Statements,
        item: &mut Statements,
    ) -> Result<(), LoadError> {
        let steps = self.expand(&leaf.steps);
        let is_item = steps.first().is_some_and(|(name, _)| name == "item");
        let into = if is_item { item } else { header };
        let steps = steps.get(usize::from(is_item)..).unwrap_or_default();
        let failed = |message| LoadError::new(self.file, &leaf.key, message);
        if let Some((root, _)) = steps.first().filter(|_| !is_item) {
            self.check_root(root).map_err(failed)?;
        }
        let path = place(is_item, steps, into).map_err(failed)?;
        let source = |span| vec![(self.source)(leaf.name().into(), span)];
        if let Some((number, scheme)) = path.strip_suffix(".value").zip(scheme(steps)) {
            let key = Span::of(leaf.key.start, leaf.key.end);
            into.state(format!("{number}.scheme"), scheme, source(key));
        }
        into.state(path, leaf.value.clone(), source(leaf.span));
        Ok(())
    }

    /// The steps with the longest alias that fits written out. Indices go to the names that are lists.
    fn expand(&self, steps: &[Step]) -> Vec<Step> {
        let fits = |from: &str| {
            let words: Vec<_> = from.split('.').collect();
            let same = words.iter().zip(steps).all(|(word, (name, _))| word == name);
            (same && words.len() <= steps.len()).then_some(words.len())
        };
        let fitting = self.aliases.iter().filter_map(|(from, to)| Some((fits(from)?, *to)));
        let Some((length, to)) = fitting.max_by_key(|(length, _)| *length) else { return steps.to_vec() };
        let (replaced, rest) = steps.split_at(length.min(steps.len()));
        let mut indices = replaced.iter().filter_map(|(_, index)| *index);
        let mut expanded: Vec<Step> = Vec::new();
        for word in to.split('.') {
            let (name, index) = match word.strip_suffix("[]") {
                Some(name) => (name, indices.next()),
                None => (word, None),
            };
            expanded.push((name.to_owned(), index));
        }
        expanded.extend(rest.iter().cloned());
        expanded
    }

    fn check_root(&self, root: &str) -> Result<(), String> {
        if self.roots.is_empty() || self.roots.contains(&root) {
            return Ok(());
        }
        let known = self.roots.iter().copied().chain(self.aliases.iter().map(|(from, _)| *from));
        Err(match nearest(root, known) {
            Some(near) => format!("{} says nothing of `{root}`; did you mean `{near}`?", self.file),
            None => format!("{} says nothing of `{root}`", self.file),
        })
    }
}

/// The scheme that the last step names.
fn scheme(steps: &[Step]) -> Option<&str> {
    steps.last().map(|(name, _)| name.as_str()).filter(|name| SCHEMES.contains(name))
}

/// The path of a value below the declaration or a goods item.
fn place(is_item: bool, steps: &[Step], known: &Statements) -> Result<String, String> {
    let schema = Schema::standard();
    let declaration = schema.document("declaration");
    let items = declaration.and_then(|place| schema.child(place, "goods_items"));
    let mut place = if is_item { items } else { declaration }.ok_or("the model has no declarations")?;
    let mut path = String::new();
    for (name, index) in steps {
        let dot = if path.is_empty() { "" } else { "." };
        if schema.child(place, name).is_none() && SCHEMES.contains(&name.as_str()) {
            place = number(place)?;
            path = format!("{path}{dot}ids[{}]", known.entries(&format!("{path}{dot}ids")));
            continue;
        }
        place = child(place, name)?;
        let is_list = schema.get(place).is_some_and(|field| field.list);
        path = match (is_list, index) {
            (true, index) => format!("{path}{dot}{name}[{}]", index.unwrap_or(0)),
            (false, None) => format!("{path}{dot}{name}"),
            (false, Some(_)) => return Err(format!("`{name}` is no list")),
        };
    }
    match schema.type_of(place) {
        Type::Shape("PartyId") => Ok(format!("{path}.value")),
        kind if kind.is_branch() => Err(format!("`{path}` holds members, not a value")),
        _ => Ok(path),
    }
}

/// The identification numbers of a party.
fn number(party: PlaceId) -> Result<PlaceId, String> {
    let ids = Schema::standard().child(party, "ids");
    ids.ok_or_else(|| format!("`{}` is no party", Schema::standard().name_of(party)))
}

fn child(parent: PlaceId, name: &str) -> Result<PlaceId, String> {
    let schema = Schema::standard();
    schema.child(parent, name).ok_or_else(|| match schema.nearest(parent, name) {
        Some(near) => format!("there is no `{name}` here; did you mean `{near}`?"),
        None => format!("there is no `{name}` here"),
    })
}
