//! Receiving interchanges of EDIFACT and X12, with one message in memory.

use std::collections::HashMap;
use std::fmt::Display;
use std::sync::Arc;

use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::x12::{self, SetType};
use dragoman_tree::{Finding, NodeId, Severity, Tree};

use super::{Received, Visit, without_document};
use crate::catalogue::Catalogue;
use crate::message::Message;
use crate::recognise::{of_type, other_type, unknown_type};

/// Finds the EDIFACT grammar of a message type: [`Catalogue::edifact_grammar`].
pub type Grammars<'g> = edifact::Grammars<'g>;

/// Which messages the messages of an interchange are.
pub struct Messages<'c>(Wanted<'c>);

enum Wanted<'c> {
    Named(Message),
    /// What each is, by its type, and how bad it is that nobody knows it.
    Each(&'c Catalogue, Severity, HashMap<String, Result<Message, Unknown>>),
}

/// Why a message of a type is not read.
struct Unknown {
    severity: Severity,
    /// The data that would read it cannot be used.
    refused: Option<String>,
}

impl<'c> Messages<'c> {
    /// All of them one that somebody named.
    pub fn named(message: Message) -> Self {
        Self(Wanted::Named(message))
    }

    /// Each the message that its type says; `severity` is that of the finding about one that nobody knows.
    pub fn each(catalogue: &'c Catalogue, severity: Severity) -> Self {
        Self(Wanted::Each(catalogue, severity, HashMap::new()))
    }

    /// What a message of a type is.
    fn of_type(&mut self, syntax: Syntax, name: &str) -> Result<&Message, &Unknown> {
        match &mut self.0 {
            Wanted::Named(message) => Ok(message),
            Wanted::Each(catalogue, severity, known) => {
                let find = || match of_type(catalogue, syntax, name) {
                    Ok(found) => found.ok_or(Unknown { severity: *severity, refused: None }),
                    Err(error) => Err(Unknown { severity: *severity, refused: Some(error.to_string()) }),
                };
                known.entry(name.to_owned()).or_insert_with(find).as_ref()
            }
        }
    }
}

/// Takes the bytes of an EDIFACT or X12 interchange as they come, and gives its documents with one message in memory.
pub struct Interchange<'g> {
    messages: Messages<'g>,
    reader: Reader<'g>,
}

enum Reader<'g> {
    Edifact(edifact::Reader<'g>),
    X12(x12::Reader<'g>),
}

impl<'g> Interchange<'g> {
    /// The beginning of an EDIFACT interchange.
    pub fn new(messages: Messages<'g>, grammars: Grammars<'g>) -> Self {
        Self { messages, reader: Reader::Edifact(edifact::Reader::new(grammars)) }
    }

    /// The beginning of an X12 interchange.
    pub fn x12(messages: Messages<'g>, grammars: x12::Grammars<'g>) -> Self {
        Self { messages, reader: Reader::X12(x12::Reader::new(grammars)) }
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8], visit: Visit<'_>) {
        match &mut self.reader {
            Reader::Edifact(reader) => reader.push(bytes),
            Reader::X12(reader) => reader.push(bytes),
        }
        self.read(visit);
    }

    /// Ends the input.
    pub fn finish(mut self, visit: Visit<'_>) {
        match &mut self.reader {
            Reader::Edifact(reader) => reader.finish(),
            Reader::X12(reader) => reader.finish(),
        }
        self.read(visit);
        let findings = match &mut self.reader {
            Reader::Edifact(reader) => reader.findings(),
            Reader::X12(reader) => reader.findings(),
        };
        without_document(findings, visit);
    }

    fn read(&mut self, visit: Visit<'_>) {
        match &mut self.reader {
            Reader::Edifact(reader) => {
                while let Some(one) = reader.next_message() {
                    edifact_message(&mut self.messages, one, visit);
                }
            }
            Reader::X12(reader) => {
                while let Some(one) = reader.next_message() {
                    transaction_set(&mut self.messages, one, visit);
                }
            }
        }
    }
}

/// Reads an interchange that is at hand as a whole.
pub(super) fn receive(
    messages: &mut Messages<'_>,
    syntax: Syntax,
    catalogue: &Catalogue,
    bytes: &[u8],
    visit: Visit<'_>,
) {
    let findings = if syntax == Syntax::X12 {
        let grammars = |kind: &SetType| catalogue.x12_grammar(kind);
        let mut all = x12::messages(bytes, &grammars);
        all.by_ref().for_each(|one| transaction_set(messages, one, visit));
        all.findings()
    } else {
        let grammars = |kind: &MessageType| catalogue.edifact_grammar(kind);
        let mut all = edifact::messages(bytes, &grammars);
        all.by_ref().for_each(|one| edifact_message(messages, one, visit));
        all.findings()
    };
    without_document(findings, visit);
}

fn edifact_message(messages: &mut Messages<'_>, mut one: edifact::Message<'_>, visit: Visit<'_>) {
    let findings = std::mem::take(&mut one.findings);
    let message = messages.of_type(Syntax::Edifact, &one.kind.name);
    let kind = (&one.kind as &dyn Display, one.kind.name.as_str(), "UNH");
    segments(message, one.tree(), one.grammar.as_ref(), kind, findings, visit);
}

fn transaction_set(messages: &mut Messages<'_>, mut one: x12::Message<'_>, visit: Visit<'_>) {
    let findings = std::mem::take(&mut one.findings);
    let message = messages.of_type(Syntax::X12, &one.kind.number);
    let kind = (&one.kind as &dyn Display, one.kind.number.as_str(), "ST");
    segments(message, one.tree(), one.grammar.as_ref(), kind, findings, visit);
}

/// The document of an EDIFACT or X12 message, of which `kind` tells what it is, in one word, and where that stands.
fn segments(
    message: Result<&Message, &Unknown>,
    tree: &Tree<'_>,
    grammar: Option<&Arc<Grammar>>,
    (kind, name, header): (&dyn Display, &str, &str),
    mut findings: Vec<Finding>,
    visit: Visit<'_>,
) {
    let mapping = message.ok().and_then(Message::mapping);
    let asked = mapping.filter(|mapping| mapping.root().is_none_or(|root| root == name));
    let got = asked.zip(grammar).and_then(|(mapping, grammar)| mapping.get(tree, NodeId::ROOT, grammar));
    if got.is_none() {
        let header = tree.children(NodeId::ROOT).find(|segment| tree.name(*segment) == header);
        let span = header.map(|header| tree.file_span(header));
        findings.push(match message {
            Ok(message) => other_type(message, kind, name, span),
            Err(unknown) => {
                let finding = unknown_type(kind, span, unknown.refused.as_deref());
                Finding { severity: unknown.severity, ..finding }
            }
        });
    }
    let message = message.ok();
    visit(Received { message, tree, node: NodeId::ROOT, offset: 0, grammar, got, findings });
}
