//! `dragoman declare`: orders in, customs declarations out.

mod answers;
mod report;
mod sale;

use std::path::Path;

use dragoman_adapters::{Customs, Layout, Message, Sent as Sending, ending, send};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::Context;
use crate::arguments::Declare;
use crate::consignment::{Files, Given, declarations};
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::findings::text::Printer;
use crate::outputs::save;
use crate::source::Source;
use crate::terminal::{note, print};
use sale::{Sales, Sent};

/// Declares a consignment. What is missing is said on the order line, and the declaration is made without it.
pub fn run(context: &Context, arguments: &Declare) -> Result<Outcome, Failure> {
    let customs = Customs::of(&context.catalogue, &arguments.to)?;
    let mut files = Files::new(Given::of(&arguments.consignment)?)?;
    let mut printer = Printer::new(&context.terminal);
    files.add_orders(context, &arguments.orders, &mut |findings, source| {
        printer.serious(findings, source);
    })?;
    let sales = Sales::of(context, &customs);
    if let Some(sales) = &sales {
        files.part(&|document| sales.is_beside(document));
    }
    let now = Timestamp::now();
    let on = arguments.on.unwrap_or_else(|| now.to_zoned(TimeZone::UTC).date());
    let is_canonical = arguments.canonical || sales.is_some();
    let message = if is_canonical { Message::Canonical } else { customs.declaration.clone() };
    let (declared, made) = declarations(&files, &customs, &message, &arguments.lrns, on)?;
    for located in &declared.findings {
        let (finding, source) = files.of(located);
        printer.finding(finding, source);
    }
    let sent = match &sales {
        Some(sales) => {
            sales.differing(&files, &made, &mut |findings, source| printer.serious(findings, source));
            sales.sent(&files, made, (!arguments.canonical).then_some(Layout::Pretty), now)?
        }
        None => made.into_iter().map(Sent::alone).collect(),
    };
    let message = if arguments.canonical { &Message::Canonical } else { &customs.declaration };
    let written = Source::named(message.name().to_owned());
    for sale in &sent {
        for one in sale {
            printer.serious(&one.declaration.findings, &written);
        }
        note(&format!("{}\n", summary(sale)));
    }
    if let Some(path) = &arguments.report {
        let own = sent.iter().filter_map(|sale| Some(&sale.last()?.declaration));
        report::write(path, message, &files, own, &declared.left_out)?;
    }
    printer.end_of_file(&written);
    answers::show(context, arguments, &customs, &files, &sent, &mut printer)?;
    if arguments.answers.is_empty() || arguments.out.is_some() {
        write(&sent, message, arguments.out.as_deref())?;
    }
    printer.finish();
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// `TT-1: H1, 2 goods items of order 1001; 80 values: 40 order, 20 master …; with ceb311, ceb411`
fn summary(sale: &[Sent]) -> String {
    let Some((Sent { declaration, .. }, beside)) = sale.split_last() else { return String::new() };
    let supply = declaration.supply();
    let orders = declaration.orders();
    let plural = if orders.len() == 1 { "" } else { "s" };
    let names: Vec<_> = beside.iter().map(|one| one.name.as_str()).collect();
    let with = if names.is_empty() { String::new() } else { format!("; with {}", names.join(", ")) };
    format!(
        "{}: {}, {} of order{plural} {}; {} values: {supply}{with}",
        declaration.lrn().unwrap_or("(no reference)"),
        declaration.data_set(),
        counted(declaration.items(), "goods item"),
        orders.join(", "),
        supply.all(),
    )
}

/// Writes what was made: one message to the standard output, several into a folder, canonical ones also a line each.
fn write(sent: &[Vec<Sent>], message: &Message, folder: Option<&Path>) -> Result<(), Failure> {
    if let Some(folder) = folder {
        return save_all(sent, message, folder);
    }
    let all: Vec<_> = sent.iter().flatten().map(|one| &one.declaration).collect();
    match all.as_slice() {
        [only] => print(&only.bytes),
        several if matches!(message, Message::Canonical) => {
            for declaration in several {
                let Sending { bytes, .. } =
                    send(message.syntax(), &[&declaration.put.tree], None, Layout::Line);
                print(&bytes);
            }
        }
        [] => {}
        several => {
            return Err(Failure::new(
                format!("the consignment becomes {} messages, which need a file each", several.len()),
                "name a folder for them: `--out DIR`",
            ));
        }
    }
    Ok(())
}

/// Files are named by number: references may hold characters that no file name can.
fn save_all(sent: &[Vec<Sent>], message: &Message, folder: &Path) -> Result<(), Failure> {
    let ending = ending(message.syntax());
    let mut numbered = (1..).zip(sent).flat_map(|(number, sale)| sale.iter().map(move |one| (number, one)));
    numbered.try_for_each(|(number, Sent { name, declaration })| {
        let behind = if name.is_empty() { String::new() } else { format!("-{name}") };
        save(&folder.join(format!("{number}{behind}.{ending}")), &declaration.bytes)
    })
}
