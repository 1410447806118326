//! Paths of nodes in a document: `goods_items[sequence=2].origins[0].country`.

use std::borrow::Cow;

/// Which of the entries of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Select<'p> {
    /// Not said: the first.
    First,
    /// By index, from 0.
    Index(usize),
    /// By the value of a child.
    Key(&'p str, &'p str),
}

/// One step of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step<'p> {
    /// The name of the child.
    pub name: &'p str,
    /// Which one, where there are several.
    pub select: Select<'p>,
}

/// The steps of a path; `None` where it is malformed. Names are joined by `.`; a name with other characters
/// than letters, digits, `_` and `-` stands in single quotes.
pub fn steps(path: &str) -> Option<Vec<Step<'_>>> {
    let mut found = Vec::new();
    let mut rest = path;
    while !rest.is_empty() {
        let (step, after) = first_step(rest)?;
        found.push(step);
        rest = after;
    }
    Some(found)
}

/// The first step of a path that is not empty, and the path behind it; `None` where it is malformed.
pub(super) fn first_step(path: &str) -> Option<(Step<'_>, &str)> {
    let (step, after) = step(path)?;
    match after.as_bytes() {
        [] => Some((step, "")),
        [b'.', _, ..] => Some((step, after.get(1..)?)),
        _ => None,
    }
}

fn step(text: &str) -> Option<(Step<'_>, &str)> {
    let (name, rest) = match text.strip_prefix('\'') {
        Some(quoted) => quoted.split_once('\'')?,
        None => {
            text.split_at(text.bytes().position(|byte| matches!(byte, b'.' | b'[')).unwrap_or(text.len()))
        }
    };
    if name.is_empty() {
        return None;
    }
    let Some(inner) = rest.strip_prefix('[') else {
        return Some((Step { name, select: Select::First }, rest));
    };
    let (inner, rest) = inner.split_once(']')?;
    let select = match inner.split_once('=') {
        Some((key, value)) => Select::Key(key, value),
        None => Select::Index(inner.parse().ok()?),
    };
    Some((Step { name, select }, rest))
}

/// A name as a step, in quotes where it must be.
pub(crate) fn quoted(name: &str) -> Cow<'_, str> {
    if !name.is_empty() && name.chars().all(is_plain) { name.into() } else { format!("'{name}'").into() }
}

/// True where a key's value can stand in a path as it is; else the entry is addressed by its index.
pub(crate) fn is_key(value: &str) -> bool {
    !value.is_empty() && value.chars().all(|c| is_plain(c) || matches!(c, '.' | ':' | '/' | '#'))
}

fn is_plain(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '_' | '-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_names_with_an_index_or_a_key() {
        let steps_of = |path| steps(path).unwrap();
        assert_eq!(steps_of(""), []);
        let key = Step { name: "goods_items", select: Select::Key("sequence", "2") };
        let index = Step { name: "origins", select: Select::Index(0) };
        let leaf = Step { name: "country", select: Select::First };
        assert_eq!(steps_of("goods_items[sequence=2].origins[0].country"), [key, index, leaf]);
        assert_eq!(steps_of("'A.I._code'"), [Step { name: "A.I._code", select: Select::First }]);
        for broken in [".", "a.", ".a", "a[", "a[x]", "a[1]b", "'a", "a..b", "a[-1]"] {
            assert_eq!(steps(broken), None, "{broken}");
        }
    }
}
