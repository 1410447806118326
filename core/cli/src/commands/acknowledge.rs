//! `dragoman acknowledge`: the acknowledgements of an interchange, made of what is found in it.

use dragoman_adapters::Kind;
use dragoman_syntax::edifact::{self, MessageType};
use dragoman_syntax::grammar::Grammar;
use dragoman_syntax::validate;
use dragoman_syntax::x12::{self, SetType, Stamp};
use dragoman_tree::{Finding, Tree};

use crate::Context;
use crate::arguments::{Acknowledge, AcknowledgementForm};
use crate::failure::{Failure, Outcome};
use crate::inputs::Input;
use crate::terminal::print;

/// Prints what answers the interchanges of a file.
pub fn run(context: &Context, arguments: &Acknowledge) -> Result<Outcome, Failure> {
    let path = (arguments.input.as_os_str() != "-").then(|| arguments.input.clone());
    let input = Input { path, below: arguments.input.clone(), found: false };
    let mut opened = input.open()?;
    opened.gather()?;
    let bytes = opened.source.bytes();
    let now = jiff::Zoned::now();
    let stamp = Stamp {
        date: now.strftime("%Y%m%d").to_string(),
        time: now.strftime("%H%M").to_string(),
        number: arguments.number,
    };
    match (Kind::of(bytes), arguments.form) {
        (Kind::X12(_), None | Some(AcknowledgementForm::Functional)) => {
            of_x12(context, bytes, x12::Form::Functional, &stamp)
        }
        (Kind::X12(_), Some(AcknowledgementForm::Implementation)) => {
            of_x12(context, bytes, x12::Form::Implementation, &stamp)
        }
        (Kind::Edifact(_), None | Some(AcknowledgementForm::Control)) => {
            of_edifact(context, bytes, edifact::Form::Control, &stamp)
        }
        (Kind::Edifact(_), Some(AcknowledgementForm::Application)) => {
            of_edifact(context, bytes, edifact::Form::Application, &stamp)
        }
        (kind, _) => {
            let message = format!("{}: this is {kind}", opened.source.name);
            return Err(Failure::new(
                message,
                "997 and 999 answer X12, CONTRL and APERAK EDIFACT".to_owned(),
            ));
        }
    }?;
    Ok(Outcome::Clean)
}

fn of_x12(context: &Context, bytes: &[u8], form: x12::Form, stamp: &Stamp) -> Result<(), Failure> {
    let grammars = |kind: &SetType| context.catalogue.x12_grammar(kind);
    let mut reader = x12::messages(bytes, &grammars);
    let mut all = x12::Acknowledger::default();
    for mut message in reader.by_ref() {
        let found = std::mem::take(&mut message.findings);
        all.add(&message, &checked(found, message.tree(), message.grammar.as_deref()));
    }
    for made in all.finish(&reader.findings(), form, stamp) {
        let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
        let envelope = Some(made.envelope);
        let options = x12::WriteOptions { envelope, lines: true, ..x12::WriteOptions::default() };
        let written = x12::write(&messages, &options).map_err(|refused| failed(&refused))?;
        print(&written.bytes);
    }
    Ok(())
}

fn of_edifact(context: &Context, bytes: &[u8], form: edifact::Form, stamp: &Stamp) -> Result<(), Failure> {
    let grammars = |kind: &MessageType| context.catalogue.edifact_grammar(kind);
    let mut reader = edifact::messages(bytes, &grammars);
    let mut all = edifact::Acknowledger::default();
    for mut message in reader.by_ref() {
        let found = std::mem::take(&mut message.findings);
        all.add(&message, &checked(found, message.tree(), message.grammar.as_deref()));
    }
    for made in all.finish(&reader.findings(), form, stamp) {
        let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
        let options = edifact::WriteOptions {
            interchange: Some(made.envelope),
            unencodable: edifact::Unencodable::Substitute('.'),
            lines: true,
            ..edifact::WriteOptions::default()
        };
        let written = edifact::write(&messages, &options).map_err(|refused| failed(&*refused))?;
        print(&written.bytes);
    }
    Ok(())
}

/// What was found while reading, and what the grammar has against the message.
fn checked(mut findings: Vec<Finding>, tree: &Tree<'_>, grammar: Option<&Grammar>) -> Vec<Finding> {
    findings.extend(grammar.map(|grammar| validate(tree, grammar)).unwrap_or_default());
    findings
}

fn failed(refused: &dyn std::error::Error) -> Failure {
    Failure::new(refused.to_string(), String::new())
}
