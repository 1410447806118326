//! `int`, `decimal`, `decimal(n)`, `bool`.

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

/// `2990` with two decimals is `29.90`, and no other text is: so it comes back.
pub(super) fn decode_scaled(cells: &Inputs<'_>, decimals: usize) -> Result<Pieces, Refusal> {
    let Some(text) = cells.first().copied().flatten() else { return Ok(super::NOTHING) };
    scaled(text, decimals)
        .map(|scaled| one(Piece::Text(scaled)))
        .ok_or_else(|| Refusal(format!("`{text}` is no whole number")))
}

/// A number with more decimals than that cannot be written.
pub(super) fn encode_scaled(values: &Inputs<'_>, decimals: usize) -> Result<Pieces, Refusal> {
    let Some(text) = values.first().copied().flatten() else { return Ok(super::NOTHING) };
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = fraction.len() <= decimals && is_whole(&format!("{whole}{fraction}"));
    let written = is_number.then(|| unscaled(whole, fraction, decimals));
    let refusal = || Refusal(format!("`{text}` is no number of at most {decimals} decimals"));
    written.map(|written| one(Piece::Text(written))).ok_or_else(refusal)
}

/// A whole number with so many of its digits behind the point.
pub(super) fn scaled(text: &str, decimals: usize) -> Option<String> {
    if !is_whole(text) {
        return None;
    }
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let long = format!("{digits:0>width$}", width = decimals + 1);
    let (whole, fraction) = long.split_at(long.len() - decimals);
    Some(if decimals == 0 { format!("{sign}{whole}") } else { format!("{sign}{whole}.{fraction}") })
}

/// The same number without the point, and without zeros before it.
pub(super) fn unscaled(whole: &str, fraction: &str, decimals: usize) -> String {
    let (sign, whole) = whole.strip_prefix('-').map_or(("", whole), |whole| ("-", whole));
    let long = format!("{whole}{fraction:0<decimals$}");
    let short = long.trim_start_matches('0');
    format!("{sign}{}", if short.is_empty() { "0" } else { short })
}

/// True for a whole number, written as JSON writes it.
fn is_whole(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    !digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_digit())
}
