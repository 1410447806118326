//! `text(lines)` and `text(cut)`: cells as the lines of one text.

/// Joins cells to one text, a cell a line. A cell that holds a line break cannot be told from two cells: `None`.
pub(crate) fn join_lines<'t>(cells: impl Iterator<Item = &'t str>) -> Option<String> {
    join_cut(cells, usize::MAX)
}

/// Joins cells to one text: a full cell goes on in the next, any other ends its line. A cell that is longer than there is
/// room for would be cut elsewhere when it is written again: `None`.
pub(crate) fn join_cut<'t>(cells: impl Iterator<Item = &'t str>, room: usize) -> Option<String> {
    let mut text = String::new();
    let mut goes_on = true;
    for cell in cells {
        let length = cell.chars().count();
        if cell.contains('\n') || length > room {
            return None;
        }
        if !goes_on {
            text.push('\n');
        }
        text.push_str(cell);
        goes_on = length == room;
    }
    Some(text)
}

/// Cuts a text into cells: each line into pieces of `room` characters. Behind a line that fills its last cell to the
/// brim stands an empty cell, so that the next line is not taken for the rest of it.
pub(crate) fn cut(text: &str, room: usize) -> Vec<String> {
    let mut cells = Vec::new();
    let mut lines = text.split('\n').peekable();
    while let Some(line) = lines.next() {
        let mut rest = line;
        while let Some((end, _)) = rest.char_indices().nth(room.max(1)) {
            let (cell, after) = rest.split_at(end);
            cells.push(cell.to_owned());
            rest = after;
        }
        let full = rest.chars().count() == room;
        cells.push(rest.to_owned());
        if full && lines.peek().is_some() {
            cells.push(String::new());
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_full_cell_goes_on_and_any_other_ends_its_line() {
        let cells = |text: &str| cut(text, 3);
        assert_eq!(cells("ab\nabcd\nabc\nd"), ["ab", "abc", "d", "abc", "", "d"]);
        assert_eq!(cells("abcdef"), ["abc", "def"]);
        assert_eq!(join_cut(["abc", "def"].into_iter(), 3).as_deref(), Some("abcdef"));
        assert_eq!(join_cut(["ab", "def"].into_iter(), 3).as_deref(), Some("ab\ndef"));
        assert_eq!(join_cut(["a\nb"].into_iter(), 3), None);
        assert_eq!(join_cut(["abcd"].into_iter(), 3), None);
    }

    proptest! {
        #[test]
        fn what_is_cut_joins_again(text in "[a-c\u{1F600}\n ]{0,40}", room in 1usize..6) {
            let cells = cut(&text, room);
            prop_assert!(cells.iter().all(|cell| cell.chars().count() <= room));
            prop_assert_eq!(join_cut(cells.iter().map(String::as_str), room), Some(text));
        }
    }
}
