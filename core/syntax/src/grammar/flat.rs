//! The flat part of `.gram` files: how records are cut, and the fields of each.
//!
//! ```text
//! syntax flat
//! width 80
//! record A   2-5 site* an4  6-8 sender* an3
//! record 10  3 action* a1  4-12 zone* an..9  13-14 year* n..2
//! record 50  3-7 line* n..5  24-35 quantity* n..12v2  36-38 unit an..3
//! record Z   2-5 site an4 same
//! 0010 <A> 1..
//!   0020 A *
//! ```
//!
//! `width` says that fields stand in columns. A record is known by its id at the beginning of the line, the longest that
//! fits. Numbers (`n`) stand on the right behind zeros, everything else on the left before blanks; `left` and `right`
//! say otherwise. Lengths in forms are those of values without filling.
//!
//! ```text
//! separator 0x1D
//! sections
//! rows cargo
//! record HREC   qualifier an..2  sender an..15
//! record cargo  type* an1  customs_house an..6 same  line* n..4
//! ```
//!
//! `separator` says that fields are separated: by `comma`, `semicolon`, `tab`, `bar` or a character by its code point;
//! `quoted` after it, that quotes may stand around a field, as in RFC 4180. A record is known by its first field, but for
//! those that `rows` names. With `sections` a group is what stands between a line with its name (`<cargo>`) and its end
//! (`<END-cargo>`), and rows in it are the record of the same name. A number moves to a field: `5 voyage`.
//!
//! `same` marks a field that repeats the value of the same name in a record before it, as keys and trailers do.

use dragoman_tree::Kind;
use rustc_hash::FxHashMap;

use super::line::{Line, Word};
use super::{Base, Facets, GrammarBuilder, GrammarError};

/// How the records of a flat file are cut.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Flat {
    /// The columns of a record; 0 where fields are separated.
    pub width: u32,
    /// What separates fields; none where they stand in columns.
    pub separator: Option<char>,
    /// Quotes may stand around a field.
    pub quoted: bool,
    /// Groups are sections between two lines of their own.
    pub sections: bool,
    /// The records without an id.
    pub rows: Vec<Box<str>>,
}

impl Flat {
    /// True where it says how fields are told apart, in one way.
    pub(super) fn is_cut(&self) -> bool {
        (self.width > 0) != self.separator.is_some() && u16::try_from(self.width).is_ok()
    }
}

/// Where a value stands in its columns, and what fills the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fill {
    /// On the left, before blanks.
    #[default]
    Left,
    /// On the right, behind blanks.
    Right,
    /// On the right, behind zeros.
    Zeros,
}

/// Takes a directive about records; false where it is none.
pub(super) fn directive<'w>(
    flat: &mut Option<Flat>,
    word: &str,
    mut words: impl Iterator<Item = &'w str>,
) -> bool {
    let mut form = flat.clone().unwrap_or_default();
    match word {
        "width" => form.width = words.next().and_then(|width| width.parse().ok()).unwrap_or_default(),
        "separator" => {
            form.separator = words.next().and_then(character);
            form.quoted = words.next() == Some("quoted");
        }
        "sections" => form.sections = true,
        "rows" => form.rows.extend(words.map(Into::into)),
        _ => return false,
    }
    *flat = Some(form);
    true
}

fn character(word: &str) -> Option<char> {
    match word {
        "comma" => Some(','),
        "semicolon" => Some(';'),
        "tab" => Some('\t'),
        "bar" => Some('|'),
        _ => char::from_u32(u32::from_str_radix(word.strip_prefix("0x")?, 16).ok()?),
    }
}

/// One field of a record.
#[derive(Clone, Debug)]
struct Field {
    name: Box<str>,
    /// Its first column or its number, from 1.
    position: u16,
    /// How many columns it has.
    width: u16,
    mandatory: bool,
    same: bool,
    fill: Option<Fill>,
    fixed: Option<Box<str>>,
    facets: Option<Facets>,
}

/// The records of a grammar by their ids.
#[derive(Debug, Default)]
pub(super) struct Records {
    by_id: FxHashMap<Box<str>, Vec<Field>>,
}

impl Records {
    /// Reads a `record` line.
    pub fn define(&mut self, file: &str, line: &Line, flat: &Flat) -> Result<(), GrammarError> {
        let fail = |column, message: &str| GrammarError {
            file: file.into(),
            line: line.number,
            column,
            message: message.into(),
        };
        let Some(((_, Word::Bare(id)), words)) = line.words.get(1..).and_then(<[_]>::split_first) else {
            return Err(fail(1, "expected `record ID FIELD …`"));
        };
        let is_row = flat.rows.iter().any(|row| **row == **id);
        let first = if flat.width > 0 { id.chars().count() + 1 } else { usize::from(!is_row) + 1 };
        let mut fields = Fields { list: Vec::new(), next: (first as u16, None) };
        let mut words = words.iter();
        while let Some((column, word)) = words.next() {
            let word = match word {
                Word::Bare(word) => word.as_str(),
                Word::Literal(_) | Word::Pattern(_) => return Err(fail(*column, "expected a field")),
            };
            let value = match (word, words.as_slice().first()) {
                ("fixed", Some((_, Word::Literal(value)))) => Some(value.as_str()),
                _ => None,
            };
            if value.is_some() {
                words.next();
            }
            fields.word(word, value).map_err(|message| fail(*column, message))?;
        }
        let is_wide = |field: &Field| u32::from(field.position) + u32::from(field.width) - 1 > flat.width;
        if flat.width > 0 && fields.list.iter().any(is_wide) {
            return Err(fail(1, "a field stands beyond the width of a record"));
        }
        let is_behind = |pair: &[Field]| match pair {
            [one, two] => one.position.saturating_add(one.width) > two.position,
            _ => false,
        };
        if fields.list.windows(2).any(is_behind) {
            return Err(fail(1, "the fields of a record follow each other and do not overlap"));
        }
        self.by_id.insert(id.as_str().into(), fields.list);
        Ok(())
    }

    /// Adds the fields of a record below the innermost open place.
    pub fn expand(&self, id: &str, build: &mut GrammarBuilder) -> Option<()> {
        for field in self.by_id.get(id)? {
            let mut place = build.place(&field.name, Kind::Data);
            place.min = u32::from(field.mandatory);
            (place.position, place.parts, place.same) = (field.position, field.width, field.same);
            let is_number = field.facets.as_ref().is_some_and(|facets| facets.base == Base::N);
            place.fill = field.fill.unwrap_or(if is_number { Fill::Zeros } else { Fill::Left });
            place.fixed.clone_from(&field.fixed);
            place.facets = field.facets.clone().map(|facets| build.facets(facets));
            build.open(place);
            build.close();
        }
        Some(())
    }
}

/// The fields of a record line, as they are read.
struct Fields {
    list: Vec<Field>,
    /// The first column or the number of the next one, and its last column where it is stated.
    next: (u16, Option<u16>),
}

impl Fields {
    /// A word: the place of a field, its name, or what is known of it.
    fn word(&mut self, word: &str, value: Option<&str>) -> Result<(), &'static str> {
        if let Some(place) = place(word) {
            self.next = place;
            return Ok(());
        }
        let form = Facets::from_word(word).filter(|_| word != "text");
        let previous = self.list.last_mut().filter(|last| self.next.0 == last.position + last.width);
        match (previous, word, form) {
            (Some(field), "same", _) => field.same = true,
            (Some(field), "left", _) => field.fill = Some(Fill::Left),
            (Some(field), "right", _) => field.fill = Some(Fill::Right),
            (Some(field), "fixed", _) => {
                field.fixed = Some(value.ok_or("`fixed` is followed by a value in quotes")?.into());
            }
            (Some(field), _, Some(form)) if field.facets.is_none() => field.facets = Some(form),
            _ => self.field(word)?,
        }
        Ok(())
    }

    fn field(&mut self, word: &str) -> Result<(), &'static str> {
        let (name, mandatory) = word.strip_suffix('*').map_or((word, false), |name| (name, true));
        let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        if name.is_empty() || !name.chars().all(is_name) {
            return Err("this is neither a field nor a form");
        }
        let (position, last) = self.next;
        let width = last.map_or(1, |last| last.saturating_sub(position).saturating_add(1));
        let (same, fill, fixed, facets) = (false, None, None, None);
        let name = name.into();
        self.list.push(Field { name, position, width, mandatory, same, fill, fixed, facets });
        self.next = (position.saturating_add(width), None);
        Ok(())
    }
}

/// `3`, `4-12`: a column or a field, columns from one to another.
fn place(word: &str) -> Option<(u16, Option<u16>)> {
    let (first, last) = word.split_once('-').map_or((word, None), |(first, last)| (first, Some(last)));
    let first: u16 = first.parse().ok().filter(|first| *first > 0)?;
    let last = last.map(|last| last.parse().ok().filter(|last| *last >= first));
    match last {
        Some(None) => None,
        last => Some((first, last.flatten())),
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Grammar, parse};
    use super::*;

    fn grammar(text: &str) -> Result<Grammar, GrammarError> {
        parse(text, &|_| None)
    }

    #[test]
    fn columns_have_their_fields() {
        let text = "grammar 1 t/f\nsyntax flat\nwidth 20\nmessage T\n\
            record 10  3 action* a1 fixed \"A\"  4-9 sum n..6v2  10-14 code an..5 right\n0010 10 *\n";
        let grammar = grammar(text).unwrap();
        let record = grammar.child(Grammar::ROOT, "10").unwrap();
        let fields: Vec<_> = grammar.children(record).map(|at| grammar.place(at)).collect();
        let places: Vec<_> = fields.iter().map(|at| (at.position, at.parts, at.fill, at.min)).collect();
        assert_eq!(places, [(3, 1, Fill::Left, 1), (4, 6, Fill::Zeros, 0), (10, 5, Fill::Right, 0)]);
        assert_eq!(fields[0].fixed.as_deref(), Some("A"));
    }

    #[test]
    fn separated_fields_are_numbered() {
        let text = "grammar 1 t/f\nsyntax flat\nseparator 0x1D\nrows r\nmessage T\n\
            record H  a  b  9 c\nrecord r  a same\n0010 H *\n0020 r 0..\n";
        let grammar = grammar(text).unwrap();
        let places = |name| {
            let record = grammar.child(Grammar::ROOT, name).unwrap();
            grammar.children(record).map(|at| grammar.place(at).position).collect::<Vec<_>>()
        };
        assert_eq!((places("H"), places("r")), (vec![2, 3, 9], vec![1]));
        assert_eq!(grammar.header.flat.as_ref().unwrap().separator, Some('\u{1D}'));
    }

    #[test]
    fn what_cannot_be_is_refused() {
        for record in ["10 19-21 long", "10 4-8 one 6-9 two", "10 3 \"x\"", "10 3 a fixed b"] {
            let text =
                format!("grammar 1 t/f\nsyntax flat\nwidth 20\nmessage T\nrecord {record}\n0010 10 *\n");
            assert!(grammar(&text).is_err(), "{record}");
        }
        assert!(grammar("grammar 1 t/f\nsyntax flat\nmessage T\n").is_err());
    }
}
