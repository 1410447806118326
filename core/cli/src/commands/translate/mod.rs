//! `dragoman translate`: one format in, another out.

mod destination;
mod original;
mod reports;

use std::sync::Arc;

use dragoman_adapters::{Message, Received};
use dragoman_mapping::Put;
use dragoman_mapping::report::{Report, Side, lost_findings, residue_findings};
use dragoman_model::Document;
use dragoman_syntax::grammar::Grammar;
use dragoman_tree::Finding;

use crate::Context;
use crate::arguments::Translate;
use crate::failure::{Failure, Outcome};
use crate::findings::json::record;
use crate::findings::text::Printer;
use crate::inputs::{Input, inputs};
use crate::reading::{Reading, Wanted};
use crate::source::Source;
use destination::Destination;
use original::Original;
use reports::Reports;

/// Translates all inputs. A bad one is reported, and the next one is read.
pub fn run(context: &Context, arguments: &Translate) -> Result<Outcome, Failure> {
    let from = Wanted::new(&context.catalogue, &arguments.from)?;
    let to = target(context, &arguments.to)?;
    let inputs = inputs(&arguments.inputs)?;
    let original = arguments.over.as_deref().map(Original::open).transpose()?;
    let mut work = Work {
        context,
        printer: Printer::new(&context.terminal),
        destination: Destination::new(&to, arguments.out.as_deref(), inputs.len())?,
        reports: Reports::new(arguments.report.as_deref())?,
        to,
        original,
    };
    let mut outcome = Outcome::Clean;
    for (number, input) in (1..).zip(&inputs) {
        if inputs.len() > 1 {
            context.terminal.progress(&format!("{number} of {}: {}", inputs.len(), input.name()));
        }
        if let Err(failure) = work.input(input, &from) {
            crate::tell(&failure, &context.terminal);
            outcome = Outcome::Unopened;
        }
    }
    context.terminal.end_progress();
    work.reports.finish()?;
    work.printer.finish();
    Ok(outcome.max(if work.printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean }))
}

/// The message to write; it has to be named.
fn target(context: &Context, name: &str) -> Result<Message, Failure> {
    if name == "auto" {
        return Err(Failure::new(
            "`auto` reads; what is written has to be named",
            "use `--to canonical`, for example",
        ));
    }
    Ok(context.catalogue.message(name)?)
}

struct Work<'c> {
    context: &'c Context,
    to: Message,
    original: Option<Original>,
    printer: Printer<'c>,
    destination: Destination,
    reports: Reports,
}

impl Work<'_> {
    fn input(&mut self, input: &Input, from: &Wanted) -> Result<(), Failure> {
        let mut reading = Reading::open(&self.context.catalogue, input, from)?;
        // Documents on a terminal tell themselves how far they are.
        if !self.context.terminal.on_stdout().interactive {
            reading = reading.telling(&self.context.terminal);
        }
        let named = Source::named(input.name());
        self.destination.begin(input);
        let mut failure = None;
        reading.documents(&mut |source, received| {
            if let Err(error) = self.document(source, received) {
                failure.get_or_insert(error);
            }
        })?;
        let findings = self.destination.end()?;
        self.tell(&findings, &named);
        self.printer.end_of_file(&named);
        failure.map_or(Ok(()), Err)
    }

    fn document(&mut self, source: &Source, received: Received<'_, '_>) -> Result<(), Failure> {
        let from = received.side();
        let Received { got, findings, .. } = received;
        self.tell(&findings, source);
        let Some(got) = got else { return Ok(()) };
        self.tell(&got.findings, source);
        self.tell(&residue_findings(from, &got), source);
        if let Some(finding) = self.to.refuses(&got.document) {
            self.tell(&[finding], source);
            return Ok(());
        }
        let Some((put, grammar)) = self.put(&got.document)? else { return Ok(()) };
        self.tell(&put.findings, source);
        self.tell(&lost_findings(from, &got.document, &put), source);
        if self.reports.are_wanted() {
            let to = Side { name: self.to.name(), tree: &put.tree, grammar: grammar.as_deref(), offset: 0 };
            let findings = findings.iter().chain(&got.findings).chain(&put.findings);
            let findings = findings.map(|finding| record(finding, source)).collect();
            let report = Report::new(from, &got, to, &put);
            self.reports.add(&Report { file: Some(source.name.clone()), findings, ..report })?;
        }
        let findings = self.destination.add(&put.tree, grammar.as_ref())?;
        self.tell(&findings, source);
        Ok(())
    }

    /// The document as the message to write, with the grammar it is written by.
    fn put<'i>(&mut self, document: &Document<'i>) -> Result<Option<Written<'i>>, Failure> {
        match &mut self.original {
            Some(original) => original.put_over(&self.context.catalogue, &self.to, document).map(Some),
            None => Ok(self.to.put(document).map(|put| (put, self.to.written().cloned()))),
        }
    }

    fn tell(&mut self, findings: &[Finding], source: &Source) {
        for finding in findings {
            self.printer.finding(finding, source);
        }
    }
}

/// A written message and its grammar.
type Written<'i> = (Put<'i>, Option<Arc<Grammar>>);
