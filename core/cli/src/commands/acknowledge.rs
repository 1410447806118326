//! `dragoman acknowledge`: the acknowledgements of an interchange, made of what is found in it.

use dragoman_adapters::Kind;
use dragoman_syntax::validate;
use dragoman_syntax::x12::{Acknowledger, Form, SetType, Stamp, WriteOptions, messages, write};
use dragoman_tree::Finding;

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
    let kind = Kind::of(bytes);
    if !matches!(kind, Kind::X12(_)) {
        let message = format!("{}: this is {kind}, not an X12 interchange", opened.source.name);
        return Err(Failure::new(message, "997, 999 and TA1 answer X12 alone".to_owned()));
    }
    let grammars = |kind: &SetType| context.catalogue.x12_grammar(kind);
    let mut reader = messages(bytes, &grammars);
    let mut all = Acknowledger::default();
    for mut message in reader.by_ref() {
        let mut findings: Vec<Finding> = std::mem::take(&mut message.findings);
        let checked = message.grammar.as_deref().map(|grammar| validate(message.tree(), grammar));
        findings.extend(checked.unwrap_or_default());
        all.add(&message, &findings);
    }
    let now = jiff::Zoned::now();
    let stamp = Stamp {
        date: now.strftime("%Y%m%d").to_string(),
        time: now.strftime("%H%M").to_string(),
        number: arguments.number,
    };
    let form = match arguments.form {
        AcknowledgementForm::Functional => Form::Functional,
        AcknowledgementForm::Implementation => Form::Implementation,
    };
    for made in all.finish(&reader.findings(), form, &stamp) {
        let messages: Vec<_> = made.messages.iter().map(|tree| (tree, None)).collect();
        let options = WriteOptions { envelope: Some(made.envelope), lines: true, ..WriteOptions::default() };
        match write(&messages, &options) {
            Ok(written) => print(&written.bytes),
            Err(refused) => return Err(Failure::new(refused.to_string(), String::new())),
        }
    }
    Ok(Outcome::Clean)
}
