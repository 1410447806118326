//! The EDIFACT part of `.gram` files: segment definitions and positions of a message.
//!
//! ```text
//! segment MEA  6311* an..3 coded  C502{6313 an..3  6321 an..3}  C174{6411* an..3  6314 an..18}  7383 an..3
//! 0120  <RFF> 0..99
//!   0130  RFF *
//!   0140  DTM
//! 0410  UNS *  fixed 0081 = "D"
//! ```
//!
//! `<RFF>` is the segment group that RFF opens, `xN` an element that stands N times in a row, each time at a
//! position of its own. `0..5` is an element that repeats at its position, as directories since D.99 have it:
//! by the repetition separator of syntax version 4; before that version, at as many positions. `coded` values
//! are in the list of the element's number, of the table that `codes PATH` names at the top of the file.
//!
//! ```text
//! segment N1   01* an2..3  02 an1..60  03 an1..2  04 an2..80  R0203  P0304
//! segment PO1  01 an1..20  02 n1..15  06 {01 an2  02 an1..48} x10 spread
//! segment SE   01* n1..10v0  02* an4..9  end
//! ```
//!
//! X12 grammars name elements by their position and describe those that are read; `end` says that there are no
//! others. `P0304` and its like are syntax notes ([`Condition`](super::Condition)); the components of a `spread`
//! element stand at positions of their own, as the pairs of qualifier and value in PO1 do.

use dragoman_tree::{Kind, PlaceId};
use rustc_hash::FxHashMap;

use super::flat::Records;
use super::line::{Line, Word, lines};
use super::parse::Loader;
use super::{Condition, Facets, Flat, GrammarBuilder, GrammarError, Header, SegmentRules, Syntax};

/// One element of a segment or component of a composite.
#[derive(Clone, Debug)]
struct Element {
    id: Box<str>,
    /// Its position; 0 for the one after the element before it.
    position: u16,
    /// True where its components stand at positions of their own.
    spread: bool,
    mandatory: bool,
    times: u32,
    repeats: bool,
    facets: Option<Facets>,
    components: Vec<Element>,
}

/// The word that begins the line of a segment, or of a record in flat files.
pub(super) fn keyword(syntax: Syntax) -> &'static str {
    match syntax {
        Syntax::Edifact | Syntax::X12 => "segment",
        Syntax::Flat => "record",
        Syntax::Xml | Syntax::Json => "",
    }
}

/// Segments by tag.
#[derive(Debug)]
pub(super) struct Segments {
    syntax: Syntax,
    by_tag: FxHashMap<Box<str>, (Vec<Element>, SegmentRules)>,
    /// Those of flat files, and how they are cut.
    records: Records,
    flat: Flat,
}

impl Segments {
    /// None yet.
    pub fn new(syntax: Syntax, flat: Option<Flat>) -> Self {
        let (by_tag, records) = (FxHashMap::default(), Records::default());
        Self { syntax, by_tag, records, flat: flat.unwrap_or_default() }
    }

    /// Reads the segments of a grammar file that another one uses; gives its header.
    pub fn read(&mut self, file: &str, text: &str) -> Result<Header, GrammarError> {
        let error = |(line, column, message)| GrammarError { file: file.into(), line, column, message };
        let lines = lines(text).map_err(error)?;
        let (header, _, body) = super::parse::header(&lines)?;
        for line in body {
            self.define(file, line)?;
        }
        Ok(header)
    }

    /// Reads one `segment` line.
    pub fn define(&mut self, file: &str, line: &Line) -> Result<(), GrammarError> {
        if self.syntax == Syntax::Flat {
            return self.records.define(file, line, &self.flat);
        }
        let fail = |column, message: &str| GrammarError {
            file: file.into(),
            line: line.number,
            column,
            message: message.into(),
        };
        let mut words = line.words.iter();
        let (Some((_, Word::Bare(keyword))), Some((_, Word::Bare(tag)))) = (words.next(), words.next())
        else {
            return Err(fail(1, "expected `segment TAG ELEMENT …`"));
        };
        if keyword != "segment" {
            return Err(fail(1, "expected `segment TAG ELEMENT …`"));
        }
        let mut outer: Vec<Element> = Vec::new();
        let mut rules = SegmentRules::default();
        let numbered = self.syntax == Syntax::X12;
        let mut inside = false;
        for (column, word) in words {
            let Word::Bare(word) = word else {
                return Err(fail(*column, "a segment holds elements and forms only"));
            };
            let list = match outer.last_mut().filter(|_| inside) {
                Some(composite) => &mut composite.components,
                None => &mut outer,
            };
            match word.as_str() {
                "{" => inside = true,
                "}" => inside = false,
                "end" if numbered => rules.whole = true,
                word if numbered && Condition::from_word(word).is_some() => {
                    rules.conditions.extend(Condition::from_word(word));
                }
                word => element(word, numbered, list).map_err(|message| fail(*column, message))?,
            }
        }
        self.by_tag.insert(tag.as_str().into(), (outer, rules));
        Ok(())
    }

    /// Adds the elements of a segment below the innermost open place.
    pub fn expand(&self, tag: &str, build: &mut GrammarBuilder) -> Option<()> {
        if self.syntax == Syntax::Flat {
            return self.records.expand(tag, build);
        }
        let (elements, rules) = self.by_tag.get(tag)?;
        expand(elements, build);
        if *rules != SegmentRules::default() {
            build.rules(rules.clone());
        }
        Some(())
    }
}

/// A word of a segment line: a new element, or the form or number of the last one.
fn element(word: &str, numbered: bool, list: &mut Vec<Element>) -> Result<(), &'static str> {
    let (id, mandatory) = word.strip_suffix('*').map_or((word, false), |id| (id, true));
    let number = id.strip_prefix(['C', 'S', 'E']).unwrap_or(id);
    let digits = number.bytes().all(|byte| byte.is_ascii_digit());
    if digits && if numbered { id.len() == 2 } else { number.len() >= 3 } {
        let position = if numbered { id.parse().unwrap_or_default() } else { 0 };
        let (id, facets, components) = (id.into(), None, Vec::new());
        let (times, repeats, spread) = (1, false, false);
        list.push(Element { id, position, spread, mandatory, times, repeats, facets, components });
        return Ok(());
    }
    let previous = list.last_mut().ok_or("expected an element number first")?;
    if let Some(times) = word.strip_prefix('x').and_then(|times| times.parse().ok()) {
        previous.times = times;
    } else if let Some((min, max)) = occurs(word) {
        (previous.mandatory, previous.times, previous.repeats) = (min > 0, max, true);
    } else if word == "spread" && !previous.components.is_empty() {
        previous.spread = true;
    } else if word == "coded" {
        let facets = previous.facets.as_mut().ok_or("`coded` follows the form of the value")?;
        facets.list = Some(super::codes::list_name(&previous.id).into());
    } else {
        let unknown = "this is neither an element, a form, `xN`, `0..N` nor `coded`";
        previous.facets = Some(Facets::from_word(word).ok_or(unknown)?);
    }
    Ok(())
}

fn expand(elements: &[Element], build: &mut GrammarBuilder) {
    let mut position: u16 = 1;
    for element in elements {
        let kind = if element.components.is_empty() { Kind::Data } else { Kind::Composite };
        let mut place = build.place(&element.id, kind);
        place.min = u32::from(element.mandatory);
        place.max = element.times;
        let parts = u16::try_from(element.components.len()).ok().filter(|_| element.spread).unwrap_or(1);
        place.parts = parts;
        place.list = element.repeats;
        position = position.max(element.position);
        place.position = position;
        place.facets = element.facets.clone().map(|facets| build.facets(facets));
        build.open(place);
        expand(&element.components, build);
        build.close();
        let times = if element.repeats { 1 } else { u16::try_from(element.times).unwrap_or(u16::MAX) };
        position = position.saturating_add(times.saturating_mul(parts));
    }
}

impl Loader {
    /// A line of an EDIFACT grammar: a segment or group at its position.
    pub fn position(&mut self, line: &Line, segments: &Segments) -> Result<(), GrammarError> {
        if self.build.depth() == 0 {
            let name = self.build.grammar().header.message.first().cloned().unwrap_or_default();
            let place = self.build.place(&name, Kind::Message);
            self.build.open(place);
        }
        while self.levels.last().is_some_and(|level| *level >= line.indent) {
            self.levels.pop();
            self.build.close();
        }
        let position = position(&self.file, line)?;
        let mut place = self.build.place(&position.name, position.kind());
        (place.min, place.max, place.position) = (position.min, position.max, position.number);
        let id = self.build.open(place);
        self.levels.push(line.indent);
        if position.kind() == Kind::Segment {
            match segments.expand(&position.name, &mut self.build) {
                Some(()) => {}
                None => {
                    return self.error(line, 1, format!("no segment `{}` is defined or used", position.name));
                }
            }
            self.fix(line, id, &position.fixed)?;
        }
        Ok(())
    }

    /// Applies `fixed 0081 = "D"` to a leaf of the segment just expanded.
    fn fix(&mut self, line: &Line, segment: PlaceId, fixed: &[(String, String)]) -> Result<(), GrammarError> {
        for (element, value) in fixed {
            let name = self.build.intern(element);
            let grammar = self.build.grammar();
            let places = segment.0 + 1..grammar.places.len() as u32;
            let leaf = places.map(PlaceId).find(|at| grammar.place(*at).name == name);
            match leaf {
                Some(leaf) => self.build.place_mut(leaf).fixed = Some(value.as_str().into()),
                None => return self.error(line, 1, format!("the segment has no element `{element}`")),
            }
        }
        Ok(())
    }
}

/// A position line of a message.
pub(super) struct Position {
    pub number: u16,
    pub name: String,
    pub min: u32,
    pub max: u32,
    pub fixed: Vec<(String, String)>,
}

impl Position {
    pub fn kind(&self) -> Kind {
        if self.name.starts_with('<') { Kind::Group } else { Kind::Segment }
    }
}

/// Reads `0120 <RFF> 0..99` and `0410 UNS * fixed 0081 = "D"`.
pub(super) fn position(file: &str, line: &Line) -> Result<Position, GrammarError> {
    let fail = |column: u32, message: &str| GrammarError {
        file: file.into(),
        line: line.number,
        column,
        message: message.into(),
    };
    let mut words = line.words.iter();
    let (Some((_, Word::Bare(number))), Some((_, Word::Bare(name)))) = (words.next(), words.next()) else {
        return Err(fail(1, "expected a position number and a segment or group"));
    };
    let number = number.parse().map_err(|_| fail(line.indent + 1, "expected a position number"))?;
    let mut found = Position { number, name: name.clone(), min: 0, max: 1, fixed: Vec::new() };
    while let Some((column, word)) = words.next() {
        match word {
            Word::Bare(word) if word == "fixed" => match (words.next(), words.next(), words.next()) {
                (Some((_, Word::Bare(id))), Some(_), Some((_, Word::Literal(value)))) => {
                    found.fixed.push((id.clone(), value.clone()));
                }
                _ => return Err(fail(*column, "expected `fixed ELEMENT = \"value\"`")),
            },
            Word::Bare(word) => match occurs(word) {
                Some((min, max)) => (found.min, found.max) = (min, max),
                None => return Err(fail(*column, "expected `*`, `0..9` or `fixed`")),
            },
            _ => return Err(fail(*column, "expected `*`, `0..9` or `fixed`")),
        }
    }
    Ok(found)
}

/// Reads `*`, `0..9`, `1..` as least and largest number of occurrences.
pub(super) fn occurs(word: &str) -> Option<(u32, u32)> {
    if word == "*" {
        return Some((1, 1));
    }
    let (min, max) = word.split_once("..")?;
    let min = min.parse().ok()?;
    Some((min, if max.is_empty() { u32::MAX } else { max.parse().ok()? }))
}
