//! `dragoman model`: the field dictionary of the canonical model.

use std::fmt::Write;

use dragoman_model::{Field, Fit, Identifiers, Schema, nearest};
use dragoman_tree::PlaceId;

use crate::arguments::Model;
use crate::failure::{Failure, Outcome};
use crate::terminal::print;

/// Prints the fields that a path or number names; all documents where nothing is asked for.
pub fn run(arguments: &Model) -> Result<Outcome, Failure> {
    let schema = Schema::standard();
    let Some(query) = &arguments.query else {
        let documents = schema.documents().map(|place| line(schema, place)).collect::<String>();
        print(documents.as_bytes());
        return Ok(Outcome::Clean);
    };
    let found = found(schema, query);
    if found.is_empty() {
        return Err(unknown(schema, query));
    }
    let is_one = found.len() == 1;
    let text: String =
        found.iter().map(|place| if is_one { page(schema, *place) } else { line(schema, *place) }).collect();
    print(text.as_bytes());
    Ok(Outcome::Clean)
}

/// The places of a path (with or without its document, `[]` or indices), of the end of one, or of a number.
fn found(schema: &Schema, query: &str) -> Vec<PlaceId> {
    let all = || schema.documents().flat_map(|document| schema.subtree(document));
    let wanted = plain(query);
    let whole: Vec<_> = all().filter(|place| names(schema, *place).any(|name| name == wanted)).collect();
    if !whole.is_empty() {
        return whole;
    }
    let numbered: Vec<_> =
        all().filter(|place| schema.get(*place).is_some_and(|field| is_numbered(field, query))).collect();
    if !numbered.is_empty() {
        return numbered;
    }
    let ending = format!(".{wanted}");
    all().filter(|place| plain(&schema.path(*place)).ends_with(&ending)).collect()
}

/// The path of a place, alone and behind its document.
fn names(schema: &Schema, place: PlaceId) -> impl Iterator<Item = String> {
    let path = plain(&schema.path(place));
    let document = schema.document_of(place).map_or("", |document| schema.name_of(document));
    let long = if path.is_empty() { document.to_owned() } else { format!("{document}.{path}") };
    [path, long].into_iter().filter(|name| !name.is_empty())
}

/// A path without brackets and what is in them.
fn plain(path: &str) -> String {
    let mut inside = false;
    let keep = |letter: &char| match letter {
        '[' => {
            inside = true;
            false
        }
        ']' => {
            inside = false;
            false
        }
        _ => !inside,
    };
    path.chars().filter(keep).collect()
}

/// True where one of a field's numbers elsewhere is this one, or begins with it up to a point (`42A.67A`).
fn is_numbered(field: &Field, number: &str) -> bool {
    let under = format!("{number}.");
    let named = |(kind, words): (&str, dragoman_model::Words)| {
        words.iter().any(|word| {
            let word = word.trim_end_matches(['~', '!']);
            word == number
                || (kind == "WCO" && (word.starts_with(&under) || word.ends_with(&format!(".{number}"))))
        })
    };
    field.ids.named().any(named)
}

/// One line: document, path, type, meaning.
fn line(schema: &Schema, place: PlaceId) -> String {
    let document = schema.document_of(place).map_or("", |document| schema.name_of(document));
    let meaning = schema.get(place).map_or("", |field| field.meaning);
    let path = schema.path(place);
    let whole = if path.is_empty() { document.to_owned() } else { format!("{document}.{path}") };
    format!("{whole}  {}  {meaning}\n", schema.type_of(place))
}

/// All that is known of one field, and its members.
fn page(schema: &Schema, place: PlaceId) -> String {
    let Some(field) = schema.get(place) else { return String::new() };
    let mut text = line(schema, place);
    let most = if field.max == u32::MAX { "*".to_owned() } else { field.max.to_string() };
    let _ = writeln!(text, "  occurs      {}..{most}", field.min);
    if let Some(key) = field.key {
        let _ = writeln!(text, "  key         {}", schema.name_of(key));
    }
    for (kind, words) in identifiers(schema, place).named().filter(|(_, words)| !words.is_empty()) {
        let _ = writeln!(
            text,
            "  {kind:11} {}",
            words.iter().map(|word| shown(kind, word)).collect::<Vec<_>>().join(", ")
        );
    }
    if field.personal {
        text += "  personal    can identify a natural person\n";
    }
    for child in schema.children(place) {
        let meaning = schema.get(child).map_or("", |field| field.meaning);
        let list = schema.get(child).is_some_and(|field| field.list);
        let name = format!("{}{}", schema.name_of(child), if list { "[]" } else { "" });
        let _ = writeln!(text, "    {name:28} {:16} {meaning}", schema.type_of(child).to_string());
    }
    text
}

/// The numbers of a field, or of the value that it is a part of.
fn identifiers(schema: &Schema, place: PlaceId) -> Identifiers {
    schema.get(schema.identified(place)).map(|field| field.ids).unwrap_or_default()
}

/// A number, with what its mark says.
fn shown(kind: &str, word: &str) -> String {
    let marked =
        [(Fit::Bridged, '~', "not an EDIFACT element"), (Fit::Misnamed, '!', "another meaning in EDIFACT")];
    match marked.iter().find(|(_, mark, _)| kind == "TDED" && word.ends_with(*mark)) {
        Some((_, mark, note)) => format!("{} ({note})", word.trim_end_matches(*mark)),
        None => word.to_owned(),
    }
}

fn unknown(schema: &Schema, query: &str) -> Failure {
    let message = format!("the canonical model has no path or number `{query}`");
    let all = || schema.documents().flat_map(|document| schema.subtree(document));
    let paths: Vec<_> =
        all().map(|place| plain(&schema.path(place))).filter(|path| !path.is_empty()).collect();
    let names = || all().map(|place| schema.name_of(place));
    let near = nearest(&plain(query), paths.iter().map(String::as_str)).or_else(|| nearest(query, names()));
    let hint = match near {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`dragoman model` lists the documents; numbers are those of WCO, TDED, EU, SAD, CEB and X12"
            .to_owned(),
    };
    Failure::new(message, hint)
}
