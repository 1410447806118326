//! Days of X12: eight digits, in old versions six without the century.

use dragoman_model::DateTime;

use super::time::{coded, moment, text};
use super::{Inputs, NOTHING, Piece, Pieces, Refusal};

/// The form of UN/EDIFACT 2379 that the digits are of: 102 or 101.
fn form(digits: &str) -> &'static str {
    if digits.len() == 6 { "101" } else { "102" }
}

/// A day with the form it was stated in.
pub(super) fn decode(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(value) = text(cells, 0) else { return Ok(NOTHING) };
    let code = form(value);
    match DateTime::parse(value, Some(code)) {
        Some(_) if matches!(value.len(), 6 | 8) => Ok(moment(value.to_owned(), code)),
        _ => Err(Refusal(format!("`{value}` is no day of the form CCYYMMDD or YYMMDD"))),
    }
}

/// The day of any moment; without the century where it was read so.
pub(super) fn encode(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(value) = text(values, 0) else { return Ok(NOTHING) };
    let format = text(values, 1);
    let day = DateTime::parse(value, format).and_then(|moment| coded(&moment, "102"));
    let Some(day) = day else { return Err(Refusal(format!("`{value}` is no day"))) };
    let start = if format == Some("101") { 2 } else { 0 };
    let written = day.get(start..).unwrap_or_default().to_owned();
    Ok([Piece::Text(written), Piece::None, Piece::None, Piece::None])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_comes_back_as_it_was_written() {
        for (digits, code) in [("20261129", "102"), ("261129", "101")] {
            let [Piece::Text(value), Piece::Text(form), ..] = decode(&[Some(digits)]).unwrap() else {
                panic!("{digits}")
            };
            assert_eq!(form, code);
            let [Piece::Text(written), ..] = encode(&[Some(&value), Some(&form)]).unwrap() else {
                panic!("{digits}")
            };
            assert_eq!(written, digits);
        }
        let written = encode(&[Some("2026-11-29T10:05:00Z"), None]).unwrap();
        assert!(matches!(&written[0], Piece::Text(text) if text == "20261129"));
        for bad in ["20261341", "2611", "soon"] {
            assert!(decode(&[Some(bad)]).is_err(), "{bad}");
        }
    }
}
