//! Empty objects of JSON: none of them goes without a word.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::Arc;

use dragoman_mapping::{Got, Mapping, Sources, canonical, load};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::{self, Numbers};
use dragoman_syntax::{Limits, wire_path};
use dragoman_tree::{NodeId, Tree};
use proptest::prelude::*;

const GRAMMAR: &str = "grammar 1 toy/order
syntax json
Order *
  lines[]
    grams  number
    wrap  string
    customs
      hs  string
    gift
      text  string
";

/// What two of the lines give stands in an object of the document that has an object of the message for itself.
const MAPPING: &str = r#"mapping 1 toy/order
model Order
wire json grammar toy/order
lines[] <=> lines {
    customs.net_mass <=> grams measure("GRM")
    customs          <=> customs { code <=> hs }
    gift             <=> gift { message <=> text }
    gift.wrap        <=> wrap
}
"#;

struct Toy {
    mapping: Mapping,
    grammar: Arc<Grammar>,
}

impl Toy {
    fn new() -> Self {
        let grammar = Arc::new(grammar::parse(GRAMMAR, &|_| None).unwrap());
        let sources = Sources {
            mapping: &|_| Some(MAPPING.to_owned()),
            grammar: &|_| Some(grammar.clone()),
            table: &|_| None,
        };
        Self { mapping: load("toy/order", &sources).unwrap(), grammar: grammar.clone() }
    }

    fn read<'i>(&self, text: &'i str) -> Tree<'i> {
        json::read(text.as_bytes(), Some(&self.grammar), Grammar::ROOT, &Limits::default()).tree
    }

    fn residue(&self, tree: &Tree<'_>, got: &Got<'_>) -> Vec<String> {
        got.residue().map(|node| wire_path(tree, node, Some(&self.grammar))).collect()
    }

    /// Asks that a message comes back over itself, and alone as `rest`; gives what is residue.
    fn comes_back(&self, text: &str, rest: &str) -> Vec<String> {
        let tree = self.read(text);
        let got = self.mapping.get(&tree, NodeId::ROOT, &self.grammar).unwrap();
        assert!(got.counts().add_up(), "{text}");
        let over = self.mapping.put_over(&got.document, &tree, &got, &self.grammar).unwrap();
        assert_eq!(json::difference(&tree, &over.tree, Numbers::Literal), None, "{text}");
        let own = canonical::write(&got.document, json::Style::Compact);
        let document = canonical::read(own.as_bytes(), None, &Limits::default()).document.unwrap();
        let alone = self.mapping.put(&document).unwrap();
        assert_eq!(json::difference(&self.read(rest), &alone.tree, Numbers::Literal), None, "{text}: {own}");
        self.residue(&tree, &got)
    }
}

#[test]
fn an_empty_object_that_another_line_fills_is_residue() {
    let text = r#"{"lines":[{"grams":5,"customs":{}},{"customs":{}},{"grams":7}]}"#;
    let rest = r#"{"lines":[{"grams":5},{"customs":{}},{"grams":7}]}"#;
    assert_eq!(Toy::new().comes_back(text, rest), ["lines[0].customs"]);
}

/// An object of a line with one text: absent, empty, or not.
fn object() -> impl Strategy<Value = Option<bool>> {
    prop::option::of(any::<bool>())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_empty_object_goes_without_a_word(
        lines in prop::collection::vec((any::<bool>(), object(), any::<bool>(), object()), 0..6),
    ) {
        let (mut text, mut rest, mut residue) = (Vec::new(), Vec::new(), Vec::new());
        for (number, (grams, customs, wrap, gift)) in lines.into_iter().enumerate() {
            let (mut all, mut kept) = (Vec::new(), Vec::new());
            let parts = [
                ("customs", r#""hs":"1""#, customs, grams.then_some(r#""grams":5"#)),
                ("gift", r#""text":"x""#, gift, wrap.then_some(r#""wrap":"y""#)),
            ];
            for (name, inside, object, other) in parts {
                let object = object.map(|full| (full, format!("\"{name}\":{{{}}}", if full { inside } else { "" })));
                let is_residue = object.as_ref().is_some_and(|(full, _)| !full) && other.is_some();
                if is_residue {
                    residue.push(format!("lines[{number}].{name}"));
                }
                all.extend(object.iter().map(|(_, text)| text.clone()).chain(other.map(str::to_owned)));
                kept.extend(object.into_iter().filter(|_| !is_residue).map(|(_, text)| text).chain(other.map(str::to_owned)));
            }
            text.push(format!("{{{}}}", all.join(",")));
            rest.push(format!("{{{}}}", kept.join(",")));
        }
        let whole = |lines: Vec<String>| {
            if lines.is_empty() { "{}".to_owned() } else { format!("{{\"lines\":[{}]}}", lines.join(",")) }
        };
        prop_assert_eq!(Toy::new().comes_back(&whole(text), &whole(rest)), residue);
    }
}
