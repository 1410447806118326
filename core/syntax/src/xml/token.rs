//! Markup: a document in tokens, each end tag matched with its start tag (XML 1.0, productions 14 to 43).

#![expect(clippy::indexing_slicing, reason = "offsets were found by looking at the bytes before them")]

use super::attribute::{Attribute, Attributes, Broken};
use super::text::is_space;

/// A piece of the document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Token<'t> {
    /// A start tag; its attributes are in [`Tokens::attributes`].
    Start { prefix: Option<&'t str>, local: &'t str, is_empty: bool },
    /// The end tag of the innermost open element.
    End,
    /// Text up to the next markup or reference; with a `&` at its start where that begins no reference.
    Text(&'t str),
    /// What stands between `&` and `;`.
    Reference(&'t str),
    /// The content of a CDATA section.
    Section(&'t str),
    /// The content of a comment.
    Comment(&'t str),
    /// What stands between `<?` and `?>`: a processing instruction or the XML declaration.
    Instruction(&'t str),
    /// The beginning of a document type definition.
    Doctype,
    /// The end of the document.
    EndOfText,
}

/// Markup that is not well-formed, after which there are no more tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault<'t> {
    /// The markup is of no known kind, or never ends.
    Markup(&'static str),
    /// An end tag closes another element than the innermost open one.
    Mismatched { expected: &'t str, found: &'t str },
    /// An end tag closes nothing.
    Unmatched(&'t str),
}

/// Takes a text apart.
#[derive(Debug)]
pub(crate) struct Tokens<'t> {
    text: &'t str,
    /// Where the last token begins and ends.
    pub start: usize,
    pub at: usize,
    /// The names of the open elements.
    open: Vec<&'t str>,
    /// The attributes of the last start tag: no more than one over the limit.
    pub attributes: Vec<Attribute<'t>>,
    /// The first fault in them.
    pub broken: Option<Broken>,
    most_attributes: usize,
}

/// What a byte means within the name of a tag.
const OTHER: u8 = 0;
const COLON: u8 = 1;
const END: u8 = 2;
const NAME: [u8; 256] = {
    let mut table = [OTHER; 256];
    table[b':' as usize] = COLON;
    table[b' ' as usize] = END;
    table[b'\t' as usize] = END;
    table[b'\n' as usize] = END;
    table[b'\r' as usize] = END;
    table[b'/' as usize] = END;
    table[b'>' as usize] = END;
    table
};

/// Most texts are shorter: up to there a plain loop is faster than a search that has to be set up.
const SHORT: usize = 24;

impl<'t> Tokens<'t> {
    pub fn new(text: &'t str, most_attributes: usize) -> Self {
        let (open, attributes) = (Vec::with_capacity(16), Vec::new());
        Self { text, start: 0, at: 0, open, attributes, broken: None, most_attributes }
    }

    /// The next token.
    pub fn next(&mut self) -> Result<Token<'t>, Fault<'t>> {
        self.start = self.at;
        let rest = &self.text.as_bytes()[self.at..];
        match rest {
            [] => Ok(Token::EndOfText),
            [b'<', b'/', ..] => self.end(),
            [b'<', b'!', ..] => self.bang(),
            [b'<', b'?', ..] => {
                let content = self.until(2, "?>").ok_or(Fault::Markup("`?>` is missing"))?;
                Ok(Token::Instruction(content))
            }
            [b'<', ..] => self.tag(),
            [b'&', rest @ ..] => {
                match memchr::memchr3(b';', b'&', b'<', rest).filter(|end| rest[*end] == b';') {
                    Some(end) => {
                        self.at += end + 2;
                        Ok(Token::Reference(&self.text[self.start + 1..self.at - 1]))
                    }
                    None => Ok(self.characters(1)),
                }
            }
            _ => Ok(self.characters(0)),
        }
    }

    /// Text, of which the first bytes need no looking at.
    fn characters(&mut self, known: usize) -> Token<'t> {
        let rest = &self.text.as_bytes()[self.at + known..];
        let near = rest.iter().take(SHORT).position(|byte| matches!(byte, b'<' | b'&'));
        let end = near.or_else(|| Some(SHORT + memchr::memchr2(b'<', b'&', rest.get(SHORT..)?)?));
        self.at += known + end.unwrap_or(rest.len());
        Token::Text(&self.text[self.start..self.at])
    }

    /// What stands between the first bytes of the token and its closing mark.
    fn until(&mut self, opening: usize, mark: &str) -> Option<&'t str> {
        let start = self.start + opening;
        let rest = self.text.get(start..)?;
        let length = memchr::memmem::find(rest.as_bytes(), mark.as_bytes())?;
        self.at = start + length + mark.len();
        rest.get(..length)
    }

    fn bang(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let rest = &self.text[self.start..];
        let is_doctype =
            |rest: &str| rest.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("<!DOCTYPE"));
        match rest {
            _ if rest.starts_with("<!--") => match self.until(4, "-->") {
                Some(content) => Ok(Token::Comment(content)),
                None => Err(Fault::Markup("the comment is not closed: `-->` is missing")),
            },
            _ if rest.starts_with("<![CDATA[") => match self.until(9, "]]>") {
                Some(content) => Ok(Token::Section(content)),
                None => Err(Fault::Markup("the CDATA section is not closed: `]]>` is missing")),
            },
            _ if is_doctype(rest) => {
                self.at += "<!DOCTYPE".len();
                Ok(Token::Doctype)
            }
            _ => Err(Fault::Markup("`<!` begins no markup that is known")),
        }
    }

    /// A start tag or the tag of an empty element.
    fn tag(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let bytes = self.text.as_bytes();
        let (start, mut at, mut colon) = (self.start + 1, self.start + 1, None);
        loop {
            match NAME[usize::from(*bytes.get(at).ok_or(UNCLOSED)?)] {
                OTHER => {}
                COLON => colon = colon.or(Some(at)),
                _ => break,
            }
            at += 1;
        }
        let name = &self.text[start..at];
        let (prefix, local) = match colon {
            Some(colon) => (Some(&self.text[start..colon]), &self.text[colon + 1..at]),
            None => (None, name),
        };
        self.attributes.clear();
        if bytes[at] != b'>' {
            at = self.read_attributes(at);
        }
        let is_empty = match bytes.get(at) {
            Some(byte) => *byte == b'/',
            None => {
                let broken = self.broken.filter(|broken| broken.at < bytes.len());
                return Err(broken.map_or(UNCLOSED, |broken| Fault::Markup(broken.message)));
            }
        };
        self.at = at + 1 + usize::from(is_empty);
        if !is_empty {
            self.open.push(name);
        }
        Ok(Token::Start { prefix, local, is_empty })
    }

    /// Reads the attributes of a tag and returns where its `>` or `/>` begins.
    fn read_attributes(&mut self, name_end: usize) -> usize {
        let mut attributes = Attributes::new(self.text, name_end);
        while self.broken.is_none() && self.attributes.len() <= self.most_attributes {
            let at = attributes.at();
            match attributes.next() {
                None => break,
                Some(Err(broken)) => self.broken = Some(broken),
                Some(Ok(attribute)) if self.attributes.iter().any(|other| other.key == attribute.key) => {
                    self.broken = Some(Broken { at, message: "an attribute is given twice" });
                }
                Some(Ok(attribute)) => self.attributes.push(attribute),
            }
        }
        let at = attributes.at();
        match &self.text.as_bytes()[at..] {
            [] | [b'>', ..] | [b'/', b'>', ..] => at,
            rest => {
                if self.attributes.len() <= self.most_attributes {
                    let lone = Broken { at, message: "only `>` may follow `/` in a tag" };
                    self.broken = self.broken.or(Some(lone));
                }
                at + memchr::memchr(b'>', rest).unwrap_or(rest.len())
            }
        }
    }

    fn end(&mut self) -> Result<Token<'t>, Fault<'t>> {
        let start = self.start + 2;
        let rest = &self.text.as_bytes()[start..];
        if let Some(name) = self.open.last()
            && rest.get(name.len()) == Some(&b'>')
            && rest.starts_with(name.as_bytes())
        {
            self.at = start + name.len() + 1;
            self.open.pop();
            return Ok(Token::End);
        }
        let length = memchr::memchr(b'>', rest).ok_or(UNCLOSED)?;
        self.at = start + length + 1;
        let found = self.text[start..start + length].trim_end_matches(is_space);
        match self.open.pop() {
            Some(expected) if expected == found => Ok(Token::End),
            Some(expected) => Err(Fault::Mismatched { expected, found }),
            None => Err(Fault::Unmatched(found)),
        }
    }
}

const UNCLOSED: Fault<'static> = Fault::Markup("the tag is not closed: `>` is missing");
