//! CDS declarations: XML to canonical JSON, against quick-xml's `NsReader` reading all text and attributes.

use std::path::Path;
use std::sync::Arc;

use dragoman_mapping::{Mapping, Sources, canonical, load};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::json::Style;
use dragoman_syntax::{Limits, xml};
use dragoman_tree::NodeId;
use quick_xml::XmlVersion;
use quick_xml::events::Event;
use quick_xml::reader::NsReader;

use crate::pairs::{Pair, pair};

/// Measures over all declarations of a folder that read without a finding, as they are sent: without comments.
pub fn measure(mappings: &Path, samples: &Path, rounds: usize) -> Option<Pair> {
    let text =
        |name: &str, ending: &str| std::fs::read_to_string(mappings.join(format!("{name}.{ending}"))).ok();
    let grammar = |name: &str| -> Option<Arc<Grammar>> {
        let text: &'static str = Box::leak(text(name, "gram")?.into_boxed_str());
        Some(Arc::new(grammar::parse(text, &|_| None).ok()?))
    };
    let table = |name: &str| text(&format!("codes/{name}"), "csv");
    let sources = Sources { mapping: &|name| text(name, "map"), grammar: &grammar, table: &table };
    let mapping = load("wco/declaration", &sources).ok()?;
    let grammar = mapping.written()?.clone();
    let documents = documents(samples, &grammar);
    let bytes = documents.iter().map(Vec::len).sum();
    let ours = || documents.iter().map(|document| translate(&mapping, &grammar, document)).sum();
    let rival = || documents.iter().map(|document| read_all(document).unwrap_or(0)).sum();
    if std::env::var("PARTS").is_ok() {
        let read =
            || documents.iter().map(|d| xml::read(d, Some(&grammar), &Limits::default()).tree.len()).sum();
        let get = || {
            documents
                .iter()
                .map(|d| {
                    let r = xml::read(d, Some(&grammar), &Limits::default());
                    mapping.get(&r.tree, NodeId::ROOT, &grammar).map_or(0, |g| g.claims.len())
                })
                .sum()
        };
        println!("read {:?}", pair(bytes, rounds, read, rival));
        println!("get {:?}", pair(bytes, rounds, get, rival));
    }
    (!documents.is_empty()).then(|| pair(bytes, rounds, ours, rival))
}

fn translate(mapping: &Mapping, grammar: &Grammar, bytes: &[u8]) -> usize {
    let read = xml::read(bytes, Some(grammar), &Limits::default());
    let got = mapping.get(&read.tree, NodeId::ROOT, grammar);
    got.map_or(0, |got| canonical::write(&got.document, Style::Compact).len())
}

fn read_all(bytes: &[u8]) -> Option<usize> {
    let mut reader = NsReader::from_str(std::str::from_utf8(bytes).ok()?);
    let mut total = 0;
    loop {
        match reader.read_resolved_event().ok()? {
            (_, Event::Start(start) | Event::Empty(start)) => {
                for attribute in start.attributes() {
                    total += attribute.ok()?.normalized_value(XmlVersion::Implicit1_0).ok()?.len();
                }
            }
            (_, Event::Text(text)) => total += text.xml10_content().len(),
            (_, Event::CData(text)) => total += text.xml10_content().len(),
            (_, Event::Eof) => return Some(total),
            _ => total += 1,
        }
    }
}

fn documents(samples: &Path, grammar: &Grammar) -> Vec<Vec<u8>> {
    let mut files = Vec::new();
    walk(samples, &mut files);
    files.sort();
    let bytes = files.iter().filter_map(|file| std::fs::read(file).ok());
    bytes.filter_map(|bytes| as_sent(&bytes, grammar)).collect()
}

/// A declaration without its comments; `None` for what is none.
fn as_sent(bytes: &[u8], grammar: &Grammar) -> Option<Vec<u8>> {
    let read = xml::read(bytes, Some(grammar), &Limits::default());
    let known = read.tree.ids().all(|id| read.tree.place(id).is_known());
    let declaration = read.tree.child(NodeId::ROOT, "Declaration").is_some();
    (read.findings.is_empty() && known && declaration)
        .then(|| xml::write(&read.tree, Some(grammar), &xml::WriteOptions::default()).bytes)
}

fn walk(folder: &Path, found: &mut Vec<std::path::PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            walk(&path, found);
        } else {
            found.push(path);
        }
    }
}
