//! What is wrong, under the order lines, each with the way to mend it.

use dragoman_engine::{LineFindings, Rejected, View};
use dragoman_tree::FindingRecord;
use maud::{Markup, html};

use super::own_address;
use crate::address::{address, article_page, segment};
use crate::frame::Frame;
use crate::parts;
use crate::texts::{filled, said};

/// Findings and rejections under the order lines that they are about.
pub fn findings(frame: &Frame<'_>, view: &View) -> Markup {
    let texts = frame.texts;
    let is_empty = |line: &&LineFindings| line.findings.is_empty() && line.rejections.is_empty();
    if view.lines.iter().all(|line| is_empty(&line)) {
        return html! { p { (texts.no_findings) } };
    }
    html! {
        @for line in view.lines.iter().filter(|line| !is_empty(line)) {
            h3 { (heading(frame, line)) }
            @for rejected in &line.rejections { (rejection(frame, view, rejected)) }
            @for finding in &line.findings { (parts::finding(texts, finding, &correct(frame, view, finding))) }
        }
    }
}

fn heading(frame: &Frame<'_>, line: &LineFindings) -> Markup {
    let texts = frame.texts;
    let of = line.rejections.iter().flat_map(|rejected| &rejected.lines);
    let mut own =
        of.filter(|one| line.order.as_deref() == Some(&one.order) && line.line.as_deref() == Some(&one.line));
    match (&line.order, &line.line) {
        (Some(order), Some(number)) => html! {
            (filled(texts.findings_of, &[order, number]))
            @if let Some(sku) = own.next().and_then(|one| one.sku.as_deref()) { " · " a href=(article_page(sku)) { (sku) } }
        },
        _ => html! { (texts.findings_elsewhere) },
    }
}

/// The way to the value in the canonical pane.
fn correct(frame: &Frame<'_>, view: &View, finding: &FindingRecord) -> Markup {
    let texts = frame.texts;
    let place = view.panes.as_ref().zip(finding.path.as_deref()).and_then(|(panes, path)| {
        let number = parts::number(&panes.canonical, path)?;
        let item = parts::item_of(&panes.canonical, path);
        let part = if item > 0 { item.to_string() } else { String::new() };
        Some(format!("{}#v{number}", address(&own_address(view), [("part", part.as_str()), ("edit", "1")])))
    });
    html! { @if let Some(place) = place.filter(|_| frame.may_write()) { a href=(place) { (texts.correct_value) } } }
}

fn rejection(frame: &Frame<'_>, view: &View, rejected: &Rejected) -> Markup {
    let texts = frame.texts;
    let article =
        rejected.causes.iter().find(|cause| cause.by == "master").and_then(|cause| cause.which.as_deref());
    let next = html! {
        @for cause in &rejected.causes {
            span.soft {
                @let by = said(texts.suppliers, cause.by);
                (filled(texts.supplied_by, &[by]))
                @if let Some(which) = &cause.which { " " (which) }
                @if let Some(field) = &cause.field { ", " (field) }
            }
        }
        (correct(frame, view, &rejected.finding))
        @if let Some(sku) = article { a href=(article_page(sku)) { (texts.correct_master) } }
        @if let Some(cause) = &rejected.cause { a href={ "/causes/" (segment(cause)) } { (texts.same_cause) } }
    };
    parts::finding(texts, &rejected.finding, &next)
}
