//! Receiving: bytes to documents, one at a time.
//!
//! EDIFACT and X12 are read as they come, with one message in memory; XML and JSON are gathered first. Whatever the bytes
//! are, receiving ends: what is wrong is a finding.

mod flat;
mod interchange;
mod placed;

use std::cell::LazyCell;
use std::sync::{Arc, LazyLock};

use dragoman_mapping::report::Side;
use dragoman_mapping::{Base, Got, Mapping, canonical};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::validate::validate;
use dragoman_syntax::{Limits, Read, json, xml};
use dragoman_tree::{Finding, NodeId, Severity, Tree};

use crate::catalogue::{Catalogue, CatalogueError};
use crate::kind::{Kind, json_texts};
use crate::message::Message;
use crate::recognise::{not_a, recognise, unknown};

use placed::placed;

pub use interchange::{Grammars, Interchange, Messages};

/// One document as it was received, or what is worth saying where there is none.
#[derive(Debug)]
pub struct Received<'t, 'i> {
    /// What it was read as; none where nobody knows what it is.
    pub message: Option<&'t Message>,
    /// The message that holds it; empty where nothing could be read.
    pub tree: &'t Tree<'i>,
    /// Where in the message the document begins.
    pub node: NodeId,
    /// The offset in the input of the text that the tree was read from, beyond the tree's own
    /// [base](Tree::base): one JSON text a line.
    pub offset: u64,
    /// The grammar that the message was read with.
    pub grammar: Option<&'t Arc<Grammar>>,
    /// The document; none where the bytes are no such message.
    pub got: Option<Got<'i>>,
    /// About the bytes of this message, not yet about what they mean: those are in `got`.
    pub findings: Vec<Finding>,
}

impl<'t, 'i> Received<'t, 'i> {
    /// The message as reports name a side of a translation.
    pub fn side(&self) -> Side<'t, 'i> {
        Side {
            name: self.message.map_or("", Message::name),
            tree: self.tree,
            grammar: self.grammar.map(|grammar| &**grammar),
            offset: self.offset,
        }
    }

    /// All that is worth saying about a message, in the order of the bytes: its syntax, its grammar, what its mapping makes
    /// of it, and its values. What two of these say of one place is said once.
    pub fn said(&self) -> Vec<Finding> {
        let mut findings = self.findings.clone();
        if let Some(got) = &self.got {
            findings.extend(self.grammar.map(|grammar| self.formed(grammar, got)).unwrap_or_default());
            let is_new = |finding: &&Finding| {
                !findings.iter().any(|said| said.span == finding.span && said.message == finding.message)
            };
            let meant: Vec<_> = got.findings.iter().filter(is_new).cloned().collect();
            findings.extend(meant);
        }
        findings.sort_by_key(|finding| finding.span.as_ref().map_or(0, |span| span.start));
        findings
    }

    /// What the form of the message breaks, with the places of the document that it is about.
    fn formed(&self, grammar: &Grammar, got: &Got<'_>) -> Vec<Finding> {
        let mut checked = validate(self.tree, grammar);
        if let Some(mapping) = self.message.and_then(Message::mapping) {
            let base = Base { tree: self.tree, grammar, document: &got.document, carriers: &got.carriers };
            placed(&mut checked, mapping, &base);
        }
        moved(checked, self.offset)
    }
}

impl Received<'static, 'static> {
    /// Findings that belong to no document.
    pub fn findings(findings: Vec<Finding>) -> Self {
        static NOTHING: LazyLock<Tree<'static>> = LazyLock::new(Tree::default);
        Self {
            message: None,
            tree: &NOTHING,
            node: NodeId::ROOT,
            offset: 0,
            grammar: None,
            got: None,
            findings,
        }
    }
}

/// What a receiver does with each document.
pub type Visit<'v> = &'v mut dyn FnMut(Received<'_, '_>);

/// Reads an input that is at hand as a whole, each message of an interchange as what it is, anything else as what its
/// content says.
pub fn receive_each(catalogue: &Catalogue, bytes: &[u8], visit: Visit<'_>) -> Result<(), CatalogueError> {
    let kind = Kind::of(bytes);
    if let (Kind::Edifact(_) | Kind::X12(_), Some(syntax)) = (&kind, kind.syntax()) {
        let mut messages = Messages::each(catalogue, Severity::Error);
        interchange::receive(&mut messages, syntax, catalogue, bytes, visit);
        return Ok(());
    }
    match recognise(catalogue, bytes)? {
        Some(message) => receive(catalogue, &message, bytes, visit),
        None => without_document(vec![unknown(bytes)], visit),
    }
    Ok(())
}

/// Reads an input that is at hand as a whole.
pub fn receive(catalogue: &Catalogue, message: &Message, bytes: &[u8], visit: Visit<'_>) {
    match (message, Kind::of(bytes)) {
        (Message::Canonical, Kind::Json) => {
            json_texts(bytes).for_each(|(offset, text)| canonical_text(offset, text, visit));
        }
        (Message::Mapped { mapping, .. }, kind) if kind.syntax() == Some(mapping.syntax()) => {
            match mapping.syntax() {
                Syntax::Json => {
                    json_texts(bytes)
                        .for_each(|one| text(catalogue, message, mapping, one, &read_json, visit));
                }
                Syntax::Xml => text(catalogue, message, mapping, (0, bytes), &read_xml, visit),
                Syntax::Edifact | Syntax::X12 => {
                    interchange::receive(
                        &mut Messages::named(message.clone()),
                        mapping.syntax(),
                        catalogue,
                        bytes,
                        visit,
                    );
                }
                Syntax::Flat => flat::receive(catalogue, message, mapping, bytes, visit),
            }
        }
        (Message::Mapped { mapping, .. }, Kind::Json) if mapping.syntax() == Syntax::Xml => {
            json_texts(bytes)
                .for_each(|one| text(catalogue, message, mapping, one, &read_xml_as_json, visit));
        }
        _ => without_document(vec![not_a(catalogue, message, bytes)], visit),
    }
}

/// Canonical documents: findings that the reader made and those about the model alike.
fn canonical_text(offset: u64, text: &[u8], visit: Visit<'_>) {
    let (tree, mut got, findings) = canonical::read(text, None, &Limits::default()).into_got();
    if let Some(got) = &mut got {
        got.findings = moved(std::mem::take(&mut got.findings), offset);
    }
    let findings = moved(findings, offset);
    let message = Some(&Message::Canonical);
    visit(Received { message, tree: &tree, node: NodeId::ROOT, offset, grammar: None, got, findings });
}

/// A text that is read with the grammars of a mapping, as `read` does; which form it has need not be said.
fn text<'i>(
    catalogue: &Catalogue,
    message: &Message,
    mapping: &Mapping,
    (offset, text): (u64, &'i [u8]),
    read: &dyn Fn(&'i [u8], &Grammar) -> Read<'i>,
    visit: Visit<'_>,
) {
    let read = |grammar: &Grammar| read(text, grammar);
    by_any_grammar(message, mapping, offset, &read, &named(catalogue, mapping, text), visit)
        .unwrap_or_else(|findings| other(findings, not_a(catalogue, message, text), offset, visit));
}

fn read_json<'i>(text: &'i [u8], grammar: &Grammar) -> Read<'i> {
    json::read(text, Some(grammar), Grammar::ROOT, &Limits::default())
}

fn read_xml<'i>(text: &'i [u8], grammar: &Grammar) -> Read<'i> {
    xml::read(text, Some(grammar), &Limits::default())
}

fn read_xml_as_json<'i>(text: &'i [u8], grammar: &Grammar) -> Read<'i> {
    xml::as_json::read(text, grammar, &Limits::default())
}

/// Which trees are what was named: what is nothing else may lack what it would be recognised by.
fn named<'m>(
    catalogue: &'m Catalogue,
    mapping: &'m Mapping,
    text: &'m [u8],
) -> impl Fn(&Tree<'_>) -> bool + 'm {
    let is_other = LazyCell::new(|| recognise(catalogue, text).is_ok_and(|message| message.is_some()));
    move |tree| mapping.recognises(tree) || (mapping.fits(tree) && !*is_other)
}

/// What was found in a text that is another message.
fn other(mut findings: Vec<Finding>, finding: Finding, offset: u64, visit: Visit<'_>) {
    findings.push(finding);
    without_document(moved(findings, offset), visit);
}

/// Reads with the grammar of the mapping that knows most of the message, the first of several alike: editions of one
/// message share their root. Where its tree fits none, what was found is the error.
fn by_any_grammar<'i>(
    message: &Message,
    mapping: &Mapping,
    offset: u64,
    read: &dyn Fn(&Grammar) -> Read<'i>,
    fits: &dyn Fn(&Tree<'_>) -> bool,
    visit: Visit<'_>,
) -> Result<(), Vec<Finding>> {
    let mut last = Vec::new();
    let mut best: Option<(usize, &Arc<Grammar>, Read<'i>)> = None;
    for grammar in mapping.grammars() {
        let read = read(grammar);
        if !fits(&read.tree) {
            last = read.findings;
            continue;
        }
        let unknown = read.tree.ids().filter(|node| !read.tree.place(*node).is_known()).count();
        if best.as_ref().is_none_or(|(least, ..)| unknown < *least) {
            best = Some((unknown, grammar, read));
        }
        if unknown == 0 {
            break;
        }
    }
    let Some((_, grammar, Read { tree, findings })) = best else { return Err(last) };
    documents(message, mapping, grammar, offset, &tree, findings, visit);
    Ok(())
}

/// The documents of one tree. What was found while it was read goes with the first.
fn documents(
    message: &Message,
    mapping: &Mapping,
    grammar: &Arc<Grammar>,
    offset: u64,
    tree: &Tree<'_>,
    findings: Vec<Finding>,
    visit: Visit<'_>,
) {
    let mut findings = moved(findings, offset);
    for node in mapping.documents(tree) {
        let mut got = mapping.get(tree, node, grammar);
        if let Some(got) = &mut got {
            got.findings = moved(std::mem::take(&mut got.findings), offset);
        }
        let findings = std::mem::take(&mut findings);
        visit(Received { message: Some(message), tree, node, offset, grammar: Some(grammar), got, findings });
    }
    without_document(findings, visit);
}

/// Findings that belong to no document.
fn without_document(findings: Vec<Finding>, visit: Visit<'_>) {
    if !findings.is_empty() {
        visit(Received::findings(findings));
    }
}

/// Findings about a text that begins at an offset of the input.
fn moved(mut findings: Vec<Finding>, offset: u64) -> Vec<Finding> {
    for span in findings.iter_mut().filter_map(|finding| finding.span.as_mut()) {
        *span = span.start + offset..span.end + offset;
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Data, recognise};

    fn all(name: &str, bytes: &[u8]) -> Vec<(Option<String>, Vec<Finding>)> {
        let catalogue = Catalogue::new(Data::embedded()).unwrap();
        let message = catalogue.message(name).unwrap();
        let mut received = Vec::new();
        receive(&catalogue, &message, bytes, &mut |one| {
            let text = one.got.map(|got| canonical::write(&got.document, json::Style::Compact));
            received.push((text, one.findings));
        });
        received
    }

    const DECLARATION: &str = r#"{"type":"declaration","lrn":"TT-1","goods_items":[{"sequence":"1"}]}"#;

    #[test]
    fn one_json_text_a_line_is_one_document_a_line() {
        let lines = format!("{DECLARATION}\n\n{{\"type\":\"order\",\"nonsense\":1}}\n");
        let received = all("canonical", lines.as_bytes());
        assert_eq!(received.len(), 2);
        assert_eq!(received[0].0.as_deref(), Some(DECLARATION));
        let span = received[1].1[0].span.clone().unwrap();
        assert!(lines[span.start as usize..].starts_with('1'), "{span:?}");
        let pretty = DECLARATION.replace('{', "{\n").replace('}', "\n}");
        assert_eq!(all("canonical", pretty.as_bytes()).len(), 1);
    }

    /// A page without orders is a message without documents; what was named is read, whatever it lacks.
    #[test]
    fn what_was_named_is_read_as_far_as_it_goes() {
        assert_eq!(all("amazon/order", br#"{"orders":[],"createdBefore":"2026-11-03T00:00:00Z"}"#), []);
        let received = all("amazon/order", br#"{"orders":[{"orderId":"1"}]}"#);
        assert_eq!(received.len(), 1);
        assert!(received[0].0.as_deref().is_some_and(|text| text.contains("\"order_number\":\"1\"")));
        for other in [&b"{}"[..], br#"{"orders":{}}"#, br#"{"orders":null}"#, DECLARATION.as_bytes()] {
            let received = all("amazon/order", other);
            assert!(
                matches!(&received[..], [(None, findings)] if findings[0].code == "DG-E1001"),
                "{received:?}"
            );
        }
    }

    #[test]
    fn another_file_than_was_asked_for_is_named() {
        let said = |name: &str, bytes: &[u8]| {
            let mut received = all(name, bytes);
            let (document, findings) = received.pop().unwrap();
            assert!(document.is_none() && received.is_empty());
            findings.into_iter().map(|finding| finding.message).next_back().unwrap()
        };
        assert_eq!(said("gb-cds/declaration", b" "), "the file is empty");
        assert_eq!(said("gb-cds/declaration", b"{}"), "this is JSON, not a message `gb-cds/declaration`");
        assert_eq!(
            said("gb-cds/declaration", b"<Invoice/>"),
            "this is an XML document `Invoice`, not a message `gb-cds/declaration`"
        );
        assert_eq!(said("canonical", b"%PDF-1.7"), "this is a PDF document, not a message `canonical`");
        assert_eq!(said("canonical", b"[]"), "there is no member `type` that names a canonical document");
    }

    #[test]
    fn content_tells_the_message() {
        let catalogue = Catalogue::new(Data::embedded()).unwrap();
        let name =
            |bytes: &[u8]| recognise(&catalogue, bytes).unwrap().map(|message| message.name().to_owned());
        assert_eq!(name(DECLARATION.as_bytes()).as_deref(), Some("canonical"));
        let meta = |inside: &str, form: &str| {
            format!(
                "<m:MetaData xmlns:m=\"urn:wco:datamodel:WCO:DocumentMetaData-DMS:2\">\
                 <{inside} xmlns=\"urn:wco:datamodel:WCO:{form}-DMS:2\"/></m:MetaData>"
            )
        };
        assert_eq!(name(meta("Declaration", "DEC").as_bytes()).as_deref(), Some("gb-cds/declaration"));
        assert_eq!(name(meta("Response", "RES").as_bytes()).as_deref(), Some("gb-cds/notification"));
        for other in ["", "<Invoice/>", "{}", "ISA*00*", "text"] {
            assert_eq!(name(other.as_bytes()), None, "{other}");
        }
    }
}
