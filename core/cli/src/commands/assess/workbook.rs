//! What differs between two days as a workbook.

use dragoman_declare::assess::Change;
use jiff::civil::Date;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

const HEAD: [&str; 7] = ["Order", "Only on", "Rules", "Regime", "Kind", "What", "Rule"];

/// The widths of the columns, in characters.
const WIDTHS: [f64; 7] = [24.0, 12.0, 18.0, 14.0, 11.0, 90.0, 24.0];

/// The bytes of a workbook with one row a change.
pub fn changes(changes: &[Change], (first, second): (Date, Date)) -> Result<Vec<u8>, XlsxError> {
    let mut workbook = Workbook::new();
    // The same changes are the same bytes.
    workbook
        .set_properties(&DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?));
    let bold = Format::new().set_bold();
    let sheet = workbook.add_worksheet();
    sheet.set_name("Changes")?;
    for (column, (title, width)) in (0..).zip(HEAD.into_iter().zip(WIDTHS)) {
        sheet.write_with_format(0, column, title, &bold)?;
        sheet.set_column_width(column, width)?;
    }
    for (row, change) in (1..).zip(changes) {
        let day = if change.comes { second } else { first }.to_string();
        let regime = change.regime.as_deref().unwrap_or_default();
        let cells = [&change.order, &day, &change.pack, regime, &change.kind, &change.text, &change.rule];
        for (column, cell) in (0..).zip(cells) {
            sheet.write_string(row, column, cell)?;
        }
    }
    sheet.set_freeze_panes(1, 0)?;
    workbook.save_to_buffer()
}
