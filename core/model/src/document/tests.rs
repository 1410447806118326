use dragoman_tree::Kind;
use proptest::prelude::*;

use super::*;
use crate::testing::{Choice, choices, chosen, document, settable};

fn places(document: &Document<'_>) -> Vec<(PlaceId, u32, Option<String>)> {
    let tree = document.tree();
    tree.ids().map(|id| (tree.place(id), tree.node(id).parent.0, tree.value(id).map(str::to_owned))).collect()
}

#[test]
fn values_come_out_in_the_order_of_the_schema() {
    let declaration = document(
        "declaration",
        "goods_items[0].price.currency = GBP
         goods_items[0].sequence = 1
         goods_items[1].sequence = 2
         declarant.ids[0].value = GB000000000000
         goods_items[0].price.amount = 12.50
         goods_items[1].origins[0].country = CN
         lrn = TT-2026-0042
         declarant.address.street = First Street
         declarant.address.street = Back Yard
         declarant.ids[0].scheme = eori",
    );
    let leaves: Vec<_> = declaration
        .leaves()
        .map(|leaf| format!("{} = {}", declaration.path(leaf), declaration.tree().value(leaf).unwrap()))
        .collect();
    assert_eq!(
        leaves,
        [
            "type = declaration",
            "lrn = TT-2026-0042",
            "declarant.ids[0].scheme = eori",
            "declarant.ids[0].value = GB000000000000",
            "declarant.address.street[0] = First Street",
            "declarant.address.street[1] = Back Yard",
            "goods_items[sequence=1].sequence = 1",
            "goods_items[sequence=1].price.amount = 12.50",
            "goods_items[sequence=1].price.currency = GBP",
            "goods_items[sequence=2].sequence = 2",
            "goods_items[sequence=2].origins[0].country = CN",
        ]
    );
    let by_index = declaration.find("goods_items[1].origins[0].country");
    assert_eq!(by_index, declaration.find("goods_items[sequence=2].origins[0].country"));
    assert!(by_index.is_some());
    let schema = declaration.schema();
    let items = schema.resolve(declaration.document(), "goods_items").unwrap();
    let price = schema.resolve(items, "price.amount").unwrap();
    let first = declaration.entries(NodeId::ROOT, items).next().unwrap();
    assert_eq!(declaration.value(first, price), Some("12.50"));
    assert_eq!(declaration.value(NodeId::ROOT, price), None, "a list is not entered");
}

#[test]
fn what_is_present_and_empty_is_kept() {
    let root = Schema::standard().document("declaration").unwrap();
    let place = |path| Schema::standard().resolve(root, path).unwrap();
    let mut draft = Draft::new(root, "", 0);
    let (span, none) = (dragoman_tree::Span::default(), Origin::None);
    draft.empty_list(EntryId::ROOT, place("equipment"), span, none);
    draft.empty_list(EntryId::ROOT, place("goods_items"), span, none);
    draft.object(EntryId::ROOT, place("declarant"), span, Origin::Derived);
    draft.entry(EntryId::ROOT, place("goods_items"), span, none);
    let document = draft.finish();
    let leaves: Vec<_> = document.leaves().map(|leaf| document.path(leaf)).collect();
    assert_eq!(leaves, ["declarant", "equipment", "goods_items[0]"]);
    let [declarant, equipment, _] = document.leaves().collect::<Vec<_>>()[..] else { panic!() };
    let kinds = [declarant, equipment].map(|node| document.tree().node(node).kind);
    assert_eq!(kinds, [Kind::Object, Kind::Array]);
    assert_eq!(document.origin(declarant), Origin::Derived);
}

#[test]
fn extensions_hold_any_name() {
    let root = Schema::standard().document("declaration").unwrap();
    let extensions = Schema::standard().child(root, "extensions").unwrap();
    let mut draft = Draft::new(root, "", 0);
    let mark = draft.mark();
    for round in ["gone", "kept"] {
        draft.rollback(mark);
        let value = draft.owned(round);
        let adapter = draft.extensions(EntryId::ROOT, extensions);
        let inside = draft.open_object(adapter, "asycuda", Origin::None);
        draft.open_leaf(inside, "A.I._code", Kind::String, false, value, Origin::None);
        for _ in 0..2 {
            let list = draft.open_entry(inside, "prev_decl", Origin::None);
            draft.open_leaf(list, "alpha", Kind::Bool, true, value, Origin::None);
        }
    }
    let document = draft.finish();
    let paths: Vec<_> = document.leaves().map(|leaf| document.path(leaf)).collect();
    let expected = ["extensions.asycuda.'A.I._code'", "prev_decl[0].alpha[0]", "prev_decl[1].alpha[0]"];
    assert_eq!(paths.len(), 3);
    assert!(paths.iter().zip(expected).all(|(path, end)| path.ends_with(end)), "{paths:?}");
    assert_eq!(document.tree().value(document.find(expected[0]).unwrap()), Some("kept"));
}

#[test]
fn a_wrong_path_names_the_nearest_right_one() {
    let mut builder = DocumentBuilder::new("declaration").unwrap();
    let mut set = |path| builder.set(EntryId::ROOT, path, "x", Origin::None).unwrap_err().to_string();
    assert_eq!(
        set("goods_items[0].prize.amount"),
        "goods_items[0].prize.amount: there is no prize; did you mean price?"
    );
    assert!(set("goods_items[3].sequence").contains("has 1 entries"));
    assert!(set("goods_items.sequence").contains("say which entry"));
    assert!(set("declarant").contains("holds members"));
    assert!(DocumentBuilder::new("invoice").is_err());
}

#[test]
fn lineage_is_small() {
    assert!(size_of::<Origin>() <= 8, "{}", size_of::<Origin>());
    let mut draft = Draft::new(Schema::standard().document("order").unwrap(), "", 0);
    let rule = |id: &str| Source::Rule { id: id.into() };
    let sum = draft.sources_of([rule("a"), rule("b")]);
    let one = draft.source(rule("c"));
    let document = draft.finish();
    assert_eq!(document.sources(sum), [rule("a"), rule("b")]);
    assert_eq!(document.sources(one), [rule("c")]);
    assert!(document.sources(Origin::Derived).is_empty());
}

/// Those of the choices that set one value of the document itself, a place at most once.
fn single(choices: &[Choice]) -> Vec<Choice> {
    let places = settable(Schema::standard().document("declaration").unwrap());
    let mut seen = Vec::new();
    let mut single = Vec::new();
    for (_, place, value) in choices {
        let place = usize::from(*place) % places.len();
        if !seen.contains(&place) && !Schema::standard().get(places[place]).unwrap().list {
            seen.push(place);
            single.push((0, place as u16, *value));
        }
    }
    single
}

proptest! {
    #[test]
    fn a_tree_is_in_schema_order(choices in choices()) {
        let document = chosen("declaration", &choices).finish();
        let tree = document.tree();
        let schema = document.schema();
        for id in tree.ids() {
            let places: Vec<_> = tree.children(id).map(|child| tree.place(child)).collect();
            prop_assert!(places.is_sorted(), "{}", document.path(id));
            for (child, place) in tree.children(id).zip(&places).filter(|(_, place)| place.is_known()) {
                let field = schema.get(*place).unwrap();
                prop_assert_eq!(field.parent, tree.place(id));
                prop_assert_eq!(schema.name_of(*place), tree.name(child));
                prop_assert!(!tree.node(child).repeats || field.list);
                let alone = places.iter().filter(|other| *other == place).count() == 1;
                prop_assert!(alone || tree.node(child).repeats, "{} twice", document.path(child));
            }
        }
    }

    #[test]
    fn the_order_of_arrival_is_no_matter(choices in choices()) {
        let forward = single(&choices);
        let backward: Vec<_> = forward.iter().rev().copied().collect();
        let one = chosen("declaration", &forward).finish();
        let two = chosen("declaration", &backward).finish();
        prop_assert_eq!(places(&one), places(&two));
    }

    #[test]
    fn a_path_finds_its_node(choices in choices()) {
        let document = chosen("customs_response", &choices).finish();
        let paths = DocumentPaths::new(&document);
        for id in document.tree().ids() {
            let path = document.path(id);
            prop_assert_eq!(&path, &paths.path(id));
            prop_assert_eq!(document.find(&path), Some(id), "{}", path);
        }
    }

    #[test]
    fn any_text_as_a_path_is_survived(choices in choices(), path in "[a-z_.\\[\\]=0-9']{0,24}") {
        chosen("order", &choices).finish().find(&path);
    }
}
