//! `dragoman map fmt`: one layout for all mappings.

use std::fs;
use std::path::PathBuf;

use dragoman_mapping::language;

use crate::failure::{Failure, Outcome};
use crate::terminal::print;

/// Lays `.map` files out, or says which are not laid out.
pub fn run(files: &[PathBuf], check: bool) -> Result<Outcome, Failure> {
    let mut outcome = Outcome::Clean;
    for path in files {
        let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
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
