//! `dragoman handoff take`: what filers report, back onto the orders.

use std::fs;

use dragoman_declare::NO_PARCEL;
use dragoman_declare::manifest::{Manifest, Outcome, Stray, outcomes};
use dragoman_model::Document;
use dragoman_tree::{Finding, Span};

use crate::Context;
use crate::arguments::{AssessFormat, Take};
use crate::failure::{Failure, Outcome as Ended};
use crate::findings::text::Printer;
use crate::inputs::inputs;
use crate::outputs::save;
use crate::reading::{Reading, Wanted};
use crate::source::Source;
use crate::terminal::print;

/// What a file reports.
struct Report {
    document: Document<'static>,
    source: Source,
    offset: u64,
}

/// Puts the reports together by parcel, and says what became of each order.
pub fn run(context: &Context, arguments: &Take) -> Result<Ended, Failure> {
    let path = &arguments.manifest;
    let text = fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|error| {
        let message = format!("{}: this is no manifest: {error}", path.display());
        Failure::new(message, "it is `manifest.json` of a pack that `dragoman handoff pack` made")
    })?;
    let mut printer = Printer::new(&context.terminal);
    let mut reports: Vec<Report> = Vec::new();
    for input in inputs(&arguments.reports)? {
        let reading = Reading::open(&context.catalogue, &input, &Wanted::Auto)?;
        reading.documents(&mut |source, received| {
            printer.serious(&received.findings, source);
            if let Some(got) = &received.got {
                printer.serious(&got.findings, source);
                let (document, offset) = (got.document.detach(), received.offset);
                reports.push(Report { document, source: source.clone(), offset });
            }
            printer.end_of_file(source);
        })?;
    }
    let documents: Vec<_> = reports.iter().map(|report| report.document.detach()).collect();
    let (outcomes, strays) = outcomes(&manifest, &documents);
    for stray in &strays {
        if let Some(report) = reports.get(stray.document) {
            printer.finding(&strayed(stray, report), &report.source);
            printer.end_of_file(&report.source);
        }
    }
    let shown = match arguments.format {
        AssessFormat::Text => outcomes.iter().map(line).collect(),
        AssessFormat::Json => json(&outcomes)?,
    };
    match &arguments.out {
        Some(path) => save(path, shown.as_bytes())?,
        None => print(shown.as_bytes()),
    }
    printer.finish();
    Ok(if printer.total().errors > 0 { Ended::Findings } else { Ended::Clean })
}

/// A report about a parcel that was not handed over, at its reference.
fn strayed(stray: &Stray, report: &Report) -> Finding {
    let tree = report.document.tree();
    let bytes = tree.file_span(stray.node);
    let place = |offset: u64| usize::try_from(report.offset + offset).unwrap_or(usize::MAX);
    let which = tree.value(stray.node).unwrap_or("no parcel");
    let message = format!("this is about {which}, which the manifest does not have");
    Finding::error(&NO_PARCEL, message).at(0, Span::of(place(bytes.start), place(bytes.end)))
}

/// `order 1001  HO-1  released  26DE000000000000A1  duty 6.00 EUR`
fn line(outcome: &Outcome) -> String {
    let plural = if outcome.orders.len() == 1 { "" } else { "s" };
    let mut words = vec![format!("order{plural} {}", outcome.orders.join(", ")), outcome.parcel.clone()];
    words.push(if outcome.status == "draft" {
        "nothing reported".to_owned()
    } else {
        outcome.status.clone()
    });
    words.extend(outcome.flags.iter().map(|flag| format!("+{flag}")));
    words.extend(outcome.mrn.clone());
    let duty = |duty: &dragoman_declare::manifest::Duty| {
        format!("{} {} {}", duty.kind, duty.amount.amount, duty.amount.currency)
    };
    words.extend(outcome.duties.iter().map(duty));
    words.extend(outcome.reasons.iter().map(|reason| format!("({reason})")));
    words.join("  ") + "\n"
}

fn json(outcomes: &[Outcome]) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(outcomes);
    let failed = |error| Failure::new(format!("the result cannot be written: {error}"), "print it as text");
    Ok(text.map_err(failed)? + "\n")
}
