//! What the demonstration says.

use std::cell::Cell;

use dragoman_adapters::{Customs, Declaration};
use dragoman_declare::{Declared, Rejection};
use dragoman_model::{At, State};
use dragoman_tree::{Finding, Severity};
use jiff::civil::Date;

use crate::Context;
use crate::commands::demo::office::Arrived;
use crate::commands::demo::play::{Ended, Heard};
use crate::consignment::Files;
use crate::findings::text::render;
use crate::findings::{counted, rejection};
use crate::source::Source;
use crate::terminal::{Terminal, note, print};

/// Tells it step by step, on the standard output.
pub struct Story<'s> {
    terminal: Terminal,
    customs: &'s Customs,
    files: &'s Files,
    /// Who plays customs.
    office: String,
    step: Cell<u32>,
}

impl<'s> Story<'s> {
    /// A story that is about to begin.
    pub fn new(context: &Context, customs: &'s Customs, files: &'s Files, office: &str) -> Self {
        let story = Self {
            terminal: context.terminal.on_stdout(),
            customs,
            files,
            office: office.to_owned(),
            step: Cell::new(0),
        };
        line("Orders become customs declarations, and what customs says comes back to the order line.");
        line(&format!("Nothing leaves this machine: customs is played by {}.", story.office));
        story
    }

    fn step(&self, text: &str) {
        self.step.set(self.step.get() + 1);
        let number = self.step.get();
        line(&if self.terminal.color {
            format!("\n\x1b[1m{number}  {text}\x1b[0m")
        } else {
            format!("\n{number}  {text}")
        });
    }

    /// The orders as they were read.
    pub fn orders(&self) {
        self.step("Orders arrive, each as its marketplace writes it");
        for (index, order) in self.files.orders().iter().enumerate() {
            let at = At::root(order.document);
            let lines = counted(at.entries("lines").count(), "line");
            let to = ["recipient.address.city", "recipient.address.postal_code"];
            let to: Vec<_> = to.into_iter().filter_map(|path| at.text(path)).collect();
            let number = at.text("order_number").unwrap_or("without a number");
            let message = self.files.message_of(index);
            line(&format!("   {message:16} order {number}, {lines}, to {}", to.join(" ")));
        }
    }

    /// The declarations that they became.
    pub fn declared(&self, declared: &Declared, made: &[Declaration], day: Date) {
        let title = &self.customs.rules.title;
        self.step(&format!("They are declared by the rules of {day} ({title})"));
        for declaration in made {
            let supply = declaration.supply();
            line(&format!(
                "   {:16} {}: {} of order {}",
                declaration.lrn().unwrap_or_default(),
                declaration.data_set(),
                counted(declaration.items(), "goods item"),
                declaration.orders().join(", "),
            ));
            line(&format!("   {:16} {} values, supplied by: {supply}", "", supply.all()));
        }
        if !declared.left_out.is_empty() {
            let count = counted(declared.left_out.len(), "value");
            line(&format!("   {:16} {count} left out, because their data set has no such place", ""));
        }
        for located in declared.findings.iter().filter(|one| one.finding.severity > Severity::Info) {
            let (finding, source) = self.files.of(located);
            line(&format!("\n{}", render(finding, source, &self.terminal)));
        }
    }

    /// They are about to be sent.
    pub fn sending(&self) {
        let message = self.customs.declaration.name();
        self.step(&format!("They go to customs as {message}, and the answers come back"));
    }

    /// A declaration that customs did not even take.
    pub fn malformed(&self, declaration: &Declaration, findings: &[Finding]) {
        line(&format!("   {:16} ✗ not taken: it is malformed", declaration.lrn().unwrap_or_default()));
        let mut source = Source::named(self.customs.declaration.name().to_owned());
        source.push(&declaration.bytes);
        for finding in findings {
            line(&format!("\n{}", render(finding, &source, &self.terminal)));
        }
    }

    /// What customs answered to a declaration.
    pub fn answered(&self, declaration: &Declaration, arrived: &[Arrived], heard: &Heard) {
        let names: Vec<_> = arrived.iter().map(|answer| &*answer.name).collect();
        let state = heard.status.state();
        let mark = if state == State::Rejected { "✗" } else { "✓" };
        let number = heard.mrn.as_deref().map(|mrn| format!(", MRN {mrn}")).unwrap_or_default();
        line(&format!(
            "   {:16} {mark} {state} by {}{number}   {} bytes out, {} back",
            declaration.lrn().unwrap_or_default(),
            self.office,
            declaration.bytes.len(),
            names.join(", "),
        ));
    }

    /// What customs rejected, grouped under the order lines.
    pub fn rejected(&self, declaration: &Declaration, heard: &Heard) {
        let lrn = declaration.lrn().unwrap_or_default();
        let count = counted(heard.rejections.len(), "error");
        self.step(&format!("{lrn} was rejected by {} with {count}; nothing was resent", self.office));
        let mut headings: Vec<String> = Vec::new();
        for rejection in &heard.rejections {
            let heading = heading(rejection);
            if !headings.contains(&heading) {
                headings.push(heading);
            }
        }
        for heading in headings {
            line(&format!("\n   {heading}\n"));
            for one in heard.rejections.iter().filter(|one| self::heading(one) == heading) {
                line(&format!("{}\n", rejection::render(one, self.files, &self.terminal)));
            }
        }
    }

    /// The last line.
    pub fn end(&self, ended: &Ended) {
        line(&format!(
            "{} cleared, {} rejected, by {}. Try your own: dragoman demo --help",
            ended.cleared, ended.rejected, self.office
        ));
    }
}

/// The order lines that a rejection is about.
fn heading(rejection: &Rejection) -> String {
    let lines: Vec<_> = rejection.lines.iter().map(rejection::named).collect();
    if lines.is_empty() { "the declaration as a whole".to_owned() } else { lines.join("; ") }
}

/// Says that it did not go as the demonstration shows.
pub fn not_as_shown(ended: &Ended) {
    let answered = if ended.answered { "" } else { ", and not everything was answered" };
    note(&format!("error: not as shown: {} cleared, {} rejected{answered}\n", ended.cleared, ended.rejected));
}

fn line(text: &str) {
    print(format!("{text}\n").as_bytes());
}
