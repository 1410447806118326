//! The bars of Code 128 (ISO/IEC 15417).

use barcoders::sym::code128::Code128;
use serde_json::Value;

use crate::NotPrinted;
use crate::line::text_at;

/// Begins the character set B: printable ASCII.
const SET_B: char = '\u{181}';

/// The bars, dark ones 1, of the value at a path.
pub fn bars(path: &str, document: &Value) -> Result<Vec<u8>, NotPrinted> {
    let value = text_at(document, path).unwrap_or_default();
    let refused = || NotPrinted::NoBarcode { path: path.to_owned(), value: value.clone() };
    let is_plain = |character: char| character == ' ' || character.is_ascii_graphic();
    if value.is_empty() || !value.chars().all(is_plain) {
        return Err(refused());
    }
    let code = Code128::new(format!("{SET_B}{value}")).map_err(|_| refused())?;
    Ok(code.encode())
}
