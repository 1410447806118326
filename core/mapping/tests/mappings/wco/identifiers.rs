//! Lines bind what the WCO Data Model numbers alike: the chain of ids at a wire place is the one that the field
//! dictionary gives the canonical place.

use std::collections::BTreeSet;

use dragoman_model::Schema;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::PlaceId;

use crate::mapped::{Mapped, declaration};

/// What the mapping leaves to residue. Class 29A repeats per goods item what the item's own class says too, and none
/// of the samples has it; 410 is the qualifier of the place at a goods location, and means nothing for a party.
const LEFT_OUT: [&str; 3] = ["42A.28A.29A.", "42A.28A.30A.04A.410", "42A.67A.68A.23A.21A.337"];

/// The lines whose two sides have different numbers, and the numbers of the dictionary that no line binds.
pub fn disagreements(mapped: &Mapped) -> Vec<String> {
    let (schema, grammar) = (Schema::standard(), &*mapped.grammar);
    let mut found = Vec::new();
    let mut bound = BTreeSet::new();
    for binding in mapped.mapping.bindings(grammar) {
        let ids = ids(schema, &binding.canonical);
        for wire in &binding.wire {
            let chain = chain(grammar, *wire);
            if !ids.is_empty() && !ids.iter().any(|id| is(id, &chain)) {
                let paths: Vec<_> = binding.canonical.iter().map(|place| schema.path(*place)).collect();
                found.push(format!("{} is {chain}, {} is {ids:?}", grammar.path(*wire), paths.join(", ")));
            }
            bound.insert(chain);
        }
    }
    let document = mapped.mapping.model();
    let numbered = schema.subtree(document).flat_map(|place| schema.get(place).unwrap().ids.wco.iter());
    let known: BTreeSet<String> =
        (0..grammar.len() as u32).map(|place| chain(grammar, PlaceId(place))).collect();
    let unbound: BTreeSet<_> = numbered.filter(|id| known.contains(*id) && !bound.contains(*id)).collect();
    let unbound =
        unbound.into_iter().filter(|id| !is_class(id) && !LEFT_OUT.iter().any(|out| id.starts_with(out)));
    found.extend(unbound.map(|id| format!("{id} is bound by no line")));
    found
}

/// The numbers of canonical places, or else of the values that they are parts of.
fn ids(schema: &Schema, places: &[PlaceId]) -> BTreeSet<&'static str> {
    let of = |place: PlaceId| schema.get(place).unwrap().ids.wco;
    let ids = |place: &PlaceId| {
        Some(of(*place)).filter(|own| !own.is_empty()).unwrap_or(of(schema.identified(*place)))
    };
    places.iter().flat_map(|place| ids(place).iter()).collect()
}

/// True where a number of the dictionary means the place. The dictionary numbers the one attribute of an element that
/// is a list of texts, and an attribute that the published schema gives no number (337); the wire has the class.
fn is(id: &str, chain: &str) -> bool {
    let class = || id.rsplit_once('.').map(|(class, _)| class);
    id == chain || is_class(chain) && class() == Some(chain)
}

/// True where a chain ends in a class: two digits and a letter.
fn is_class(chain: &str) -> bool {
    let last = chain.rsplit('.').next().unwrap_or_default();
    last.len() == 3 && last.ends_with(|c: char| c.is_ascii_uppercase())
}

/// The chain of ids on the way to a place. Places without one, such as a `DateTimeString`, are parts of the one around.
fn chain(grammar: &Grammar, place: PlaceId) -> String {
    let mut ids: Vec<_> = grammar.ancestry(place).filter_map(|at| grammar.place(at).wco.as_deref()).collect();
    ids.reverse();
    ids.join(".")
}

#[test]
fn lines_carry_the_numbers_of_the_dictionary() {
    assert_eq!(disagreements(declaration()), [""; 0]);
}
