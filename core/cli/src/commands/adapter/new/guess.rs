//! Which place of the canonical model a place of a grammar may mean: by its WCO id, its TDED number, or its name.

use std::collections::BTreeSet;

use dragoman_model::{Field, Schema, Type};
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

/// Words of the trade that mean the same.
const SAME: &[(&str, &str)] = &[
    ("zip", "postal"),
    ("postcode", "postal"),
    ("post", "postal"),
    ("zipcode", "postal"),
    ("town", "city"),
    ("province", "region"),
    ("state", "region"),
    ("telephone", "phone"),
    ("mobile", "phone"),
    ("qty", "quantity"),
    ("count", "quantity"),
    ("firstname", "given"),
    ("first", "given"),
    ("lastname", "family"),
    ("last", "family"),
    ("surname", "family"),
    ("consignee", "recipient"),
    ("receiver", "recipient"),
    ("shipping", "recipient"),
    ("ship", "recipient"),
    ("customer", "buyer"),
    ("billing", "buyer"),
    ("items", "lines"),
    ("item", "lines"),
    ("line", "lines"),
    ("products", "lines"),
    ("goods", "lines"),
    ("weight", "mass"),
    ("hs", "code"),
    ("total", "grand"),
];

/// Words that tell nothing alone.
const WEAK: [&str; 8] = ["id", "number", "code", "no", "name", "value", "type", "to"];

/// A guess, and what it rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Guess {
    pub place: PlaceId,
    pub by: &'static str,
}

/// What a leaf may mean below a place of the model, outside the lists that are below that.
pub fn leaf(grammar: &Grammar, place: PlaceId, scope: PlaceId) -> Option<Guess> {
    let schema = Schema::standard();
    // An amount, a mass and a quantity are one value, with what it is counted in.
    let is_measured =
        |place: PlaceId| matches!(schema.type_of(place), Type::Shape("Money" | "Mass" | "Quantity"));
    let is_leaf = |place: &PlaceId| {
        let is_part = schema.get(*place).is_some_and(|field| is_measured(field.parent));
        is_measured(*place) || (schema.children(*place).next().is_none() && !is_part)
    };
    let fields: Vec<_> =
        schema.subtree(scope).filter(is_leaf).filter(|field| is_single(*field, scope)).collect();
    let found = grammar.place(place);
    let by_number = |number: &Option<Box<str>>, has: &dyn Fn(&Field, &str) -> bool| {
        let number = number.as_deref()?;
        only(
            fields.iter().copied().filter(|field| schema.get(*field).is_some_and(|field| has(field, number))),
        )
    };
    let wco =
        |field: &Field, id: &str| field.ids.wco.iter().any(|chain| chain.rsplit('.').next() == Some(id));
    let tded = |field: &Field, number: &str| field.ids.tded().any(|known| known.number == number);
    let by = |by: &'static str| move |place| Guess { place, by };
    by_number(&found.wco, &wco)
        .map(by("WCO id"))
        .or_else(|| by_number(&found.tded, &tded).map(by("TDED number")))
        .or_else(|| named(grammar, place, &fields).map(by("name")))
}

/// Which list of a document a group that repeats may be.
pub fn list(grammar: &Grammar, place: PlaceId, document: PlaceId) -> Option<Guess> {
    let schema = Schema::standard();
    let is_list =
        |field: &PlaceId| schema.get(*field).is_some_and(|field| field.list && field.parent == document);
    let lists: Vec<_> = schema.subtree(document).filter(is_list).collect();
    named(grammar, place, &lists).map(|place| Guess { place, by: "name" })
}

/// True where no list stands between a field and its scope.
fn is_single(field: PlaceId, scope: PlaceId) -> bool {
    let schema = Schema::standard();
    schema
        .ancestry(field)
        .take_while(|place| *place != scope)
        .all(|place| schema.get(place).is_some_and(|field| !field.list))
}

/// The only one of several.
fn only(mut places: impl Iterator<Item = PlaceId>) -> Option<PlaceId> {
    places.next().filter(|_| places.next().is_none())
}

/// The one field whose path shares the most words with a place, its last word among them.
fn named(grammar: &Grammar, place: PlaceId, fields: &[PlaceId]) -> Option<PlaceId> {
    let schema = Schema::standard();
    let own = words(grammar.name_of(place));
    let around: BTreeSet<_> =
        grammar.ancestry(place).flat_map(|above| words(grammar.name_of(above))).collect();
    let score = |field: PlaceId| {
        let last = words(schema.name_of(field));
        let path = words(&schema.path(field));
        let shared = last.intersection(&own).filter(|word| !WEAK.contains(&word.as_str())).count();
        let is_weak = last.iter().all(|word| WEAK.contains(&word.as_str()));
        let rest = path.intersection(&around).count();
        let is_near = shared > 0 || (is_weak && last.intersection(&own).count() > 0 && rest > last.len());
        is_near.then(|| (8 * shared + 4 * rest).saturating_sub(path.len()))
    };
    let scored: Vec<_> = fields.iter().filter_map(|field| Some((score(*field)?, *field))).collect();
    let best = scored.iter().map(|(score, _)| *score).max()?;
    only(scored.into_iter().filter(|(score, _)| *score == best).map(|(_, field)| field))
}

/// The words of a name, in small letters: `postCode`, `post_code` and `PostCode` have the same.
fn words(name: &str) -> BTreeSet<String> {
    let mut words = vec![String::new()];
    let mut was_small = false;
    for letter in name.chars() {
        if !letter.is_alphanumeric() || (letter.is_uppercase() && was_small) {
            words.push(String::new());
        }
        was_small = letter.is_lowercase() || letter.is_ascii_digit();
        if let Some(word) = words.last_mut().filter(|_| letter.is_alphanumeric()) {
            word.extend(letter.to_lowercase());
        }
    }
    let meant = |word: String| {
        SAME.iter().find(|(one, _)| *one == word).map_or(word, |(_, other)| (*other).to_owned())
    };
    words.into_iter().filter(|word| !word.is_empty()).map(meant).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_words_whatever_joins_them() {
        let list = |name: &str| words(name).into_iter().collect::<Vec<_>>();
        assert_eq!(list("shipToPostCode"), ["code", "postal", "recipient", "to"]);
        assert_eq!(list("zip_code"), ["code", "postal"]);
        assert_eq!(list("CCIAddress"), ["cciaddress"]);
    }
}
