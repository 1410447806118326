//! What holds for any bytes.

use dragoman_syntax::x12::{Message, Reader, messages};
use dragoman_tree::Finding;
use proptest::prelude::*;

use crate::support::{ISA, Shape, interchange, known, read, rewritten, shape};

#[derive(Debug, Default, PartialEq)]
struct Said {
    messages: Vec<(u64, Shape)>,
    findings: Vec<Finding>,
}

impl Said {
    fn add(&mut self, message: &mut Message<'_>) {
        self.messages.push((message.tree().base(), shape(message.tree())));
        self.findings.append(&mut message.findings);
    }
}

/// In pieces of these sizes, in turn, the reader says the same as of the whole.
pub fn same_in_pieces(bytes: &[u8], sizes: &[usize]) {
    let mut whole = Said::default();
    let mut all = messages(bytes, &known);
    all.by_ref().for_each(|mut message| whole.add(&mut message));
    whole.findings.extend(all.findings());
    let mut said = Said::default();
    let mut reader = Reader::new(&known);
    let (mut rest, mut turn) = (bytes, sizes.iter().cycle());
    while !rest.is_empty() {
        let (piece, after) = rest.split_at((*turn.next().unwrap()).min(rest.len()));
        reader.push(piece);
        while let Some(mut message) = reader.next_message() {
            said.add(&mut message);
        }
        rest = after;
    }
    reader.finish();
    while let Some(mut message) = reader.next_message() {
        said.add(&mut message);
    }
    said.findings.extend(reader.findings());
    assert_eq!(whole, said);
}

const WORDS: &[&str] = &[
    ISA,
    "GS*XX*AA*BB*20261101*0900*1*X*005010~",
    "ST*888*0001~",
    "BEG*00*1*20261101~",
    "N1*ST*A~",
    "PO1*1*2****VN*1*UP*2~",
    "HL*1**S~",
    "HL*2*1*O~",
    "BIN*3*a~b~",
    "BIN*9*x~",
    "TA1*000000001*261101*0900*A*000~",
    "ISX*?~",
    "SE*3*0001~",
    "GE*1*1~",
    "IEA*1*000000001~",
    "*",
    ":",
    "^",
    "~",
    "\r\n",
    " ",
    "III*1^2^^3~",
    "\u{E9}",
    "\u{FEFF}",
    "ISA",
    "I",
    "?*",
];

proptest! {
    #[test]
    fn any_words_are_read_in_any_pieces(
        words in proptest::collection::vec(proptest::sample::select(WORDS.to_vec()), 0..24),
        sizes in proptest::collection::vec(1..40_usize, 1..6),
    ) {
        same_in_pieces(words.concat().as_bytes(), &sizes);
    }

    #[test]
    fn any_bytes_are_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        read(&bytes, &known);
        let mut enclosed = ISA.as_bytes().to_vec();
        enclosed.extend(bytes);
        read(&enclosed, &known);
    }

    /// Whatever a value holds, it comes back as the same value, in as many segments.
    #[test]
    fn every_value_comes_back_and_no_more_segments(value in "[ -~é]{1,40}", other in "[*:~^>|a-z]{1,12}") {
        let value = format!("x{value}x");
        let other = format!("x{other}x");
        let base = interchange("BEG*00*ORDER*20261101~N1*ST*NAME~");
        let (messages, _) = read(base.as_bytes(), &known);
        let tree = replaced(messages[0].tree(), &[("NAME", &value), ("ORDER", &other)]);
        let written = dragoman_syntax::x12::write(
            &[(&tree, messages[0].grammar.as_deref())],
            &dragoman_syntax::x12::WriteOptions::default(),
        );
        // There are only so many delimiters: what cannot be written is refused.
        if let Ok(written) = written {
            let (again, _) = read(&written.bytes, &known);
            prop_assert_eq!(again.len(), 1);
            prop_assert_eq!(shape(&tree), shape(again[0].tree()));
        }
    }

    #[test]
    fn what_was_read_is_written_as_the_same_tree(
        words in proptest::collection::vec(proptest::sample::select(WORDS[3..9].to_vec()), 0..12),
    ) {
        let text = interchange(&words.concat());
        let (messages, _) = read(text.as_bytes(), &known);
        let written = rewritten(&messages, true).unwrap();
        let (again, _) = read(&written, &known);
        prop_assert_eq!(messages.len(), again.len());
        for (one, two) in messages.iter().zip(&again) {
            prop_assert_eq!(shape(one.tree()), shape(two.tree()));
        }
    }
}

/// The tree with other values.
fn replaced<'t>(tree: &'t dragoman_tree::Tree<'t>, values: &[(&str, &str)]) -> dragoman_tree::Tree<'t> {
    let mut build = dragoman_tree::TreeBuilder::new(tree.text(), tree.base(), tree.names().clone());
    for id in tree.ids() {
        while build.current().is_some_and(|open| tree.node(open).end <= id) {
            build.close();
        }
        let node = tree.node(id);
        let made = build.open(node.kind, node.name, node.place, node.span);
        let text = tree
            .value(id)
            .map(|text| values.iter().find(|(old, _)| *old == text).map_or(text, |(_, new)| new));
        if let Some(text) = text {
            let value = build.owned(text);
            build.node_mut(made).value = value;
        }
    }
    build.finish()
}
