//! `dragoman map cover`: read and write all messages of a folder, and count what comes back equal.

pub mod measure;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use dragoman_adapters::Message;
use dragoman_mapping::Counts;
use dragoman_mapping::report::BothCounts;
use dragoman_tree::Finding;
use serde::Serialize;

use crate::Context;
use crate::arguments::CoverFormat;
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::inputs::inputs;
use crate::terminal::print;
use measure::{Measured, measure};

/// How many files are named for each reason to skip some.
const EXAMPLES: usize = 3;

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
    /// What reading said, by the code.
    findings: BTreeMap<String, Said>,
}

/// What was said under one code.
#[derive(Debug, Serialize)]
struct Said {
    count: usize,
    /// How many files it was said of.
    files: usize,
    /// The first of these, and what was said there.
    file: String,
    message: String,
}

#[derive(Debug, Serialize)]
struct Skipped {
    file: String,
    why: String,
}

#[derive(Debug, Serialize)]
struct Different {
    file: String,
    /// Where it first differs, over the original or, where it is equal there, alone.
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
    let mut outcome = Outcome::Clean;
    let inputs = inputs(&[dir.to_owned()])?;
    for (number, input) in (1..).zip(&inputs) {
        context.terminal.progress(&format!("{number} of {}: {}", inputs.len(), input.name()));
        let file = input.path.as_deref().unwrap_or(dir);
        let shown = file.strip_prefix(dir).unwrap_or(file).display().to_string();
        let measured = match std::fs::read(file) {
            Ok(bytes) => measure(&context.catalogue, &message, &bytes),
            Err(error) => {
                outcome = Outcome::Unopened;
                Err(format!("it cannot be read: {}", crate::failure::reason(&error)))
            }
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
    let is_lawful = coverage.equal_over_original == coverage.files;
    Ok(outcome.max(if is_lawful { Outcome::Clean } else { Outcome::Findings }))
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
        self.say(&file, measured.findings);
        let Measured { over_original, alone, .. } = measured;
        self.equal_over_original += usize::from(over_original.is_none());
        self.equal_alone += usize::from(alone.is_none());
        let over = over_original.map(|difference| format!("over the original: {difference}"));
        if let Some(first_difference) = over.or(alone.map(|difference| format!("alone: {difference}"))) {
            self.different.push(Different { file, first_difference });
        }
    }

    fn say(&mut self, file: &str, findings: Vec<Finding>) {
        let mut codes = BTreeSet::new();
        for Finding { code, message, .. } in findings {
            let first = || Said { count: 0, files: 0, file: file.to_owned(), message };
            let said = self.findings.entry(code.to_string()).or_insert_with(first);
            said.count += 1;
            said.files += usize::from(codes.insert(code));
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
        for Different { file, first_difference } in &self.different {
            let _ = writeln!(text, "  different {file}: {first_difference}");
        }
        for (code, Said { count, files, file, message }) in &self.findings {
            let (count, files) = (counted(*count, "time"), counted(*files, "file"));
            let _ = writeln!(text, "  said {code} {count} in {files}");
            let _ = writeln!(text, "    {file}: {message}");
        }
        for (why, files) in self.reasons() {
            let shown: Vec<_> = files.iter().take(EXAMPLES).copied().collect();
            let more = files.len() - shown.len();
            let more = if more == 0 { String::new() } else { format!(" and {more} more") };
            let _ = writeln!(text, "  skipped {}: {why}", counted(files.len(), "file"));
            let _ = writeln!(text, "    {}{more}", shown.join(", "));
        }
        text
    }

    /// Why files are skipped, each reason with its files, the most frequent first.
    fn reasons(&self) -> Vec<(&str, Vec<&str>)> {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for Skipped { file, why } in &self.skipped {
            match reasons.iter_mut().find(|(known, _)| known == why) {
                Some((_, files)) => files.push(file),
                None => reasons.push((why, vec![file])),
            }
        }
        reasons.sort_by_key(|(_, files)| std::cmp::Reverse(files.len()));
        reasons
    }
}
