//! Flat files: what is read where, what is refused, and the laws that hold for any bytes.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "test support")]

use std::sync::Arc;

use dragoman_syntax::flat::{Layout, LineEnd, Message, begins, messages, write};
use dragoman_syntax::grammar::{self, Grammar};
use dragoman_syntax::sample::sampled;
use dragoman_syntax::{Limits, validate, wire_path};
use dragoman_tree::{Finding, Kind, Severity, Tree};
use proptest::prelude::*;

const BATCH: &str = "grammar 1 toy/batch
syntax flat
source made up
width 20
message BATCH
record A   2-5 site* an4  6-11 date dt6
record 10  3-7 line* n..5  8-14 amount n..7v2  15-16 unit an..2 right
record 11  3-12 text* an..10
record Z   2-5 site an4 same  6-11 date dt6 same
0010 A *
0020 <10> 0..9
  0030 10 *
  0040 11 0..2
0050 Z *
";

const MANIFEST: &str = "grammar 1 toy/manifest
syntax flat
source made up
separator 0x1D
sections
rows cargo
message MANIFEST
record HEAD  sender* an..10  number* n..6
record cargo  number n..6 same  line* n..3  goods an..20
record TAIL  number n..6 same
0010 HEAD *
0020 <ship> *
  0030 <cargo> *
    0040 cargo 1..9
0050 TAIL *
";

const TABLE: &str = "grammar 1 toy/table
syntax flat
source made up
separator comma quoted
rows row
message TABLE
record sku  2 title an..5
record row  sku* an..9  name an..40  price n..9
0010 sku
0020 row 0..
";

fn grammar(text: &str) -> Arc<Grammar> {
    Arc::new(grammar::parse(text, &|_| None).unwrap())
}

fn read<'i>(bytes: &'i [u8], grammar: &Arc<Grammar>) -> Message<'i> {
    let mut all = messages(bytes, grammar, &Limits::default());
    assert_eq!(all.len(), 1);
    all.remove(0)
}

fn codes(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| &*finding.code).collect()
}

/// Every value with its path.
fn values(tree: &Tree<'_>, grammar: &Grammar) -> Vec<String> {
    let leaves = tree.ids().filter(|id| tree.node(*id).kind == Kind::Data);
    leaves.map(|id| format!("{}={}", wire_path(tree, id, Some(grammar)), tree.value(id).unwrap())).collect()
}

/// The lines of a batch, each with its 20 columns.
fn batch(lines: &[&str]) -> String {
    lines.iter().map(|line| format!("{line:<20}\n")).collect()
}

#[test]
fn columns_are_read_at_their_places() {
    let grammar = grammar(BATCH);
    let text = batch(&["ASITE260101", "100000100012.5 M", "11Bags", "1000002", "ZSITE260101"]);
    let one = read(text.as_bytes(), &grammar);
    let expected = [
        "/BATCH[1]/A[1]/site[1]=SITE",
        "/BATCH[1]/A[1]/date[1]=260101",
        "/BATCH[1]/<10>[1]/10[1]/line[1]=1",
        "/BATCH[1]/<10>[1]/10[1]/amount[1]=12.5",
        "/BATCH[1]/<10>[1]/10[1]/unit[1]=M",
        "/BATCH[1]/<10>[1]/11[1]/text[1]=Bags",
        "/BATCH[1]/<10>[2]/10[1]/line[1]=2",
        "/BATCH[1]/Z[1]/site[1]=SITE",
        "/BATCH[1]/Z[1]/date[1]=260101",
    ];
    assert_eq!(values(&one.tree, &grammar), expected);
    assert!(one.findings.is_empty(), "{:?}", one.findings);
    // The decimals of an amount are implied.
    assert_eq!(codes(&validate(&one.tree, &grammar)), ["DG-E0408"]);
    assert_eq!(write(&one.tree, &grammar, one.layout).unwrap().bytes, text.as_bytes());
}

#[test]
fn what_is_wrong_is_said_where_it_is() {
    let grammar = grammar(BATCH);
    let cases: [(&[&str], &[&str]); 6] = [
        (&["ASITE", "Q", "ZSITE"], &["DG-E0360"]),
        (&["ASITE", "ZSITE", "11Bags"], &["DG-E0361"]),
        (&["ASITE          X", "ZSITE"], &["DG-E0363"]),
        (&["ASITE", "101", "ZSITE"], &["DG-E0364"]),
        (&["ASITE", "ZELSE"], &["DG-E0366"]),
        (&["ASITE", "ZSITE              too long"], &["DG-E0363"]),
    ];
    for (lines, expected) in cases {
        let text = batch(lines);
        let one = read(text.as_bytes(), &grammar);
        assert_eq!(codes(&one.findings), expected, "{lines:?}");
        assert_eq!(write(&one.tree, &grammar, one.layout).unwrap().bytes, text.as_bytes(), "{lines:?}");
    }
    assert_eq!(codes(&read(b"ASITE\nZSITE\n", &grammar).findings), ["DG-E0362"; 2]);
}

#[test]
fn several_messages_of_a_file_are_told_apart() {
    let grammar = grammar(BATCH);
    let text = batch(&["ASITE", "ZSITE", "AELSE", "ZELSE"]);
    let all = messages(text.as_bytes(), &grammar, &Limits::default());
    let sites: Vec<_> = all.iter().map(|one| values(&one.tree, &grammar).join(" ")).collect();
    assert_eq!(
        sites,
        ["SITE", "ELSE"].map(|site| format!("/BATCH[1]/A[1]/site[1]={site} /BATCH[1]/Z[1]/site[1]={site}"))
    );
}

#[test]
fn sections_hold_rows() {
    let grammar = grammar(MANIFEST);
    let text = "HEAD\x1DLINE\x1D7\r\n<ship>\r\n<cargo>\r\n7\x1D1\x1DTea\r\n7\x1D2\x1D\r\n<END-cargo>\r\n<END-ship>\r\nTAIL\x1D7";
    let one = read(text.as_bytes(), &grammar);
    assert!(one.findings.is_empty(), "{:?}", one.findings);
    assert_eq!((one.layout.end, one.layout.ended), (LineEnd::CrLf, false));
    let found = values(&one.tree, &grammar);
    assert_eq!(found[4], "/MANIFEST[1]/<ship>[1]/<cargo>[1]/cargo[1]/goods[1]=Tea");
    assert_eq!(write(&one.tree, &grammar, one.layout).unwrap().bytes, text.as_bytes());
    let open = text.replace("<END-cargo>\r\n", "");
    assert_eq!(codes(&read(open.as_bytes(), &grammar).findings), ["DG-E0365"]);
}

#[test]
fn quoted_fields_hold_anything() {
    let grammar = grammar(TABLE);
    let text = "sku,title,price\nB-1,\"Bag, \"\"big\"\"\nand round\",12\nB-2,,\n";
    let one = read(text.as_bytes(), &grammar);
    assert_eq!(values(&one.tree, &grammar)[3], "/TABLE[1]/row[1]/name[1]=Bag, \"big\"\nand round");
    assert_eq!(write(&one.tree, &grammar, one.layout).unwrap().bytes, text.as_bytes());
}

#[test]
fn a_value_never_becomes_another() {
    let batch_grammar = grammar(BATCH);
    let made = sampled(&batch_grammar, 1, 1, &|_| true).trees.swap_remove(0);
    let too_long = retold(&made, "a value of more than ten columns");
    let refused = write(&too_long, &batch_grammar, Layout::default()).unwrap_err();
    assert!(codes(&refused.findings).iter().all(|code| *code == "DG-E0367"), "{:?}", refused.findings);
    let manifest = grammar(MANIFEST);
    let made = sampled(&manifest, 1, 1, &|_| true).trees.remove(0);
    let split = retold(&made, "a\x1Db");
    let refused = write(&split, &manifest, Layout::default()).unwrap_err();
    assert_eq!(codes(&refused.findings), ["DG-E0368"]);
}

/// A tree whose first value is another.
fn retold(tree: &Tree<'static>, value: &str) -> Tree<'static> {
    let mut build = dragoman_tree::TreeBuilder::new("", 0, tree.names().clone());
    let mut is_told = false;
    let mut open = Vec::new();
    for id in tree.ids() {
        while open.last().is_some_and(|end| *end <= id) {
            open.pop();
            build.close();
        }
        let node = *tree.node(id);
        let new = build.open(node.kind, node.name, node.place, node.span);
        open.push(node.end);
        if let Some(old) = tree.value(id) {
            let text = build.owned(if is_told { old } else { value });
            build.node_mut(new).value = text;
            is_told = true;
        }
    }
    while open.pop().is_some() {
        build.close();
    }
    build.finish()
}

#[test]
fn what_is_sampled_comes_back() {
    for text in [BATCH, MANIFEST, TABLE] {
        let grammar = grammar(text);
        for seed in 0..50 {
            let made = sampled(&grammar, seed, 1, &|_| true);
            let shown = String::from_utf8_lossy(&made.bytes);
            let one = read(&made.bytes, &grammar);
            assert!(one.findings.is_empty(), "{:?} in\n{shown}", one.findings);
            let wrong = validate(&one.tree, &grammar);
            assert!(wrong.is_empty(), "{wrong:?} in\n{shown}");
            assert_eq!(write(&one.tree, &grammar, one.layout).unwrap().bytes, made.bytes, "{shown}");
        }
    }
}

/// Findings about input that is not written again as it was: what was missing is there then.
const HEALED: [&str; 3] = ["DG-E0362", "DG-E0365", "DG-E0369"];

/// Whatever is read can be written, but for what becomes something else; and what was written comes back as it was.
fn same_again(bytes: &[u8], grammar: &Arc<Grammar>) {
    begins(bytes, grammar);
    for one in messages(bytes, grammar, &Limits::default()) {
        for finding in &one.findings {
            let span = finding.span.clone().unwrap();
            assert!(span.start <= span.end && span.end <= bytes.len() as u64, "{finding:?}");
        }
        for id in one.tree.ids() {
            let node = one.tree.node(id);
            assert!(bytes.get(node.span.range()).is_some());
        }
        validate(&one.tree, grammar);
        let Ok(written) = write(&one.tree, grammar, one.layout) else { continue };
        let again = messages(&written.bytes, grammar, &Limits::default());
        let twice = write(&again[0].tree, grammar, one.layout).unwrap();
        assert!(again.len() > 1 || twice.bytes == written.bytes, "{bytes:?}");
    }
}

fn lines() -> impl Strategy<Value = String> {
    let batch =
        prop::sample::select(vec!["ASITE260101", "1000001", "11", "10", "ZSITE", "Z", "", "Q", "A    1 2 "]);
    let separated = prop::sample::select(vec![
        "HEAD\x1Da\x1D1",
        "<ship>",
        "<cargo>",
        "<END-cargo>",
        "<END-ship>",
        "TAIL",
        "7",
    ]);
    let other = prop::sample::select(vec!["é", "\x1D", ",", "\"", "0", "  ", "x", "\r"]);
    let line = (prop_oneof![batch, separated], prop::collection::vec(other, 0..5), any::<bool>());
    let line = line.prop_map(|(start, rest, is_full)| {
        let text = start.to_owned() + &rest.concat();
        if is_full { format!("{text:<20}") } else { text }
    });
    prop::collection::vec(line, 0..8).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn any_bytes_are_read(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for text in [BATCH, MANIFEST, TABLE] {
            let grammar = grammar(text);
            for one in messages(&bytes, &grammar, &Limits::default()) {
                prop_assert!(!one.tree.is_empty());
                validate(&one.tree, &grammar);
            }
        }
    }

    #[test]
    fn lines_of_any_kind_come_back(text in lines()) {
        for known in [BATCH, MANIFEST] {
            same_again(text.as_bytes(), &grammar(known));
        }
    }

    #[test]
    fn a_batch_without_gaps_is_written_byte_for_byte(text in lines()) {
        let grammar = grammar(BATCH);
        let all = messages(text.as_bytes(), &grammar, &Limits::default());
        let is_healed = all.iter().flat_map(|one| &one.findings).any(|finding| HEALED.contains(&&*finding.code));
        let is_mixed = text.contains('\r');
        let is_short = !all.iter().all(|one| validate(&one.tree, &grammar).iter().all(|f| f.severity < Severity::Error));
        if all.len() == 1 && !is_healed && !is_mixed && !is_short {
            let written = write(&all[0].tree, &grammar, all[0].layout).unwrap();
            prop_assert_eq!(String::from_utf8(written.bytes).unwrap(), text);
        }
    }
}
