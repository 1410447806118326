//! What a second question brings, put into the answer of the first: some counterparts tell of one thing in two answers.

use schemars::JsonSchema;
use serde::Deserialize;

use crate::content::{At, Content, Path};
use crate::span::Name;

/// A second question, whose answer is put into the first one's.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Join {
    /// The operation that is asked as well, with the same values.
    pub operation: Name,
    /// The entries of its answer that are taken, as a list; the answer as it is, where nothing is said.
    pub each: Option<Path>,
    /// The object of the first answer that it goes into; the outermost, where nothing is said.
    pub into: Option<Path>,
    /// The member that it becomes there. One that is there already stays.
    pub member: String,
}

impl Join {
    /// The first answer with what the second one brings, both in JSON. `None` where one of them lacks the place.
    pub fn put(&self, first: &[u8], second: &[u8]) -> Option<Vec<u8>> {
        let (first, second) = (Content::read(first), Content::read(second));
        let value = match &self.each {
            Some(each) if second.root().has(each) => list(&second.root().all(each))?,
            Some(_) => return None,
            None => second.root().bytes()?.to_vec(),
        };
        let object = match &self.into {
            Some(path) => first.root().all(path).into_iter().next()?,
            None => first.root(),
        };
        object.with_member(&self.member, &value)
    }
}

/// A list of values, each as it came.
fn list(entries: &[At<'_>]) -> Option<Vec<u8>> {
    let entries: Vec<&[u8]> = entries.iter().map(|entry| entry.bytes()).collect::<Option<_>>()?;
    Some([b"[", entries.join(&b","[..]).as_slice(), b"]"].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn join(each: Option<&str>, into: Option<&str>) -> Join {
        let path = |text: &str| format!("\"{text}\"");
        let line = |name: &str, path: Option<String>| path.map(|path| format!("{name} = {path}\n"));
        let lines = [line("each", each.map(path)), line("into", into.map(path))];
        let text = format!(
            "operation = \"items\"\nmember = \"items\"\n{}",
            lines.map(Option::unwrap_or_default).concat()
        );
        toml::from_str(&text).unwrap()
    }

    fn put(join: &Join, first: &str, second: &str) -> Option<String> {
        join.put(first.as_bytes(), second.as_bytes()).map(|body| String::from_utf8(body).unwrap())
    }

    /// The digits of numbers and everything around them stay as they are.
    #[test]
    fn a_member_more_and_nothing_else() {
        let deep = join(Some("data"), Some("data"));
        let second = "{\"code\":\"0\",\"data\":[{\"price\": 10.50},{\"price\": 2}]}";
        let found = put(&deep, "{ \"data\": { \"fee\": 0.10 } , \"code\":\"0\"}", second);
        let wanted =
            "{ \"data\": { \"fee\": 0.10 ,\"items\":[{\"price\": 10.50},{\"price\": 2}]} , \"code\":\"0\"}";
        assert_eq!(found.as_deref(), Some(wanted));
        let whole = join(None, None);
        assert_eq!(put(&whole, " {} ", "[1]").as_deref(), Some(" {\"items\":[1]} "));
        let there = "{\"items\":[2]}";
        assert_eq!(put(&whole, there, "[1]").as_deref(), Some(there));
    }

    #[test]
    fn an_answer_without_the_place_is_none() {
        let deep = join(Some("data"), Some("data"));
        assert_eq!(put(&deep, "{\"data\":{}}", "{\"error\":1}"), None);
        assert_eq!(put(&deep, "{\"error\":1}", "{\"data\":[]}"), None);
        assert_eq!(put(&deep, "{\"data\":[1]}", "{\"data\":[1]}"), None);
        assert_eq!(
            put(&deep, "{\"data\":{}}", "{\"data\":[]}").as_deref(),
            Some("{\"data\":{\"items\":[]}}")
        );
        assert_eq!(put(&deep, "<a/>", "{\"data\":[1]}"), None);
    }
}
