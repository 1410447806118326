//! Synthetic messages of a grammar, for tests and benchmarks: valid, varied, the same for the same seed.
//!
//! ```text
//! tree         which places are filled: nodes (XML, JSON), segments (EDIFACT, X12)
//! value        what stands there: facets, codes, patterns
//! interchange  trees to bytes, in the envelope of the syntax
//! ```

mod interchange;
mod nodes;
mod pattern;
mod random;
mod segments;
mod value;

use std::sync::Arc;

use dragoman_tree::{Names, PlaceId, Span, Tree, TreeBuilder};

pub use interchange::{Sampled, sampled, seed_of};

use crate::grammar::Grammar;
use random::Random;

/// The most occurrences of what may repeat without bound.
const MOST: u32 = 3;

/// A message of a grammar, by a seed. What may be left out is there by chance, and so is how often what repeats
/// occurs; a grammar of segments alone gives an empty tree.
pub fn sample(grammar: &Arc<Grammar>, seed: u64) -> Tree<'static> {
    let names = Names::with_base(grammar.names().clone());
    let build = TreeBuilder::new("", 0, names);
    let generator = Generator { random: Random::new(seed), grammar: grammar.clone(), build };
    if grammar.get(Grammar::ROOT).is_none() {
        return Tree::default();
    }
    if grammar.syntax.has_segments() { segments::message(generator) } else { nodes::message(generator) }
}

/// A tree that grows at random.
struct Generator {
    random: Random,
    grammar: Arc<Grammar>,
    build: TreeBuilder<'static>,
}

impl Generator {
    fn open(&mut self, place: PlaceId) {
        let found = self.grammar.place(place);
        self.build.open(found.kind, found.name, place, Span::default());
    }

    /// How often a place occurs: what may be left out, mostly is.
    fn times(&mut self, place: PlaceId) -> u32 {
        let (min, max) = {
            let found = self.grammar.place(place);
            (found.min, found.max)
        };
        if min == 0 && !self.random.once_in(3) {
            return 0;
        }
        let least = min.max(1);
        self.random.between(least, max.min(least.saturating_add(MOST - 1)).max(least))
    }

    /// A value for a place.
    fn text(&mut self, place: PlaceId) -> String {
        let grammar = self.grammar.clone();
        let fixed = grammar.place(place).fixed.as_deref().map(str::to_owned);
        fixed.unwrap_or_else(|| value::value(&grammar, place, &mut self.random))
    }

    /// A node without children at a place.
    fn leaf(&mut self, place: PlaceId) {
        let text = self.text(place);
        let value = self.build.owned(&text);
        let found = self.grammar.place(place);
        self.build.leaf(found.kind, found.name, place, Span::default(), value);
    }
}
