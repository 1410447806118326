//! `dragoman assess`: which rules a parcel meets, and what changes between two days.

mod text;
mod workbook;

use dragoman_adapters::packs;
use dragoman_declare::assess::{Assessment, Change, Parcels, assess, compare};
use dragoman_declare::{File, Master, Rates};
use dragoman_rules::UNDECIDED;
use dragoman_tree::Finding;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::Context;
use crate::arguments::{Assess, AssessFormat, Channel};
use crate::consignment::{Files, Given};
use crate::failure::{Failure, Outcome};
use crate::findings::json::line;
use crate::findings::text::Printer;
use crate::outputs::save;
use crate::source::Source;
use crate::terminal::print;

/// Assesses orders on a day; with another day, prints what differs.
pub fn run(context: &Context, arguments: &Assess) -> Result<Outcome, Failure> {
    let nothing = || Source::named("nothing".to_owned());
    let optional = |path: &Option<_>| path.as_deref().map_or_else(|| Ok(nothing()), Given::file);
    let mut files = Files::new(Given {
        master: optional(&arguments.master)?,
        profile: nothing(),
        consignment: nothing(),
        rates: optional(&arguments.rates)?,
    })?;
    let mut printer = Printer::new(&context.terminal);
    let orders: Vec<_> = arguments.files.iter().chain(&arguments.orders).cloned().collect();
    files.add_orders(context, &orders, &mut |findings, source| printer.serious(findings, source))?;
    let today = || Timestamp::now().to_zoned(TimeZone::UTC).date();
    let on = arguments.on.unwrap_or_else(today);
    let packs = packs(&context.catalogue)?;
    let (documents, rates) = (files.orders(), files.rates());
    let master = if arguments.master.is_some() { files.master() } else { Master::default() };
    let asked = |on: Date| Parcels {
        orders: &documents,
        master: &master,
        rates: &rates,
        packs: &packs,
        to: arguments.to.as_deref(),
        from: arguments.from.as_deref(),
        channel: arguments.by.map(Channel::word),
        on,
    };
    rates_said(&rates, &files, &mut printer);
    let first = assess(&asked(on));
    match arguments.compare {
        Some(other) => {
            let second = assess(&asked(other));
            show_changes(arguments, &changes(&first, &second), (on, other))?;
            for assessment in first.iter().chain(&second) {
                undecided(assessment, &files, &mut printer);
            }
        }
        None => show(context, arguments.format, &first, &files, &mut printer),
    }
    printer.end_of_file(&nothing());
    printer.finish();
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

fn rates_said(rates: &Rates, files: &Files, printer: &mut Printer<'_>) {
    let source = files.source(File::Rates);
    rates.findings.iter().for_each(|finding| printer.finding(finding, source));
}

/// The assessments on the standard output; what is missing or forbidden at its place on the standard error.
fn show(
    context: &Context,
    format: AssessFormat,
    assessments: &[Assessment],
    files: &Files,
    printer: &mut Printer<'_>,
) {
    match format {
        AssessFormat::Json => print(array(assessments.iter().map(line)).as_bytes()),
        AssessFormat::Text => {
            let color = context.terminal.on_stdout().color;
            for assessment in assessments {
                print(text::assessment(assessment, color).as_bytes());
            }
        }
    }
    for assessment in assessments {
        said(&assessment.order, &assessment.findings, files, printer);
    }
}

/// Rules that cannot be decided on one of the days: what differs may not be all.
fn undecided(assessment: &Assessment, files: &Files, printer: &mut Printer<'_>) {
    let open = assessment.findings.iter().filter(|finding| finding.code == UNDECIDED.id);
    let open: Vec<_> = open.map(|finding| on_day(finding, assessment.on)).collect();
    said(&assessment.order, &open, files, printer);
}

fn on_day(finding: &Finding, day: Date) -> Finding {
    Finding { message: format!("{}, on {day}", finding.message), ..finding.clone() }
}

fn said(order: &str, findings: &[Finding], files: &Files, printer: &mut Printer<'_>) {
    if let Some(index) = files.order_by(order) {
        printer.serious(findings, files.source(File::Order(index)));
    }
}

/// What differs, order by order.
fn changes(first: &[Assessment], second: &[Assessment]) -> Vec<Change> {
    first.iter().zip(second).flat_map(|(first, second)| compare(first, second)).collect()
}

fn show_changes(arguments: &Assess, changes: &[Change], days: (Date, Date)) -> Result<(), Failure> {
    match arguments.format {
        AssessFormat::Json => print(array(changes.iter().map(line)).as_bytes()),
        AssessFormat::Text => print(text::changes(changes, days).as_bytes()),
    }
    let Some(path) = &arguments.xlsx else { return Ok(()) };
    let bytes = workbook::changes(changes, days).map_err(|error| {
        Failure::new(format!("the workbook cannot be made: {error}"), "leave `--xlsx` out")
    })?;
    save(path, &bytes)
}

fn array(lines: impl Iterator<Item = String>) -> String {
    let lines: Vec<_> = lines.collect();
    if lines.is_empty() { "[]\n".to_owned() } else { format!("[\n{}\n]\n", lines.join(",\n")) }
}
