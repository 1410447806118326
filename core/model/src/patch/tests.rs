use proptest::prelude::*;

use super::*;
use crate::Source;
use crate::compare::{Scope, difference};
use crate::testing::{Choice, choices, chosen, document};

const BASE: &str = "lrn = A
    goods_items[0].sequence = 1
    goods_items[0].description = bag
    goods_items[0].documents[0].type = 935
    goods_items[0].documents[0].id = INV-1
    goods_items[0].documents[1].type = 861
    goods_items[0].documents[1].id = CO-1
    goods_items[1].sequence = 2
    goods_items[1].price.amount = 12.50";

fn changes(target: &str) -> Vec<String> {
    let show = |change: Change| {
        let value =
            |scalar: Option<Scalar>| scalar.map_or_else(String::new, |scalar| format!(" {}", scalar.text));
        format!("{} {}{} ->{}", change.op.word(), change.path, value(change.old), value(change.new))
    };
    diff(&document("declaration", BASE), &document("declaration", target)).into_iter().map(show).collect()
}

#[test]
fn a_change_is_a_leaf() {
    assert_eq!(changes(BASE), [""; 0]);
    assert_eq!(changes(&BASE.replace("12.50", "12.5")), [""; 0], "the same number");
    let replaced = "replace goods_items[sequence=2].price.amount 12.50 -> 13";
    assert_eq!(changes(&BASE.replace("12.50", "13")), [replaced]);
    let more = format!("{BASE}\n goods_items[2].sequence = 3\n goods_items[2].mass.net.value = 0.42");
    assert_eq!(changes(&more), ["add goods_items[sequence=3].mass.net.value -> 0.42"]);
    let bare = format!("{BASE}\n goods_items[2].sequence = 3");
    assert_eq!(changes(&bare), ["add goods_items[sequence=3] ->"]);
}

#[test]
fn entries_without_a_key_are_matched_by_type_and_id_else_by_position() {
    let gone = BASE
        .replace("goods_items[0].documents[0].type = 935", "")
        .replace("goods_items[0].documents[0].id = INV-1", "");
    let gone = gone.replace("documents[1]", "documents[0]");
    assert_eq!(changes(&gone), ["remove goods_items[sequence=1].documents[0] ->"]);
    let other = BASE.replace("INV-1", "INV-2");
    let positional = ["replace goods_items[sequence=1].documents[0].id INV-1 -> INV-2"];
    assert_eq!(changes(&other), positional);
}

#[test]
fn what_is_left_alone_keeps_its_sources() {
    let rule = |id: &str| Source::Rule { id: id.into() };
    let mut build = DocumentBuilder::new("declaration").unwrap();
    for (path, id) in [("lrn", "a"), ("goods_items[0].sequence", "b"), ("goods_items[0].description", "c")] {
        let origin = build.source(rule(id));
        build.set(EntryId::ROOT, path, "1", origin).unwrap();
    }
    let base = build.finish();
    let new = Some(Scalar { kind: Kind::String, text: "bag".into() });
    let path = "goods_items[sequence=1].description".to_owned();
    let after = apply(&base, &[Change { op: Op::Replace, path, old: None, new, reason: None }]).unwrap();
    let sources = |path: &str| after.sources(after.origin(after.find(path).unwrap())).to_vec();
    assert_eq!(sources("lrn"), [rule("a")]);
    assert_eq!(sources("goods_items[0].sequence"), [rule("b")]);
    assert_eq!(sources("goods_items[0].description"), []);
}

#[test]
fn a_patch_meets_only_its_base() {
    let base = document("declaration", BASE);
    let target = document("declaration", &BASE.replace("12.50", "13").replace("= A", "= B"));
    let patch = diff(&base, &target);
    let moved = document("declaration", &BASE.replace("12.50", "12.60"));
    let refused = apply(&moved, &patch).unwrap_err();
    assert_eq!(refused.len(), 1, "only the change that collides");
    assert_eq!(
        (refused[0].code.as_ref(), refused[0].path.as_deref()),
        (OTHER_VALUE.id, Some("goods_items[sequence=2].price.amount"))
    );
    let empty = document("declaration", "");
    let refused = apply(&empty, &patch).unwrap_err();
    assert!(refused.len() == 2 && refused.iter().all(|finding| finding.code == NO_PLACE.id), "{refused:?}");
    assert!(apply(&target, &[Change { path: "lrnn".into(), op: Op::Add, ..patch[0].clone() }]).is_err());
}

#[test]
fn a_patch_is_an_amendment() {
    let base = document("declaration", BASE);
    let target = document("declaration", &format!("{BASE}\n transport.containerised = true"));
    let patch: Vec<_> = diff(&base, &target)
        .into_iter()
        .map(|change| Change { reason: Some("32".into()), ..change })
        .collect();
    let mut amendment = DocumentBuilder::new("amendment").unwrap();
    for change in &patch {
        change.write(&mut amendment).unwrap();
    }
    let read = Change::read(&amendment.finish());
    assert_eq!(read, patch);
    assert_eq!(difference(&apply(&base, &read).unwrap(), &target, Scope::Business), None);
}

#[test]
fn a_sparse_declaration_holds_what_changed_and_the_way_to_it() {
    let base = document("declaration", BASE);
    let changed = BASE.replace("CO-1", "CO-2").replace("goods_items[1].price.amount = 12.50", "");
    let patch = diff(&base, &document("declaration", &changed));
    let sparse = sparse(&base, &patch).unwrap();
    let shown: Vec<_> = sparse
        .leaves()
        .map(|leaf| format!("{} {}", sparse.path(leaf), sparse.tree().value(leaf).unwrap_or("-")))
        .collect();
    let expected = [
        "amendments[0].target.path goods_items[sequence=1].documents[1].id",
        "amendments[1].target.path goods_items[sequence=2].price",
        "goods_items[sequence=1].sequence 1",
        "goods_items[sequence=1].documents[0] -",
        "goods_items[sequence=1].documents[1].id CO-2",
    ];
    assert_eq!(shown, expected);
}

/// A second version: some of the choices, then others.
fn versions() -> impl Strategy<Value = (Vec<Choice>, Vec<Choice>)> {
    (choices(), choices(), any::<prop::sample::Index>(), any::<prop::sample::Index>()).prop_map(
        |(base, more, from, to)| {
            let (from, to) = (from.index(base.len() + 1), to.index(base.len() + 1));
            let kept = base[..from].iter().chain(&more).chain(&base[to..]).copied().collect();
            (base, kept)
        },
    )
}

proptest! {
    #[test]
    fn applying_the_difference_gives_the_target((one, two) in versions()) {
        let (base, target) = (chosen("declaration", &one).finish(), chosen("declaration", &two).finish());
        let patch = diff(&base, &target);
        let made = apply(&base, &patch).map_err(|findings| TestCaseError::fail(format!("{findings:?} {patch:#?}")))?;
        let left = difference(&made, &target, Scope::Business);
        prop_assert_eq!(&left, &None, "{:#?}", patch);
        prop_assert_eq!(diff(&made, &target), []);
        prop_assert_eq!(patch.is_empty(), difference(&base, &target, Scope::Business).is_none());
    }

    #[test]
    fn any_change_is_survived(choices in choices(), path in "(goods_items|lrn|type|[a-z]{1,3}|\\[|\\]|[0-9]|=|\\.){0,6}") {
        let base = chosen("declaration", &choices).finish();
        for op in [Op::Add, Op::Replace, Op::Remove] {
            let new = Some(Scalar { kind: Kind::String, text: "x".into() });
            let _ = apply(&base, &[Change { op, path: path.clone(), old: None, new, reason: None }]);
        }
    }
}

#[test]
fn a_document_is_put_into_a_batch_with_its_envelope() {
    let text = "envelope.message_id = M1
        lrn = A
        goods_items[0].sequence = 1
        goods_items[0].origins[0].country = CN";
    let batch = batch(&document("declaration", text)).unwrap();
    assert_eq!(batch.kind(), "declaration_batch");
    let at = |path: &str| batch.find(path).and_then(|node| batch.tree().value(node));
    assert_eq!(at("envelope.message_id"), Some("M1"));
    assert_eq!(at("docs[0].lrn"), Some("A"));
    assert_eq!(at("docs[0].goods_items[0].origins[0].country"), Some("CN"));
    assert!(super::batch(&document("amendment", "lrn = A")).is_none());
    let alone = super::single(&batch).unwrap();
    assert_eq!(alone.kind(), "declaration");
    let at = |path: &str| alone.find(path).and_then(|node| alone.tree().value(node));
    assert_eq!((at("envelope.message_id"), at("lrn")), (Some("M1"), Some("A")));
    assert_eq!(at("goods_items[0].origins[0].country"), Some("CN"));
    assert!(super::single(&alone).is_none());
}

#[test]
fn what_a_document_lacks_is_put_in_and_what_it_has_stays() {
    let given = document(
        "order",
        "order_number = 1\n buyer.name = A\n buyer.contact.phone = 5\n buyer.ids[0].scheme = x\n buyer.ids[0].value = 1",
    );
    let mut completion = Completion::of(&document("declaration", "lrn = B\n buyer.name = C"));
    let node = given.find("buyer").unwrap();
    assert!(completion.adopt("buyer", &given, node));
    assert!(completion.state("lrn", "other") && completion.state("transport.documents[type=house].id", "H"));
    assert!(completion.state("extensions.x.y", "1") && !completion.state("no.such", "1"));
    let made = completion.document();
    let at = |path: &str| made.find(path).and_then(|node| made.tree().value(node));
    assert_eq!((at("lrn"), at("buyer.name"), at("buyer.contact.phone")), (Some("B"), Some("C"), Some("5")));
    assert_eq!((at("buyer.ids[0].value"), at("transport.documents[0].type")), (Some("1"), Some("house")));
    assert_eq!((at("transport.documents[0].id"), at("extensions.x.y")), (Some("H"), Some("1")));
}
