//! `dragoman print`: a document on a form, as PDF.

use dragoman_mapping::canonical;
use dragoman_print::{Form, Printed};
use dragoman_syntax::json;
use serde_json::Value;

use crate::Context;
use crate::arguments::Print;
use crate::failure::{Failure, Outcome};
use crate::findings::text::Printer;
use crate::inputs::Input;
use crate::outputs::save;
use crate::reading::{Reading, Wanted};

/// What to do where a document and a form do not go together.
const FORMS: &str = "`docs/printing.md` says what each form is made of";

/// Prints the one document of a message, or of canonical JSON.
pub fn run(context: &Context, arguments: &Print) -> Result<Outcome, Failure> {
    let form = form(context, &arguments.form)?;
    let from = Wanted::new(&context.catalogue, &arguments.from)?;
    let path = (arguments.input.as_os_str() != "-").then(|| arguments.input.clone());
    let input = Input { path, below: arguments.input.clone(), found: false };
    let mut printer = Printer::new(&context.terminal);
    let mut all = Vec::new();
    Reading::open(&context.catalogue, &input, &from)?.documents(&mut |source, received| {
        printer.serious(&received.findings, source);
        if let Some(got) = &received.got {
            let made = printed(context, &form, &canonical::write(&got.document, json::Style::Line));
            printer.serious(made.as_ref().map_or(&[], |made| &made.findings), source);
            all.push(made);
        }
        printer.end_of_file(source);
    })?;
    printer.finish();
    let name = arguments.input.display();
    let made = match all.pop() {
        Some(made) if all.is_empty() => {
            made.map_err(|error| Failure::new(format!("{name}: {error}"), FORMS))?
        }
        None => return Err(Failure::new(format!("{name}: nothing could be read"), FORMS)),
        Some(_) => {
            return Err(Failure::new(format!("{name}: {} documents", all.len() + 1), "a form is for one"));
        }
    };
    save(&arguments.out, &made.pdf)?;
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// A canonical document, as its JSON, on a form.
pub fn printed(context: &Context, form: &Form, canonical: &str) -> Result<Printed, String> {
    let document: Value = serde_json::from_str(canonical).map_err(|error| error.to_string())?;
    let document = dragoman_print::named(form, document, &|name| context.catalogue.list(name).ok());
    dragoman_print::print(form, &document).map_err(|error| error.to_string())
}

/// The form of a name.
pub fn form(context: &Context, name: &str) -> Result<Form, Failure> {
    let data = context.catalogue.data();
    let path = format!("mappings/forms/{name}.toml");
    let Some(text) = data.get(&path) else {
        let known: Vec<_> = data.names("mappings/forms/", ".toml").collect();
        return Err(Failure::new(
            format!("there is no form `{name}`"),
            format!("there are {}", known.join(", ")),
        ));
    };
    Form::load(text).map_err(|error| Failure::new(format!("{}: {error}", data.shown(&path)), String::new()))
}
