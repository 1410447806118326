//! Receiving: bytes to documents, one at a time.
//!
//! EDIFACT is read as it comes, with one message in memory; XML and JSON are gathered first. Whatever the bytes
//! are, receiving ends: what is wrong is a finding.

use std::sync::{Arc, LazyLock};

use dragoman_mapping::{Got, Mapping, canonical};
use dragoman_syntax::edifact;
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::{Limits, Read, json, xml};
use dragoman_tree::{Finding, NodeId, Tree};

use crate::kind::Kind;
use crate::message::Message;
use crate::recognise::{not_a, other_edifact};

/// One document as it was received, or what is worth saying where there is none.
#[derive(Debug)]
pub struct Received<'t, 'i> {
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

impl Received<'static, 'static> {
    /// Findings that belong to no document.
    pub fn findings(findings: Vec<Finding>) -> Self {
        static NOTHING: LazyLock<Tree<'static>> = LazyLock::new(Tree::default);
        Self { tree: &NOTHING, node: NodeId::ROOT, offset: 0, grammar: None, got: None, findings }
    }
}

/// What a receiver does with each document.
pub type Visit<'v> = &'v mut dyn FnMut(Received<'_, '_>);

/// Finds the EDIFACT grammar of a message type: [`Catalogue::edifact_grammar`].
pub type Grammars<'g> = edifact::Grammars<'g>;

/// Takes bytes as they come, and gives documents.
pub struct Receiver<'g> {
    message: Message,
    feed: Feed<'g>,
}

enum Feed<'g> {
    /// Nothing has come yet.
    Nothing(Grammars<'g>),
    /// XML and JSON, up to the limit.
    Whole(Vec<u8>),
    /// EDIFACT, message by message.
    Edifact(Box<edifact::Reader<'g>>),
}

impl<'g> Receiver<'g> {
    /// A receiver of one input that should hold messages of that kind.
    pub fn new(message: Message, grammars: Grammars<'g>) -> Self {
        Self { message, feed: Feed::Nothing(grammars) }
    }

    /// Takes the next bytes. The first ones should hold the beginning of the input, 64 KiB where it has as many:
    /// they tell what it is.
    pub fn push(&mut self, bytes: &[u8], visit: Visit<'_>) {
        if let Feed::Nothing(grammars) = self.feed {
            self.feed = if is_interchange(&self.message, bytes) {
                Feed::Edifact(Box::new(edifact::Reader::new(grammars)))
            } else {
                Feed::Whole(Vec::new())
            };
        }
        match &mut self.feed {
            Feed::Nothing(_) => {}
            Feed::Whole(all) => {
                let room = (Limits::default().bytes + 1).saturating_sub(all.len());
                all.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
            }
            Feed::Edifact(reader) => {
                reader.push(bytes);
                interchange(&self.message, reader, visit);
            }
        }
    }

    /// Ends the input.
    pub fn finish(mut self, visit: Visit<'_>) {
        match &mut self.feed {
            Feed::Nothing(_) => gathered(&self.message, b"", visit),
            Feed::Whole(all) => gathered(&self.message, all, visit),
            Feed::Edifact(reader) => {
                reader.finish();
                interchange(&self.message, reader, visit);
                without_document(reader.findings(), visit);
            }
        }
    }
}

/// Reads an input that is at hand as a whole.
pub fn receive(message: &Message, bytes: &[u8], grammars: Grammars<'_>, visit: Visit<'_>) {
    if !is_interchange(message, bytes) {
        return gathered(message, bytes, visit);
    }
    let mut messages = edifact::messages(bytes, grammars);
    for one in messages.by_ref() {
        edifact_message(message, one, visit);
    }
    without_document(messages.findings(), visit);
}

/// True where the message is of EDIFACT and the bytes are.
fn is_interchange(message: &Message, bytes: &[u8]) -> bool {
    message.syntax() == Syntax::Edifact && matches!(Kind::of(bytes), Kind::Edifact(_))
}

/// XML or JSON, or what is neither.
fn gathered(message: &Message, bytes: &[u8], visit: Visit<'_>) {
    match (message, Kind::of(bytes)) {
        (Message::Canonical, Kind::Json) => {
            json_texts(bytes).for_each(|(offset, text)| canonical_text(offset, text, visit));
        }
        (Message::Mapped { mapping, .. }, Kind::Json) if mapping.syntax() == Syntax::Json => {
            json_texts(bytes).for_each(|(offset, text)| json_text(message, mapping, offset, text, visit));
        }
        (Message::Mapped { mapping, .. }, Kind::Xml(_)) if mapping.syntax() == Syntax::Xml => {
            xml_document(message, mapping, bytes, visit);
        }
        _ => without_document(vec![not_a(message, bytes, None)], visit),
    }
}

/// Canonical documents: findings that the reader made and those about the model alike.
fn canonical_text(offset: u64, text: &[u8], visit: Visit<'_>) {
    let (tree, got, findings) = canonical::read(text, None, &Limits::default()).into_got();
    let findings = moved(findings, offset);
    visit(Received { tree: &tree, node: NodeId::ROOT, offset, grammar: None, got, findings });
}

fn json_text(message: &Message, mapping: &Mapping, offset: u64, text: &[u8], visit: Visit<'_>) {
    let read = |grammar: &Grammar| json::read(text, Some(grammar), Grammar::ROOT, &Limits::default());
    by_any_grammar(message, mapping, (offset, text), &read, visit);
}

fn xml_document(message: &Message, mapping: &Mapping, bytes: &[u8], visit: Visit<'_>) {
    let read = |grammar: &Grammar| xml::read(bytes, Some(grammar), &Limits::default());
    by_any_grammar(message, mapping, (0, bytes), &read, visit);
}

/// Reads with the first grammar of the mapping that recognises the message, and gives its documents.
fn by_any_grammar<'i>(
    message: &Message,
    mapping: &Mapping,
    (offset, bytes): (u64, &[u8]),
    read: &dyn Fn(&Grammar) -> Read<'i>,
    visit: Visit<'_>,
) {
    let tries = mapping.grammars().map(|grammar| (grammar, read(grammar)));
    let mut last = None;
    for (grammar, Read { tree, findings }) in tries {
        if mapping.recognises(&tree) {
            return documents(mapping, grammar, offset, &tree, findings, visit);
        }
        last = Some(findings);
    }
    let mut findings = moved(last.unwrap_or_default(), offset);
    findings.push(not_a(message, bytes, None));
    without_document(findings, visit);
}

/// The documents of one tree. What was found while it was read goes with the first.
fn documents(
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
        visit(Received { tree, node, offset, grammar: Some(grammar), got, findings });
    }
    without_document(findings, visit);
}

fn interchange(message: &Message, reader: &mut edifact::Reader<'_>, visit: Visit<'_>) {
    while let Some(one) = reader.next_message() {
        edifact_message(message, one, visit);
    }
}

fn edifact_message(message: &Message, mut one: edifact::Message<'_>, visit: Visit<'_>) {
    let mut findings = std::mem::take(&mut one.findings);
    let (mapping, tree) = (message.mapping(), one.tree());
    let asked = mapping.filter(|mapping| mapping.root().is_none_or(|root| root == one.kind.name));
    let grammar = one.grammar.as_ref();
    let got = asked.zip(grammar).and_then(|(mapping, grammar)| mapping.get(tree, NodeId::ROOT, grammar));
    if got.is_none() {
        let header = tree.children(NodeId::ROOT).find(|segment| tree.name(*segment) == "UNH");
        findings.push(other_edifact(message, &one.kind, header.map(|header| tree.file_span(header))));
    }
    visit(Received { tree, node: NodeId::ROOT, offset: 0, grammar, got, findings });
}

/// Findings that belong to no document.
fn without_document(findings: Vec<Finding>, visit: Visit<'_>) {
    if !findings.is_empty() {
        visit(Received::findings(findings));
    }
}

/// The JSON texts of an input with their offsets: one a line where every line that is not blank is an object of
/// its own (NDJSON), else the whole.
pub(crate) fn json_texts(bytes: &[u8]) -> impl Iterator<Item = (u64, &[u8])> {
    let lines = || bytes.split_inclusive(|byte| *byte == b'\n').filter(|line| !line.trim_ascii().is_empty());
    let is_object = |line: &[u8]| matches!(line.trim_ascii(), [b'{', .., b'}']);
    let apart = lines().nth(1).is_some() && lines().all(is_object);
    let start = |text: &[u8]| (text.as_ptr() as usize).saturating_sub(bytes.as_ptr() as usize) as u64;
    let whole = (!apart).then_some((0, bytes));
    whole.into_iter().chain(lines().filter(move |_| apart).map(move |line| (start(line), line)))
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
    use crate::{Catalogue, Data, recognise};

    fn all(name: &str, bytes: &[u8]) -> Vec<(Option<String>, Vec<Finding>)> {
        let catalogue = Catalogue::new(Data::embedded()).unwrap();
        let grammars = |kind: &edifact::MessageType| catalogue.edifact_grammar(kind);
        let message = catalogue.message(name).unwrap();
        let mut received = Vec::new();
        receive(&message, bytes, &grammars, &mut |one| {
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

    #[test]
    fn pushing_gives_what_reading_as_a_whole_gives() {
        let catalogue = Catalogue::new(Data::embedded()).unwrap();
        let grammars = |kind: &edifact::MessageType| catalogue.edifact_grammar(kind);
        for size in [1, 7, 1000] {
            let mut receiver = Receiver::new(Message::Canonical, &grammars);
            let mut count = 0;
            let mut visit = |one: Received<'_, '_>| count += usize::from(one.got.is_some());
            DECLARATION.as_bytes().chunks(size).for_each(|chunk| receiver.push(chunk, &mut visit));
            receiver.finish(&mut visit);
            assert_eq!(count, 1);
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
