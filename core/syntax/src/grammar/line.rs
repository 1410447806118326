//! One line of a `.gram` file as words, with their columns.

/// A word of a line. Quotes and slashes are taken off literals and patterns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Word {
    /// A bare word: names, numbers, keywords, braces.
    Bare(String),
    /// `"…"`.
    Literal(String),
    /// `/…/`.
    Pattern(String),
}

/// The words of a line and how deep it is indented.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number in the file, from 1.
    pub number: u32,
    /// Blanks before the first word.
    pub indent: u32,
    /// Columns (from 1) and words.
    pub words: Vec<(u32, Word)>,
}

/// Splits a file into lines of words; comments (`#` at the start of a line or after a blank, before a blank) and
/// empty lines are left out. An unclosed literal is `Err` with its place.
pub(super) fn lines(text: &str) -> Result<Vec<Line>, (u32, u32, String)> {
    let mut all = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let number = index as u32 + 1;
        let words = words(line).map_err(|(column, message)| (number, column, message))?;
        let indent = (line.len() - line.trim_start_matches(' ').len()) as u32;
        if !words.is_empty() {
            all.push(Line { number, indent, words });
        }
    }
    Ok(all)
}

fn words(line: &str) -> Result<Vec<(u32, Word)>, (u32, String)> {
    let mut words = Vec::new();
    let mut rest = line.char_indices().peekable();
    let column_of = |at: usize| line.get(..at).unwrap_or_default().chars().count() as u32 + 1;
    while let Some((at, first)) = rest.next() {
        let column = column_of(at);
        match first {
            ' ' | '\t' => {}
            '#' if rest.peek().is_none_or(|(_, next)| *next == ' ') => break,
            '"' => words.push((column, Word::Literal(delimited(&mut rest, '"', column)?))),
            '/' => words.push((column, Word::Pattern(delimited(&mut rest, '/', column)?))),
            ',' if rest.peek().is_none_or(|(_, next)| *next == ' ') => {}
            '{' | '}' => words.push((column, Word::Bare(first.to_string()))),
            _ => {
                let mut word = String::from(first);
                while let Some((at, next)) = rest.next_if(|(_, c)| !matches!(c, ' ' | '\t' | '{' | '}')) {
                    let separates =
                        next == ',' && line.get(at + 1..).is_none_or(|after| after.starts_with(' '));
                    if separates {
                        break;
                    }
                    word.push(next);
                }
                words.push((column, Word::Bare(word)));
            }
        }
    }
    Ok(words)
}

type Characters<'l> = std::iter::Peekable<std::str::CharIndices<'l>>;

/// Reads up to the closing character, which a backslash before it takes literally, as it does another backslash
/// in a literal; other backslashes stay.
fn delimited(rest: &mut Characters<'_>, end: char, column: u32) -> Result<String, (u32, String)> {
    let mut text = String::new();
    while let Some((_, next)) = rest.next() {
        match next {
            '\\' => {
                let escaped = rest.next().map(|(_, c)| c);
                let is_taken = escaped == Some(end) || (end == '"' && escaped == Some('\\'));
                text.extend((!is_taken).then_some('\\'));
                text.extend(escaped);
            }
            _ if next == end => return Ok(text),
            _ => text.push(next),
        }
    }
    Err((column, format!("{end} is not closed")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_literals_patterns_and_comments() {
        let text =
            "# all comment\n\n  Name#2 * text..3 /a\\/b\\d/  \"say \\\"x\\\"\" # end\nC1{2 an..3, 4 n..16,6}";
        let lines = lines(text).unwrap();
        let bare = |word: &str| Word::Bare(word.into());
        assert_eq!((lines[0].number, lines[0].indent), (3, 2));
        let words: Vec<_> = lines[0].words.iter().map(|(_, word)| word.clone()).collect();
        let pattern = Word::Pattern("a/b\\d".into());
        let literal = Word::Literal("say \"x\"".into());
        assert_eq!(words, [bare("Name#2"), bare("*"), bare("text..3"), pattern, literal]);
        let words: Vec<_> = lines[1].words.iter().map(|(_, word)| word.clone()).collect();
        assert_eq!(words, ["C1", "{", "2", "an..3", "4", "n..16,6", "}"].map(bare));
        assert!(super::lines("a \"open").is_err());
    }
}
