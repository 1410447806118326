//! [`Grammar`] to `.gram` text, one line a node, such that reading it gives the grammar back.

use std::fmt::Write;

use dragoman_tree::{Kind, PlaceId};

use super::attributes::set_of;
use super::{Grammar, Place, Syntax};

/// Writes an XML or JSON grammar. (EDIFACT grammars share segment files; their importer writes both.)
pub fn layout(grammar: &Grammar) -> String {
    let mut out = String::new();
    let header = &grammar.header;
    let _ = writeln!(out, "grammar 1 {}\nsyntax {}", header.name, grammar.syntax.word());
    for source in &header.source {
        let _ = writeln!(out, "source {source}");
    }
    if header.complete {
        out.push_str("complete\n");
    }
    if let Some(linked) = &header.linked {
        linked.write(&mut out);
    }
    for namespace in grammar.namespaces.iter().skip(1) {
        let prefix = if namespace.prefix.is_empty() { "default" } else { &namespace.prefix };
        let _ = writeln!(out, "namespace {prefix} = {}", namespace.uri);
    }
    for list in &grammar.lists {
        let codes: Vec<_> = list.codes.iter().map(|code| bare_or_quoted(code)).collect();
        let _ = writeln!(out, "list {} = {}", list.name, codes.join(" "));
    }
    for set in &grammar.attributes {
        let _ = write!(out, "attributes {}", set.name);
        attributes(grammar, set.attributes.iter(), &mut out);
        out.push('\n');
    }
    for place in (0..grammar.len() as u32).map(PlaceId) {
        if grammar.place(place).kind != Kind::Attribute {
            node(grammar, place, &mut out);
        }
    }
    out
}

fn bare_or_quoted(code: &str) -> String {
    let plain = !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric() || "._-?,".contains(c));
    let plain = plain && !code.ends_with(',');
    if plain { code.into() } else { quoted(code) }
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""))
}

fn node(grammar: &Grammar, place: PlaceId, out: &mut String) {
    let found = grammar.place(place);
    let depth = grammar.ancestry(place).count() - 1;
    let _ = write!(out, "{:1$}", "", depth * 2);
    out.push_str(&prefix(grammar, place));
    let _ = write!(out, "{}", grammar.name_of(place));
    details(grammar, found, out);
    match set_of(grammar, place) {
        Some(set) => {
            let _ = write!(out, "  with {}", set.name);
        }
        None => attributes(grammar, attributes_of(grammar, place), out),
    }
    out.push('\n');
}

/// The prefix of a place whose namespace is not the one that a reader would give it.
fn prefix(grammar: &Grammar, place: PlaceId) -> String {
    let default = grammar.namespaces.iter().skip(1).position(|known| known.prefix.is_empty());
    let found = grammar.place(place);
    let inherited = if place == Grammar::ROOT {
        default.map_or(0, |index| index as u16 + 1)
    } else {
        grammar.place(found.parent).namespace
    };
    match grammar.namespaces.get(found.namespace as usize).filter(|_| found.namespace != inherited) {
        None => String::new(),
        Some(_) if found.namespace == 0 => "none:".into(),
        Some(namespace) if namespace.prefix.is_empty() => "default:".into(),
        Some(namespace) => format!("{}:", namespace.prefix),
    }
}

fn attributes_of(grammar: &Grammar, place: PlaceId) -> impl Iterator<Item = &Place> {
    grammar.children(place).map(|child| grammar.place(child)).filter(|child| child.kind == Kind::Attribute)
}

fn attributes<'g>(grammar: &Grammar, attributes: impl Iterator<Item = &'g Place>, out: &mut String) {
    for attribute in attributes {
        let _ = write!(out, "  @{}", grammar.names().get(attribute.name));
        details(grammar, attribute, out);
    }
}

fn details(grammar: &Grammar, found: &Place, out: &mut String) {
    if found.list {
        out.push_str("[]");
    }
    occurrence(found, grammar.syntax, out);
    if let Some(facets) = found.facets.and_then(|facets| grammar.facets.get(facets as usize)) {
        let _ = write!(out, "  {facets}");
    }
    if found.message {
        let _ = write!(out, "  is {}", grammar.name_of(Grammar::ROOT));
    }
    if found.nullable {
        out.push_str(" nullable");
    }
    if let Some(fixed) = &found.fixed {
        let _ = write!(out, "  fixed {}", quoted(fixed));
    }
    if found.choice != 0 {
        let _ = write!(out, "  choice {}", found.choice);
    }
    if let Some(key) = found.key {
        let _ = write!(out, "  key {}", grammar.names().get(key));
    }
    let known = [("wco", &found.wco), ("tded", &found.tded), ("format", &found.format)];
    for (word, value) in known.into_iter().filter_map(|(word, value)| Some((word, value.as_ref()?))) {
        let _ = write!(out, "  {word} {}", bare_or_quoted(value));
    }
}

fn occurrence(place: &Place, syntax: Syntax, out: &mut String) {
    let text = match (place.min, place.max) {
        (0, 1) => String::new(),
        (0, _) if place.list && syntax == Syntax::Json => String::new(),
        (_, _) if place.list && syntax == Syntax::Json => " *".into(),
        (1, 1) => " *".into(),
        (min, u32::MAX) => format!(" {min}.."),
        (min, max) => format!(" {min}..{max}"),
    };
    out.push_str(&text);
}
