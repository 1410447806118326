//! APERAK D.96B: for each message whether it is taken, and else every error with its place, in words.

use dragoman_tree::{Finding, Tree};

use super::{Item, text};
use crate::acknowledge::{Builder, Stamp, Value};

/// What 4440 holds, and how often a segment has it.
const CELL: usize = 70;
const CELLS: usize = 5;

/// The APERAK about one message.
pub(super) fn message(item: &Item, number: usize, stamp: &Stamp) -> Tree<'static> {
    let mut build = Builder::new("APERAK", false);
    let number = number.to_string();
    let kind = [(2, 1, "APERAK"), (2, 2, "D"), (2, 3, "96B"), (2, 4, "UN")];
    build.segment("UNH", &[&[(1, 0, &*number)], &kind[..]].concat());
    // 1001: 313 application error, 312 acknowledgement; 1225: 27 not accepted, 44 accepted without amendment.
    let (name, function) = if item.errors.is_empty() { ("312", "44") } else { ("313", "27") };
    build.segment("BGM", &[(1, 1, name), (2, 0, &number), (3, 0, function)]);
    let moment = format!("{}{}", stamp.date, stamp.time);
    build.segment("DTM", &[(1, 1, "137"), (1, 2, &moment), (1, 3, "203")]);
    // 1153: ACW the message before, by its reference; AAK its document number.
    for (qualifier, value) in [("ACW", text(&item.unh, 1, 1)), ("AAK", document(item))] {
        if !value.is_empty() {
            build.segment("RFF", &[(1, 1, qualifier), (1, 2, value)]);
        }
    }
    for error in &item.errors {
        add(error, &mut build);
    }
    build.finish()
}

/// 1004 of BGM: an element of its own, or since D.97B the first component of C106.
fn document(item: &Item) -> &str {
    text(&item.bgm, 2, 1)
}

/// ERC with the code of the finding, FTX with its place and its text.
fn add(error: &Finding, build: &mut Builder) {
    build.segment("ERC", &[(1, 1, &error.code)]);
    let place = error.wire_path.as_deref().unwrap_or_default();
    let words: Vec<char> = format!("{place} {}", error.message).trim().chars().collect();
    let cells: Vec<String> = words.chunks(CELL).take(CELLS).map(|cell| cell.iter().collect()).collect();
    let values = (1..).zip(&cells).map(|(component, cell)| (4, component, cell.as_str()));
    let ftx: Vec<Value<'_>> = [(1, 0, "AAO")].into_iter().chain(values).collect();
    build.segment("FTX", &ftx);
}
