//! Where translated messages go: the standard output, or one file each in a folder.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use dragoman_adapters::{Layout, Message, Sent, ending, send};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_tree::{Finding, Tree};

use crate::failure::Failure;
use crate::inputs::Input;
use crate::outputs::save;
use crate::terminal::print;

/// Gathers the messages of an input and writes them.
pub struct Destination {
    syntax: Syntax,
    folder: Option<PathBuf>,
    /// The files of this run: two inputs may be named alike but for their endings.
    used: HashSet<PathBuf>,
    /// There may be several documents: JSON goes one a line.
    lines: bool,
    input: Option<Input>,
    /// What waits for the end of the input: an interchange's messages, else the first message, in case it is the only.
    waiting: Vec<Tree<'static>>,
    grammar: Option<Arc<Grammar>>,
    count: usize,
}

impl Destination {
    /// For messages of a kind from so many inputs.
    pub fn new(to: &Message, folder: Option<&Path>, inputs: usize) -> Result<Self, Failure> {
        let syntax = to.syntax();
        if let Some(folder) = folder {
            fs::create_dir_all(folder).map_err(|error| Failure::file(folder, "made", &error))?;
        } else if inputs > 1 && syntax != Syntax::Json {
            return Err(several(syntax));
        }
        Ok(Self {
            syntax,
            folder: folder.map(Path::to_owned),
            used: HashSet::new(),
            lines: inputs > 1,
            input: None,
            waiting: Vec::new(),
            grammar: None,
            count: 0,
        })
    }

    /// Begins an input.
    pub fn begin(&mut self, input: &Input) {
        self.input = Some(input.clone());
        self.waiting.clear();
        self.count = 0;
    }

    /// Takes a message.
    pub fn add(&mut self, tree: &Tree<'_>, grammar: Option<&Arc<Grammar>>) -> Result<Vec<Finding>, Failure> {
        self.count += 1;
        self.grammar = grammar.cloned();
        let may_be_alone = self.folder.is_some() || !self.lines;
        if self.syntax.has_segments() || (self.count == 1 && may_be_alone) {
            self.waiting.push(tree.detach());
            return Ok(Vec::new());
        }
        if self.folder.is_none() && self.syntax != Syntax::Json {
            return Err(several(self.syntax));
        }
        let mut findings = Vec::new();
        if let Some(first) = self.waiting.pop() {
            findings = self.write(&[&first], Some(1))?;
        }
        findings.extend(self.write(&[tree], Some(self.count))?);
        Ok(findings)
    }

    /// Ends the input.
    pub fn end(&mut self) -> Result<Vec<Finding>, Failure> {
        let waiting = std::mem::take(&mut self.waiting);
        let trees: Vec<_> = waiting.iter().collect();
        if trees.is_empty() { Ok(Vec::new()) } else { self.write(&trees, None) }
    }

    /// Writes messages; `number` is that of one of several of its input.
    fn write(&mut self, trees: &[&Tree<'_>], number: Option<usize>) -> Result<Vec<Finding>, Failure> {
        let in_lines =
            self.folder.is_none() && self.syntax == Syntax::Json && (self.lines || number.is_some());
        let layout = if in_lines { Layout::Line } else { Layout::Pretty };
        let Sent { bytes, findings } = send(self.syntax, trees, self.grammar.as_deref(), layout);
        if bytes.is_empty() {
            return Ok(findings);
        }
        match self.path(number) {
            Some(path) => save(&path, &bytes)?,
            None => print(&bytes),
        }
        Ok(findings)
    }

    /// The file of a message: named after its input, with the ending of its syntax.
    fn path(&mut self, number: Option<usize>) -> Option<PathBuf> {
        let below = &self.input.as_ref()?.below;
        let number = number.map(|number| format!("{number}.")).unwrap_or_default();
        let ending = ending(self.syntax);
        let path = self.folder.as_ref()?.join(below).with_extension(format!("{number}{ending}"));
        if self.used.insert(path.clone()) {
            return Some(path);
        }
        let name = format!("{}.{number}{ending}", below.display());
        Some(self.folder.as_ref()?.join(name))
    }
}

/// Two XML documents or interchanges cannot share one output.
fn several(syntax: Syntax) -> Failure {
    let what = syntax.word().to_uppercase();
    Failure::new(
        format!("several messages of {what} need a file each"),
        "name a folder for them: `--out DIR`",
    )
}
