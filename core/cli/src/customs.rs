//! The simulator of a customs service to declare to.

use dragoman_adapters::{Customs, Fault, Message, Refused};
use dragoman_mapping::language::LoadError;
use dragoman_sim::Authority;

use crate::Context;
use crate::failure::Failure;

/// What the simulator of a customs service is called and knows, and the message that it answers with.
pub fn simulator(context: &Context, customs: &Customs) -> Result<(Box<str>, Authority, Message), Failure> {
    let name = &customs.adapter;
    let path = format!("adapters/{name}/sim.toml");
    let data = context.catalogue.data();
    let Some(text) = data.get(&path) else {
        return Err(Failure::new(format!("`{name}` has no simulator"), "one is made by a `sim.toml`"));
    };
    let script = dragoman_sim::load(name, text).map_err(|errors| refused(context, &path, errors))?;
    let Some(authority) = script.authority else {
        let message = format!("the simulator of `{name}` is no authority");
        return Err(Failure::new(message, "see its `sim.toml`"));
    };
    let answers = context.catalogue.message(&format!("{name}/{}", authority.answers))?;
    Ok((script.title, authority, answers))
}

/// Mistakes in a file of the catalogue.
pub fn refused(context: &Context, path: &str, errors: Vec<LoadError>) -> Failure {
    let data = context.catalogue.data();
    let text = data.get(path).unwrap_or_default();
    let fault = |error: LoadError| fault(data.shown(path), text, error);
    Failure::Data(Refused(errors.into_iter().map(fault).collect()))
}

/// A mistake in a file, with its text to show the place in.
pub fn fault(path: &str, text: &str, error: LoadError) -> Fault {
    let LoadError { at, message, hint, .. } = error;
    Fault { path: path.to_owned(), text: text.into(), at, message, hint }
}
