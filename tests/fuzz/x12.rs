//! X12: whole, in pieces, and written again.

use std::sync::Arc;

use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::validate;
use dragoman_syntax::x12::{Encoding, Envelope, Message, Reader, SetType, WriteOptions, messages, write};
use dragoman_tree::{Finding, Kind, NodeId, Severity, Tree};

use crate::recipe::{Seeds, cases};
use crate::{documents, spans};

const WORDS: &[&str] = &[
    "ISA*00*          *00*          *ZZ*SENDER         *ZZ*RECEIVER       *261101*0900*^*00501*000000001*0*P*:~",
    "ISA|00|          |00|          |ZZ|SENDER         |ZZ|RECEIVER       |261101|0900|U|00401|000000001|0|P|>\n",
    "GS*PO*A*B*20261101*0900*1*X*004010~",
    "ST*850*0001~",
    "ST*997*0001~",
    "ISX*?~",
    "TA1*000000001*261101*0900*A*000~",
    "BEG*00*SA*1**20261101~",
    "N1*ST*A*92*1~",
    "PO1*1*2*EA*3**VN*1*UP*2~",
    "HL*1**S~",
    "HL*2*1*O~",
    "BIN*3*a~b~",
    "BIN*99*x~",
    "SE*3*0001~",
    "GE*1*1~",
    "IEA*1*000000001~",
    "*",
    ":",
    "^",
    "~",
    "?",
    "\r\n",
    " ",
    "\u{E9}",
    "\u{FEFF}",
    "******",
];

fn seeds() -> Seeds {
    Seeds::new(cases(Syntax::X12), WORDS, b"*:~^\n")
}

fn grammars(kind: &SetType) -> Option<Arc<Grammar>> {
    documents::catalogue().x12_grammar(kind)
}

#[test]
fn reader() {
    seeds().check(2_000, |input| {
        let mut whole = messages(input, &grammars);
        for message in whole.by_ref() {
            holds(input, &message);
        }
        let rest = whole.findings();
        spans::findings(&rest, input.len() + 1);
        assert!(rest.len() <= 300, "{} findings", rest.len());
    });
}

fn holds(input: &[u8], message: &Message<'_>) {
    let tree = message.tree();
    spans::tree(tree, input);
    spans::findings(&message.findings, input.len() + 1);
    assert!(message.findings.len() <= 600, "{} findings", message.findings.len());
    let grammar = message.grammar.as_deref();
    if let Some(grammar) = grammar {
        spans::findings(&validate(tree, grammar), input.len());
    }
    let envelope = Envelope { version: "00501".into(), ..Envelope::default() };
    let options =
        WriteOptions { envelope: Some(envelope), encoding: message.encoding, ..WriteOptions::default() };
    let Ok(written) = write(&[(tree, grammar)], &options) else { return };
    if written.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return;
    }
    for leaf in &written.index.leaves {
        assert!(leaf.start <= leaf.end && leaf.end as usize <= written.bytes.len());
    }
    if message.encoding == Encoding::Latin1 && std::str::from_utf8(&written.bytes).is_ok() {
        // Nothing in X12 says how it is encoded: letters of ISO 8859-1 that happen to be UTF-8 are read as that.
        return;
    }
    let again: Vec<_> = messages(&written.bytes, &grammars).collect();
    assert_eq!(again.len(), 1, "{}", String::from_utf8_lossy(&written.bytes));
    assert_eq!(values(tree), values(again[0].tree()), "{}", String::from_utf8_lossy(&written.bytes));
    for (stated, read) in levels(tree).into_iter().zip(levels(again[0].tree())) {
        let kept = |at: usize| stated[at].is_none() || stated[at] == read[at];
        assert!(kept(0) && kept(1), "{}", String::from_utf8_lossy(&written.bytes));
    }
}

/// The numbers of the hierarchical levels: HL01 and HL02, which are made where they are missing.
fn levels<'a>(tree: &'a Tree<'_>) -> Vec<[Option<&'a str>; 2]> {
    let is_level = |id: &NodeId| tree.node(*id).kind == Kind::Segment && tree.name(*id) == "HL";
    let stated =
        |id, name| tree.child(id, name).and_then(|leaf| tree.value(leaf)).filter(|it| !it.is_empty());
    tree.ids().filter(is_level).map(|id| ["01", "02"].map(|name| stated(id, name))).collect()
}

/// The values below each segment of the body, without empty ones, and without what is made: the length of binary data,
/// the numbers of levels.
fn values(tree: &Tree<'_>) -> Vec<(String, Vec<String>)> {
    let header =
        |id: &NodeId| matches!(tree.name(*id), "ISA" | "ISB" | "ISE" | "ISX" | "GS" | "ST" | "BIN" | "BDS");
    let segments = tree.ids().filter(|id| tree.node(*id).kind == Kind::Segment && !header(id));
    let made = |id: NodeId| matches!(tree.name(id), "01" | "02") && tree.name(tree.node(id).parent) == "HL";
    let below =
        |id: NodeId| tree.subtree(id).filter(move |leaf| !made(*leaf)).filter_map(|leaf| tree.value(leaf));
    let filled = |id| below(id).filter(|value| !value.is_empty()).map(str::to_owned).collect();
    segments.map(|id| (tree.name(id).to_owned(), filled(id))).collect()
}

/// What a reader says: of each message its offset, how many nodes it has and their values; the findings.
#[derive(Debug, Default, PartialEq)]
struct Said {
    messages: Vec<(u64, usize, Vec<String>)>,
    findings: Vec<Finding>,
}

impl Said {
    fn add(&mut self, message: &Message<'_>) {
        let tree = message.tree();
        let values = tree.ids().map(|id| format!("{}={:?}", tree.name(id), tree.value(id))).collect();
        self.messages.push((tree.base(), tree.len(), values));
        self.findings.extend(message.findings.iter().cloned());
    }
}

#[test]
fn reader_in_pieces() {
    seeds().check(1_000, |input| {
        let mut whole = Said::default();
        let mut all = messages(input, &grammars);
        all.by_ref().for_each(|message| whole.add(&message));
        whole.findings.extend(all.findings());
        for size in [1, 7, 64] {
            assert_eq!(whole, in_pieces(input, size), "in pieces of {size}");
        }
    });
}

fn in_pieces(input: &[u8], size: usize) -> Said {
    let mut said = Said::default();
    let mut reader = Reader::new(&grammars);
    for piece in input.chunks(size) {
        reader.push(piece);
        while let Some(message) = reader.next_message() {
            said.add(&message);
        }
    }
    reader.finish();
    while let Some(message) = reader.next_message() {
        said.add(&message);
    }
    said.findings.extend(reader.findings());
    said
}
