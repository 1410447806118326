//! `split`, `join`, `prefix` and `between`: values that share one text, or texts that share one value.

use super::{Inputs, NOTHING, Piece, Pieces, Refusal, one};
use crate::language::ast::Argument;

/// The widths in characters; `..` is open.
pub(super) fn widths(arguments: &[Argument]) -> Result<Vec<Option<u32>>, String> {
    let widths = arguments.iter().map(|argument| match argument {
        Argument::Number(number) => Ok(Some(number.is)),
        Argument::Open(_) => Ok(None),
        _ => Err("expected widths, such as `split(2, 2)` or `join(1, ..)`".to_owned()),
    });
    let widths = widths.collect::<Result<Vec<_>, _>>()?;
    match widths.iter().filter(|width| width.is_none()).count() {
        _ if widths.len() < 2 || widths.len() > 4 => Err("expected two to four widths".into()),
        0 => Ok(widths),
        1 if widths.last() == Some(&None) => Ok(widths),
        1 => Err("only the last width may be open".into()),
        _ => Err("two open widths cannot be told apart".into()),
    }
}

/// Byte ranges of consecutive cuts of `text` with these widths in characters; `None` where it does not fit.
fn cuts(text: &str, widths: &[Option<u32>]) -> Option<Vec<std::ops::Range<usize>>> {
    let mut at = 0;
    let mut ranges = Vec::new();
    for width in widths {
        let rest = text.get(at..)?;
        let length = match width {
            None => rest.len(),
            Some(width) => match rest.char_indices().nth(*width as usize) {
                Some((end, _)) => end,
                None if rest.chars().count() == *width as usize => rest.len(),
                None => return None,
            },
        };
        ranges.push(at..at + length);
        at += length;
    }
    (at == text.len()).then_some(ranges)
}

pub(super) fn decode_split(cells: &Inputs<'_>, widths: &[Option<u32>]) -> Result<Pieces, Refusal> {
    let Some(text) = cells.first().copied().flatten() else { return Ok(NOTHING) };
    let ranges = cuts(text, widths)
        .ok_or_else(|| Refusal(format!("`{text}` does not have the widths that are cut here")))?;
    let mut pieces = NOTHING;
    let given = pieces.iter_mut().zip(ranges).filter(|(_, range)| !range.is_empty());
    for (piece, range) in given {
        *piece = Piece::Part(0, range);
    }
    Ok(pieces)
}

/// Joins the values again; each must have its width, or the text could not be cut back. An open one at the end may be
/// missing: what is before it has a width.
fn join(values: &Inputs<'_>, widths: &[Option<u32>]) -> Result<Option<String>, Refusal> {
    let given = (0..widths.len()).filter(|at| values.get(*at).copied().flatten().is_some()).count();
    if given == 0 {
        return Ok(None);
    }
    let mut text = String::new();
    for (at, width) in widths.iter().enumerate() {
        let Some(value) = values.get(at).copied().flatten() else {
            if width.is_none() && at > 0 {
                continue;
            }
            return Err(Refusal("only a part of the values that are written together is there".into()));
        };
        if width.is_some_and(|width| value.chars().count() != width as usize) {
            return Err(Refusal(format!("`{value}` does not have the width that it is written with")));
        }
        text.push_str(value);
    }
    Ok(Some(text))
}

pub(super) fn encode_split(values: &Inputs<'_>, widths: &[Option<u32>]) -> Result<Pieces, Refusal> {
    Ok(join(values, widths)?.map_or(NOTHING, |text| one(Piece::Text(text))))
}

pub(super) fn decode_join(cells: &Inputs<'_>, widths: &[Option<u32>]) -> Result<Pieces, Refusal> {
    Ok(join(cells, widths)?.map_or(NOTHING, |text| one(Piece::Text(text))))
}

pub(super) fn encode_join(values: &Inputs<'_>, widths: &[Option<u32>]) -> Result<Pieces, Refusal> {
    decode_split(values, widths)
}

pub(super) fn decode_prefix(cells: &Inputs<'_>, prefix: &str) -> Result<Pieces, Refusal> {
    let Some(text) = cells.first().copied().flatten() else { return Ok(NOTHING) };
    match text.strip_prefix(prefix) {
        Some(_) => Ok(one(Piece::Part(0, prefix.len()..text.len()))),
        None => Err(Refusal(format!("`{text}` does not begin with `{prefix}`"))),
    }
}

pub(super) fn encode_prefix(values: &Inputs<'_>, prefix: &str) -> Pieces {
    let value = values.first().copied().flatten();
    value.map_or(NOTHING, |value| one(Piece::Text(format!("{prefix}{value}"))))
}

/// What stands behind a text, up to another one; addresses say codes so: `https://shop.example/api/countries/GB/`.
pub(super) fn decode_between(cells: &Inputs<'_>, before: &str, after: &str) -> Result<Pieces, Refusal> {
    let Some(text) = cells.first().copied().flatten() else { return Ok(NOTHING) };
    let found = text.find(before).map(|at| at + before.len()).and_then(|start| {
        let rest = text.get(start..)?;
        Some(start..start + rest.find(after)?)
    });
    match found.filter(|found| !found.is_empty()) {
        Some(found) => Ok(one(Piece::Part(0, found))),
        None => Err(Refusal(format!("`{text}` has nothing between `{before}` and `{after}`"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_and_joins_are_inverse() {
        let widths = [Some(2), Some(1)];
        assert_eq!(cuts("IMA", &widths).unwrap(), [0..2, 2..3]);
        assert_eq!(cuts("äöü", &widths).unwrap(), [0..4, 4..6]);
        assert!(cuts("IM", &widths).is_none() && cuts("IMAX", &widths).is_none());
        assert_eq!(join(&[Some("IM"), Some("A")], &widths).unwrap().as_deref(), Some("IMA"));
        assert!(join(&[Some("IM"), None], &widths).is_err());
        assert!(join(&[Some("IMM"), Some("A")], &widths).is_err());
        assert_eq!(join(&[None, None], &widths), Ok(None));
        assert_eq!(join(&[Some("152000"), None], &[Some(6), None]).unwrap().as_deref(), Some("152000"));
        assert!(matches!(
            decode_split(&[Some("152000")], &[Some(6), None]).unwrap(),
            [Piece::Part(0, _), Piece::None, ..]
        ));
        assert_eq!(cuts("N935", &[Some(1), None]).unwrap(), [0..1, 1..4]);
    }

    #[test]
    fn what_stands_between_two_texts_is_found() {
        let found = |text: &'static str| decode_between(&[Some(text)], "/countries/", "/");
        assert!(matches!(
            found("https://shop.example/api/countries/GB/").unwrap(),
            [Piece::Part(0, range), ..] if range == (35..37)
        ));
        for text in ["https://shop.example/api/countries/GB", "/countries//", "GB", ""] {
            assert!(found(text).is_err(), "{text}");
        }
    }
}
