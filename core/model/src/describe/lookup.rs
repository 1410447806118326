//! Looking a field up by its path or by any of its names elsewhere.

use std::fmt;

use dragoman_tree::PlaceId;

use crate::{Schema, Type, nearest};

/// A field that fits a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Match {
    /// The field.
    pub place: PlaceId,
    /// By what it fits: `path`, `WCO`, `TDED`, `DE`, `EUCDM`, `SAD`, `CEB`, `X12`.
    pub by: &'static str,
}

/// The answer to a query. Its text: of one field all that is known, of several a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lookup {
    /// The fields, those by path first, then in the order of documents; fields inside `delta` are those of
    /// the declaration and are left out unless the query names it.
    pub matches: Vec<Match>,
}

/// Finds fields by path (`goods_items[].price`, `goods_items[sequence=2].price.amount`, with or without a
/// document before it), by WCO id or chain (`137`, `42A.67A.68A#2.23A/137`), TDED number (`7002`), EU number
/// (`6/8`, `18 05`, `18 05 000 000`), SAD box (`31`), CEB element (`gname`) or X12 element, else by the end of a path
/// (`origins.country`).
pub fn lookup(query: &str) -> Lookup {
    let query = query.trim();
    let ways: [fn(&str) -> Vec<Match>; 3] = [by_path, by_name, by_end];
    let matches = ways.iter().map(|way| way(query)).find(|matches| !matches.is_empty());
    Lookup { matches: matches.unwrap_or_default() }
}

/// The path or name that is nearest to a query which finds nothing.
pub fn nearest_field(query: &str) -> Option<String> {
    let schema = Schema::standard();
    let places = || (0..schema.len() as u32).map(PlaceId);
    let paths: Vec<_> = places().map(|place| without_brackets(&schema.path(place))).collect();
    let whole =
        nearest(&without_brackets(query), paths.iter().map(String::as_str).filter(|path| !path.is_empty()));
    let last = || nearest(query, places().map(|place| schema.name_of(place)));
    whole.or_else(last).map(str::to_owned)
}

fn by_end(query: &str) -> Vec<Match> {
    let schema = Schema::standard();
    let end = format!(".{}", without_brackets(query));
    let places = (0..schema.len() as u32).map(PlaceId).filter(|place| !is_in_delta(*place));
    let fits = |place: &PlaceId| without_brackets(&schema.path(*place)).ends_with(&end);
    places.filter(fits).map(|place| Match { place, by: "path" }).collect()
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
        match self.matches.as_slice() {
            [only] => page(f, only.place),
            several => several.iter().try_for_each(|found| line(f, found.place)),
        }
    }
}

/// Document and path, type, meaning.
fn line(f: &mut fmt::Formatter<'_>, place: PlaceId) -> fmt::Result {
    let schema = Schema::standard();
    let document = schema.document_of(place).map_or("", |document| schema.name_of(document));
    let path = schema.path(place);
    let point = if path.is_empty() { "" } else { "." };
    let meaning = schema.get(place).map_or("", |field| field.meaning);
    writeln!(f, "{document}{point}{path}  {}  {meaning}", schema.type_of(place))
}

/// All that is known of a field, and its members.
fn page(f: &mut fmt::Formatter<'_>, place: PlaceId) -> fmt::Result {
    let schema = Schema::standard();
    line(f, place)?;
    let Some(field) = schema.get(place) else { return Ok(()) };
    let most = if field.max == u32::MAX { "*".to_owned() } else { field.max.to_string() };
    writeln!(f, "  occurs      {}..{most}", field.min)?;
    if let Some(key) = field.key {
        writeln!(f, "  key         {}", schema.name_of(key))?;
    }
    let ids = schema.get(schema.identified(place)).map(|field| field.ids).unwrap_or_default();
    for (kind, words) in ids.named().filter(|(_, words)| !words.is_empty()) {
        let words: Vec<_> = words.iter().map(|word| marked(kind, word)).collect();
        writeln!(f, "  {kind:11} {}", words.join(", "))?;
    }
    if field.personal {
        writeln!(f, "  personal    can identify a natural person")?;
    }
    for child in schema.children(place) {
        let field = schema.get(child);
        let list = if field.is_some_and(|field| field.list) { "[]" } else { "" };
        let name = format!("{}{list}", schema.name_of(child));
        let meaning = field.map_or("", |field| field.meaning);
        writeln!(f, "    {name:28} {:16} {meaning}", schema.type_of(child).to_string())?;
    }
    Ok(())
}

/// A number, with what its mark says.
fn marked(kind: &str, word: &str) -> String {
    let marks = [('~', "not an EDIFACT element"), ('!', "another meaning in EDIFACT")];
    match marks.iter().find(|(mark, _)| kind == "TDED" && word.ends_with(*mark)) {
        Some((mark, note)) => format!("{} ({note})", word.trim_end_matches(*mark)),
        None => word.to_owned(),
    }
}
