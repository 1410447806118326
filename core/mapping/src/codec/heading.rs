//! `text(first)`: the first line of a text, and the lines after it, as formats write a name above an address.

use super::{Inputs, NOTHING, Piece, Pieces, Refusal, one};

pub(super) fn decode(cells: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let Some(text) = cells.first().copied().flatten() else { return Ok(NOTHING) };
    let Some((first, rest)) = text.split_once('\n') else { return Ok(one(Piece::Whole(0))) };
    if first.is_empty() || rest.is_empty() {
        return Err(Refusal("one of the first line and those after it is empty".into()));
    }
    let mut pieces = one(Piece::Part(0, 0..first.len()));
    if let Some(piece) = pieces.get_mut(1) {
        *piece = Piece::Part(0, first.len() + 1..text.len());
    }
    Ok(pieces)
}

pub(super) fn encode(values: &Inputs<'_>) -> Result<Pieces, Refusal> {
    let value = |at: usize| values.get(at).copied().flatten();
    match (value(0), value(1)) {
        (None, None) => Ok(NOTHING),
        (Some(""), _) | (None, Some(_)) => Err(Refusal("there is no first line".into())),
        (Some(first), _) if first.contains('\n') => Err(Refusal("the first line has several".into())),
        (Some(_), Some("")) => Err(Refusal("what stands after the first line is empty".into())),
        (Some(first), None) => Ok(one(Piece::Text(first.to_owned()))),
        (Some(first), Some(rest)) => Ok(one(Piece::Text(format!("{first}\n{rest}")))),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The values that pieces of a text are.
    fn values(text: &str) -> Result<[Option<String>; 2], Refusal> {
        let pieces = decode(&[Some(text)])?;
        let [name, rest, ..] = pieces.map(|piece| match piece {
            Piece::Whole(_) => Some(text.to_owned()),
            Piece::Part(_, range) => Some(text[range].to_owned()),
            _ => None,
        });
        Ok([name, rest])
    }

    /// The text that values are written as.
    fn text(values: &[Option<&str>]) -> Result<Option<String>, Refusal> {
        let [first, ..] = encode(values)?;
        Ok(if let Piece::Text(text) = first { Some(text) } else { None })
    }

    proptest! {
        #[test]
        fn a_text_that_is_taken_apart_comes_back(given in "[a\n]{1,6}") {
            if let Ok([first, rest]) = values(&given) {
                prop_assert_eq!(text(&[first.as_deref(), rest.as_deref()]).unwrap(), Some(given));
            }
        }

        #[test]
        fn values_that_are_written_come_back(first in "[a\n]{0,3}", rest in prop::option::of("[a\n]{0,3}")) {
            if let Ok(Some(written)) = text(&[Some(&first), rest.as_deref()]) {
                prop_assert_eq!(values(&written).unwrap(), [Some(first), rest]);
            }
        }
    }

    #[test]
    fn a_name_stands_above_an_address() {
        assert_eq!(
            values("Silk Co\n1 High Street\nXi'an").unwrap()[1].as_deref(),
            Some("1 High Street\nXi'an")
        );
        assert!(values("\n1 High Street").is_err() && text(&[None, Some("1 High Street")]).is_err());
    }
}
