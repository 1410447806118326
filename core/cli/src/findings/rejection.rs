//! A rejection of customs on a terminal: the bytes that supplied what was rejected, the order line that it is about,
//! and what customs said.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Element, Group, Level, Snippet};
use dragoman_declare::{Cause, File, Line, Rejection};
use dragoman_mapping::Confidence;

use crate::consignment::Files;
use crate::findings::element::numbers;
use crate::findings::text::level;
use crate::source::{Excerpt, Source};
use crate::terminal::Terminal;

/// How many places of one rejection are shown.
const MOST: usize = 4;

/// A place that is shown.
struct Shown<'s> {
    source: &'s Source,
    excerpt: Excerpt,
    kind: AnnotationKind,
    label: String,
}

/// A rejection as text, without a line end.
pub fn render(rejection: &Rejection, files: &Files, terminal: &Terminal) -> String {
    let finding = &rejection.finding;
    let shown = places(rejection, files, terminal);
    let notes = notes(rejection);
    let mut group = level(finding.severity)
        .primary_title(finding.message.as_str())
        .id(&*finding.code)
        .elements(shown.iter().map(|one| {
            let annotation = one.kind.span(one.excerpt.at.clone()).label(one.label.as_str());
            let snippet = Snippet::source(one.excerpt.text.as_str())
                .line_start(one.excerpt.position.line as usize)
                .path(one.source.name.as_str())
                .annotation(annotation);
            Element::from(snippet)
        }));
    for (name, text) in &notes {
        group = group.element(Level::NOTE.with_name(*name).message(text.as_str()));
    }
    if let Some(hint) = &finding.hint {
        group = group.element(Level::HELP.message(hint.as_str()));
    }
    let groups: [Group<'_>; 1] = [group];
    let text = terminal.renderer().render(&groups);
    shown.iter().fold(text, |text, one| one.excerpt.columns_in(text.as_str(), &one.source.name))
}

/// `order 1001, line 2 · SKU BAG-22`
pub fn named(line: &Line) -> String {
    let sku = line.sku.as_ref().map(|sku| format!(" · SKU {sku}")).unwrap_or_default();
    format!("order {}, line {}{sku}", line.of.order, line.of.line)
}

fn places<'f>(rejection: &Rejection, files: &'f Files, terminal: &Terminal) -> Vec<Shown<'f>> {
    let finding = &rejection.finding;
    let sent = finding.wire_path.as_deref().map(short).unwrap_or_default();
    let sent = match rejection.confidence {
        Some(Confidence::Missing) => format!("{sent} was not sent"),
        _ if rejection.is_open() => format!("perhaps this, sent as {sent}"),
        _ => format!("sent as {sent}"),
    };
    let width = terminal.width.saturating_sub(12).max(20);
    let show = |file: File, span: &Range<u64>, kind: AnnotationKind, label: String| {
        let source = files.source(file);
        let excerpt = source.excerpt(span, width)?;
        Some(Shown { source, excerpt, kind, label })
    };
    let mut shown = Vec::new();
    for cause in &rejection.causes {
        if let Cause::Bytes { file, span, .. } = cause {
            shown.extend(show(*file, span, AnnotationKind::Primary, sent.clone()));
        }
    }
    let is_in_order = matches!(rejection.place(), Some((File::Order(_), _))) && !rejection.causes.is_empty();
    if !is_in_order {
        for line in &rejection.lines {
            let (kind, label) = if shown.is_empty() {
                (AnnotationKind::Primary, format!("{}: {sent}", named(line)))
            } else {
                (AnnotationKind::Context, named(line))
            };
            shown.extend(show(File::Order(line.index), &line.span, kind, label));
        }
    }
    shown.truncate(MOST);
    shown
}

fn notes(rejection: &Rejection) -> Vec<(&'static str, String)> {
    let finding = &rejection.finding;
    let mut notes = Vec::new();
    if let Some(said) = &finding.authority {
        let location = said.location.as_ref().map(|location| format!("at {location}"));
        let words = [Some(said.number.clone()), location].into_iter().flatten();
        let words: Vec<_> = words.filter(|word| !word.is_empty()).collect();
        notes.push(("authority said", words.join(" ")));
    }
    if let Some(path) = &finding.path {
        let numbers = numbers(path).map(|numbers| format!("   {numbers}")).unwrap_or_default();
        notes.push(("canonical", format!("{path}{numbers}")));
    }
    let rules = rejection.causes.iter().filter_map(|cause| match cause {
        Cause::Rule(id) => Some(("rule", id.to_string())),
        Cause::Bytes { .. } => None,
    });
    notes.extend(rules);
    notes
}

/// A wire path without what all paths of declarations begin with, and without the index of what occurs once.
fn short(path: &str) -> String {
    let steps: Vec<_> = path.split('/').filter(|step| !step.is_empty()).collect();
    let start = steps.iter().position(|step| step.starts_with("GovernmentAgencyGoodsItem")).unwrap_or(2);
    let rest: Vec<_> = steps.get(start.min(steps.len())..).unwrap_or_default().to_vec();
    if rest.is_empty() { path.to_owned() } else { rest.join("/") }
}
