//! Rows of the customs master by themselves, for who keeps them elsewhere than in a file.

use std::ops::Range;

use dragoman_tree::{Finding, Severity};

use super::Master;
use super::master::{COLUMNS, Row, bad, check};
use crate::csv::Cell;

/// A row of the customs master: the texts of its cells, empty where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MasterRow {
    /// The article number.
    pub sku: String,
    /// The commodity code.
    pub code: String,
    /// The tariff that the code is of.
    pub schedule: String,
    /// The country of origin.
    pub origin: String,
    /// Net mass of one, in grams.
    pub net_mass_g: String,
    /// What it is, for customs.
    pub description: String,
    /// The language of the description.
    pub lang: String,
    /// Who says so.
    pub source: String,
    /// Since when it counts.
    pub valid_from: String,
}

impl Master<'_> {
    /// Every row with what is wrong with it, at its bytes. One with a finding of severity error does not count: it has
    /// no article number, a day or a mass that cannot be read.
    pub fn rows(&self) -> impl Iterator<Item = (MasterRow, Vec<Finding>)> {
        self.rows.iter().map(|row| (MasterRow::of(row), faults(row)))
    }
}

impl Master<'_> {
    /// The cells of an article in a column that say something: their text and their bytes, in the file's order.
    pub fn cells(&self, sku: &str, column: &str) -> Vec<(String, Range<u64>)> {
        let rows = self.rows.iter().filter(|row| row.sku.text == sku);
        let cells = rows.filter_map(|row| row.cell(column)).filter(|cell| !cell.text.is_empty());
        cells.map(|cell| (cell.text.to_string(), cell.span.start.into()..cell.span.end.into())).collect()
    }
}

impl<'t> Row<'t> {
    /// Its cells, in the order of the columns.
    const fn cells(&self) -> [&Cell<'t>; COLUMNS.len()] {
        [
            &self.sku,
            &self.code,
            &self.schedule,
            &self.origin,
            &self.net_mass,
            &self.description,
            &self.lang,
            &self.source,
            &self.valid_from,
        ]
    }

    fn cell(&self, column: &str) -> Option<&Cell<'t>> {
        COLUMNS.iter().zip(self.cells()).find(|(name, _)| **name == column).map(|(_, cell)| cell)
    }
}

fn faults(row: &Row<'_>) -> Vec<Finding> {
    let serious = |finding: Finding| Finding { severity: Severity::Error, ..finding };
    let mut findings = Vec::new();
    if row.sku.text.is_empty() {
        findings.push(serious(bad(&row.sku, "is no article number: the row does not count")));
    }
    let columns = [("code", &row.code), ("origin", &row.origin), ("net_mass_g", &row.net_mass)];
    let stated = columns.into_iter().filter(|(_, cell)| !cell.text.is_empty());
    findings.extend(stated.filter_map(|(column, cell)| check(column, cell)));
    if let Err(cell) = row.since() {
        findings.push(serious(bad(cell, "is no day, such as 2026-01-01: the row does not count")));
    }
    findings
}

impl MasterRow {
    /// The first line of a table of rows.
    pub fn head() -> String {
        format!("{}\n", COLUMNS.join(","))
    }

    fn of(row: &Row<'_>) -> Self {
        let [sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from] =
            row.cells().map(|cell| cell.text.to_string());
        Self { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from }
    }

    /// The row as a line of CSV that is read back as it is: every cell that is not plain is quoted.
    pub fn line(&self) -> String {
        let cells = [
            &self.sku,
            &self.code,
            &self.schedule,
            &self.origin,
            &self.net_mass_g,
            &self.description,
            &self.lang,
            &self.source,
            &self.valid_from,
        ];
        let mut line = cells.map(|cell| quoted(cell)).join(",");
        line.push('\n');
        line
    }
}

fn quoted(cell: &str) -> String {
    let is_plain = |letter: char| letter.is_alphanumeric() || "-_.:/+ ".contains(letter);
    if cell.chars().all(is_plain) && cell.trim() == cell {
        return cell.to_owned();
    }
    format!("\"{}\"", cell.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn row(cells: [String; 9]) -> MasterRow {
        let [sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from] = cells;
        MasterRow { sku, code, schedule, origin, net_mass_g, description, lang, source, valid_from }
    }

    proptest! {
        #[test]
        fn rows_come_back(cells in prop::array::uniform9("[ -~äé\n\t,\"#]{0,12}"), sku in "[#-~]{1,8}") {
            let [_, rest @ ..] = cells;
            let mut all = std::iter::once(sku).chain(rest);
            let row = row(std::array::from_fn(|_| all.next().unwrap_or_default()));
            let text = MasterRow::head() + &row.line();
            let master = Master::read(&text);
            let read: Vec<_> = master.rows().map(|(row, _)| row).collect();
            prop_assert_eq!(read, [row]);
        }
    }

    #[test]
    fn what_is_wrong_is_said_row_by_row() {
        let text =
            "sku,code,origin,net_mass_g,valid_from\nA,6912,CN,1,2026-01-01\n,6912,UKX,x,\nB,69.1,,,someday\n";
        let master = Master::read(text);
        let said: Vec<Vec<_>> = master
            .rows()
            .map(|(_, findings)| {
                findings.into_iter().map(|finding| (finding.severity, finding.message)).collect()
            })
            .collect();
        assert!(said[0].is_empty());
        assert_eq!(said[1].len(), 3, "{said:?}");
        assert!(said[1][0].0 == Severity::Error && said[1][0].1.contains("no article number"));
        assert!(
            said[2]
                .iter()
                .any(|(severity, message)| *severity == Severity::Error && message.contains("no day"))
        );
    }
}
