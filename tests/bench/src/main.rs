//! Benchmarks against named rivals, in the same run: see `README.md`.
//!
//! Machines differ and are shared: only the ratios count.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "this is a program that measures")]

mod cds;
mod cusdec;
mod grammars;
mod load;
mod memory;
mod orders;
mod pairs;
mod purchase;
mod rules;
mod store;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use pairs::Pair;

/// As in the program itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How many rounds a pair runs unless told otherwise.
const ROUNDS: usize = 15;

/// A load by its name: so many seconds or exchanges, unless told otherwise.
type Load = (&'static str, fn(u64) -> Result<bool, Box<dyn std::error::Error>>, u64);

/// A benchmark by its name: runs that many rounds, and tells whether its target is reached.
type Measure = (&'static str, fn(usize) -> bool);

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let only = arguments.next();
    let number = arguments.next().and_then(|number| number.parse().ok());
    if only.as_deref() == Some("memory") {
        return memory::measure(number.unwrap_or(500));
    }
    let loads: [Load; 5] = [
        ("gateway", load::measure, 10),
        ("queued", load::measure_queued, 10),
        ("acknowledged", load::measure_acknowledged, 10),
        ("store", store::rate, 10),
        ("full", store::full, 1_000_000),
    ];
    if let Some((_, measure, or)) = loads.iter().find(|(name, ..)| only.as_deref() == Some(name)) {
        return match measure(number.map_or(*or, |number| number as u64)) {
            Ok(true) => ExitCode::SUCCESS,
            Ok(false) => ExitCode::FAILURE,
            Err(error) => {
                println!("FAILED: {error}");
                ExitCode::FAILURE
            }
        };
    }
    let rounds = number.unwrap_or(ROUNDS);
    let measures: [Measure; 6] = [
        ("cds", cds),
        ("edifact", edifact),
        ("directory", directory),
        ("x12", x12),
        ("json", json),
        ("rules", rules),
    ];
    let chosen = measures.iter().filter(|(name, _)| only.as_deref().is_none_or(|only| only == *name));
    let results: Vec<bool> = chosen.map(|(_, measure)| measure(rounds)).collect();
    if results.is_empty() {
        println!(
            "there are the benchmarks cds, edifact, directory, x12, json, rules, memory, gateway, queued, acknowledged, store and full"
        );
    }
    if results.contains(&false) || results.is_empty() { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The project.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn cds(rounds: usize) -> bool {
    let samples =
        std::env::var("DRAGOMAN_SAMPLES").map_or_else(|_| root().join("../shared/data"), Into::into);
    let Some(pair) = cds::measure(&root().join("mappings"), &samples.join("uk-cds/samples"), rounds) else {
        println!("skipped: no CDS declarations under {}", samples.display());
        return true;
    };
    report("CDS XML to canonical JSON / quick-xml NsReader with text", pair, 0.60)
}

fn edifact(rounds: usize) -> bool {
    match cusdec::tokens(&cusdec::interchange(50_000_000), rounds) {
        Some(pair) => report("EDIFACT tokens with spans / edifact-rs Tokenizer", pair, 4.00),
        None => {
            println!("FAILED: the two EDIFACT tokenisers do not see the same");
            false
        }
    }
}

fn directory(rounds: usize) -> bool {
    match cusdec::validation(&cusdec::interchange(50_000_000), rounds) {
        Some(pair) => {
            report("EDIFACT structure, types and codes / edifact-rs envelope and syntax", pair, 3.00)
        }
        None => {
            println!("FAILED: an error was found in a sound interchange");
            false
        }
    }
}

fn x12(rounds: usize) -> bool {
    let Some(pair) = purchase::beside_edifact(&cusdec::interchange(50_000_000), rounds) else {
        println!("FAILED: an error was found in a sound interchange");
        return false;
    };
    let near = report("X12 850 to trees / EDIFACT CUSDEC to trees", pair, 0.80);
    near & typed(rounds)
}

#[cfg(feature = "x12-types")]
fn typed(rounds: usize) -> bool {
    match purchase::beside_x12_types(rounds) {
        Some(pair) => report("X12 850 read and validated / x12-types 850", pair, 10.0),
        None => {
            println!("FAILED: the two X12 readers do not see the same");
            false
        }
    }
}

#[cfg(not(feature = "x12-types"))]
fn typed(_: usize) -> bool {
    println!("skipped: X12 beside x12-types, which is long to build (`--features x12-types`)");
    true
}

fn json(rounds: usize) -> bool {
    match orders::measure(&root().join("adapters"), rounds) {
        Some(pair) => report("JSON to a tree with spans / serde_json Value", pair, 1.00),
        None => {
            println!("FAILED: the two JSON readers do not see the same");
            false
        }
    }
}

fn rules(rounds: usize) -> bool {
    [("Entry summary", &rules::ENTRY_SUMMARY, None), ("Transit declaration", &rules::TRANSIT, Some(50.0))]
        .map(|(name, largest, most)| largest_of(name, largest, most, rounds))
        .into_iter()
        .all(|reached| reached)
}

/// One message with as many goods items as it may have; its rules may take `most` milliseconds.
fn largest_of(name: &str, largest: &rules::Largest, most: Option<f64>, rounds: usize) -> bool {
    let Some((pair, milliseconds)) = rules::measure(&root(), largest, rounds) else {
        println!("FAILED: {name} cannot be read");
        return false;
    };
    let reached = report(&format!("{name} to a document with all rules / to a document alone"), pair, 0.50);
    let in_time = most.is_none_or(|most| milliseconds < most);
    if let Some(most) = most {
        let verdict = if in_time { "reached" } else { "MISSED" };
        println!("{name}, its rules alone: {milliseconds:.1} ms (target {most:.0} ms, {verdict})");
    }
    reached && in_time
}

/// Prints a pair; false where it misses its target.
fn report(what: &str, pair: Pair, target: f64) -> bool {
    let reached = pair.ratio >= target;
    let verdict = if reached { "reached" } else { "MISSED" };
    println!(
        "{what}: {:.2} (target {target:.2}, {verdict}; {:.0} MB/s against {:.0} MB/s)",
        pair.ratio, pair.ours, pair.rival
    );
    reached
}
