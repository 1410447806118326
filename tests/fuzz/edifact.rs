//! EDIFACT: whole, in pieces, and written again.

use std::sync::Arc;

use dragoman_syntax::edifact::{
    Interchange, Message, MessageType, Reader, ServiceString, Unencodable, WriteOptions, messages, write,
};
use dragoman_syntax::grammar::{Grammar, Syntax};
use dragoman_syntax::validate;
use dragoman_tree::{Finding, Kind, NodeId, Severity, Tree};

use crate::recipe::{Seeds, cases, files};
use crate::{documents, spans};

const WORDS: &[&str] = &[
    "UNA:+.? '",
    "UNA:+.?*'",
    "UNA|^.\\~!",
    "UNB+UNOC:3+A+B+261122:1200+R'",
    "UNB+UNOA:4+A+B+261122:1200+R'",
    "UNB+UNOY:4+A+B+261122:1200+R'",
    "UNG+T+A+B+261122:1200+G+UN+D:96B'",
    "UNE+1+G'",
    "UNH+1+CUSDEC:D:96B:UN'",
    "UNH+1+CUSRES:D:99B:UN'",
    "UNH+2+OTHER:D:96B:UN'",
    "UNT+3+1'",
    "UNZ+1+R'",
    "UNS+D'",
    "UNS+S'",
    "CST+1+85171300:122'",
    "FTX+AAA+++A?+B'",
    "NAD+IM'",
    "TAX:1:2+1'",
    "+",
    ":",
    "'",
    "?",
    "*",
    "??",
    "\r\n",
    " ",
    "\u{E9}",
    "\u{FEFF}",
    "\u{2}",
    "++++++",
];

pub fn seeds() -> Seeds {
    let own = files(&["tests/fuzz/cases"], &["edi"]);
    Seeds::new(own.into_iter().chain(cases(Syntax::Edifact)), WORDS, b"+:'?\n")
}

fn grammars(kind: &MessageType) -> Option<Arc<Grammar>> {
    documents::catalogue().edifact_grammar(kind)
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
    let interchange = Interchange { syntax: "UNOY".into(), version: "4".into(), ..Interchange::default() };
    let options = WriteOptions {
        service: Some(ServiceString::of_version("4")),
        interchange: Some(interchange),
        unencodable: Unencodable::Keep,
        ..WriteOptions::default()
    };
    let Ok(written) = write(&[(tree, grammar)], &options) else { return };
    if written.findings.iter().any(|finding| finding.severity == Severity::Error) {
        return;
    }
    for leaf in &written.index.leaves {
        assert!(leaf.start <= leaf.end && leaf.end as usize <= written.bytes.len());
    }
    let mut whole = messages(&written.bytes, &grammars);
    let again: Vec<_> = whole.by_ref().collect();
    let findings =
        whole.findings().into_iter().chain(again.iter().flat_map(|message| message.findings.clone()));
    if findings.into_iter().any(|finding| finding.code == "DG-E0327") {
        // Values with line ends at equal distances, which no character set allows, look like a wrapped file.
        return;
    }
    assert_eq!(again.len(), 1, "{}", String::from_utf8_lossy(&written.bytes));
    assert_eq!(values(tree), values(again[0].tree()), "{}", String::from_utf8_lossy(&written.bytes));
}

/// The values below each segment of the body, without empty ones.
fn values(tree: &Tree<'_>) -> Vec<(String, Vec<String>)> {
    let header = |id: &NodeId| matches!(tree.name(*id), "UNB" | "UNG" | "UNH");
    let segments = tree.ids().filter(|id| tree.node(*id).kind == Kind::Segment && !header(id));
    let below = |id: NodeId| tree.subtree(id).filter_map(|leaf| tree.value(leaf));
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
