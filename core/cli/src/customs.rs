//! Mistakes in data files, for people.

use dragoman_adapters::{Fault, Refused};
use dragoman_mapping::language::LoadError;

use crate::Context;
use crate::failure::Failure;

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
