//! `instant`, `datetime(iso)` and `edidate`: moments keep the literal of their wire; only a moment of another form
//! is written anew.

use crate::stub::DateTime;

use super::{Codec, Inputs, NOTHING, Piece, Pieces, Refusal, one, two};
use crate::language::ast::Argument;

/// `edidate(write 102)` or `edidate`, which writes 203.
pub(super) fn edidate(arguments: &[Argument]) -> Result<Codec, String> {
    match arguments {
        [] => Ok(Codec::EdiDate("203".into())),
        [Argument::Number(code)] => Ok(Codec::EdiDate(code.is.to_string().into())),
        _ => Err("expected `edidate` or `edidate(102)`, the format code of UN/EDIFACT 2379 to write".into()),
    }
}

/// A literal with its format code as they are; an ISO form becomes one of the code that the wire implies.
pub(super) fn encode_instant(values: &Inputs<'_>, implied: Option<&str>) -> Result<Pieces, Refusal> {
    encode_coded(values, implied.unwrap_or("304"))
}

/// As [`encode_instant`], for a code that is always stated.
pub(super) fn encode_edi(values: &Inputs<'_>, written: &str) -> Result<Pieces, Refusal> {
    encode_coded(values, written)
}

fn encode_coded(values: &Inputs<'_>, code: &str) -> Result<Pieces, Refusal> {
    let Some(text) = values.first().copied().flatten() else { return Ok(NOTHING) };
    let stated = values.get(1).copied().flatten();
    if stated.is_some() || !is_iso(text) {
        return Ok(two(values));
    }
    let moment = DateTime::parse(text, None);
    match moment.to_edifact(code) {
        Some(written) => Ok([Piece::Text(written), Piece::Text(code.into()), Piece::None, Piece::None]),
        None => Err(Refusal(format!("`{text}` cannot be written in the form {code}"))),
    }
}

pub(super) fn encode_iso(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(text) = values.first().copied().flatten() else { return Ok(NOTHING) };
    Ok(one(if text.is_empty() { Piece::None } else { Piece::Whole(0) }))
}

/// True for `2026-11-22` and what begins so.
fn is_iso(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() >= 10 && bytes.get(4) == Some(&b'-') && bytes.get(7) == Some(&b'-')
}
