//! The attributes of a tag as they stand in the document (XML 1.0, productions 40 to 44).

use super::text::is_space;

/// An attribute as it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attribute<'t> {
    /// The qualified name.
    pub key: &'t str,
    /// What stands between the quotes.
    pub value: &'t str,
}

impl<'t> Attribute<'t> {
    /// The prefix that the attribute declares a namespace for, `""` for the default one.
    pub fn declares(&self) -> Option<&'t str> {
        match self.key.strip_prefix("xmlns")? {
            "" => Some(""),
            rest => rest.strip_prefix(':'),
        }
    }
}

/// A fault in an attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Broken {
    /// The offset at which it shows.
    pub at: usize,
    pub message: &'static str,
}

/// The attributes from an offset of a text on, up to the `>` or `/` of their tag or the end of the text.
#[derive(Debug)]
pub(crate) struct Attributes<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Attributes<'t> {
    /// `at` is the end of the tag's name.
    pub fn new(text: &'t str, at: usize) -> Self {
        Self { text, at }
    }

    /// Where the last attribute ends and the rest of the tag begins.
    pub fn at(&self) -> usize {
        self.at
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while self.peek().is_some_and(|byte| is_space(byte as char)) {
            self.at += 1;
        }
    }

    fn since(&self, start: usize) -> &'t str {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn broken(&self, message: &'static str) -> Broken {
        Broken { at: self.at, message }
    }

    fn attribute(&mut self) -> Result<Attribute<'t>, Broken> {
        let start = self.at;
        while self.peek().is_some_and(|byte| !is_space(byte as char) && !matches!(byte, b'=' | b'>' | b'/')) {
            self.at += 1;
        }
        let key = self.since(start);
        self.skip_space();
        if self.peek() != Some(b'=') {
            return Err(self.broken("an attribute needs `=` and a value"));
        }
        self.at += 1;
        self.skip_space();
        let quote = match self.peek() {
            Some(quote @ (b'"' | b'\'')) => quote,
            Some(b'>') => return Err(self.broken("an attribute has no value after `=`")),
            _ => return Err(self.broken("the value of an attribute has no quotes")),
        };
        let start = self.at + 1;
        let rest = self.text.as_bytes().get(start..).unwrap_or_default();
        let Some(length) = memchr::memchr(quote, rest) else {
            let message = match quote {
                b'"' => "an attribute is not closed: `\"` is missing",
                _ => "an attribute is not closed: `'` is missing",
            };
            return Err(self.broken(message));
        };
        self.at = start + length;
        let value = self.since(start);
        self.at += 1;
        Ok(Attribute { key, value })
    }
}

impl<'t> Iterator for Attributes<'t> {
    type Item = Result<Attribute<'t>, Broken>;

    fn next(&mut self) -> Option<Self::Item> {
        let end = self.at;
        self.skip_space();
        if matches!(self.peek(), None | Some(b'>' | b'/')) {
            return None;
        }
        if self.at == end {
            return Some(Err(self.broken("white space is missing before an attribute")));
        }
        Some(self.attribute())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_taken_as_they_are_written() {
        let mut attributes = Attributes::new("a x='1' xmlns:p = \"u>\"\n xmlns=''/>", 1);
        let found: Vec<_> = attributes.by_ref().map(Result::unwrap).collect();
        let rows: Vec<_> = found.iter().map(|found| (found.key, found.value, found.declares())).collect();
        assert_eq!(rows, [("x", "1", None), ("xmlns:p", "u>", Some("p")), ("xmlns", "", Some(""))]);
        assert_eq!(attributes.at(), 32);
    }

    #[test]
    fn faults_are_named_where_they_show() {
        let fault = |text| Attributes::new(text, 1).find_map(Result::err).map(|broken| broken.at);
        assert_eq!(fault("a x='1'y='2'"), Some(7));
        assert_eq!(fault("a x>"), Some(3));
        assert_eq!(fault("a x=1>"), Some(4));
        assert_eq!(fault("a x='1>"), Some(4));
        assert_eq!(fault("a x"), Some(3));
        assert_eq!(fault("a / x"), None);
    }
}
