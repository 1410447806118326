//! `--report`: who supplied every value of every declaration.

use std::path::Path;

use dragoman_adapters::{Declaration, Message, supplier};
use dragoman_declare::{File, LeftOut};
use dragoman_model::Source;
use dragoman_syntax::WirePaths;
use dragoman_tree::{Span, SpanRecord};
use serde::Serialize;

use crate::consignment::Files;
use crate::failure::Failure;
use crate::findings::json::line;
use crate::outputs::save;

#[derive(Serialize)]
struct Report<'r> {
    lrn: Option<&'r str>,
    data_set: &'r str,
    message: &'r str,
    leaves: Vec<Leaf>,
    left_out: Vec<Left<'r>>,
}

/// A value of the message.
#[derive(Serialize)]
struct Leaf {
    target: String,
    canonical: String,
    value: String,
    by: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    sources: Vec<Supplied>,
}

/// Who supplied it: a place of a file, or a rule.
#[derive(Serialize)]
#[serde(untagged)]
enum Supplied {
    Place {
        file: String,
        field: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        span: Option<SpanRecord>,
    },
    Rule {
        rule: String,
    },
}

/// What was stated but is not declared.
#[derive(Serialize)]
struct Left<'r> {
    path: &'r str,
    value: &'r str,
    rule: &'r str,
    sources: Vec<Supplied>,
}

/// Writes the report: an array with one object a declaration.
pub fn write<'a>(
    path: &Path,
    message: &Message,
    files: &Files,
    made: impl Iterator<Item = &'a Declaration>,
    left_out: &[LeftOut],
) -> Result<(), Failure> {
    let report = |(index, declaration): (usize, &Declaration)| {
        let left = left_out.iter().filter(|left| left.declaration == index).map(|left| Left {
            path: &left.path,
            value: &left.value,
            rule: &left.rule,
            sources: supplied(files, &left.sources),
        });
        line(&Report {
            lrn: declaration.lrn(),
            data_set: declaration.data_set(),
            message: message.name(),
            leaves: leaves(files, declaration),
            left_out: left.collect(),
        })
    };
    let reports: Vec<_> = made.enumerate().map(report).collect();
    let text = format!("[\n{}\n]\n", reports.join(",\n"));
    save(path, text.as_bytes())
}

fn leaves(files: &Files, declaration: &Declaration) -> Vec<Leaf> {
    let paths = WirePaths::new(&declaration.put.tree, declaration.grammar.as_deref());
    let document = declaration.written();
    let leaf = |(node, source)| Leaf {
        target: paths.path(node),
        canonical: document.path(source),
        value: declaration.put.tree.value(node).unwrap_or_default().to_owned(),
        by: supplier(document, source).word(),
        sources: supplied(files, document.sources(document.origin(source))),
    };
    declaration.leaves().map(leaf).collect()
}

fn supplied(files: &Files, sources: &[Source]) -> Vec<Supplied> {
    sources.iter().filter_map(|source| one(files, source)).collect()
}

fn one(files: &Files, source: &Source) -> Option<Supplied> {
    if let Source::Rule { id } = source {
        return Some(Supplied::Rule { rule: id.to_string() });
    }
    let (file, field, span) = File::of(source, |number| files.order_by(number))?;
    let source = files.source(file);
    let record = |span: Span| {
        let (start, end) = (u64::from(span.start), u64::from(span.end));
        SpanRecord { start, end, position: source.position(start) }
    };
    // A reference that was given on the command line has no bytes.
    let span = (!span.is_empty()).then(|| record(span));
    let file = if span.is_some() { source.name.clone() } else { "command line".to_owned() };
    Some(Supplied::Place { file, field: field.to_string(), span })
}
