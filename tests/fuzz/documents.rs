//! The whole road: bytes of a message to a document, back over the message, and canonical JSON.

use std::sync::LazyLock;

use dragoman_adapters::{Catalogue, Data, receive};
use dragoman_mapping::{Base, Claim, Got, canonical, names_own_message};
use dragoman_model::Document;
use dragoman_syntax::Limits;
use dragoman_syntax::grammar::Syntax;
use dragoman_syntax::json::{self, Numbers, Style};
use dragoman_syntax::{wire_path, xml as syntax_xml};
use dragoman_tree::{Kind, NodeId, Tree};

use crate::json::WORDS;
use crate::recipe::{Seeds, cases, files, path};
use crate::{spans, xml};

/// The program's own data.
pub fn catalogue() -> &'static Catalogue {
    static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(|| Catalogue::new(Data::embedded()).unwrap());
    &CATALOGUE
}

/// Reads an input as a message and asks what must hold: every leaf has its fate, both ways, and no lie about where.
fn holds(name: &str, input: &[u8]) {
    let message = catalogue().message(name).unwrap();
    receive(catalogue(), &message, input, &mut |received| {
        spans::findings(&received.findings, input.len() * 3 + 1);
        let Some(got) = &received.got else { return };
        accounts(received.tree, received.node, got);
        spans::findings(&got.findings, input.len() * 3 + 1);
        same_as_canonical(&got.document);
        let put = message.put(&got.document).unwrap();
        let counts = put.counts;
        assert_eq!(counts.leaves, counts.carried + counts.checked + counts.residue + counts.reported);
        if let Some(grammar) = received.grammar
            && let Some(over) = message.put_over(&got.document, received.tree, got, grammar)
        {
            let counts = over.counts;
            assert_eq!(counts.leaves, counts.carried + counts.checked + counts.residue + counts.reported);
        }
    });
}

/// Every leaf of the message has its fate, and nothing else but empty objects has one.
pub fn accounts(tree: &Tree<'_>, from: NodeId, got: &Got<'_>) {
    for id in tree.subtree(from) {
        let claimed = got.claims[id.index()] != Claim::Branch;
        let empty = tree.children(id).next().is_none();
        assert!(claimed == tree.is_leaf(id) || (claimed && empty), "{}", wire_path(tree, id, None));
    }
}

/// A document comes back from its canonical JSON.
fn same_as_canonical(document: &Document<'_>) {
    let text = canonical::write(document, Style::Compact);
    let read = canonical::read(text.as_bytes(), None, &Limits::default());
    assert!(read.residue.is_empty() && read.findings.is_empty(), "{:?} in {text}", read.findings);
    let again = read.document.unwrap();
    assert_eq!(json::difference(document.tree(), again.tree(), Numbers::Literal), None, "{text}");
}

#[test]
fn xml_messages() {
    xml::seeds().check(500, |input| {
        holds("gb-cds/declaration", input);
        holds("gb-cds/notification", input);
    });
}

#[test]
fn json_messages() {
    let seeds = Seeds::new(cases(Syntax::Json), WORDS, b"{}[],:\"");
    seeds.check(500, |input| {
        holds("amazon/order", input);
        holds("shopify/order", input);
    });
}

#[test]
fn canonical_json() {
    Seeds::new(files(&["adapters"], &["json"]), WORDS, b"{}[],:\"").check(1_000, |input| {
        let read = canonical::read(input, None, &Limits::default());
        spans::findings(&read.findings, input.len());
        for residue in &read.residue {
            assert!(read.tree.is_leaf(*residue));
        }
        if let Some(document) = &read.document {
            same_as_canonical(document);
        }
        let (tree, got, _) = read.into_got();
        if let Some(got) = got {
            for id in tree.ids().filter(|id| got.claims[id.index()] == Claim::Checked) {
                let is_empty = tree.node(id).end.index() == id.index() + 1;
                let says_nothing = match tree.node(id).kind {
                    Kind::Null | Kind::Array => true,
                    Kind::Object => is_empty,
                    _ => false,
                };
                assert!(says_nothing, "{} is lost", wire_path(&tree, id, None));
            }
            accounts(&tree, NodeId::ROOT, &got);
        }
    });
}

/// A chain of WCO sections names elements of the message, or nothing.
#[test]
fn pointers() {
    const WORDS: &[&str] = &[
        "42A",
        "67A",
        "68A",
        "#1",
        "#0",
        "#999999999999999999999",
        ".",
        "/",
        "#",
        "/006",
        "23A",
        "21A",
        "06A",
        "02A",
        "99A",
        "/017",
    ];
    let message = catalogue().message("gb-cds/declaration").unwrap();
    let mapping = message.mapping().unwrap();
    let bytes = std::fs::read(path("adapters/gb-cds/cases/declaration.in")).unwrap();
    let grammar = mapping.written().unwrap();
    let tree = syntax_xml::read(&bytes, Some(grammar), &Limits::default()).tree;
    let got = mapping.get(&tree, NodeId::ROOT, grammar).unwrap();
    let base = Base { tree: &tree, grammar, document: &got.document, carriers: &got.carriers };
    let mut seeds = Seeds::new([path("tests/fuzz/cases/pointers.txt")], WORDS, b".#/\n");
    let chains = seeds.cases.remove(1);
    seeds.cases.extend(chains.split(|byte| *byte == b'\n').map(<[u8]>::to_vec));
    seeds.check(5_000, |input| {
        let chain = String::from_utf8_lossy(input);
        let _ = names_own_message(&chain);
        let found = mapping.resolve(&base, &chain).unwrap();
        assert!(found.nodes.iter().all(|node| node.index() < tree.len()));
        assert!(found.carriers.iter().all(|node| node.index() < got.document.tree().len()));
        assert!(found.paths.iter().all(|path| !path.is_empty()));
        assert!(found.wire_paths.len() <= tree.len());
    });
}
