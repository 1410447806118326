//! The tree as one page that needs nothing else; branches fold.

use std::fmt::Write;

use dragoman_tree::Finding;

use super::Shown;
use super::entries::Entry;
use crate::findings::html::escaped;

const STYLE: &str = include_str!("page.css");

/// The whole page.
pub fn page(file: &str, shown: &[Shown]) -> String {
    let mut body = String::new();
    for message in shown {
        let _ = writeln!(body, "<section>\n<h2>{}</h2>", escaped(&message.title));
        notes(&mut body, &message.others);
        nodes(&mut body, message.entries.get(1..).unwrap_or_default());
        body.push_str("</section>\n");
    }
    let title = escaped(file);
    let head = "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">";
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n{head}\n<title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n\
         <body>\n<h1>{title}</h1>\n{body}</body>\n</html>\n"
    )
}

/// Lines of one depth with what is below them.
fn nodes(out: &mut String, entries: &[Entry]) {
    let Some(depth) = entries.first().map(|entry| entry.depth) else { return };
    out.push_str("<ul>\n");
    let mut rest = entries;
    while let Some((entry, after)) = rest.split_first() {
        let below = after.iter().take_while(|next| next.depth > depth).count();
        let (inside, next) = after.split_at_checked(below).unwrap_or((after, &[]));
        node(out, entry, inside);
        rest = next;
    }
    out.push_str("</ul>\n");
}

fn node(out: &mut String, entry: &Entry, inside: &[Entry]) {
    let class = if entry.known { "" } else { " class=\"unknown\"" };
    let _ = write!(out, "<li{class}>");
    if inside.is_empty() {
        out.push_str(&label(entry));
        notes(out, &entry.findings);
    } else {
        let _ = writeln!(out, "<details open><summary>{}</summary>", label(entry));
        notes(out, &entry.findings);
        nodes(out, inside);
        out.push_str("</details>");
    }
    out.push_str("</li>\n");
}

fn label(entry: &Entry) -> String {
    let mut label = format!("<b>{}</b>", escaped(&entry.name));
    if let Some(title) = &entry.title {
        let _ = write!(label, " <i>{}</i>", escaped(title));
    }
    if let Some(value) = &entry.value {
        let _ = write!(label, " <code>{}</code>", escaped(value));
    }
    if let Some(meaning) = &entry.meaning {
        let _ = write!(label, " <small>{}</small>", escaped(meaning));
    }
    label
}

fn notes(out: &mut String, findings: &[Finding]) {
    for finding in findings {
        let severity = finding.severity.word();
        let (code, message) = (escaped(&finding.code), escaped(&finding.message));
        let _ = writeln!(out, "<p class=\"{severity}\"><b>{severity}</b> {code}: {message}</p>");
    }
}
