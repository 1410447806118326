//! What users of other X12 software complain about, each as a test.

use dragoman_syntax::x12::{Reader, WriteOptions, write};
use dragoman_tree::NodeId;

use crate::support::{codes, interchange, known, read, rewritten};

/// "What is the point of streaming if you gather everything": one transaction set is in memory at a time.
#[test]
fn streaming_gives_one_transaction_set_at_a_time() {
    let text = interchange("BEG*00**1~");
    let (head, tail) = text.split_at(text.find("ST*888").unwrap());
    let (set, end) = tail.split_at(tail.find("GE*").unwrap());
    let mut reader = Reader::new(&known);
    reader.push(head.as_bytes());
    for _ in 0..1000 {
        reader.push(set.as_bytes());
        assert!(reader.next_message().is_some());
        assert!(reader.next_message().is_none());
    }
    reader.push(end.as_bytes());
    reader.finish();
    assert!(reader.next_message().is_none());
    assert_eq!(codes(&reader.findings()), ["DG-E0345"]);
}

/// A loop that the same segment opens in several places is the nearest one; what occurs too often is reported, not
/// lost.
#[test]
fn the_same_segment_in_sibling_loops_is_never_lost() {
    let text = interchange("BEG*00**1~N1*ST*A~PO1*1*1~N1*SU*B~PO1*2*2~N1*SU*C~N1*SU*D~N1*SU*E~");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), [""; 0]);
    let tree = messages[0].tree();
    let names: Vec<_> = tree
        .ids()
        .filter(|id| tree.name(*id) == "N1")
        .filter_map(|id| tree.value(tree.child(id, "02")?))
        .collect();
    assert_eq!(names, ["A", "B", "C", "D", "E"]);
    let grammar = messages[0].grammar.as_deref().unwrap();
    assert_eq!(codes(&dragoman_syntax::validate(tree, grammar)), ["DG-E0404"]);
}

/// Counts are made, never asked for.
#[test]
fn counts_are_right_without_being_given() {
    let text = interchange("BEG*00**1~N1*ST*A~");
    let wrong = text.replace("SE*4*", "SE*99*");
    let (messages, _) = read(wrong.as_bytes(), &known);
    assert_eq!(String::from_utf8(rewritten(&messages, true).unwrap()).unwrap(), text);
}

/// TA1 stands between ISA and GS, and in an interchange of its own.
#[test]
fn ta1_is_written_where_it_belongs() {
    let text = interchange("BEG*00**1~").replace("GS*XX", "TA1*000000007*261101*0900*A*000~GS*XX");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert!(findings.iter().all(|finding| finding.code == "DG-E0350"));
    assert_eq!(String::from_utf8(rewritten(&messages, true).unwrap()).unwrap(), text);
    let alone = write(&[(messages[0].tree(), None)], &WriteOptions::default()).unwrap();
    assert!(
        String::from_utf8(alone.bytes)
            .unwrap()
            .ends_with("*P*:~TA1*000000007*261101*0900*A*000~IEA*0*000000001~")
    );
}

/// An unknown version or transaction set is read, without loops.
#[test]
fn an_unknown_transaction_set_is_read_generically() {
    let text = interchange("BEG*00**1~PO1*1*5~").replace("ST*888", "ST*123");
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(codes(&findings), ["DG-E0350"]);
    let tree = messages[0].tree();
    let tags: Vec<_> = tree.children(NodeId::ROOT).map(|id| tree.name(id)).collect();
    assert_eq!(tags, ["ISA", "GS", "ST", "BEG", "PO1"]);
}

/// Broken data is a finding with its place, and the rest is read.
#[test]
fn broken_data_is_located_and_the_rest_is_read() {
    let good = interchange("BEG*00**1~");
    let text = format!("{}{}", good.replace("SE*3*0001~", "PO1*"), good);
    let (messages, findings) = read(text.as_bytes(), &known);
    assert_eq!(messages.len(), 2);
    assert!(findings.iter().all(|finding| finding.span.is_some()), "{findings:?}");
}
