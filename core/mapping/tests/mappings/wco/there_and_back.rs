//! Every message comes back over itself, and almost every one of its canonical document alone; the laws hold.

use dragoman_mapping::Counts;

use super::corpus::{Sample, messages};
use crate::laws::{accounted, alone_differs, comes_back, counted, needs_no_message, written_differs};
use crate::mapped::{Mapped, declaration, notification};

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
        shown.over.extend(written_differs(mapped, &over, &tree).map(said));
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
