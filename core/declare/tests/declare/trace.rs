//! The way back: whatever customs points at, the bytes that supplied it are found, and the order line that it is about.

use std::collections::BTreeSet;

use dragoman_declare::{Cause, File, Rejection, Sent};
use dragoman_mapping::{Base, Confidence};
use dragoman_model::{CustomsResponseView, Document, DocumentBuilder, EntryId, Origin, Source};
use dragoman_tree::NodeId;

use crate::scenarios::{h1, h7};
use crate::world::{World, complete, grammar, line, mapping, order};

/// A response that rejects these places.
fn response(pointers: &[String]) -> Document<'static> {
    let mut build = DocumentBuilder::new("customs_response").unwrap();
    for pointer in pointers {
        let error = build.entry(EntryId::ROOT, "errors", Origin::None).unwrap();
        build.set(error, "code", "X1", Origin::None).unwrap();
        let pointed = build.entry(error, "pointers", Origin::None).unwrap();
        build.set(pointed, "raw", pointer, Origin::None).unwrap();
    }
    build.finish()
}

/// Declares a world, lets `point` choose pointers into the one declaration, and looks at what they are traced to.
fn traced<T>(
    world: &World,
    point: impl Fn(&Base<'_>) -> Vec<String>,
    look: impl Fn(&Base<'_>, Vec<Rejection>) -> T,
) -> T {
    let (mapping, grammar) = (mapping(), grammar());
    world.declare_with(|declared, orders| {
        let [document] = declared.declarations.as_slice() else { panic!("{:?}", declared.findings) };
        let put = mapping.put(document).unwrap();
        let base = Base { tree: &put.tree, grammar: &grammar, document, carriers: &put.sources };
        let response = response(&point(&base));
        let sent =
            Sent { mapping: &mapping, base, orders, scheme: "x", explain: &|_| None, words: &|_| None };
        look(&base, sent.rejections(&CustomsResponseView::new(&response).unwrap()))
    })
}

/// The leaves of the message that can be pointed at exactly, with their pointers.
fn leaves(base: &Base<'_>) -> Vec<(NodeId, String)> {
    let mapping = mapping();
    let leaf = |node: NodeId| {
        let carrier = *base.carriers.get(node.index())?;
        let is_value = base.tree.is_leaf(node) && carrier != NodeId::ROOT;
        let place = base.document.tree().place(carrier);
        let pointer = mapping.point(base, carrier, place).filter(|_| is_value)?;
        let is_exact = mapping.resolve(base, &pointer)?.nodes == [node];
        is_exact.then_some((carrier, pointer))
    };
    base.tree.ids().filter_map(leaf).collect()
}

#[test]
fn every_value_that_is_pointed_at_is_traced_to_those_who_supplied_it() {
    for world in [h1(), h7(), two_lines()] {
        let pointers = |base: &Base<'_>| leaves(base).into_iter().map(|(_, pointer)| pointer).collect();
        let suppliers = traced(&world, pointers, |base, rejections| {
            let leaves = leaves(base);
            assert_eq!(rejections.len(), leaves.len());
            assert!(leaves.len() > 20, "{}", leaves.len());
            let mut suppliers = BTreeSet::new();
            for ((carrier, pointer), rejection) in leaves.iter().zip(&rejections) {
                assert_eq!(rejection.confidence, Some(Confidence::Exact), "{pointer}");
                assert_eq!(rejection.finding.path.as_deref(), Some(&*base.document.path(*carrier)));
                let sources = base.document.sources(base.document.origin(*carrier));
                let mut bytes: Vec<_> = sources.iter().filter_map(|source| world.bytes(source)).collect();
                let mut found: Vec<_> =
                    rejection.causes.iter().filter_map(|cause| text(&world, cause)).collect();
                for texts in [&mut bytes, &mut found] {
                    texts.sort_unstable();
                    texts.dedup();
                }
                assert_eq!(found, bytes, "{pointer}");
                let rules = sources.iter().filter(|source| matches!(source, Source::Rule { .. })).count();
                let traced = rejection.causes.iter().filter(|cause| matches!(cause, Cause::Rule(_))).count();
                assert_eq!(rules, traced, "{pointer}");
                suppliers.extend(sources.first().map(crate::world::word));
            }
            suppliers
        });
        assert!(suppliers.is_superset(&BTreeSet::from(["order", "master", "rule"])), "{suppliers:?}");
    }
}

fn text<'w>(world: &'w World, cause: &Cause) -> Option<&'w str> {
    let Cause::Bytes { file, span, .. } = cause else { return None };
    let range = usize::try_from(span.start).unwrap()..usize::try_from(span.end).unwrap();
    Some(&world.file(*file)[range])
}

fn two_lines() -> World {
    let lines = format!("{}, {}", line("7", "HAT-1", "1", "10.00"), line("9", "BAG-22", "2", "40.00"));
    World { orders: vec![order("1001", "SW1A 1AA", &lines, "")], ..complete() }
}

/// The pointer to the origin of the first item whose sequence is that.
fn origin_of(sequence: u32) -> impl Fn(&Base<'_>) -> Vec<String> {
    move |_| vec![format!("42A.67A.68A#{sequence}.92A#1/063")]
}

#[test]
fn a_rejection_names_the_order_line_of_its_item() {
    let world = two_lines();
    for (sequence, id, sku) in [(1, "7", "HAT-1"), (2, "9", "BAG-22")] {
        traced(&world, origin_of(sequence), |_, rejections| {
            let [rejection] = rejections.as_slice() else { panic!("{rejections:?}") };
            let [line] = rejection.lines.as_slice() else { panic!("{rejection:?}") };
            assert_eq!((&*line.of.order, &*line.of.line, line.sku.as_deref()), ("1001", id, Some(sku)));
            assert_eq!(rejection.finding.order_line.as_ref(), Some(&line.of));
            let order = world.file(File::Order(0));
            assert_eq!(
                &order[usize::try_from(line.span.start).unwrap()..usize::try_from(line.span.end).unwrap()],
                sku
            );
            assert_eq!(rejection.place().unwrap().0, File::Master, "orders do not state the origin");
        });
    }
}

#[test]
fn what_was_not_sent_is_missed_on_the_order_line() {
    let pointer = |_: &Base<'_>| vec!["42A.67A.68A#2/114".to_owned()];
    traced(&two_lines(), pointer, |_, rejections| {
        let rejection = &rejections[0];
        assert_eq!((rejection.confidence, &rejection.causes), (Some(Confidence::Missing), &vec![]));
        assert_eq!(rejection.finding.order_line.as_ref().unwrap().line, "9");
        assert!(rejection.finding.path.as_ref().unwrap().ends_with("statistical_value"), "{rejection:?}");
    });
}

#[test]
fn nothing_is_pointed_at_where_customs_does_not_say_which() {
    let pointer = |_: &Base<'_>| vec!["42A.67A.68A.92A/063".to_owned()];
    traced(&two_lines(), pointer, |_, rejections| {
        let rejection = &rejections[0];
        assert_eq!(rejection.confidence, Some(Confidence::RepeatUnknown));
        assert_eq!((rejection.lines.len(), rejection.causes.len()), (2, 2));
        assert_eq!((rejection.place(), &rejection.finding.order_line), (None, &None));
    });
}

#[test]
fn a_pointer_that_the_format_lacks_points_at_nothing() {
    let pointer =
        |_: &Base<'_>| vec!["42A.99X/999".to_owned(), "nonsense".to_owned(), "07B.53A/377".to_owned()];
    traced(&two_lines(), pointer, |_, rejections| {
        assert_eq!(rejections.len(), 3);
        for rejection in rejections {
            assert!(rejection.causes.is_empty() && rejection.lines.is_empty(), "{rejection:?}");
            assert_eq!(rejection.place(), None);
        }
    });
}
