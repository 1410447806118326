//! `dragoman acknowledge`: the acknowledgements of an interchange, made of what is found in it.

use dragoman_adapters::{Acknowledgement, Kind, Stamp, acknowledge};

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
    let form = arguments.form.map(form).or_else(|| Acknowledgement::of(&kind));
    let Some(form) = form.filter(|form| form.answers(&kind)) else {
        let message = format!("{}: this is {kind}", opened.source.name);
        return Err(Failure::new(message, "997 and 999 answer X12, CONTRL and APERAK EDIFACT"));
    };
    let now = jiff::Zoned::now();
    let stamp = Stamp {
        date: now.strftime("%Y%m%d").to_string(),
        time: now.strftime("%H%M").to_string(),
        number: arguments.number,
    };
    let sent = acknowledge(&context.catalogue, bytes, form, &stamp);
    match sent.findings.into_iter().find(|_| sent.bytes.is_empty()) {
        Some(refused) => Err(Failure::new(refused.message, String::new())),
        None => {
            print(&sent.bytes);
            Ok(Outcome::Clean)
        }
    }
}

fn form(form: AcknowledgementForm) -> Acknowledgement {
    match form {
        AcknowledgementForm::Functional => Acknowledgement::Functional,
        AcknowledgementForm::Implementation => Acknowledgement::Implementation,
        AcknowledgementForm::Control => Acknowledgement::Control,
        AcknowledgementForm::Application => Acknowledgement::Application,
    }
}
