//! JSON.

use std::sync::Arc;

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_syntax::{Limits, validate};
use dragoman_tree::Severity;
use serde_json::Value;

use crate::recipe::{Seeds, cases};
use crate::{documents, spans, xml};

pub const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"\"",
    "\"a\":",
    "null",
    "true",
    "1e999",
    "-0.0",
    "01",
    "0.10",
    "\\u0000",
    "\\ud800",
    "\\ud83d\\ude00",
    "\\",
    "// x\n",
    "/* x */",
    "\u{FEFF}",
    "\u{1F600}",
    "NaN",
    "'a'",
    "\"type\":\"declaration\"",
    "[[[[",
    "{\"a\":{\"a\":",
    "[],",
    "{}",
    "\r\n",
    " ",
];

#[test]
fn reader() {
    let grammars: Vec<Arc<Grammar>> =
        ["amazon/order", "shopify/order"].map(|name| documents::catalogue().grammar(name).unwrap()).into();
    let seeds = Seeds::new(cases(Syntax::Json), WORDS, b"{}[],:\"");
    seeds.check(2_000, |input| {
        holds(input, None, &Limits::default());
        for grammar in &grammars {
            holds(input, Some(grammar), &Limits::default());
        }
        holds(input, None, &Limits { depth: 4, attributes: 2, nodes: 20, bytes: 2_000 });
    });
}

fn holds(input: &[u8], grammar: Option<&Grammar>, limits: &Limits) {
    let read = json::read(input, grammar, Grammar::ROOT, limits);
    // An array that turns out empty is a node of its own, and adds one to the count.
    assert!(read.tree.len() <= limits.nodes + limits.depth + 1);
    assert!(xml::depth(&read.tree) <= limits.depth + 1);
    assert!(read.findings.len() <= 101);
    spans::tree(&read.tree, input);
    spans::findings(&read.findings, input.len());
    if let Some(grammar) = grammar {
        spans::findings(&validate(&read.tree, grammar), input.len());
    }
    as_serde_has_it(input, &read.findings, limits);
    let written = json::write(&read.tree, Style::Pretty);
    let again = json::read(written.as_bytes(), grammar, Grammar::ROOT, &Limits::default());
    // Members of one name stay.
    let broken = again.findings.iter().find(|finding| finding.code != "DG-E0215");
    assert!(broken.is_none(), "{broken:?} in {written}");
    assert_eq!(json::difference(&read.tree, &again.tree, Numbers::Literal), None);
}

/// What another reader takes has no error here, but for a member that occurs twice; and the other way round.
fn as_serde_has_it(input: &[u8], findings: &[dragoman_tree::Finding], limits: &Limits) {
    let error = findings.iter().find(|one| one.severity == Severity::Error && one.code != "DG-E0215");
    let limited = findings.iter().any(|one| one.code == "DG-E0219") || limits.depth < 128;
    match serde_json::from_slice::<Value>(input) {
        Ok(_) if !limited => assert!(error.is_none(), "{error:?}"),
        Err(other) if findings.is_empty() => {
            let other = other.to_string();
            assert!(other.starts_with("number out of range") || other.starts_with("recursion"), "{other}");
        }
        _ => {}
    }
}
