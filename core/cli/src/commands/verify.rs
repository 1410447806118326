//! `dragoman verify`: hashes recomputed, of a store or of evidence.

use std::fs;
use std::path::Path;

use dragoman_engine::verify_evidence;
use dragoman_store::{Sqlite, Verified};

use crate::arguments::Verify;
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::gateway::Configured;
use crate::terminal::{note, print};

/// What every zip begins with.
const ZIP: &[u8] = b"PK\x03\x04";

/// Verifies what is named, or the configured store.
pub fn run(arguments: &Verify) -> Result<Outcome, Failure> {
    if arguments.files.is_empty() {
        return one(&Configured::read(&arguments.place, None)?.store()?);
    }
    arguments.files.iter().try_fold(Outcome::Clean, |worst, file| Ok(worst.max(one(file)?)))
}

fn one(path: &Path) -> Result<Outcome, Failure> {
    let name = path.display().to_string();
    if !path.is_dir() {
        let bytes = fs::read(path).map_err(|error| Failure::file(path, "read", &error))?;
        if bytes.starts_with(ZIP) {
            let proven = verify_evidence(&bytes);
            let counts = [(proven.files, "file"), (proven.events, "event"), (proven.payloads, "message")];
            return Ok(said(&name, &counts, "", &proven.broken));
        }
    }
    Ok(tell(&name, &Sqlite::verify_file(path)?))
}

/// Says what the verification of a store found.
pub fn tell(name: &str, verified: &Verified) -> Outcome {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let counts = [(number(verified.events), "event"), (number(verified.payloads), "payload")];
    let erased = if verified.erased == 0 { String::new() } else { format!(", {} erased", verified.erased) };
    let head = format!("{erased}; the chain ends in {}", verified.head);
    let broken: Vec<_> = verified.broken.iter().map(|(seq, what)| format!("event {seq}: {what}")).collect();
    said(name, &counts, &head, &broken)
}

fn said(name: &str, counts: &[(usize, &str)], more: &str, broken: &[String]) -> Outcome {
    let counts: Vec<_> = counts.iter().map(|(count, what)| counted(*count, what)).collect();
    print(format!("{name}: {}{more}\n", counts.join(", ")).as_bytes());
    for what in broken {
        note(&format!("error: {name}: {what}\n"));
    }
    if broken.is_empty() { Outcome::Clean } else { Outcome::Findings }
}
