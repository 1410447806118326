//! A table as CSV (RFC 4180) and as a workbook.

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook, XlsxError};

/// A table with the names of its columns.
#[derive(Clone, Copy)]
pub struct Table<'t> {
    /// What it is a table of.
    pub title: &'t str,
    /// The names of its columns.
    pub columns: &'t [&'t str],
    /// Its rows.
    pub rows: &'t [Vec<String>],
}

/// The width of a column of text, in characters.
const WIDTH: f64 = 18.0;

impl Table<'_> {
    /// As CSV.
    pub fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(self.columns)?;
        for row in self.rows {
            writer.write_record(row)?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }

    /// As a workbook, all cells texts: nothing in them is a formula, and no number loses its zeros. The same table is the
    /// same bytes.
    pub fn workbook(&self) -> Result<Vec<u8>, XlsxError> {
        let mut workbook = Workbook::new();
        workbook.set_properties(
            &DocProperties::new().set_creation_datetime(&ExcelDateTime::from_ymd(2000, 1, 1)?),
        );
        let bold = Format::new().set_bold();
        let sheet = workbook.add_worksheet();
        sheet.set_name(self.title)?;
        for (column, title) in (0..).zip(self.columns) {
            sheet.write_with_format(0, column, *title, &bold)?;
            sheet.set_column_width(column, WIDTH)?;
        }
        for (number, row) in (1..).zip(self.rows) {
            for (column, cell) in (0..).zip(row) {
                sheet.write_string(number, column, cell)?;
            }
        }
        sheet.set_freeze_panes(1, 0)?;
        workbook.save_to_buffer()
    }
}
