//! Executes every example of `mappings/README.md`.
//!
//! A fenced block whose info string is `LANGUAGE ROLE NAME` takes part: `gram NAME`, `map NAME`, `csv table NAME`
//! define; `LANGUAGE message NAME`, `json document NAME` and `text refused NAME` are tried with the mapping of that
//! name as it was last defined above.

#![expect(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may fail")]

use std::collections::HashMap;
use std::sync::Arc;

use dragoman_mapping::{Mapping, Sources, canonical, load};
use dragoman_syntax::grammar::{self, Grammar, Syntax};
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_syntax::{Limits, edifact, flat, x12, xml};
use dragoman_tree::{NodeId, Severity, Tree};

const README: &str = include_str!("../../../mappings/README.md");

/// The service segments that every EDIFACT grammar uses.
const SERVICE: &str = include_str!("../../../mappings/edifact/service.gram");

/// What the page defined so far.
#[derive(Default)]
struct Page {
    grammars: HashMap<String, String>,
    mappings: HashMap<String, String>,
    tables: HashMap<String, String>,
    message: HashMap<String, String>,
}

impl Page {
    fn load(&self, name: &str) -> Result<Mapping, String> {
        let grammar = |name: &str| -> Option<Arc<Grammar>> {
            Some(Arc::new(grammar::parse(self.grammars.get(name)?, &|_| Some(SERVICE)).unwrap()))
        };
        let mapping = |name: &str| self.mappings.get(name).cloned();
        let table = |name: &str| self.tables.get(name).cloned();
        let sources = Sources { mapping: &mapping, grammar: &grammar, table: &table };
        load(name, &sources).map_err(|errors| {
            let text = &self.mappings[name];
            errors.iter().map(|error| format!("{}: {}", error.position(text).0, error.message)).collect()
        })
    }

    /// Reads the message, compares the document, and writes it back.
    fn translate(&self, name: &str, expected: &str) {
        let mapping = self.load(name).unwrap_or_else(|errors| panic!("{name}: {errors}"));
        let grammar = mapping.written().unwrap().clone();
        let message = &self.message[name];
        let tree = read(message, &grammar);
        let node = mapping.documents(&tree)[0];
        let got = mapping.get(&tree, node, &grammar).unwrap();
        assert!(got.counts().add_up(), "{name}: {:?}", got.counts());
        let document = canonical::write(&got.document, Style::Pretty);
        assert_same_json(name, &document, expected);
        let over = mapping.put_over(&got.document, &tree, &got, &grammar).unwrap();
        assert_same(name, &tree, &over.tree, &grammar);
        let again = canonical::read(document.as_bytes(), None, &Limits::default()).document.unwrap();
        let put = mapping.put(&again).unwrap();
        assert!(put.lost.is_empty(), "{name}: {:?}", put.lost);
        if node != NodeId::ROOT {
            let left = (&tree, node);
            assert_eq!(
                xml::difference_at(left, (&put.tree, NodeId::ROOT), Some(&grammar), &|_| false),
                None,
                "{name}"
            );
        } else if got.residue().next().is_none() {
            assert_same(name, &tree, &put.tree, &grammar);
        }
    }
}

fn read<'i>(message: &'i str, grammar: &Arc<Grammar>) -> Tree<'i> {
    let (tree, findings) = match grammar.syntax {
        Syntax::Xml => {
            let read = xml::read(message.as_bytes(), Some(grammar), &Limits::default());
            (read.tree, read.findings)
        }
        Syntax::Json => {
            let read = json::read(message.as_bytes(), Some(grammar), Grammar::ROOT, &Limits::default());
            (read.tree, read.findings)
        }
        Syntax::Flat => {
            let read = flat::messages(message.as_bytes(), grammar, &Limits::default()).swap_remove(0);
            (read.tree, read.findings)
        }
        Syntax::X12 => {
            let lookup = |_: &x12::SetType| Some(grammar.clone());
            let message = x12::messages(message.as_bytes(), &lookup).next().unwrap();
            let findings = message.findings.clone();
            (message.into_tree(), findings)
        }
        Syntax::Edifact => {
            let lookup = |_: &edifact::MessageType| Some(grammar.clone());
            let message = edifact::messages(message.as_bytes(), &lookup).next().unwrap();
            let findings = message.findings.clone();
            (message.into_tree(), findings)
        }
    };
    let errors: Vec<_> = findings.iter().filter(|finding| finding.severity == Severity::Error).collect();
    assert!(errors.is_empty(), "{errors:?}");
    tree
}

fn assert_same(name: &str, left: &Tree<'_>, right: &Tree<'_>, grammar: &Grammar) {
    match grammar.syntax {
        Syntax::Xml => assert_eq!(xml::difference(left, right, Some(grammar)), None, "{name}"),
        Syntax::Json => assert_eq!(json::difference(left, right, Numbers::Literal), None, "{name}"),
        Syntax::Edifact | Syntax::X12 | Syntax::Flat => {
            let leaves = |tree: &Tree<'_>| -> Vec<String> {
                let leaves = tree.ids().filter(|node| tree.is_leaf(*node) && tree.value(*node).is_some());
                let body = leaves.map(|node| {
                    dragoman_syntax::wire_path(tree, node, Some(grammar)) + "=" + tree.value(node).unwrap()
                });
                body.filter(|leaf| !leaf.contains("/UNB[") && !leaf.contains("/UNH[")).collect()
            };
            assert_eq!(leaves(left), leaves(right), "{name}");
        }
    }
}

fn assert_same_json(name: &str, got: &str, expected: &str) {
    let tree = |text: &'_ str| {
        json::write(&json::read(text.as_bytes(), None, Grammar::ROOT, &Limits::default()).tree, Style::Pretty)
    };
    assert_eq!(tree(got), tree(expected), "{name}");
}

#[test]
fn every_example_does_what_the_page_says() {
    let mut page = Page::default();
    let mut tried = 0;
    let mut lines = README.lines();
    while let Some(line) = lines.next() {
        let Some(info) = line.strip_prefix("```") else { continue };
        let body: String =
            lines.by_ref().take_while(|line| *line != "```").map(|line| format!("{line}\n")).collect();
        match info.split_whitespace().collect::<Vec<_>>().as_slice() {
            ["gram", name] => drop(page.grammars.insert((*name).into(), body)),
            ["map", name] => drop(page.mappings.insert((*name).into(), body)),
            ["csv", "table", name] => drop(page.tables.insert((*name).into(), body)),
            [_, "message", name] => drop(page.message.insert((*name).into(), body.trim_end().to_owned())),
            ["json", "document", name] => {
                page.translate(name, &body);
                tried += 1;
            }
            ["text", "refused", name] => {
                assert_eq!(page.load(name).unwrap_err(), body.trim_end());
                tried += 1;
            }
            ["text"] | [] => {}
            other => panic!("no such kind of example: {other:?}"),
        }
    }
    assert!(tried >= 9, "only {tried} examples were tried");
}
