//! Benchmarks against named rivals, in the same run: `cargo run --release -p dragoman-bench`.
//!
//! Machines differ and are shared: only the ratios count.

#![expect(clippy::print_stdout, clippy::cast_precision_loss, reason = "this is a program that measures")]

mod cds;
mod cusdec;
mod pairs;

use std::path::Path;

fn main() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let samples = std::env::var("DRAGOMAN_SAMPLES").map_or_else(|_| root.join("../shared/data"), Into::into);
    let rounds = std::env::args().nth(1).and_then(|rounds| rounds.parse().ok()).unwrap_or(15);
    let cds = cds::measure(&root.join("mappings"), &samples.join("uk-cds/samples"), rounds);
    match cds {
        Some(pair) => report("CDS XML to canonical JSON / quick-xml NsReader with text", pair, 0.60),
        None => println!("skipped: no CDS declarations under {}", samples.display()),
    }
    match cusdec::tokens(&cusdec::interchange(50_000_000), rounds) {
        Some(pair) => report("EDIFACT tokens with spans / edifact-rs Tokenizer", pair, 4.00),
        None => println!("FAILED: the two tokenisers do not see the same"),
    }
}

fn report(what: &str, pair: pairs::Pair, target: f64) {
    let verdict = if pair.ratio >= target { "reached" } else { "MISSED" };
    println!(
        "{what}: {:.2} (target {target:.2}, {verdict}; {:.0} MB/s against {:.0} MB/s)",
        pair.ratio, pair.ours, pair.rival
    );
}
