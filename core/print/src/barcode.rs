//! The bars of Code 128 (ISO/IEC 15417).

use barcoders::sym::code128::Code128;
use serde_json::Value;

use crate::NotPrinted;
use crate::line::text_at;

/// Begins the character set B: printable ASCII.
const SET_B: char = '\u{181}';

/// A barcode.
#[derive(Clone, Debug)]
pub struct Barcode {
    /// What it says.
    pub value: String,
    /// A byte a module: 1 is dark.
    pub bars: Vec<u8>,
}

impl Barcode {
    /// The barcode of the value at a path.
    pub fn of(path: &str, document: &Value) -> Result<Self, NotPrinted> {
        let value = text_at(document, path).unwrap_or_default();
        let is_plain = |character: char| character == ' ' || character.is_ascii_graphic();
        let coded = Code128::new(format!("{SET_B}{value}"));
        match coded {
            Ok(code) if !value.is_empty() && value.chars().all(is_plain) => {
                Ok(Self { bars: code.encode(), value })
            }
            _ => Err(NotPrinted::NoBarcode { path: path.to_owned(), value }),
        }
    }
}
