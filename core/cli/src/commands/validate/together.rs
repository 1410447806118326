//! `--together`: the documents of one sale, compared with each other.

use std::collections::BTreeMap;

use dragoman_adapters::Agreeing;
use dragoman_tree::Finding;

use crate::Context;
use crate::failure::Failure;
use crate::inputs::Input;
use crate::reading::{Reading, Wanted};

/// What inputs do not agree in, by the number of the input. They are read once more than they are validated, since what
/// is said of the first may lie in the last.
pub fn together(
    context: &Context,
    inputs: &[Input],
    wanted: &Wanted,
) -> Result<BTreeMap<usize, Vec<Finding>>, Failure> {
    if inputs.iter().any(|input| input.path.is_none()) {
        let message = "the standard input cannot be compared with other files";
        return Err(Failure::new(message.to_owned(), "name a file for each document"));
    }
    let mut agreeing = Agreeing::new(&context.catalogue);
    for (number, input) in inputs.iter().enumerate() {
        let mut failed = None;
        let mut read = |reading: Reading<'_>| {
            reading.documents(&mut |_, received| {
                if let Err(error) = agreeing.read(number, &received) {
                    failed.get_or_insert(error);
                }
            })
        };
        // What cannot be opened or read to its end is said where it is validated.
        Reading::open(&context.catalogue, input, wanted).and_then(&mut read).unwrap_or_default();
        if let Some(error) = failed {
            return Err(error.into());
        }
    }
    Ok(agreeing.findings())
}
