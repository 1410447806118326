//! The tables that people keep: the customs master and the rates of exchange.

mod master;
mod published;
mod rates;
mod row;

pub use master::Master;
pub(crate) use master::{Article, Datum};
pub use published::{Published, Publisher, RatesError};
pub use rates::Rates;
pub use row::MasterRow;

use dragoman_tree::{Finding, Span};

use crate::csv::{Cell, Record, records};
use crate::findings::COLUMN;

/// The columns of a table, each with its index in the file's head.
struct Columns<const N: usize> {
    indices: [Option<usize>; N],
}

/// The records of a table below its head, with the columns by name, and findings about the head.
fn table<'t, const N: usize>(
    text: &'t str,
    what: &str,
    names: [&'static str; N],
) -> (Columns<N>, Vec<Record<'t>>, Vec<Finding>) {
    let mut records = records(text).into_iter();
    let head = records.next().unwrap_or_default();
    let indices = names.map(|name| head.iter().position(|cell| cell.text == name));
    let mut findings = Vec::new();
    for (name, _) in names.iter().zip(&indices).filter(|(_, index)| index.is_none()) {
        let message = format!("{what} has no column `{name}`");
        let hint = format!("its first line is {}", names.join(","));
        let span = head.first().map_or(Span::default(), |cell| cell.span);
        findings.push(Finding::error(&COLUMN, message).hint(hint).at(0, span));
    }
    for cell in head.iter().filter(|cell| !names.contains(&&*cell.text)) {
        let near = dragoman_model::nearest(&cell.text, names.iter().copied());
        let finding = Finding::warning(&COLUMN, format!("{what} has an unknown column `{}`", cell.text));
        let finding = finding.at(0, cell.span);
        findings.push(match near {
            Some(near) => finding.hint(format!("did you mean `{near}`?")),
            None => finding,
        });
    }
    (Columns { indices }, records.collect(), findings)
}

impl<const N: usize> Columns<N> {
    /// The cells of a record in the order of the names; empty ones where it has none.
    fn cells<'t>(&self, record: &Record<'t>) -> [Cell<'t>; N] {
        self.indices.map(|index| index.and_then(|index| record.get(index).cloned()).unwrap_or_default())
    }
}
