//! Findings as one page of HTML that needs nothing else: to send to somebody, or to keep.

use std::fmt::Write;

use dragoman_tree::{Code, Finding};

use crate::findings::element::Element;
use crate::findings::{Output, Tally, counted};
use crate::source::Source;
use crate::terminal::print;

const STYLE: &str = include_str!("page.css");

/// How many findings of one file are shown; the rest is counted.
const MOST: usize = 1000;

/// Columns of a line of the source.
const WIDTH: usize = 160;

/// Gathers the page, since its first line counts everything.
#[derive(Debug, Default)]
pub struct Html {
    sections: String,
    findings: String,
    /// The item of the last finding.
    item: Option<u32>,
    title: String,
    tally: Tally,
    total: Tally,
    files: usize,
}

impl Output for Html {
    fn begin(&mut self, source: &Source, message: Option<&str>) {
        self.files += 1;
        self.tally = Tally::default();
        self.findings.clear();
        self.item = None;
        let message = message.map(|name| format!(" <small>{}</small>", escaped(name))).unwrap_or_default();
        self.title = format!("<h2>{}{message}</h2>\n", escaped(&source.name));
    }

    fn finding(&mut self, finding: &Finding, source: &Source) {
        if self.tally.all() < MOST {
            let item = Element::of(finding).item;
            if item != self.item {
                let heading = item.map_or_else(|| "Outside items".to_owned(), |item| format!("Item {item}"));
                let _ = writeln!(self.findings, "<p class=\"item\">{heading}</p>");
                self.item = item;
            }
            self.findings.push_str(&article(finding, source));
        }
        self.tally.count(finding);
    }

    fn end(&mut self, _: &Source) {
        self.total.add(self.tally);
        self.sections.push_str(&self.title);
        self.sections.push_str(&self.findings);
        if let Some(more) = self.tally.all().checked_sub(MOST).filter(|more| *more > 0) {
            let _ = writeln!(self.sections, "<p>{} not shown.</p>", counted(more, "more finding"));
        }
        if self.tally.all() == 0 {
            self.sections.push_str("<p class=\"clean\">No findings.</p>\n");
        }
    }

    fn finish(&mut self) {
        let summary = format!("{} in {}", self.total, counted(self.files, "file"));
        let head = "<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">";
        let page = format!(
            "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n{head}\n<title>Findings: {summary}</title>\n<style>\n{STYLE}\
             </style>\n</head>\n<body>\n<header>\n<h1>Findings</h1>\n<p>{summary}</p>\n</header>\n<main>\n{}</main>\n\
             </body>\n</html>\n",
            self.sections
        );
        print(page.as_bytes());
    }
}

fn article(finding: &Finding, source: &Source) -> String {
    let severity = finding.severity.word();
    let code = escaped(&finding.code);
    let mut html = format!(
        "<article class=\"{severity}\">\n<h3><b>{severity}</b> {code}: {}</h3>\n",
        escaped(&finding.message)
    );
    if let Some(excerpt) = finding.span.as_ref().and_then(|span| source.excerpt(span, WIDTH)) {
        let part = |text: Option<&str>| escaped(text.unwrap_or_default());
        let (line, column) = (excerpt.position.line, excerpt.position.column);
        let _ = writeln!(html, "<div class=\"place\">{}:{line}:{column}</div>", escaped(&source.name));
        let before = part(excerpt.text.get(..excerpt.at.start));
        let after = part(excerpt.text.get(excerpt.at.end..));
        let meant = part(excerpt.text.get(excerpt.at.clone()));
        let _ = writeln!(html, "<pre>{before}<mark>{meant}</mark>{after}</pre>");
    }
    let said = finding.authority.as_ref().map(|said| {
        let location = said.location.as_ref().map(|location| format!(" at {location}")).unwrap_or_default();
        format!("{} {}{location}", said.scheme, said.number)
    });
    let element = Element::of(finding).element;
    let places = [
        ("at", &finding.wire_path),
        ("canonical", &finding.path),
        ("element", &element),
        ("authority", &said),
    ];
    if places.iter().any(|(_, path)| path.is_some()) {
        html.push_str("<dl>");
        for (name, path) in places {
            let Some(path) = path else { continue };
            let _ = write!(html, "<dt>{name}</dt><dd>{}</dd>", escaped(path));
        }
        html.push_str("</dl>\n");
    }
    if let Some(hint) = &finding.hint {
        let _ = writeln!(html, "<p class=\"hint\">Help: {}</p>", escaped(hint));
    }
    if let Some(code) = crate::codes().find(|code| code.id == finding.code) {
        html.push_str(&about(code));
    }
    html + "</article>\n"
}

/// What a code means, folded away.
fn about(code: &Code) -> String {
    format!("<details><summary>{}</summary>{}</details>\n", escaped(code.title), escaped(code.help))
}

/// A text as content or attribute value of HTML.
pub fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            letter if letter.is_control() && letter != '\n' && letter != '\t' => html.push('\u{FFFD}'),
            letter => html.push(letter),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_never_becomes_structure() {
        let finding = Finding { message: "<b>&\"'\u{1}".into(), ..Finding::error(&crate::tests::CODE, "") };
        let html = article(&finding.wire("/<x>"), &Source::named("<a>".into()));
        assert!(html.contains("&lt;b&gt;&amp;&quot;&#39;\u{FFFD}") && html.contains("/&lt;x&gt;"), "{html}");
    }
}
