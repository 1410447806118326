//! Tables as CSV for spreadsheets: what a cell says never becomes a formula.

use dragoman_store::Row;

/// A line of cells.
pub fn line<'c>(cells: impl IntoIterator<Item = &'c str>) -> String {
    let mut line = cells.into_iter().map(cell).collect::<Vec<_>>().join(",");
    line.push_str("\r\n");
    line
}

/// A cell. Spreadsheets take what begins with one of some signs for a formula, in quotes or behind blanks too; an
/// apostrophe before it tells them that it is text. Numbers stay numbers.
fn cell(text: &str) -> String {
    let signs = ['=', '+', '-', '@', '\u{ff1d}', '\u{ff0b}', '\u{ff0d}', '\u{ff20}'];
    let breaks = ['\t', '\r', '\n'];
    let is_formula = text.trim_start().starts_with(signs) || text.trim_start_matches(' ').starts_with(breaks);
    let text = if is_formula && !is_number(text) { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', ';', '\n', '\r', '\t']) || text.trim() != text {
        return format!("\"{}\"", text.replace('"', "\"\""));
    }
    text
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, rest].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
}

/// The head of a table of streams.
pub fn head() -> String {
    line([
        "id",
        "kind",
        "reference",
        "account",
        "state",
        "status",
        "mrn",
        "corridor",
        "amount",
        "currency",
        "needs",
        "causes",
        "began",
        "changed",
    ])
}

/// A stream as a line.
pub fn row(row: &Row) -> String {
    let (amount, currency) = row.value.as_deref().and_then(|value| value.split_once(' ')).unwrap_or_default();
    let causes = row.causes.join(" ");
    let (began, changed) = (row.began.to_string(), row.changed.to_string());
    line([
        &row.id,
        &row.kind,
        &row.title,
        &row.account,
        &row.state,
        &row.status,
        row.mrn.as_deref().unwrap_or_default(),
        row.corridor.as_deref().unwrap_or_default(),
        amount,
        currency,
        row.needs.as_deref().unwrap_or_default(),
        &causes,
        &began,
        &changed,
    ])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn formulas_become_text() {
        assert_eq!(
            line(["=HYPERLINK(\"http://x\",\"y\")", "a"]),
            "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\",a\r\n"
        );
        assert_eq!(line(["-1+1", "@SUM(A1)", "+cmd"]), "'-1+1,'@SUM(A1),'+cmd\r\n");
        assert_eq!(line(["-12.50", "3", "-"]), "-12.50,3,'-\r\n");
    }

    proptest! {
        #[test]
        fn no_cell_begins_a_formula(text in "[ \t]?[=+@\t\r\n\u{ff1d}-]?[ -~\u{ff0b}\n]{0,10}") {
            let shown = cell(&text);
            let inside = shown.strip_prefix('"').unwrap_or(&shown).trim_start_matches(' ');
            let risky = inside.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '\u{ff1d}', '\u{ff0b}']);
            prop_assert!(!risky || is_number(inside), "{}", shown);
        }

        #[test]
        fn the_text_of_a_cell_comes_back(text in "[a-z,;\" \n]{0,12}") {
            let text = format!("x{text}");
            let shown = cell(&text);
            let quoted = shown.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
            prop_assert_eq!(quoted.map_or(shown.clone(), |inside| inside.replace("\"\"", "\"")), text);
        }
    }
}
