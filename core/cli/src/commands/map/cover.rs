//! `dragoman map cover`: read and write all messages of a folder, and count what comes back equal.

mod measure;

use std::fmt::Write;

use std::path::Path;

use dragoman_adapters::Message;
use dragoman_mapping::Counts;
use dragoman_mapping::report::BothCounts;
use serde::Serialize;

use crate::Context;
use crate::arguments::CoverFormat;
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::inputs::inputs;
use crate::terminal::print;
use measure::{Measured, measure};

/// What a folder of messages shows of a mapping. Its JSON is a stable interface.
#[derive(Debug, Default, Serialize)]
struct Coverage {
    /// Files that are such messages.
    files: usize,
    /// Files that are not, and why.
    skipped: Vec<Skipped>,
    /// Leaves read and written, over all files.
    #[serde(flatten)]
    counts: BothCounts,
    /// Files that come back equal when their document is written over them.
    equal_over_original: usize,
    /// Files that come back equal from their canonical JSON alone.
    equal_alone: usize,
    /// Files that do not.
    different: Vec<Different>,
}

#[derive(Debug, Serialize)]
struct Skipped {
    file: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Different {
    file: String,
    /// `over_original` or `alone`.
    how: &'static str,
    first_difference: String,
}

/// Measures the messages of a folder.
pub fn run(context: &Context, name: &str, dir: &Path, format: CoverFormat) -> Result<Outcome, Failure> {
    let message = context.catalogue.message(name)?;
    if !dir.is_dir() {
        let message = format!("{} is no folder", dir.display());
        return Err(Failure::new(message, "`map cover` takes a folder of messages"));
    }
    let mut coverage = Coverage::default();
    let inputs = inputs(&[dir.to_owned()])?;
    for (number, input) in (1..).zip(&inputs) {
        context.terminal.progress(&format!("{number} of {}: {}", inputs.len(), input.name()));
        let file = input.path.as_deref().unwrap_or(dir);
        let shown = file.strip_prefix(dir).unwrap_or(file).display().to_string();
        let measured = match std::fs::read(file) {
            Ok(bytes) => measure(&context.catalogue, &message, &bytes),
            Err(error) => Err(format!("it cannot be read: {}", crate::failure::reason(&error))),
        };
        coverage.add(shown, measured);
    }
    context.terminal.end_progress();
    match format {
        CoverFormat::Json => {
            let text = serde_json::to_string_pretty(&coverage).unwrap_or_default();
            print(format!("{text}\n").as_bytes());
        }
        CoverFormat::Text => print(coverage.text(&message).as_bytes()),
    }
    Ok(Outcome::Clean)
}

impl Coverage {
    fn add(&mut self, file: String, measured: Result<Measured, String>) {
        let measured = match measured {
            Ok(measured) => measured,
            Err(why) => return self.skipped.push(Skipped { file, why }),
        };
        self.files += 1;
        self.counts.read += measured.counts.read;
        self.counts.written += measured.counts.written;
        let both = [
            ("over_original", measured.over_original, &mut self.equal_over_original),
            ("alone", measured.alone, &mut self.equal_alone),
        ];
        for (how, difference, equal) in both {
            match difference {
                None => *equal += 1,
                Some(first_difference) => {
                    self.different.push(Different { file: file.clone(), how, first_difference });
                }
            }
        }
    }

    fn text(&self, message: &Message) -> String {
        let of = |count: usize| format!("{count} of {}", self.files);
        let leaves = |counts: Counts| {
            let Counts { leaves, carried, checked, residue, reported } = counts;
            format!(
                "{leaves} leaves: {carried} carried, {checked} checked, {residue} residue, {reported} reported"
            )
        };
        let mut text = format!("{} in {}\n", message.name(), counted(self.files, "file"));
        let _ = writeln!(text, "  read     {}", leaves(self.counts.read));
        let _ = writeln!(text, "  written  {}", leaves(self.counts.written));
        let _ = writeln!(text, "  equal over the original  {}", of(self.equal_over_original));
        let _ = writeln!(text, "  equal alone              {}", of(self.equal_alone));
        for Different { file, how, first_difference } in &self.different {
            let _ = writeln!(text, "  different {}: {file}: {first_difference}", how.replace('_', " "));
        }
        for Skipped { file, why } in &self.skipped {
            let _ = writeln!(text, "  skipped {file}: {why}");
        }
        text
    }
}
