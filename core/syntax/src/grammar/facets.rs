//! The form of a value: its type, length, digits, pattern and codes. Lengths count characters.

use std::fmt;

use dragoman_tree::Kind;
use regex::Regex;

/// The type of a value. The first group comes from XML Schema, the second from EDI directories, the third from
/// JSON schemas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Base {
    /// XSD string: white space is kept.
    Text,
    /// XSD token: white space is collapsed.
    Token,
    /// XSD decimal.
    Decimal,
    /// XSD integer.
    Int,
    /// XSD boolean.
    Bool,
    /// XSD date.
    Date,
    /// XSD time.
    Time,
    /// XSD dateTime, and JSON strings of format date-time.
    DateTime,
    /// EDI alphabetic.
    A,
    /// EDI alphanumeric.
    An,
    /// EDI numeric: digits, a sign and a decimal mark, which count for nothing in its length.
    N,
    /// EDI date: `CCYYMMDD` or `YYMMDD`.
    Dt,
    /// EDI time: `HHMM`, `HHMMSS` and further digits of a second.
    Tm,
    /// JSON string.
    String,
    /// JSON number.
    Number,
    /// JSON integer.
    Integer,
    /// Anything.
    Any,
}

impl Base {
    const ALL: [(Self, &'static str); 17] = [
        (Self::Text, "text"),
        (Self::Token, "token"),
        (Self::Decimal, "decimal"),
        (Self::Int, "int"),
        (Self::Bool, "bool"),
        (Self::Date, "date"),
        (Self::Time, "time"),
        (Self::DateTime, "datetime"),
        (Self::A, "a"),
        (Self::An, "an"),
        (Self::N, "n"),
        (Self::Dt, "dt"),
        (Self::Tm, "tm"),
        (Self::String, "string"),
        (Self::Number, "number"),
        (Self::Integer, "integer"),
        (Self::Any, "any"),
    ];

    /// The word that `.gram` files use.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(base, _)| *base == self).map_or("any", |(_, word)| word)
    }

    /// The type of a word.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == word).map(|(base, _)| *base)
    }

    /// What a JSON value of this type is.
    pub const fn json_kind(self) -> Kind {
        match self {
            Self::Number | Self::Integer => Kind::Number,
            Self::Bool => Kind::Bool,
            _ => Kind::String,
        }
    }

    /// True where white space around the value, and runs of it inside, mean nothing.
    pub const fn collapses(self) -> bool {
        !matches!(self, Self::Text | Self::A | Self::An | Self::String | Self::Any)
    }
}

/// A regular expression that must match the whole value (XSD's rule), compiled when the grammar is loaded.
#[derive(Clone, Debug)]
pub struct Pattern {
    source: Box<str>,
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern. The subset of XSD's notation that the supported schemas use is that of `regex`, but for
    /// the name of the block that ASCII is; as there, `.` matches neither of the line ends.
    pub fn new(source: &str) -> Result<Self, regex::Error> {
        let known = source.replace(r"\p{IsBasicLatin}", r"[\x00-\x7F]");
        let regex = Regex::new(&format!("^(?R:{known})$"))?;
        Ok(Self { source: source.into(), regex })
    }

    /// The pattern as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// True where the whole value matches.
    pub fn is_match(&self, value: &str) -> bool {
        self.regex.is_match(value)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

/// The form of a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Facets {
    /// Its type.
    pub base: Base,
    /// Least number of characters (EDI numbers: digits).
    pub min_length: u32,
    /// Largest number of characters; `u32::MAX` is without bound.
    pub max_length: u32,
    /// Largest number of digits of a decimal, and of digits after the point.
    pub digits: Option<(u32, u32)>,
    /// EDI numbers: how many of the digits stand after a decimal mark that is not written.
    pub implied: Option<u32>,
    /// Smallest and largest value, as decimal literals.
    pub range: (Option<Box<str>>, Option<Box<str>>),
    /// One line with at least one character that is not white space: the pattern `.*[^\s].*`, which the WCO
    /// schemas put on nearly every type.
    pub nonblank: bool,
    /// Patterns of which each must match.
    pub patterns: Vec<Pattern>,
    /// The name of a code list of the same grammar.
    pub list: Option<Box<str>>,
}

impl Facets {
    /// Values of that type, of any length.
    pub fn of(base: Base) -> Self {
        Self {
            base,
            min_length: 0,
            max_length: u32::MAX,
            digits: None,
            implied: None,
            range: (None, None),
            nonblank: false,
            patterns: Vec::new(),
            list: None,
        }
    }

    /// True where the value satisfies `nonblank` and every pattern.
    pub fn matches(&self, value: &str) -> bool {
        let blank = |c: char| matches!(c, ' ' | '\t' | '\n' | '\r');
        let nonblank = !self.nonblank || (!value.contains(['\n', '\r']) && !value.chars().all(blank));
        nonblank && self.patterns.iter().all(|pattern| pattern.is_match(value))
    }

    /// Reads type and length as `.gram` files write them: `an..35`, `an3`, `text`, `token1..17`, `decimal..16,3`,
    /// `n..9v2` with two implied decimals.
    pub fn from_word(word: &str) -> Option<Self> {
        let name = word.find(|c: char| !c.is_ascii_lowercase()).map_or(word, |at| word.split_at(at).0);
        let mut facets = Self::of(Base::from_word(name)?);
        let size = word.strip_prefix(name)?;
        let (size, implied) =
            size.split_once('v').map_or((size, None), |(size, places)| (size, Some(places)));
        facets.implied = implied.map(str::parse).transpose().ok()?;
        if facets.implied.is_some() && facets.base != Base::N {
            return None;
        }
        if let (Base::Decimal | Base::Int, Some((total, fraction))) = (facets.base, size.split_once(',')) {
            let total = total.strip_prefix("..")?;
            facets.digits = Some((bound(total)?, bound(fraction)?));
        } else if facets.base == Base::Decimal && !size.is_empty() {
            return None;
        } else if let Some((min, max)) = size.split_once("..") {
            facets.min_length = if min.is_empty() { 0 } else { min.parse().ok()? };
            facets.max_length = bound(max)?;
        } else if !size.is_empty() {
            facets.min_length = size.parse().ok()?;
            facets.max_length = facets.min_length;
        }
        Some(facets)
    }
}

fn bound(text: &str) -> Option<u32> {
    if text.is_empty() { Some(u32::MAX) } else { text.parse().ok() }
}

impl fmt::Display for Facets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = self.base.word();
        let open = |bound: u32| if bound == u32::MAX { String::new() } else { bound.to_string() };
        match (self.digits, self.min_length, self.max_length) {
            (Some((total, fraction)), _, _) => write!(f, "{word}..{},{}", open(total), open(fraction))?,
            (None, 0, u32::MAX) => write!(f, "{word}")?,
            (None, 0, max) => write!(f, "{word}..{max}")?,
            (None, min, max) if min == max => write!(f, "{word}{min}")?,
            (None, min, max) => write!(f, "{word}{min}..{}", open(max))?,
        }
        if let Some(places) = self.implied {
            write!(f, "v{places}")?;
        }
        if self.nonblank {
            write!(f, " nonblank")?;
        }
        if let (Some(min), _) = &self.range {
            write!(f, " min {min}")?;
        }
        if let (_, Some(max)) = &self.range {
            write!(f, " max {max}")?;
        }
        for pattern in &self.patterns {
            write!(f, " /{}/", pattern.source().replace('/', "\\/"))?;
        }
        match &self.list {
            Some(list) => write!(f, " in {list}"),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back() {
        for word in [
            "text",
            "an..35",
            "an3",
            "token1..17",
            "decimal..16,3",
            "decimal..,2",
            "int..9,0",
            "n..6",
            "n1..9v2",
            "string2..",
        ] {
            let facets = Facets::from_word(word).unwrap();
            assert_eq!(facets.to_string(), word);
        }
        for word in ["an..x", "an3v2", "n3v", "whatever", "an3..z", ""] {
            assert!(Facets::from_word(word).is_none(), "{word}");
        }
    }

    #[test]
    fn patterns_match_the_whole_value() {
        let pattern = Pattern::new("20\\d{6}").unwrap();
        assert!(pattern.is_match("20240101"));
        assert!(!pattern.is_match("x20240101"));
        assert!(!pattern.is_match("20240101\n"));
    }
}
