//! Lines of directory texts: blocks between rules, change indicators, entries that go on in the next line.

use super::ImportError;
use super::archive::Text;

/// A line with its number.
pub(super) type Line<'t> = (usize, &'t str);

/// The lines of a text, without trailing blanks.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line<'_>> {
    (1..).zip(text.lines().map(str::trim_end))
}

/// The lines between rules, without empty ones.
pub(super) fn blocks(text: &str) -> Vec<Vec<Line<'_>>> {
    let mut blocks = vec![Vec::new()];
    for line in lines(text).filter(|(_, line)| !line.is_empty()) {
        match blocks.last_mut() {
            Some(block) if !is_rule(line.1) => block.push(line),
            _ => blocks.push(Vec::new()),
        }
    }
    blocks
}

fn is_rule(line: &str) -> bool {
    line.chars().count() > 20 && line.chars().all(|c| c == '-' || c == 'Ä')
}

/// Takes off the signs that mark changes since the last release. An X may also be the first letter of a word.
pub(super) fn unmarked(line: &str) -> &str {
    let rest = line.trim_start();
    let sign = |c: char| "+*#|-".contains(c);
    let ends = |rest: &&str| rest.starts_with(|c: char| c == ' ' || sign(c));
    match rest.strip_prefix(sign).or_else(|| rest.strip_prefix('X').filter(ends)) {
        Some(rest) => unmarked(rest),
        None => rest,
    }
}

/// A row of a composite or segment: what it uses, whether it must, how often and in which form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    pub id: String,
    pub mandatory: bool,
    pub times: u32,
    pub form: String,
}

/// The rows of a block: lines that begin with a three-digit position, and what they go on with. The
/// components that a segment directory repeats below a composite are left out.
pub(super) fn rows(text: &Text, block: &[Line<'_>]) -> Result<Vec<Row>, ImportError> {
    let mut rows = Vec::new();
    let mut open: Option<(usize, String)> = None;
    for (number, line) in block {
        let begins = line.len() > 3 && line.bytes().take(3).all(|byte| byte.is_ascii_digit());
        let entry = match (begins, open.take()) {
            (true, None) => unmarked(line.get(3..).unwrap_or_default()).to_owned(),
            (false, Some((_, before))) => format!("{before} {}", line.trim()),
            (true, Some((at, _))) => return Err(error(text, at, "the entry does not end")),
            (false, None) => continue,
        };
        match row(&entry) {
            Some(row) => rows.push(row),
            None => open = Some((*number, entry)),
        }
    }
    match open {
        Some((at, _)) => Err(error(text, at, "the entry does not end")),
        None => Ok(rows),
    }
}

/// Reads `C506 REFERENCE M 1`, `1153 Reference qualifier M an..3`; `None` where the end is missing.
fn row(entry: &str) -> Option<Row> {
    let mut words: Vec<_> = entry.split_whitespace().collect();
    let form = words.pop_if(|word| is_form(word)).unwrap_or_default();
    let times = words.pop_if(|word| word.bytes().all(|byte| byte.is_ascii_digit()));
    let status = words.pop_if(|word| matches!(*word, "M" | "C"))?;
    let id = (*words.first()?).to_owned();
    if id.starts_with('C') == form.is_empty() && words.len() > 1 {
        let times = times.map_or(Some(1), |times| times.parse().ok())?;
        return Some(Row { id, mandatory: status == "M", times, form: form.to_owned() });
    }
    None
}

/// True for `an..35`, `n4`, `a3`.
fn is_form(word: &str) -> bool {
    let size = word.trim_start_matches(['a', 'n']);
    let length = size.strip_prefix("..").unwrap_or(size);
    size.len() < word.len() && !length.is_empty() && length.bytes().all(|byte| byte.is_ascii_digit())
}

/// An error in a text.
pub(super) fn error(text: &Text, line: usize, message: impl Into<String>) -> ImportError {
    ImportError::Text { file: text.source.name.clone(), line, message: message.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_of_all_vintages() {
        let cases = [
            ("C817  ADDRESS USAGE                                  C", ("C817", false, 1, "")),
            ("3164  CITY NAME                                      C  an..35", ("3164", false, 1, "an..35")),
            ("C090 ADDRESS DETAILS                            M    1", ("C090", true, 1, "")),
            ("3207 COUNTRY NAME CODE                          C    5 an..3", ("3207", false, 5, "an..3")),
            ("C770 ARRAY CELL DETAILS                         C 9999", ("C770", false, 9999, "")),
            (
                "5104  Monetary amount function detail description  C      an..70",
                ("5104", false, 1, "an..70"),
            ),
        ];
        for (entry, (id, mandatory, times, form)) in cases {
            let expected = Row { id: id.into(), mandatory, times, form: form.into() };
            assert_eq!(row(entry), Some(expected), "{entry}");
        }
        assert_eq!(row("5104  Monetary amount function detail"), None);
        assert_eq!(row("C"), None);
    }

    #[test]
    fn marks_are_no_part_of_a_line() {
        for line in
            ["  *# ARD  X", "ARD  X", "+ ARD  X", " X ARD  X", "*| ARD  X", "    *#|ARD  X", " X| ARD  X"]
        {
            assert_eq!(unmarked(line), "ARD  X");
        }
        assert_eq!(unmarked("XYZ  NAME"), "XYZ  NAME");
    }
}
