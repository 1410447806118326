//! `money` and `measure`: a number and what it counts.

use super::number::{scaled, unscaled};
use super::{Inputs, Piece, Pieces, Refusal};

fn whole(cells: &Inputs<'_>, at: usize) -> Piece {
    cells.get(at).copied().flatten().map_or(Piece::None, |_| Piece::Whole(at))
}

/// Amount and currency as they stand. A currency alone is no money.
pub(super) fn decode_money(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    if cells.first().copied().flatten().is_none() {
        return Err(Refusal("a currency without an amount".into()));
    }
    Ok([whole(cells, 0), whole(cells, 1), Piece::None, Piece::None])
}

pub(super) fn encode_money(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    if values.first().copied().flatten().is_none() {
        return Err(Refusal("a currency without an amount cannot be written".into()));
    }
    Ok([whole(values, 0), whole(values, 1), Piece::None, Piece::None])
}

/// Value and unit as they stand; where the wire states no unit, the one it implies is noted as assumed.
pub(super) fn decode_measure(cells: &Inputs<'_>, assumed: Option<&str>) -> Result<Pieces, Refusal> {
    if cells.first().copied().flatten().is_none() {
        return Err(Refusal("a unit without a value".into()));
    }
    let unit = whole(cells, 1);
    let implied = match (&unit, assumed) {
        (Piece::None, Some(assumed)) => Piece::Text(assumed.into()),
        _ => Piece::None,
    };
    Ok([whole(cells, 0), unit, implied, Piece::None])
}

/// The unit is written where the document states one. One that the document only assumes is written where this
/// format implies another, or none.
pub(super) fn encode_measure(values: &Inputs<'_>, assumed: Option<&str>) -> Result<Pieces, Refusal> {
    if values.first().copied().flatten().is_none() {
        return Err(Refusal("a unit without a value cannot be written".into()));
    }
    let implied = values.get(2).copied().flatten();
    let unit = match (values.get(1).copied().flatten(), implied) {
        (Some(_), _) => Piece::Whole(1),
        (None, Some(implied)) if assumed != Some(implied) => Piece::Whole(2),
        _ => Piece::None,
    };
    Ok([whole(values, 0), unit, Piece::None, Piece::None])
}

/// The value alone, where the document states or assumes the unit that the format fixes, or none.
pub(super) fn encode_measured(values: &Inputs<'_>, fixed: &str) -> Result<Pieces, Refusal> {
    if values.first().copied().flatten().is_none() {
        return Err(Refusal("a unit without a value cannot be written".into()));
    }
    let mut units = values.iter().skip(1).copied().flatten();
    match units.find(|unit| *unit != fixed) {
        Some(other) => Err(Refusal(format!("this is written in {fixed}, not in {other}"))),
        None => Ok([whole(values, 0), Piece::None, Piece::None, Piece::None]),
    }
}

/// `1250`, `100` and `EUR` are 12.50 EUR. Only a power of ten divides without a rest.
pub(super) fn decode_divided(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let cell = |at: usize| cells.get(at).copied().flatten();
    let (Some(amount), Some(divisor)) = (cell(0), cell(1)) else {
        return Err(Refusal("an amount without what it is divided by, or the other way round".into()));
    };
    let zeros = divisor.strip_prefix('1').filter(|zeros| zeros.bytes().all(|digit| digit == b'0'));
    let written = zeros.filter(|zeros| zeros.len() < 10).and_then(|zeros| scaled(amount, zeros.len()));
    let refusal = || Refusal(format!("`{amount}` cannot be divided by `{divisor}`"));
    Ok([Piece::Text(written.ok_or_else(refusal)?), whole(cells, 2), Piece::None, Piece::None])
}

/// As many decimals as the amount is written with are divided off.
pub(super) fn encode_divided(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(amount) = values.first().copied().flatten() else {
        return Err(Refusal("a currency without an amount cannot be written".into()));
    };
    let (units, fraction) = amount.split_once('.').unwrap_or((amount, ""));
    let written = unscaled(units, fraction, fraction.len());
    if scaled(&written, fraction.len()).as_deref() != Some(amount) {
        return Err(Refusal(format!("`{amount}` is no plain number")));
    }
    let divisor = format!("1{}", "0".repeat(fraction.len()));
    let currency = values.get(1).copied().flatten().map_or(Piece::None, |_| Piece::Whole(1));
    Ok([Piece::Text(written), Piece::Text(divisor), currency, Piece::None])
}
