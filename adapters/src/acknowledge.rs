//! Acknowledging: what was found in an interchange, as the acknowledgements that its sender waits for.

use std::fmt;

use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::validate;
use dragoman_syntax::x12::{self, SetType};
use dragoman_tree::{Finding, Tree};

pub use dragoman_syntax::x12::Stamp;

use crate::catalogue::Catalogue;
use crate::kind::Kind;
use crate::send::Sent;

/// Which acknowledgement is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acknowledgement {
    /// 997, the functional acknowledgement of X12.
    Functional,
    /// 999, the implementation acknowledgement of X12.
    Implementation,
    /// CONTRL, the syntax and service report of EDIFACT.
    Control,
    /// APERAK, the application error and acknowledgement of EDIFACT.
    Application,
}

impl Acknowledgement {
    /// What answers content where nobody says more: CONTRL or 997; nothing where content is not acknowledged.
    pub fn of(kind: &Kind) -> Option<Self> {
        match kind {
            Kind::Edifact(_) => Some(Self::Control),
            Kind::X12(_) => Some(Self::Functional),
            _ => None,
        }
    }

    /// What it is written in, as what it answers.
    pub const fn syntax(self) -> Syntax {
        match self {
            Self::Functional | Self::Implementation => Syntax::X12,
            Self::Control | Self::Application => Syntax::Edifact,
        }
    }

    /// True where it answers content of that kind.
    pub fn answers(self, kind: &Kind) -> bool {
        kind.syntax() == Some(self.syntax())
    }
}

impl fmt::Display for Acknowledgement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Functional => "997",
            Self::Implementation => "999",
            Self::Control => "CONTRL",
            Self::Application => "APERAK",
        })
    }
}

/// Takes the bytes of an interchange as they come, and makes its acknowledgements at the end, with one message in memory.
pub struct Acknowledging<'g>(Form<'g>);

enum Form<'g> {
    Edifact(edifact::Reader<'g>, edifact::Acknowledger),
    X12(x12::Reader<'g>, x12::Acknowledger),
}

impl<'g> Acknowledging<'g> {
    /// The beginning of an interchange.
    pub fn new(form: Acknowledgement, edifact: edifact::Grammars<'g>, x12: x12::Grammars<'g>) -> Self {
        let edifact = |form| Form::Edifact(edifact::Reader::new(edifact), edifact::Acknowledger::new(form));
        let x12 = |form| Form::X12(x12::Reader::new(x12), x12::Acknowledger::new(form));
        Self(match form {
            Acknowledgement::Control => edifact(edifact::Form::Control),
            Acknowledgement::Application => edifact(edifact::Form::Application),
            Acknowledgement::Functional => x12(x12::Form::Functional),
            Acknowledgement::Implementation => x12(x12::Form::Implementation),
        })
    }

    /// Takes the next bytes.
    pub fn push(&mut self, bytes: &[u8]) {
        match &mut self.0 {
            Form::Edifact(reader, _) => reader.push(bytes),
            Form::X12(reader, _) => reader.push(bytes),
        }
        self.read();
    }

    fn read(&mut self) {
        match &mut self.0 {
            Form::Edifact(reader, all) => {
                while let Some(mut message) = reader.next_message() {
                    let found = std::mem::take(&mut message.findings);
                    all.add(&message, &checked(found, message.tree(), message.grammar.as_deref()));
                }
            }
            Form::X12(reader, all) => {
                while let Some(mut message) = reader.next_message() {
                    let found = std::mem::take(&mut message.findings);
                    all.add(&message, &checked(found, message.tree(), message.grammar.as_deref()));
                }
            }
        }
    }

    /// Ends the input, and writes what answers it: an interchange for each of its interchanges, and nothing where only
    /// acknowledgements came, which nobody acknowledges.
    pub fn finish(mut self, stamp: &Stamp) -> Sent {
        match &mut self.0 {
            Form::Edifact(reader, _) => reader.finish(),
            Form::X12(reader, _) => reader.finish(),
        }
        self.read();
        let mut sent = Sent::default();
        match self.0 {
            Form::Edifact(mut reader, all) => {
                for made in all.finish(&reader.findings(), stamp) {
                    let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
                    let options = edifact::WriteOptions {
                        interchange: Some(made.envelope),
                        unencodable: edifact::Unencodable::Substitute('.'),
                        lines: true,
                        ..edifact::WriteOptions::default()
                    };
                    sent.add_edifact(&messages, &options);
                }
            }
            Form::X12(mut reader, all) => {
                for made in all.finish(&reader.findings(), stamp) {
                    let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
                    let envelope = Some(made.envelope);
                    let options = x12::WriteOptions { envelope, lines: true, ..x12::WriteOptions::default() };
                    sent.add_x12(&messages, &options);
                }
            }
        }
        sent
    }
}

/// Acknowledges an input that is at hand as a whole.
pub fn acknowledge(catalogue: &Catalogue, bytes: &[u8], form: Acknowledgement, stamp: &Stamp) -> Sent {
    let edifact = |kind: &MessageType| catalogue.edifact_grammar(kind);
    let x12 = |kind: &SetType| catalogue.x12_grammar(kind);
    let mut all = Acknowledging::new(form, &edifact, &x12);
    all.push(bytes);
    all.finish(stamp)
}

/// What was found while reading, and what the grammar has against the message.
fn checked(mut findings: Vec<Finding>, tree: &Tree<'_>, grammar: Option<&Grammar>) -> Vec<Finding> {
    findings.extend(grammar.map(|grammar| validate(tree, grammar)).unwrap_or_default());
    findings
}
