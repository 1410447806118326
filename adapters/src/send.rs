//! Sending: message trees to bytes.

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::x12::Stamp;
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

    /// Adds an interchange of EDIFACT.
    pub(crate) fn add_edifact(&mut self, run: &[edifact::Outgoing<'_>], options: &edifact::WriteOptions) {
        match edifact::write(run, options) {
            Ok(written) => self.add(written.bytes, written.findings),
            Err(refused) => self.add(Vec::new(), refused.findings),
        }
    }

    /// Adds an interchange of X12.
    pub(crate) fn add_x12(&mut self, run: &[x12::Outgoing<'_>], options: &x12::WriteOptions) {
        match x12::write(run, options) {
            Ok(written) => self.add(written.bytes, written.findings),
            Err(refused) => self.add(Vec::new(), refused.findings),
        }
    }
}

/// What the names of files of a syntax end with.
pub const fn ending(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Xml => "xml",
        Syntax::Json => "json",
        Syntax::Edifact => "edi",
        Syntax::X12 => "x12",
        Syntax::Flat => "txt",
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
/// name several; XML, JSON and flat files one after the other, each on a line of its own. XML messages are written in JSON where
/// that is the syntax.
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
            if syntax == Syntax::Xml { element(tree, grammar, layout) } else { text(tree, grammar, layout) };
        sent.add(bytes, findings);
    }
    sent
}

/// What the envelope of an interchange that is made here says.
#[derive(Clone, Debug)]
pub struct Envelope {
    /// Who sends: the identification and the list that it is from.
    pub sender: (String, String),
    /// Who receives.
    pub recipient: (String, String),
    /// When, and the control number.
    pub stamp: Stamp,
    /// The character set of EDIFACT (0001); UNOC where it is empty.
    pub syntax: String,
    /// The syntax version of EDIFACT (0002), the version of X12 (ISA12); 3 and 00401 where it is empty.
    pub version: String,
    /// It is a test.
    pub is_test: bool,
}

/// Writes trees of one grammar in a syntax as [`send`] does, EDIFACT and X12 in one interchange with that envelope.
pub fn send_in(
    syntax: Syntax,
    trees: &[&Tree<'_>],
    grammar: Option<&Grammar>,
    layout: Layout,
    envelope: &Envelope,
) -> Sent {
    let lines = layout == Layout::Pretty;
    let messages: Vec<_> = trees.iter().map(|tree| (*tree, grammar)).collect();
    let mut sent = Sent::default();
    match syntax {
        Syntax::Edifact => {
            let interchange = Some(envelope.edifact());
            let options = edifact::WriteOptions { interchange, lines, ..edifact::WriteOptions::default() };
            sent.add_edifact(&messages, &options);
        }
        Syntax::X12 => {
            let envelope = Some(envelope.x12());
            let options = x12::WriteOptions { envelope, lines, ..x12::WriteOptions::default() };
            sent.add_x12(&messages, &options);
        }
        Syntax::Xml | Syntax::Json | Syntax::Flat => return send(syntax, trees, grammar, layout),
    }
    sent
}

impl Envelope {
    fn edifact(&self) -> edifact::Interchange {
        let party = |(id, qualifier): &(String, String)| edifact::Party {
            id: id.clone(),
            qualifier: qualifier.clone(),
            ..edifact::Party::default()
        };
        let version = or(&self.version, "3");
        // CCYYMMDD from version 4 on.
        let date = if version.as_str() < "4" { self.short_date() } else { self.stamp.date.clone() };
        edifact::Interchange {
            syntax: or(&self.syntax, "UNOC"),
            version,
            sender: party(&self.sender),
            recipient: party(&self.recipient),
            date,
            time: self.stamp.time.clone(),
            reference: self.stamp.number.to_string(),
            test: if self.is_test { "1".to_owned() } else { String::new() },
            ..edifact::Interchange::default()
        }
    }

    fn x12(&self) -> x12::Envelope {
        let party = |(id, qualifier): &(String, String)| x12::Party {
            id: id.clone(),
            qualifier: qualifier.clone(),
            ..x12::Party::default()
        };
        x12::Envelope {
            sender: party(&self.sender),
            recipient: party(&self.recipient),
            date: self.short_date(),
            time: self.stamp.time.clone(),
            version: self.version.clone(),
            number: self.stamp.number.to_string(),
            usage: if self.is_test { "T".to_owned() } else { String::new() },
            group_date: self.stamp.date.clone(),
            group_number: self.stamp.number.to_string(),
            ..x12::Envelope::default()
        }
    }

    fn short_date(&self) -> String {
        self.stamp.date.get(2..).unwrap_or_default().to_owned()
    }
}

fn or(value: &str, default: &str) -> String {
    if value.is_empty() { default.to_owned() } else { value.to_owned() }
}

fn interchange(trees: &[&Tree<'_>], grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let messages: Vec<edifact::Outgoing<'_>> = trees.iter().map(|tree| (*tree, grammar)).collect();
    let options =
        edifact::WriteOptions { lines: layout == Layout::Pretty, ..edifact::WriteOptions::default() };
    let mut sent = Sent::default();
    for run in edifact::interchanges(&messages) {
        sent.add_edifact(run, &options);
    }
    sent
}

fn x12_interchange(trees: &[&Tree<'_>], grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let messages: Vec<x12::Outgoing<'_>> = trees.iter().map(|tree| (*tree, grammar)).collect();
    let options = x12::WriteOptions { lines: layout == Layout::Pretty, ..x12::WriteOptions::default() };
    let mut sent = Sent::default();
    for run in x12::interchanges(&messages) {
        sent.add_x12(run, &options);
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

fn text(tree: &Tree<'_>, grammar: Option<&Grammar>, layout: Layout) -> Sent {
    let style = if layout == Layout::Pretty { json::Style::Pretty } else { json::Style::Line };
    let text = match grammar.filter(|grammar| grammar.syntax == Syntax::Xml) {
        Some(grammar) => xml::as_json::write(tree, grammar, style),
        None => json::write(tree, style),
    };
    Sent { bytes: text.into_bytes(), findings: Vec::new() }
}
