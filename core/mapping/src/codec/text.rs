//! `text(lines)`: cells as the lines of one text.

/// Joins cells to one text. A cell that holds a line break cannot be told from two cells: `None`.
pub(crate) fn join_lines<'t>(cells: impl Iterator<Item = &'t str>) -> Option<String> {
    let mut text = String::new();
    for (at, cell) in cells.enumerate() {
        if cell.contains('\n') {
            return None;
        }
        if at > 0 {
            text.push('\n');
        }
        text.push_str(cell);
    }
    Some(text)
}
