//! `pointer(wco, rows)`: the rows of a WCO pointer as one chain, `42A.67A.68A#1.23A.21A#3/145`.
//!
//! A row is a document section code, perhaps the number of the repeat (`#3`), perhaps the tag of an attribute
//! (`/145`). WCO Data Model, class 97A Pointer.

/// The leaves of a row, by their WCO names: 006, 105 and 381 of class 97A.
pub(crate) const ROW: [&str; 3] = ["SequenceNumeric", "DocumentSectionCode", "TagID"];

/// One row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// The number of the repeat, as stated.
    pub sequence: Option<String>,
    /// The section: a class id.
    pub section: Option<String>,
    /// The tag: an attribute id.
    pub tag: Option<String>,
}

/// Writes rows as a chain. A value that holds a character of the notation cannot be told apart: `None`.
pub(crate) fn chain(rows: &[Row]) -> Option<String> {
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 {
            text.push('.');
        }
        for (mark, value) in [("", &row.section), ("#", &row.sequence), ("/", &row.tag)] {
            if let Some(value) = value {
                if value.contains(['.', '#', '/']) || value.is_empty() {
                    return None;
                }
                text.push_str(mark);
                text.push_str(value);
            }
        }
    }
    (rows.len() == 1 || !text.is_empty()).then_some(text)
}

/// Reads a chain back to rows.
pub fn rows(chain: &str) -> Vec<Row> {
    chain.split('.').map(row).collect()
}

fn row(text: &str) -> Row {
    let (text, tag) = text.split_once('/').map_or((text, None), |(text, tag)| (text, Some(tag.to_owned())));
    let (section, sequence) =
        text.split_once('#').map_or((text, None), |(text, number)| (text, Some(number.to_owned())));
    Row { sequence, section: (!section.is_empty()).then(|| section.to_owned()), tag }
}

/// Cuts rows into chains: a row of the first row's section begins the next.
pub(crate) fn chains(rows: &[Row]) -> Vec<&[Row]> {
    let Some(root) = rows.first().map(|row| &row.section) else { return Vec::new() };
    let starts: Vec<_> =
        rows.iter().enumerate().filter(|(_, row)| row.section == *root).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([rows.len()]);
    starts.iter().zip(ends).map(|(start, end)| rows.get(*start..end).unwrap_or_default()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chains_come_back() {
        let text = "42A#1.67A.68A#1.23A.21A#3/145";
        let read = rows(text);
        assert_eq!(chain(&read).as_deref(), Some(text));
        assert_eq!(read.last().unwrap().tag.as_deref(), Some("145"));
        let two = rows("42A.17C#1/R144.42A/023");
        let cut: Vec<_> = chains(&two).into_iter().map(|rows| chain(rows).unwrap()).collect();
        assert_eq!(cut, ["42A.17C#1/R144", "42A/023"]);
        assert_eq!(chain(&[Row { section: Some("a.b".into()), ..Row::default() }]), None);
        assert!(chains(&[]).is_empty());
    }
}
