//! XML.

use std::sync::Arc;

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{Limits, validate, xml};
use dragoman_tree::{Severity, Tree};

use crate::recipe::{Seeds, cases};
use crate::{documents, spans};

pub fn seeds() -> Seeds {
    const WORDS: &[&str] = &[
        "<a>",
        "</a>",
        "<b c='d'/>",
        "<p:b xmlns:p='urn:x'>",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?x ?>",
        "<?xml version='1.0' encoding='iso-8859-1'?>",
        "<!DOCTYPE a [<!ENTITY b 'c'>]>",
        "&amp;",
        "&#13;",
        "&#0;",
        "&nbsp;",
        "&",
        " xmlns=''",
        " xmlns='urn:y'",
        " xsi:nil=\"true\"",
        "\r\n",
        "\u{FEFF}",
        "\u{1F600}",
        "\u{1}",
        "/",
        "=",
        "\"",
        "'",
        ":",
        " ",
        "<a",
        "<ID>",
        "<SequenceNumeric>2</SequenceNumeric>",
        "999999999999999999.5",
    ];
    Seeds::new(cases(Syntax::Xml), WORDS, b"<>\"'= /")
}

#[test]
fn reader() {
    let grammars: Vec<Arc<Grammar>> =
        ["wco/dms-3.6", "wco/res-dms-2"].map(|name| documents::catalogue().grammar(name).unwrap()).into();
    seeds().check(2_000, |input| {
        holds(input, None, &Limits::default());
        for grammar in &grammars {
            holds(input, Some(grammar), &Limits::default());
        }
        holds(input, None, &Limits { depth: 4, attributes: 2, nodes: 20, bytes: 2_000 });
    });
}

fn holds(input: &[u8], grammar: Option<&Grammar>, limits: &Limits) {
    let read = xml::read(input, grammar, limits);
    assert!(read.tree.len() <= limits.nodes + limits.depth + 1 && depth(&read.tree) <= limits.depth + 1);
    // Text beside elements is not counted beforehand.
    assert!(read.findings.len() <= 2_100);
    if input.len() > limits.bytes {
        return;
    }
    let decoded = xml::decode(input);
    let converted = matches!(decoded.text, std::borrow::Cow::Owned(_));
    let text = if converted { decoded.text.as_bytes() } else { input };
    spans::tree(&read.tree, text);
    spans::findings(&read.findings, text.len().max(input.len()));
    if let Some(grammar) = grammar {
        spans::findings(&validate(&read.tree, grammar), text.len());
    }
    let written = xml::write(&read.tree, grammar, &xml::WriteOptions::default());
    if written.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return;
    }
    let again = xml::read(&written.bytes, grammar, &Limits::default());
    let broken = again.findings.iter().find(|finding| finding.severity == Severity::Error);
    assert!(broken.is_none(), "{broken:?} in {}", String::from_utf8_lossy(&written.bytes));
    assert_eq!(xml::difference(&read.tree, &again.tree, grammar), None);
}

/// The deepest nesting of a tree.
pub fn depth(tree: &Tree<'_>) -> usize {
    let mut depths = vec![1; tree.len()];
    for id in tree.ids().skip(1) {
        depths[id.index()] = depths[tree.node(id).parent.index()] + 1;
    }
    depths.into_iter().max().unwrap_or_default()
}
