//! Findings on a terminal, the way a compiler shows errors: the line, a caret under the bytes, what to do.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Level, Origin, Snippet};
use dragoman_adapters::{Fault, Refused};
use dragoman_declare::Rejection;
use dragoman_tree::{Finding, Severity};

use crate::consignment::Files;
use crate::findings::element::Element as Customs;
use crate::findings::{Output, Tally, counted, rejection};
use crate::source::{Excerpt, Source};
use crate::terminal::{Terminal, note, print};

/// Prints findings to the standard error as they come.
#[derive(Debug)]
pub struct Printer<'t> {
    terminal: &'t Terminal,
    /// Of the file at hand.
    tally: Tally,
    total: Tally,
    files: usize,
}

/// How many findings of one file are printed; the rest is counted.
const MOST: usize = 100;

impl<'t> Printer<'t> {
    /// A printer that has printed nothing.
    pub fn new(terminal: &'t Terminal) -> Self {
        Self { terminal, tally: Tally::default(), total: Tally::default(), files: 0 }
    }

    /// Prints a finding about a file.
    pub fn finding(&mut self, finding: &Finding, source: &Source) {
        if self.tally.all() < MOST {
            self.terminal.end_progress();
            note(&format!("{}\n\n", render(finding, source, self.terminal)));
        }
        self.tally.count(finding);
    }

    /// Prints what customs rejected, at the files that it was declared from.
    pub fn rejection(&mut self, rejection: &Rejection, files: &Files) {
        if self.tally.all() < MOST {
            note(&format!("{}\n\n", rejection::render(rejection, files, self.terminal)));
        }
        self.tally.count(&rejection.finding);
    }

    /// Prints those of several findings that ask for something to be done: what is only worth knowing of the form of a
    /// file is left to `dragoman validate`.
    pub fn serious(&mut self, findings: &[Finding], source: &Source) {
        for finding in findings.iter().filter(|finding| finding.severity > Severity::Info) {
            self.finding(finding, source);
        }
    }

    /// Ends a file: says how many of its findings were not printed, and gives their number.
    pub fn end_of_file(&mut self, source: &Source) -> Tally {
        let tally = std::mem::take(&mut self.tally);
        self.total.add(tally);
        self.files += usize::from(tally.all() > 0);
        if let Some(more) = tally.all().checked_sub(MOST).filter(|more| *more > 0) {
            let more = counted(more, "more finding");
            note(&format!("{}: {more} not shown; `validate --format json` has all\n\n", source.name));
        }
        tally
    }

    /// The number of all findings.
    pub fn total(&self) -> Tally {
        self.total
    }

    /// The last line: how many findings there were.
    pub fn finish(&self) {
        if self.total.all() > 0 {
            note(&format!("{} in {}\n", self.total, counted(self.files, "file")));
        }
    }
}

/// Verdicts on the standard output, one line a file; findings on the standard error.
#[derive(Debug)]
pub struct Text<'t> {
    printer: Printer<'t>,
    message: String,
}

impl<'t> Text<'t> {
    /// For a terminal.
    pub fn new(terminal: &'t Terminal) -> Self {
        Self { printer: Printer::new(terminal), message: String::new() }
    }
}

impl Output for Text<'_> {
    fn begin(&mut self, _: &Source, message: Option<&str>) {
        message.unwrap_or("unknown").clone_into(&mut self.message);
    }

    fn finding(&mut self, finding: &Finding, source: &Source) {
        self.printer.finding(finding, source);
    }

    fn end(&mut self, source: &Source) {
        let tally = self.printer.end_of_file(source);
        self.printer.terminal.end_progress();
        print(format!("{}: {}: {tally}\n", source.name, self.message).as_bytes());
    }

    fn finish(&mut self) {
        self.printer.finish();
    }
}

/// A finding as text, without a line end.
pub fn render(finding: &Finding, source: &Source, terminal: &Terminal) -> String {
    let width = terminal.width.saturating_sub(12).max(20);
    let excerpt = finding.span.as_ref().and_then(|span| source.excerpt(span, width));
    let mut notes = vec![
        ("at", finding.wire_path.clone()),
        ("canonical", finding.path.clone().filter(|path| Some(path) != finding.wire_path.as_ref())),
        ("element", Customs::of(finding).element),
    ];
    notes.push((
        "authority",
        finding.authority.as_ref().map(|said| {
            let location = said.location.as_ref().map(|location| format!(" at {location}"));
            format!("{} {}{}", said.scheme, said.number, location.unwrap_or_default())
        }),
    ));
    notes.push((
        "order",
        finding.order_line.as_ref().map(|line| {
            let field = line.field.as_ref().map(|field| format!(", {field}"));
            format!("{}, line {}{}", line.order, line.line, field.unwrap_or_default())
        }),
    ));
    let shown = Shown {
        severity: finding.severity,
        code: Some(&finding.code),
        message: &finding.message,
        file: &source.name,
        excerpt: excerpt.as_ref(),
        notes: notes.into_iter().filter_map(|(name, text)| Some((name, text?))).collect(),
        hint: finding.hint.as_deref(),
    };
    shown.render(terminal)
}

/// The mistakes of data files as text.
pub fn render_faults(refused: &Refused, terminal: &Terminal) -> String {
    refused.0.iter().map(|fault| render_fault(fault, terminal) + "\n\n").collect()
}

/// A mistake in a data file as text, without a line end.
pub fn render_fault(fault: &Fault, terminal: &Terminal) -> String {
    let mut source = Source::named(fault.path.clone());
    source.push(fault.text.as_bytes());
    let span: Range<u64> = fault.at.start as u64..fault.at.end as u64;
    let excerpt = source.excerpt(&span, terminal.width.saturating_sub(12).max(20));
    let shown = Shown {
        severity: Severity::Error,
        code: None,
        message: &fault.message,
        file: &fault.path,
        excerpt: excerpt.as_ref(),
        notes: Vec::new(),
        hint: fault.hint.as_deref(),
    };
    shown.render(terminal)
}

/// How a severity is drawn.
pub fn level(severity: Severity) -> Level<'static> {
    match severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Info => Level::INFO,
    }
}

/// Everything that is shown of a finding.
struct Shown<'s> {
    severity: Severity,
    code: Option<&'s str>,
    message: &'s str,
    file: &'s str,
    excerpt: Option<&'s Excerpt>,
    notes: Vec<(&'static str, String)>,
    hint: Option<&'s str>,
}

impl Shown<'_> {
    fn render(&self, terminal: &Terminal) -> String {
        let title = level(self.severity).primary_title(self.message);
        let title = match self.code {
            Some(code) => title.id(code),
            None => title,
        };
        let mut group = title.element(self.place());
        for (name, text) in &self.notes {
            group = group.element(Level::NOTE.with_name(*name).message(text.as_str()));
        }
        if let Some(hint) = self.hint {
            group = group.element(Level::HELP.message(hint));
        }
        let text = terminal.renderer().render(&[group]);
        match self.excerpt {
            Some(excerpt) => excerpt.columns_in(&text, self.file),
            None => text,
        }
    }

    fn place(&self) -> Element<'_> {
        match self.excerpt {
            Some(excerpt) => Snippet::source(excerpt.text.as_str())
                .line_start(excerpt.position.line as usize)
                .path(self.file)
                .annotation(AnnotationKind::Primary.span(excerpt.at.clone()))
                .into(),
            None => Origin::path(self.file).into(),
        }
    }
}
