//! `pointer(erp)`: an error point of EDIFACT (segment ERP) as one text, spelt as in an interchange without the tag:
//! `10:2+LOC:34:5` is section 10, item 2, segment LOC, the 34th as transmitted.

/// The leaves of an error point: section, item and sub-item (C701), segment, number and what it counts (C853).
pub(crate) const LEAVES: [[&str; 2]; 6] = [
    ["C701", "1049"],
    ["C701", "1052"],
    ["C701", "1054"],
    ["C853", "9166"],
    ["C853", "1050"],
    ["C853", "1159"],
];

/// How many of the leaves are in the first composite.
const FIRST: usize = 3;

/// The values of the leaves; empty ones are none.
pub(crate) type Cells = [Option<String>; 6];

/// Writes the values as one text.
pub(crate) fn spell(cells: &Cells) -> String {
    let (one, two) = cells.split_at(FIRST);
    let (one, two) = (composite(one), composite(two));
    if two.is_empty() { one } else { format!("{one}+{two}") }
}

fn composite(cells: &[Option<String>]) -> String {
    let released = cells.iter().map(|cell| {
        let mut text = String::new();
        for character in cell.as_deref().unwrap_or_default().chars() {
            if matches!(character, '\'' | '+' | ':' | '?') {
                text.push('?');
            }
            text.push(character);
        }
        text
    });
    let mut all: Vec<String> = released.collect();
    while all.last().is_some_and(String::is_empty) {
        all.pop();
    }
    all.join(":")
}

/// Reads a text back to values; `None` where it is no error point.
pub(crate) fn cells(text: &str) -> Option<Cells> {
    let mut cells = Cells::default();
    let (mut at, mut second) = (0, false);
    let mut rest = text.chars();
    while let Some(character) = rest.next() {
        match character {
            ':' => at += 1,
            '+' if !second => (at, second) = (FIRST, true),
            '+' | '\'' => return None,
            other => {
                let value = if other == '?' { rest.next()? } else { other };
                cells.get_mut(at).filter(|_| second || at < FIRST)?.get_or_insert_default().push(value);
            }
        }
    }
    Some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn points_are_spelt_as_in_an_interchange() {
        let point = |text: &str| cells(text).unwrap().map(Option::unwrap_or_default);
        assert_eq!(point("10:2+LOC:34:5"), ["10", "2", "", "LOC", "34", "5"]);
        assert_eq!(point("+BGM:2"), ["", "", "", "BGM", "2", ""]);
        assert_eq!(cells("1+2+3"), None);
        assert_eq!(cells("1:2:3:4"), None);
    }

    proptest! {
        #[test]
        fn points_come_back(values in proptest::array::uniform6(proptest::option::of("[A-Z0-9+:?' ]{1,4}"))) {
            prop_assert_eq!(cells(&spell(&values)), Some(values));
        }

        #[test]
        fn any_text_is_a_point_or_none(text in ".{0,20}") {
            let _ = cells(&text);
        }
    }
}
