//! Documents on paper: a form, which is data (`mappings/forms`), and a canonical document give a PDF.
//!
//! A form has boxes and tables, each with a label and the values that it shows by their canonical paths. Boxes grow with
//! what is in them and go on over the page: nothing is cut off. The same document and form give the same bytes.

mod barcode;
mod form;
mod letters;
mod line;
mod names;
mod page;
mod sheet;

use dragoman_tree::{Code, Finding};
use serde_json::Value;

use barcode::Barcode;
pub use form::{Field, Form, FormError, Table};
pub use line::Line;
pub use names::{Names, named};

/// A character that the fonts of the form do not have.
pub const UNPRINTABLE: Code = Code {
    id: "DG-E1020",
    title: "a character cannot be printed",
    help: "Forms are set in the fonts that every reader of PDF has, with the characters of western Europe (Windows-1252). \
           What they lack is printed as `?`. Print the names of the document in Latin letters.",
};

/// What was printed.
#[derive(Clone, Debug)]
pub struct Printed {
    /// The PDF.
    pub pdf: Vec<u8>,
    /// What is worth saying about it.
    pub findings: Vec<Finding>,
}

/// Why a document is not printed on a form.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotPrinted {
    /// The form is for other documents.
    #[error("the form is for documents with `{path}` = `{wanted}`; here it is `{found}`")]
    OtherDocument {
        /// What has to be so.
        path: String,
        /// The value that it has to have.
        wanted: String,
        /// The value that it has.
        found: String,
    },
    /// The barcode has nothing to hold, or something that it cannot.
    #[error("`{path}` cannot be a barcode of Code 128: `{value}`")]
    NoBarcode {
        /// Where its value is.
        path: String,
        /// The value.
        value: String,
    },
}

/// Prints a canonical document, as its JSON, on a form.
pub fn print(form: &Form, document: &Value) -> Result<Printed, NotPrinted> {
    form.accepts(document)?;
    let barcode = form.barcode.as_deref().map(|path| Barcode::of(path, document)).transpose()?;
    let mut sheet = sheet::Sheet::new(form, document, barcode);
    sheet.boxes(&form.boxes, document);
    for table in &form.tables {
        sheet.table(table, document);
    }
    sheet.boxes(&form.foot, document);
    let (pages, unprintable) = sheet.finish();
    let findings = unprintable.into_iter().map(|(character, value)| {
        let message =
            format!("`{}` is not in the fonts, in `{}`", character.escape_debug(), value.escape_debug());
        Finding::warning(&UNPRINTABLE, message)
    });
    Ok(Printed { findings: findings.collect(), pdf: page::write(form, &pages) })
}
