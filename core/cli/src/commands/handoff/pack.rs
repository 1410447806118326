//! `dragoman handoff pack`: what the filer needs, by parcel, bag and master waybill.

use dragoman_declare::manifest::{COLUMNS, Listing, Manifest, Parcel, manifest, rows};
use dragoman_mapping::canonical;
use dragoman_model::{At, Document};
use dragoman_syntax::json::Style;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::files::Files as Packed;
use super::parcels::Parcels;
use super::table::Table;
use crate::Context;
use crate::arguments::Pack;
use crate::commands::print::{form, printed};
use crate::consignment::{Files, Given};
use crate::failure::{Failure, Outcome};
use crate::findings::counted;
use crate::findings::text::Printer;
use crate::source::Source;
use crate::terminal::note;

/// The forms that are printed for each parcel: all of this folder.
const FORMS: &str = "mappings/forms/handoff/";

/// Packs. What is missing is said on the order line, and the pack is made without it.
pub fn run(context: &Context, arguments: &Pack) -> Result<Outcome, Failure> {
    let mut files = Files::new(Given::of(&arguments.consignment)?)?;
    let mut printer = Printer::new(&context.terminal);
    files
        .add_orders(context, &arguments.orders, &mut |findings, source| printer.serious(findings, source))?;
    let on = arguments.on.unwrap_or_else(|| Timestamp::now().to_zoned(TimeZone::UTC).date());
    let destinations = context.catalogue.list("destinations")?;
    let mut parcels = Parcels::of(context, &files, &arguments.reference, on)?;
    let data_sets = parcels.data_sets(context, &destinations)?;
    let currency = |country: &str| {
        let found = destinations.get(country)?;
        Some(found.marks.split(' ').next()?.to_owned())
    };
    let listing =
        Listing { declarations: &parcels.declarations, rates: &files.rates(), currency: &currency, on };
    let (manifest, unknown) = manifest(&listing);
    for located in parcels.findings.iter().chain(&unknown) {
        let (finding, source) = files.of(located);
        printer.finding(finding, source);
    }
    let mut pack = Packed::new(&arguments.out);
    list(&manifest, &mut pack)?;
    for document in &parcels.declarations {
        let Some(parcel) = parcel_of(&manifest, document) else { continue };
        documents(context, document, &parcel.folder, &mut pack, &mut printer)?;
    }
    for document in &data_sets {
        let Some(parcel) = parcel_of(&manifest, document) else { continue };
        let set = At::root(document).text("data_set").unwrap_or_default().to_lowercase();
        pack.add(&format!("{}/{set}.json", parcel.folder), json(document).as_bytes())?;
    }
    pack.finish()?;
    printer.end_of_file(&Source::named(arguments.out.display().to_string()));
    manifest.parcels().for_each(|parcel| note(&format!("{}\n", summary(parcel, &data_sets))));
    printer.finish();
    Ok(if printer.total().errors > 0 { Outcome::Findings } else { Outcome::Clean })
}

/// The manifest, for people and programs.
fn list(manifest: &Manifest, pack: &mut Packed) -> Result<(), Failure> {
    let rows: Vec<_> = rows(manifest).into_iter().map(Vec::from).collect();
    let table = Table { title: "Manifest", columns: &COLUMNS, rows: &rows };
    let failed = |error: &dyn std::fmt::Display| {
        Failure::new(format!("the manifest cannot be written: {error}"), "hand over fewer parcels at once")
    };
    let json = serde_json::to_string_pretty(manifest).map_err(|error| failed(&error))?;
    pack.add("manifest.json", format!("{json}\n").as_bytes())?;
    pack.add("manifest.csv", &table.csv().map_err(|error| failed(&error))?)?;
    pack.add("manifest.xlsx", &table.workbook().map_err(|error| failed(&error))?)
}

/// What accompanies a parcel: all forms, and what they were made of.
fn documents(
    context: &Context,
    document: &Document<'_>,
    folder: &str,
    pack: &mut Packed,
    printer: &mut Printer<'_>,
) -> Result<(), Failure> {
    let canonical = canonical::write(document, Style::Line);
    for name in context.catalogue.data().names(FORMS, ".toml") {
        let form = form(context, &format!("{}{name}", FORMS.trim_start_matches("mappings/forms/")))?;
        let made = printed(context, &form, &canonical);
        let made = made.map_err(|error| Failure::new(format!("{name}: {error}"), "correct the form"))?;
        printer.serious(&made.findings, &Source::named(format!("{folder}/{name}.pdf")));
        pack.add(&format!("{folder}/{name}.pdf"), &made.pdf)?;
    }
    pack.add(&format!("{folder}/parcel.json"), json(document).as_bytes())
}

fn json(document: &Document<'_>) -> String {
    canonical::write(document, Style::Pretty)
}

fn parcel_of<'m>(manifest: &'m Manifest, document: &Document<'_>) -> Option<&'m Parcel> {
    let reference = At::root(document).text("lrn")?;
    manifest.parcels().find(|parcel| parcel.reference == reference)
}

/// `HO-1: order 1001 to DE, 2 articles, 59.97 USD; H7`
fn summary(parcel: &Parcel, data_sets: &[Document<'_>]) -> String {
    let plural = if parcel.orders.len() == 1 { "" } else { "s" };
    let price: Vec<_> = parcel.price.iter().map(|one| format!("{} {}", one.amount, one.currency)).collect();
    let own = |document: &&Document<'_>| At::root(document).text("lrn") == Some(parcel.reference.as_str());
    let set = data_sets.iter().find(own).and_then(|document| At::root(document).text("data_set"));
    format!(
        "{}: order{plural} {} to {}, {}, {}{}",
        parcel.reference,
        parcel.orders.join(", "),
        parcel.to.as_deref().unwrap_or("?"),
        counted(parcel.goods.len(), "article"),
        price.join(" and "),
        set.map(|set| format!("; {set}")).unwrap_or_default(),
    )
}
