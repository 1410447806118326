//! What the gateway says was rejected, at its place in the files that were given: the gateway knows orders as a shop sent
//! them and articles as it keeps them.

use std::ops::Range;

use dragoman_declare::{Cause, File, Line, Rejection};
use dragoman_engine::{CauseView, LineView, Rejected, View};
use dragoman_mapping::Confidence;
use dragoman_model::At;
use dragoman_tree::{Finding, OrderLine};

use crate::consignment::Files;

/// A rejection of a declaration. What stands in none of the files has no place.
pub fn rejection(rejected: &Rejected, view: &View, files: &Files) -> Rejection {
    let said = &rejected.finding;
    let value = said.path.as_deref().and_then(|path| {
        let lines = view.panes.iter().flat_map(|panes| &panes.canonical.lines);
        lines.into_iter().find(|line| line.path.as_deref() == Some(path))?.value.as_deref()
    });
    let finding = Finding {
        code: said.code.clone().into(),
        severity: said.severity,
        message: said.message.clone(),
        hint: said.hint.clone(),
        span: None,
        wire_path: said.wire_path.clone(),
        path: said.path.clone(),
        order_line: said.order_line.clone(),
        authority: said.authority.clone(),
    };
    let confidence = rejected.confidence.map(|word| match word {
        "exact" => Confidence::Exact,
        "repeat_unknown" => Confidence::RepeatUnknown,
        "missing" => Confidence::Missing,
        _ => Confidence::NotFound,
    });
    Rejection {
        finding,
        confidence,
        causes: rejected.causes.iter().filter_map(|one| cause(one, value, files)).collect(),
        lines: rejected.lines.iter().filter_map(|one| line(one, files)).collect(),
        elements: Vec::new(),
    }
}

fn cause(cause: &CauseView, value: Option<&str>, files: &Files) -> Option<Cause> {
    let which = cause.which.as_deref();
    if cause.by == "rule" {
        return Some(Cause::Rule(which?.into()));
    }
    let field = cause.field.as_deref()?;
    let as_it_stands = || cause.span.map(|(start, end)| start..end);
    let (file, span) = match cause.by {
        "order" => {
            let index = files.order_by(which?)?;
            let (document, offset) = files.order(index)?;
            (File::Order(index), bytes(At::node_of(document, document.find(field)?), offset))
        }
        "master" => {
            let cells = files.master().cells(which?, field);
            let own = cells.iter().rfind(|(text, _)| Some(text.as_str()) == value);
            (File::Master, own.or(cells.last())?.1.clone())
        }
        "profile" => (File::Profile, as_it_stands()?),
        "consignment" => (File::Consignment, as_it_stands()?),
        "rates" => (File::Rates, as_it_stands()?),
        _ => return None,
    };
    Some(Cause::Bytes { file, field: field.into(), span })
}

fn line(line: &LineView, files: &Files) -> Option<Line> {
    let index = files.order_by(&line.order)?;
    let (document, offset) = files.order(index)?;
    let mut entries = At::root(document).entries("lines");
    let entry = entries.find(|entry| entry.text("line") == Some(&line.line))?;
    let told = entry.get("sku").or_else(|| entry.get("line"))?;
    let of = OrderLine { order: line.order.clone(), line: line.line.clone(), field: None };
    Some(Line { index, of, sku: line.sku.clone(), span: bytes(told, offset) })
}

/// The bytes of a value in the order's file.
fn bytes(at: At<'_>, offset: u64) -> Range<u64> {
    let span = at.document().tree().file_span(at.node());
    span.start + offset..span.end + offset
}
