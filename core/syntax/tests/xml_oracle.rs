//! Reading sees in every declaration what quick-xml sees.

use std::fs;

use dragoman_samples::{files, sample};
use dragoman_syntax::{Limits, xml};
use dragoman_tree::{Kind, NodeId, Severity, Tree};
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::name::ResolveResult;
use quick_xml::reader::NsReader;

/// An element or attribute: its namespace and name, and its text.
type Row = (String, String);

/// What quick-xml sees; `None` where it finds the document faulty.
fn theirs(text: &str) -> Option<Vec<Row>> {
    let mut reader = NsReader::from_str(text);
    let (mut rows, mut open): (Vec<Row>, Vec<usize>) = Default::default();
    loop {
        let event = reader.read_event().ok()?;
        let mut add = |text: &str| {
            if let Some(row) = open.last().and_then(|at| rows.get_mut(*at)) {
                row.1.push_str(text);
            }
        };
        match &event {
            Event::Text(text) => add(&text.xml10_content()),
            Event::CData(text) => add(&text.xml10_content()),
            Event::GeneralRef(name) => add(&quick_xml::escape::unescape(&format!("&{};", &**name)).ok()?),
            Event::Start(tag) => {
                open.push(rows.len());
                rows.extend(element(&reader, tag)?);
            }
            Event::Empty(tag) => rows.extend(element(&reader, tag)?),
            Event::End(_) => _ = open.pop(),
            Event::Eof => return open.is_empty().then_some(rows),
            _ => {}
        }
    }
}

fn element(reader: &NsReader<&[u8]>, tag: &BytesStart<'_>) -> Option<Vec<Row>> {
    let (namespace, local) = reader.resolver().resolve_element(tag.name());
    let mut rows = vec![(expanded(&namespace, local.into_inner())?, String::new())];
    for attribute in tag.attributes() {
        let attribute = attribute.ok()?;
        let (namespace, local) = reader.resolver().resolve_attribute(attribute.key);
        let name = expanded(&namespace, local.into_inner())?;
        let is_location = name.starts_with("{http://www.w3.org/2001/XMLSchema-instance}")
            && name.ends_with("chemaLocation");
        if attribute.key.as_namespace_binding().is_none() && !is_location {
            rows.push((name, attribute.normalized_value(XmlVersion::Implicit1_0).ok()?.into_owned()));
        }
    }
    Some(rows)
}

fn expanded(namespace: &ResolveResult<'_>, local: &str) -> Option<String> {
    match namespace {
        ResolveResult::Bound(uri) => Some(format!("{{{}}}{local}", uri.0)),
        ResolveResult::Unbound => Some(format!("{{}}{local}")),
        ResolveResult::Unknown(_) => None,
    }
}

fn ours(tree: &Tree<'_>, node: NodeId, parent: &str, rows: &mut Vec<Row>) {
    let is_attribute = tree.node(node).kind == Kind::Attribute;
    let (own, local) = xml::split_name(tree.name(node));
    let namespace = own.unwrap_or(if is_attribute { "" } else { parent });
    let texts = tree.children(node).filter(|child| tree.node(*child).kind == Kind::Text);
    let text = tree.value(node).into_iter().chain(texts.filter_map(|text| tree.value(text))).collect();
    rows.push((format!("{{{namespace}}}{local}"), text));
    for child in tree.children(node).filter(|child| tree.node(*child).kind != Kind::Text) {
        ours(tree, child, namespace, rows);
    }
}

#[test]
fn declarations_are_seen_as_an_independent_reader_sees_them() {
    let Some(folder) = sample("uk-cds/samples") else { return };
    // White space between elements is no node in a tree.
    let trimmed = |row: Row| (row.0, row.1.split_whitespace().collect::<String>());
    let mut compared = 0;
    for path in files(&folder, &["xml"]) {
        let bytes = fs::read(&path).unwrap();
        let Some(theirs) = std::str::from_utf8(&bytes).ok().and_then(theirs) else { continue };
        let read = xml::read(&bytes, None, &Limits::default());
        if read.findings.iter().any(|finding| finding.severity == Severity::Error) {
            continue;
        }
        let mut rows = Vec::new();
        ours(&read.tree, NodeId::ROOT, "", &mut rows);
        assert_eq!(rows.len(), theirs.len(), "{}", path.display());
        for (ours, theirs) in rows.into_iter().zip(theirs) {
            assert_eq!(trimmed(ours), trimmed(theirs), "{}", path.display());
        }
        compared += 1;
    }
    assert!(compared > 300, "{compared} documents were compared");
}
