//! The project's own languages: grammars and mappings.

use std::sync::Arc;

use dragoman_mapping::language::{self, LoadError};
use dragoman_mapping::{Sources, load};
use dragoman_syntax::grammar::{self, Grammar, Syntax};
use dragoman_syntax::{Limits, json, xml};

use crate::documents::{accounts, catalogue};
use crate::recipe::{Seeds, files, path};

fn part(name: &str) -> Option<&'static str> {
    let data = catalogue().data();
    data.get(&format!("mappings/{name}")).or_else(|| data.get(&format!("mappings/{name}.gram")))
}

const GRAMMAR_WORDS: &[&str] = &[
    "  ",
    "\n",
    "\n  ",
    " * ",
    " 0..9 ",
    " 1.. ",
    " x5 ",
    " x4294967295 ",
    "an..3",
    "n..16,6",
    "string",
    "integer",
    "any",
    "nullable",
    "[]",
    "@a",
    "/[A-Z]{1,9}/",
    "/(((a+)+)+){9}/",
    "\"",
    "{",
    "}",
    ", ",
    "fixed \"D\"",
    "wco 42A",
    "key",
    "in unit",
    "is Order",
    "with Set",
    "namespace a = b",
    "list unit = KGM",
    "segment XYZ 1 an..3",
    "use edifact/service",
    "message A D 96B UN",
    "0010 UNH *",
    "  0020 <RFF> 0..9",
    "none:",
    "choice 1",
    "min 0",
    "max 1",
    "#",
    "use test/cycle",
    "syntax json",
    "grammar 1 a/b",
];

/// A grammar that is taken is laid out as a text that is taken, with the same meaning.
#[test]
fn grammars() {
    let mut seeds = Seeds::new(files(&["tests/fuzz/cases"], &["gram"]), GRAMMAR_WORDS, b" \n{},.\"");
    // Those of the program are long: their beginnings and some of their ends are enough.
    for file in files(&["mappings"], &["gram"]) {
        let text = std::fs::read(file).unwrap();
        seeds.cases.push(text[..text.len().min(3_000)].to_vec());
    }
    seeds.check(1_000, |input| {
        let text = String::from_utf8_lossy(input);
        let resolve = |name: &str| part(name);
        match grammar::parse(&text, &resolve) {
            Ok(grammar) => {
                assert!(grammar.len() < 200_000, "{} places", grammar.len());
                // Those of segments are laid out where they are imported.
                if !grammar.syntax.has_segments() && grammar.header.codes.is_empty() {
                    same_again(&grammar);
                }
            }
            Err(error) => assert!(error.line > 0 && error.column > 0, "{error}"),
        }
    });
}

fn same_again(grammar: &Grammar) {
    let text = grammar::layout(grammar);
    let again = grammar::parse(&text, &|_| None);
    let again = again.unwrap_or_else(|error| panic!("{error} in\n{text}"));
    assert_eq!(text, grammar::layout(&again));
}

const WORDS: &[&str] = &[
    "\n",
    "  ",
    " <=> ",
    " => ",
    " <= ",
    "{",
    "}",
    "[]",
    "[1]",
    "[2..]",
    "[rest]",
    "[a = \"b\"]",
    "#2",
    "@(a, b)",
    "split(2, 2)",
    "join(1, ..)",
    "choose a { b = \"1\" { } c = /x/ { } }",
    "const a = \"b\"",
    "ignore a because \"b\"",
    "derived count(goods_items)",
    "absent null, \"\"",
    "use a:b",
    "part b {",
    "base wco/declaration",
    "drop ",
    "when ",
    "table(a)",
    "money(@c)",
    "datetime(iso)",
    "default \"x\"",
    "keep",
    ": sparse",
    "inside a/b ?",
    "fixed a = \"b\"",
    "|",
    "else",
    "ref(goods_items)",
    "key sequence",
    "in @a",
    "\"",
    "/",
    "//",
    "..",
    "because \"x\"",
];

/// A mapping that is taken is laid out as a text that is taken; laying out again changes nothing.
#[test]
fn mappings() {
    let seeds = Seeds::new(files(&["mappings", "adapters"], &["map"]), WORDS, b" \n{}[]()\"");
    seeds.check(1_000, |input| {
        let text = String::from_utf8_lossy(input);
        match language::parse(&text) {
            Ok(_) => {
                let laid_out = language::format(&text);
                if let Err(error) = language::parse(&laid_out) {
                    panic!("{}", error.render(&laid_out));
                }
                assert_eq!(laid_out, language::format(&laid_out));
            }
            Err(error) => in_text(&error, &text),
        }
    });
}

/// The end of a text is pointed at one byte behind it.
fn in_text(error: &LoadError, text: &str) {
    assert!(error.at.start <= error.at.end && error.at.end <= text.len() + 1, "{error:?} of {}", text.len());
    assert!(!error.render(text).is_empty());
}

/// A mapping that loads reads a message, and accounts for each of its leaves.
#[test]
fn loaded_mappings() {
    let names = ["wco/declaration", "wco/notification", "amazon/order", "shopify/order"];
    let cases = names.map(|name| path(&format!("mappings/{name}.map")));
    let message = |path_of: &str| std::fs::read(path(path_of)).unwrap();
    let declaration = message("adapters/gb-cds/cases/declaration.in");
    let order = message("adapters/amazon/cases/complete.in");
    Seeds::new(cases, WORDS, b" \n{}[]()\"").check(150, |input| {
        let text = String::from_utf8_lossy(input);
        let mapping = |name: &str| {
            if name == "fuzz" {
                return Some(text.to_string());
            }
            catalogue().data().get(&format!("mappings/{name}.map")).map(str::to_owned)
        };
        let grammar = |name: &str| catalogue().grammar(name).ok();
        let table =
            |name: &str| catalogue().data().get(&format!("mappings/codes/{name}.csv")).map(str::to_owned);
        let sources = Sources { mapping: &mapping, grammar: &grammar, table: &table };
        match load("fuzz", &sources) {
            Ok(mapping) => {
                mapping.grammars().for_each(|grammar| reads(&mapping, grammar, &declaration, &order));
            }
            Err(errors) => {
                errors.iter().filter(|error| error.file == "fuzz").for_each(|error| in_text(error, &text));
            }
        }
    });
}

fn reads(mapping: &dragoman_mapping::Mapping, grammar: &Arc<Grammar>, declaration: &[u8], order: &[u8]) {
    let read = match grammar.syntax {
        Syntax::Xml => xml::read(declaration, Some(grammar), &Limits::default()),
        Syntax::Json => json::read(order, Some(grammar), Grammar::ROOT, &Limits::default()),
        Syntax::Edifact | Syntax::X12 | Syntax::Flat => return,
    };
    for node in mapping.documents(&read.tree) {
        let got = mapping.get(&read.tree, node, grammar).unwrap();
        accounts(&read.tree, node, &got);
        let over = mapping.put_over(&got.document, &read.tree, &got, grammar).unwrap();
        let counts = over.counts;
        assert_eq!(counts.leaves, counts.carried + counts.checked + counts.residue + counts.reported);
    }
}
