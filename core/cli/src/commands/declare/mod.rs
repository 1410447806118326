//! `dragoman declare`: orders in, customs declarations out.

mod report;

use std::path::Path;

use dragoman_adapters::{Customs, Declaration, Layout, Message, Sent, ending, send};
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

/// Declares a consignment. What is missing is said on the order line, and the declaration is made without it.
pub fn run(context: &Context, arguments: &Declare) -> Result<Outcome, Failure> {
    let customs = Customs::of(&context.catalogue, &arguments.to)?;
    let given = &arguments.consignment;
    let rates = given.rates.as_deref().map(Given::file).transpose()?;
    let mut files = Files::new(Given {
        master: Given::file(&given.master)?,
        profile: Given::file(&given.profile)?,
        consignment: Given::file(&given.consignment)?,
        rates: rates.unwrap_or_default(),
    })?;
    let mut printer = Printer::new(&context.terminal);
    files.add_orders(context, &arguments.orders, &mut |findings, source| {
        printer.serious(findings, source);
    })?;
    let on = arguments.on.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let message = if arguments.canonical { Message::Canonical } else { customs.declaration.clone() };
    let (declared, made) = declarations(&files, &customs, &message, &arguments.lrns, on)?;
    for located in &declared.findings {
        let (finding, source) = files.of(located);
        printer.finding(finding, source);
    }
    let written = Source::named(message.name().to_owned());
    for declaration in &made {
        printer.serious(&declaration.findings, &written);
        note(&format!("{}\n", summary(declaration)));
    }
    if let Some(path) = &arguments.report {
        report::write(path, &message, &files, &made, &declared.left_out)?;
    }
    write(&made, &message, arguments.out.as_deref())?;
    printer.end_of_file(&written);
    printer.finish();
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// `TT-1: H1, 2 goods items of order 1001; 80 values: 40 order, 20 master …`
fn summary(declaration: &Declaration) -> String {
    let supply = declaration.supply();
    let orders = declaration.orders();
    let plural = if orders.len() == 1 { "" } else { "s" };
    format!(
        "{}: {}, {} of order{plural} {}; {} values: {supply}",
        declaration.lrn().unwrap_or("(no reference)"),
        declaration.data_set(),
        counted(declaration.items(), "goods item"),
        orders.join(", "),
        supply.all(),
    )
}

/// Writes the declarations: one to the standard output, several into a folder, canonical ones also a line each.
fn write(made: &[Declaration], message: &Message, folder: Option<&Path>) -> Result<(), Failure> {
    let is_canonical = matches!(message, Message::Canonical);
    match (made, folder) {
        (_, Some(folder)) => save_all(made, message, folder),
        ([only], None) => {
            print(&only.bytes);
            Ok(())
        }
        (_, None) if is_canonical => {
            for declaration in made {
                let Sent { bytes, .. } = send(message.syntax(), &[&declaration.put.tree], None, Layout::Line);
                print(&bytes);
            }
            Ok(())
        }
        ([], None) => Ok(()),
        _ => Err(Failure::new(
            format!("the consignment becomes {} declarations, which need a file each", made.len()),
            "name a folder for them: `--out DIR`",
        )),
    }
}

/// Files are named by number: references may hold characters that no file name can.
fn save_all(made: &[Declaration], message: &Message, folder: &Path) -> Result<(), Failure> {
    let ending = ending(message.syntax());
    let mut numbered = (1..).zip(made);
    numbered.try_for_each(|(number, one)| save(&folder.join(format!("{number}.{ending}")), &one.bytes))
}
