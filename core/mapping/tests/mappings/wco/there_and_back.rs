//! Every message comes back over itself, and almost every one of its canonical document alone; the laws hold.

use std::collections::BTreeSet;

use dragoman_mapping::Counts;
use dragoman_tree::NodeId;

use super::corpus::{Sample, messages};
use crate::laws::{accounted, alone_differs, comes_back, counted, needs_no_message, over_differs};
use crate::mapped::{Mapped, declaration, document, notification};

/// What all messages of a mapping show.
#[derive(Default)]
struct Shown {
    read: Counts,
    /// Where they differ from themselves, written over themselves.
    over: Vec<String>,
    /// Where they differ, written of their documents alone.
    alone: Vec<String>,
}

fn show(mapped: &Mapped, samples: &[Sample]) -> Shown {
    let mut shown = Shown::default();
    for Sample { name, text } in samples {
        let tree = mapped.recognised(text).unwrap();
        let got = mapped.get_one(&tree);
        counted(&tree, &got);
        shown.read += got.counts();
        let over = accounted(mapped.put_over(&got.document, &tree, &got), &got.document);
        assert_eq!(over.lost, [], "{name}");
        let said = |found: String| format!("{name}: {found}");
        shown.over.extend(over_differs(mapped, &over, &tree).map(said));
        shown.alone.extend(alone_differs(mapped, &got, &tree).map(said));
    }
    shown
}

fn all_come_back(mapped: &Mapped) {
    let samples = messages(mapped);
    let Shown { read, over, alone } = show(mapped, &samples);
    assert_eq!(over, [""; 0]);
    assert!(alone.len() * 100 <= samples.len(), "{alone:#?}");
    assert!(read.residue * 100 <= read.leaves, "{read:?}");
}

#[test]
fn declarations_come_back() {
    all_come_back(declaration());
}

#[test]
fn notifications_come_back() {
    all_come_back(notification());
}

/// Over its own message, over none, and over the message of another scenario.
fn laws_hold(mapped: &Mapped) {
    let samples = messages(mapped);
    let mut broken = Vec::new();
    for (at, Sample { name, text }) in samples.iter().enumerate() {
        let other = &samples[(at * 37 + 11) % samples.len()];
        let (tree, theirs) = (mapped.read(text), mapped.read(&other.text));
        let (got, foreign) = (mapped.get_one(&tree), mapped.get_one(&theirs));
        let own = &got.document;
        let laws = [
            ("over itself", comes_back(mapped, own, Some((&tree, &got)))),
            ("alone", comes_back(mapped, own, None)),
            (&*other.name, comes_back(mapped, own, Some((&theirs, &foreign)))),
            ("over nothing", needs_no_message(mapped, own)),
        ];
        let said =
            |(over, found): (&str, Option<String>)| found.map(|found| format!("{name}, {over}: {found}"));
        broken.extend(laws.into_iter().filter_map(said));
    }
    assert_eq!(broken, [""; 0]);
}

#[test]
fn laws_hold_for_declarations() {
    laws_hold(declaration());
}

#[test]
fn laws_hold_for_notifications() {
    laws_hold(notification());
}

/// What stands around a message stays where it is over the original, and is left out of what is written alone.
#[test]
fn what_stands_around_is_kept() {
    let samples = messages(declaration());
    let wrapped: Vec<_> = samples
        .iter()
        .filter(|sample| sample.text.windows(26).any(|part| part.ends_with(b"submitDeclarationRequest>")))
        .collect();
    assert!(samples.is_empty() || wrapped.len() >= 8, "{}", wrapped.len());
    for Sample { name, text } in wrapped {
        let tree = declaration().read(text);
        let got = declaration().get_one(&tree);
        assert!(got.counts().reported >= 5 && got.counts().residue == 0, "{name}: {:?}", got.counts());
        let over = declaration().put_over(&got.document, &tree, &got);
        assert!(over.tree.name(NodeId::ROOT).ends_with("submitDeclarationRequest"), "{name}");
        assert_eq!(declaration().put(&got.document).tree.name(NodeId::ROOT), "MetaData", "{name}");
    }
}

/// What would be read back as nothing, or as something else, is reported as lost when it is written.
#[test]
fn what_is_not_read_back_is_lost() {
    let lost = |mapped: &Mapped, text: &str| {
        let own = document(text);
        let lost = mapped.put(&own).lost;
        lost.iter().map(|lost| own.path(lost.node)).collect::<BTreeSet<_>>()
    };
    let declared = |members: &str| lost(declaration(), &format!(r#"{{"type":"declaration",{members}}}"#));
    let expected = [
        (r#""kind":"declaration","direction":"IM","additional_type":"A""#, &[][..]),
        (r#""kind":"declaration""#, &["kind"]),
        (
            r#""kind":"declaration","direction":"zz","transport":{"inland_mode":"3"}"#,
            &["direction", "kind", "transport.inland_mode"],
        ),
        (r#""issued_at_format":"304""#, &["issued_at_format"]),
        (r#""invoice":{"currency":"GBP"}"#, &["invoice.currency"]),
        (r#""mrn":"","lrn":"1""#, &["mrn"]),
    ];
    for (members, paths) in expected {
        assert!(declared(members).iter().eq(paths), "{members}: {:?}", declared(members));
    }
    let pointers = |pointers: &str| {
        let text = format!(r#"{{"type":"customs_response","errors":[{{"pointers":[{pointers}]}}]}}"#);
        lost(notification(), &text).into_iter().filter(|path| path.ends_with("raw")).collect::<Vec<_>>()
    };
    assert_eq!(pointers(r#"{"raw":"42A#1/103"},{"raw":"42A.67A"}"#), [""; 0]);
    assert_eq!(pointers(r#"{"raw":"42A"},{"raw":"67A"}"#), ["errors[0].pointers[1].raw"]);
    assert_eq!(pointers(r#"{"raw":"42A#1#2"}"#), ["errors[0].pointers[0].raw"]);
    assert_eq!(pointers(r#"{"spelling":"xpath","raw":"42A"}"#), ["errors[0].pointers[0].raw"]);
}
