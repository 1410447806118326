//! Sending: message trees to bytes.

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{edifact, flat, json, x12, xml};
use dragoman_tree::{Finding, Tree};

/// What was written.
#[derive(Clone, Debug, Default)]
pub struct Sent {
    /// The bytes; empty where the message cannot be written at all, and the findings say why.
    pub bytes: Vec<u8>,
    /// What is worth saying about them.
    pub findings: Vec<Finding>,
}

impl Sent {
    fn add(&mut self, bytes: Vec<u8>, findings: Vec<Finding>) {
        self.bytes.extend(bytes);
        self.findings.extend(findings);
    }
}

/// How text is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// Indented, for people.
    Pretty,
    /// In one line.
    Line,
}

/// Writes trees of one grammar in a syntax: EDIFACT and X12 messages into one interchange, or one after the other where they
/// name several; XML, JSON and flat files one after the other, each on a line of its own.
pub fn send(syntax: Syntax, trees: &[&Tree<'_>], grammar: Option<&Grammar>, layout: Layout) -> Sent {
    match syntax {
        Syntax::Edifact => return interchange(trees, grammar, layout),
        Syntax::X12 => return x12_interchange(trees, grammar, layout),
        Syntax::Flat => return flat_file(trees, grammar),
        Syntax::Xml | Syntax::Json => {}
    }
    let mut sent = Sent::default();
    for tree in trees {
        let Sent { bytes, findings } =
            if syntax == Syntax::Xml { element(tree, grammar, layout) } else { text(tree, layout) };
        sent.add(bytes, findings);
    }
    sent
}

fn interchange(trees: &[&Tree<'_>], grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let messages: Vec<edifact::Outgoing<'_>> = trees.iter().map(|tree| (*tree, grammar)).collect();
    let options =
        edifact::WriteOptions { lines: layout == Layout::Pretty, ..edifact::WriteOptions::default() };
    let mut sent = Sent::default();
    for run in edifact::interchanges(&messages) {
        match edifact::write(run, &options) {
            Ok(written) => sent.add(written.bytes, written.findings),
            Err(refused) => sent.add(Vec::new(), refused.findings),
        }
    }
    sent
}

fn x12_interchange(trees: &[&Tree<'_>], grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let messages: Vec<x12::Outgoing<'_>> = trees.iter().map(|tree| (*tree, grammar)).collect();
    let options = x12::WriteOptions { lines: layout == Layout::Pretty, ..x12::WriteOptions::default() };
    let mut sent = Sent::default();
    for run in x12::interchanges(&messages) {
        match x12::write(run, &options) {
            Ok(written) => sent.add(written.bytes, written.findings),
            Err(refused) => sent.add(Vec::new(), refused.findings),
        }
    }
    sent
}

/// Flat files of several messages are one after the other. Without a grammar there are no columns to write to.
fn flat_file(trees: &[&Tree<'_>], grammar: Option<&Grammar>) -> Sent {
    let mut sent = Sent::default();
    for (tree, grammar) in trees.iter().filter_map(|tree| Some((tree, grammar?))) {
        match flat::write(tree, grammar, flat::Layout::default()) {
            Ok(written) => sent.bytes.extend(written.bytes),
            Err(refused) => return Sent { bytes: Vec::new(), findings: refused.findings },
        }
    }
    sent
}

fn element(tree: &Tree<'_>, grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let indent = (layout == Layout::Pretty).then_some(2);
    let written = xml::write(tree, grammar, &xml::WriteOptions { indent, declaration: indent.is_some() });
    let mut bytes = written.bytes;
    if bytes.last() != Some(&b'\n') {
        bytes.push(b'\n');
    }
    Sent { bytes, findings: written.findings }
}

fn text(tree: &Tree<'_>, layout: Layout) -> Sent {
    let style = if layout == Layout::Pretty { json::Style::Pretty } else { json::Style::Line };
    Sent { bytes: json::write(tree, style).into_bytes(), findings: Vec::new() }
}
