//! `int`, `decimal`, `bool`.

use super::{Inputs, Piece, Pieces, Refusal, one};

/// Writes the literal; a value that is no literal of the wire (a leading `+`, an exponent) was kept on reading
/// and goes back as it came.
pub(super) fn encode(_values: &Inputs<'_>) -> Pieces {
    one(Piece::Whole(0))
}

pub(super) fn decode_bool(cells: &Inputs<'_>, yes: &str, no: &str) -> Result<Pieces, Refusal> {
    match cells.first().copied().flatten() {
        Some(value) if value == yes => Ok(one(Piece::Text("true".into()))),
        Some(value) if value == no => Ok(one(Piece::Text("false".into()))),
        Some(value) => Err(Refusal(format!("`{value}` is neither `{yes}` nor `{no}`"))),
        None => Ok(super::NOTHING),
    }
}

pub(super) fn encode_bool(values: &Inputs<'_>, yes: &str, no: &str) -> Result<Pieces, Refusal> {
    match values.first().copied().flatten() {
        Some("true") => Ok(one(Piece::Text(yes.into()))),
        Some("false") => Ok(one(Piece::Text(no.into()))),
        Some(value) => Err(Refusal(format!("`{value}` is neither true nor false"))),
        None => Ok(super::NOTHING),
    }
}
