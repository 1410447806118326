//! The field dictionary as Markdown, for the documentation.

use std::fmt::Write as _;

use crate::schema::{Definition, Member, rows};

/// A chapter a shape and a document, each with a table of its fields, as `fields.csv` states them: shapes are
/// not expanded, and rows without a type say how a member of a shape is called at that place.
pub fn dictionary() -> String {
    let mut text = String::from(HEAD);
    for definition in rows().unwrap_or_default() {
        chapter(&mut text, &definition);
    }
    text
}

const HEAD: &str = "# Model dictionary

Every field of the canonical documents. Shapes (in capitals) are used by the documents below them; a row without a \
type gives other names of a member of a shape at that place. Every list entry may also carry `sequence`, its number \
on the wire, and `extensions`; a text with a language has a sibling `…_lang`, a date `…_format`.

Identifiers: **WCO** chain of the WCO Data Model, **TDED** number of the trade data elements directory (`~` no element \
of the EDIFACT directories, `!` an element of another meaning there), **DE** EU data element, **EUCDM** EU customs data \
model, **SAD** box of the Single Administrative Document, **CEB** element of the China e-commerce messages, **X12** \
data element. A blank means not known for sure.
";

fn chapter(text: &mut String, definition: &Definition) {
    let title = if definition.name == "*" { "Every document" } else { definition.name };
    let _ =
        write!(text, "\n## {title}\n\n| field | type | n | meaning | identifiers |\n|---|---|---|---|---|\n");
    for member in &definition.members {
        fields(text, member, "");
    }
}

fn fields(text: &mut String, member: &Member, parent: &str) {
    let path = format!("{parent}{}{}", member.name, if member.list { "[]" } else { "" });
    if member.line > 0 {
        let ty = member.ty.map_or_else(String::new, |ty| escaped(&ty.to_string()));
        let lang = if member.lang { ", lang" } else { "" };
        let personal = if member.personal { " (personal)" } else { "" };
        let (bounds, meaning) = (bounds(member), escaped(member.meaning));
        let _ = writeln!(text, "| `{path}` | {ty}{lang} | {bounds} | {meaning}{personal} | {} |", member.ids);
    }
    for child in &member.members {
        fields(text, child, &format!("{path}."));
    }
}

fn bounds(member: &Member) -> String {
    match (member.min, member.max) {
        (Some(min), Some(u32::MAX)) => format!("{min}..*"),
        (Some(min), Some(max)) if min == max => min.to_string(),
        (Some(min), Some(max)) => format!("{min}..{max}"),
        _ => String::new(),
    }
}

/// A cell: a bar would end it.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}
