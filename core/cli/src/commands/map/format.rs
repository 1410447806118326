//! `dragoman map fmt`: one layout for all mappings.

use std::fs;
use std::path::PathBuf;

use dragoman_mapping::language;

use crate::Context;
use crate::customs::fault;
use crate::failure::{Failure, Outcome};
use crate::findings::text::render_fault;
use crate::terminal::{note, print};

/// Lays `.map` files out, or says which are not laid out. One that cannot be read is left as it is.
pub fn run(context: &Context, files: &[PathBuf], check: bool) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for path in files {
        let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
        if let Err(error) = language::parse(&text) {
            let fault = fault(&path.display().to_string(), &text, error);
            note(&(render_fault(&fault, &context.terminal) + "\n\n"));
            outcome = Outcome::Findings;
            continue;
        }
        let laid_out = language::format(&text);
        if laid_out == text {
            continue;
        }
        if check {
            outcome = Outcome::Findings;
        } else {
            fs::write(path, laid_out).map_err(|error| Failure::file(path, "written", &error))?;
        }
        print(format!("{}\n", path.display()).as_bytes());
    }
    Ok(outcome)
}
