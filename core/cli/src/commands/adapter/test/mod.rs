//! `dragoman adapter test`: what an adapter lacks of what every adapter has.

mod behaviours;
mod cases;
mod channel;

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::{Adapter, Catalogue};

use crate::Context;
use crate::arguments::Test;
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::terminal::print;

/// What is said of an adapter, line by line.
#[derive(Debug, Default)]
pub struct Report {
    lines: Vec<(Verdict, String)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// It is as it should be.
    Good,
    /// It is not there, or not so.
    Missing,
    /// It is worth knowing.
    Note,
    /// It is not asked of this adapter.
    Apart,
}

impl Report {
    /// Says that something is so, or what is missing.
    fn check(&mut self, is_so: bool, good: impl Into<String>, missing: impl Into<String>) {
        if is_so { self.good(good) } else { self.missing(missing) }
    }

    fn good(&mut self, what: impl Into<String>) {
        self.lines.push((Verdict::Good, what.into()));
    }

    fn missing(&mut self, what: impl Into<String>) {
        self.lines.push((Verdict::Missing, what.into()));
    }

    fn note(&mut self, what: impl Into<String>) {
        self.lines.push((Verdict::Note, what.into()));
    }

    fn apart(&mut self, what: impl Into<String>) {
        self.lines.push((Verdict::Apart, what.into()));
    }

    fn lacks(&self) -> usize {
        self.lines.iter().filter(|(verdict, _)| *verdict == Verdict::Missing).count()
    }

    fn text(&self, name: &str) -> String {
        let all = match self.lacks() {
            0 => "nothing is missing".to_owned(),
            lacks => format!("{} missing", counted(lacks, "thing")),
        };
        let mut text = format!("{name}: {all}\n");
        for (verdict, line) in &self.lines {
            let word = match verdict {
                Verdict::Good => "ok",
                Verdict::Missing => "missing",
                Verdict::Note => "note",
                Verdict::Apart => "apart",
            };
            let _ = writeln!(text, "  {word:8} {line}");
        }
        text
    }
}

/// Says what an adapter lacks; it has findings where it lacks anything.
pub fn run(context: &Context, asked: &Test) -> Result<Outcome, Failure> {
    let (catalogue, name) = named(context, &asked.adapter)?;
    let catalogue = Arc::new(catalogue);
    let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == name).ok_or_else(|| {
        let message = format!("there is no adapter `{name}`");
        Failure::new(message, "`dragoman adapter list` shows them; a folder has an adapter.toml")
    })?;
    let mut report = Report::default();
    report.good("adapter.toml is understood");
    messages(&catalogue, adapter, &mut report);
    match folder(&catalogue, adapter) {
        Some(folder) => {
            page(&folder, adapter, &mut report);
            cases::check(&catalogue, adapter, &folder, &mut report)?;
        }
        None => report.note("page and cases are not carried by the program: name the adapter's folder"),
    }
    channel::check(&catalogue, adapter, &mut report);
    behaviours::check(&catalogue, adapter, &mut report)?;
    print(report.text(&adapter.name).as_bytes());
    Ok(if report.lacks() == 0 { Outcome::Clean } else { Outcome::Findings })
}

/// The data with the adapter in it, and its name.
fn named(context: &Context, asked: &str) -> Result<(Catalogue, String), Failure> {
    let mut data = context.catalogue.data().clone();
    let path = Path::new(asked);
    let Some(name) = crate::data::lone(path) else {
        return Ok((Catalogue::new(data)?, asked.to_owned()));
    };
    crate::data::lay(&mut data, path, &format!("adapters/{name}"))?;
    Ok((Catalogue::new(data)?, name))
}

/// The folder that an adapter was laid over from.
fn folder(catalogue: &Catalogue, adapter: &Adapter) -> Option<PathBuf> {
    let path = format!("adapters/{}/adapter.toml", adapter.name);
    let shown = Path::new(catalogue.data().shown(&path));
    shown.is_file().then(|| shown.parent().map(Path::to_path_buf))?
}

/// Every message is read and written by a mapping, and none of its lines is a guess.
fn messages(catalogue: &Catalogue, adapter: &Adapter, report: &mut Report) {
    report.check(!adapter.messages.is_empty(), "it has messages", "a message: [[message]] in adapter.toml");
    for message in &adapter.messages {
        let name = format!("{}/{}", adapter.name, message.name);
        match catalogue.message(&name) {
            Ok(_) => report.good(format!("{name} is read and written by {}", message.mapping)),
            Err(error) => {
                report.missing(format!("{name}: {error}; `dragoman map check {}`", message.mapping));
            }
        }
        let text = catalogue.data().get(&format!("mappings/{}.map", message.mapping)).unwrap_or_default();
        let guesses = text.lines().filter(|line| line.contains(GUESS)).count();
        if guesses > 0 {
            let lines = counted(guesses, "line");
            report.missing(format!(
                "{name}: {lines} of its mapping are guesses: check each, and take the mark away"
            ));
        }
    }
}

/// What stands behind a line of a mapping that nobody has checked.
pub const GUESS: &str = "# guess";

/// The page of an adapter: a title, every message, and an example that runs.
fn page(folder: &Path, adapter: &Adapter, report: &mut Report) {
    let Ok(page) = fs::read_to_string(folder.join("README.md")) else {
        return report.missing("README.md: what is read and written, an example, limits and sources");
    };
    report.check(page.starts_with("# "), "README.md has a title", "a title in README.md: `# …`");
    let runs = page.contains("```console\n$ dragoman ");
    report.check(
        runs,
        "README.md has an example that runs",
        "an example in README.md: ```console, `$ dragoman …`",
    );
    for message in &adapter.messages {
        let name = format!("{}/{}", adapter.name, message.name);
        if !page.contains(&format!("`{name}`")) {
            report.missing(format!("`{name}` in README.md"));
        }
    }
    for word in ["## Limits", "## Sources"] {
        if !page.contains(word) {
            report.note(format!("README.md says nothing under `{word}`"));
        }
    }
}
