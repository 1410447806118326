//! Looking a field up by its path or by any of its names elsewhere.

use std::fmt;

use dragoman_tree::PlaceId;

use crate::{Schema, Type, nearest};

/// How many fields an answer shows in full.
const SHOWN: usize = 12;

/// A field that fits a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The field.
    pub place: PlaceId,
    /// By what it fits: `path`, `WCO`, `TDED`, `DE`, `EUCDM`, `SAD`, `CEB`, `X12`.
    pub by: &'static str,
}

/// The answer to a query; its text is what `dragoman model` prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// What was asked.
    pub query: String,
    /// The fields, those by path first, then in the order of documents; fields inside `delta` are those of
    /// the declaration and are left out unless the query names it.
    pub matches: Vec<Match>,
}

/// Finds fields by path (`goods_items[].price`, `goods_items[sequence=2].price.amount`, with or without a
/// document before it), by WCO id or chain (`137`, `42A.67A.68A#2.23A/137`), TDED number (`7002`), EU number
/// (`6/8`, `18 05`, `18 05 000 000`), SAD box (`31`), CEB element (`gname`) or X12 element.
pub fn lookup(query: &str) -> Lookup {
    let query = query.trim();
    let mut matches = by_path(query);
    if matches.is_empty() {
        matches = by_name(query);
    }
    Lookup { query: query.to_owned(), matches }
}

fn by_path(query: &str) -> Vec<Match> {
    let schema = Schema::standard();
    let bare = without_brackets(query);
    let (head, rest) = bare.split_once(['.', ' ']).unwrap_or((&bare, "."));
    let named = schema.document(head).and_then(|root| schema.resolve(root, rest));
    let in_all = || schema.documents().filter_map(|root| schema.resolve(root, &bare));
    let found = named.map_or_else(|| in_all().collect(), |place| vec![place]);
    found.into_iter().map(|place| Match { place, by: "path" }).collect()
}

fn without_brackets(path: &str) -> String {
    path.split('[').enumerate().map(|(at, part)| if at == 0 { part } else { after_bracket(part) }).collect()
}

fn after_bracket(part: &str) -> &str {
    part.split_once(']').map_or("", |(_, rest)| rest)
}

fn by_name(query: &str) -> Vec<Match> {
    let schema = Schema::standard();
    let name = Name::of(query);
    let fits = |place: PlaceId| {
        let ids = schema.get(place)?.ids;
        let (by, _) = ids.named().find(|(by, words)| words.iter().any(|word| name.is(by, word)))?;
        Some(Match { place, by })
    };
    let places = (0..schema.len() as u32).map(PlaceId);
    places.filter_map(fits).filter(|found| !is_in_delta(found.place)).collect()
}

fn is_in_delta(place: PlaceId) -> bool {
    let schema = Schema::standard();
    schema.ancestry(place).skip(1).any(|at| schema.type_of(at) == Type::Shape("declaration"))
}

/// A query in the spellings of the systems.
struct Name<'q> {
    plain: &'q str,
    /// As a chain of the WCO Data Model.
    chain: String,
    /// As a number of the EU customs data model, without blanks and final zeros.
    digits: String,
    /// As a box.
    sad: &'q str,
}

impl<'q> Name<'q> {
    fn of(query: &'q str) -> Self {
        let digits = query.replace(' ', "");
        let digits = digits.strip_suffix("000000").map(str::to_owned).unwrap_or(digits);
        Self { plain: query, chain: wco_chain(query), digits, sad: query.trim_start_matches("box").trim() }
    }

    /// True where a word of that kind is what the query names.
    fn is(&self, by: &str, word: &str) -> bool {
        match by {
            "WCO" => word == self.chain || word.rsplit('.').next() == Some(&self.chain),
            "TDED" => word.trim_end_matches(['~', '!']) == self.plain,
            "EUCDM" => word.bytes().filter(|byte| *byte != b' ').eq(self.digits.bytes()),
            "SAD" => word.eq_ignore_ascii_case(self.sad),
            "X12" => word == self.plain || word.split(' ').next() == Some(self.plain),
            _ => word == self.plain,
        }
    }
}

/// A chain without sequence numbers, the tag behind a point: `42A.67A.68A#2.23A/137` is
/// `42A.67A.68A.23A.137`.
fn wco_chain(query: &str) -> String {
    let steps = query.split(['.', '/']).map(|step| step.split('#').next().unwrap_or_default());
    steps.filter(|step| !step.is_empty()).collect::<Vec<_>>().join(".")
}

impl fmt::Display for Lookup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let schema = Schema::standard();
        for found in self.matches.iter().take(SHOWN) {
            show(f, found)?;
        }
        if self.matches.len() > SHOWN {
            writeln!(f, "and {} more", self.matches.len() - SHOWN)?;
        }
        if let [found] = self.matches.as_slice() {
            for child in schema.children(found.place) {
                writeln!(f, "  .{:24} {}", schema.name_of(child), schema.type_of(child))?;
            }
        }
        if !self.matches.is_empty() {
            return Ok(());
        }
        write!(f, "nothing is called `{}`", self.query)?;
        let last = without_brackets(&self.query);
        let last = last.rsplit('.').next().unwrap_or_default();
        let names = (0..schema.len() as u32).map(|at| schema.name_of(PlaceId(at)));
        match nearest(last, names) {
            Some(near) => writeln!(f, "; did you mean {near}?"),
            None => writeln!(f),
        }
    }
}

fn show(f: &mut fmt::Formatter<'_>, found: &Match) -> fmt::Result {
    let schema = Schema::standard();
    let Some(field) = schema.get(found.place) else { return Ok(()) };
    let document = schema.document_of(found.place).map_or("", |root| schema.name_of(root));
    writeln!(f, "{document} {}", schema.path(found.place))?;
    let max = if field.max == u32::MAX { "*".to_owned() } else { field.max.to_string() };
    let personal = if field.personal { ", personal" } else { "" };
    writeln!(f, "  {} {}..{max}{personal}: {}", field.ty, field.min, field.meaning)?;
    let ids = schema.get(schema.identified(found.place)).map(|field| field.ids).unwrap_or_default();
    if ids.is_empty() { Ok(()) } else { writeln!(f, "  {ids}") }
}
