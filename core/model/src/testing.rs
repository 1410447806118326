//! Documents for tests: made of lines, and made at random.

use dragoman_tree::{Kind, PlaceId, Span};
use proptest::prelude::*;

use crate::{Document, DocumentBuilder, Draft, EntryId, Origin, Schema, Type};

/// A document of lines `path = value`.
pub fn document(kind: &str, lines: &str) -> Document<'static> {
    let mut builder = DocumentBuilder::new(kind).unwrap();
    for line in lines.lines().map(str::trim).filter(|line| !line.is_empty()) {
        let (path, value) = line.split_once(" = ").unwrap();
        builder.set(EntryId::ROOT, path, value, Origin::None).unwrap();
    }
    builder.finish()
}

/// One thing to set: which of the entries, which of the places below it, which value.
pub type Choice = (u16, u16, u8);

/// Random things to set, few or many.
pub fn choices() -> impl Strategy<Value = Vec<Choice>> {
    prop::collection::vec(any::<Choice>(), 0..60)
}

/// The places of an entry that can be set in it: not those inside another list.
pub fn settable(at: PlaceId) -> Vec<PlaceId> {
    let schema = Schema::standard();
    let outside = |place: &PlaceId| {
        let between = schema.ancestry(*place).skip(1).take_while(|above| *above != at);
        let listed = |above: &PlaceId| schema.get(*above).unwrap().list;
        *place != at && !between.into_iter().any(|above| listed(&above))
    };
    schema.subtree(at).filter(outside).collect()
}

/// A draft with these things set.
pub fn chosen(kind: &str, choices: &[Choice]) -> Draft<'static> {
    let root = Schema::standard().document(kind).unwrap();
    let mut draft = Draft::new(root, "", 0);
    let mut entries = vec![EntryId::ROOT];
    for (which, place, value) in choices {
        let entry = entries[usize::from(*which) % entries.len()];
        let places = settable(draft.place_of(entry));
        set(&mut draft, &mut entries, entry, places[usize::from(*place) % places.len()], *value);
    }
    draft
}

fn set(draft: &mut Draft<'static>, entries: &mut Vec<EntryId>, at: EntryId, place: PlaceId, choice: u8) {
    let field = Schema::standard().get(place).unwrap();
    match field.ty {
        Type::Open if field.list => {}
        Type::Open => {
            let adapter = draft.extensions(at, place);
            let inside = draft.open_object(adapter, "gb_cds", Origin::None);
            let (name, list) =
                [("roe", false), ("prev_decl", true), ("A.I._code", false)][usize::from(choice % 3)];
            let value = draft.owned(&choice.to_string());
            draft.open_leaf(inside, name, Kind::String, list, value, Origin::None);
        }
        ty if ty.is_branch() && !field.list => draft.object(at, place, Span::default(), Origin::None),
        _ if field.list && choice < 16 => draft.empty_list(at, place, Span::default(), Origin::None),
        ty if ty.is_branch() => entries.push(draft.entry(at, place, Span::default(), Origin::None)),
        ty => {
            let value = draft.owned(&literal(ty, choice));
            draft.leaf(at, place, value, Span::default(), Origin::None);
        }
    }
}

/// A literal of a type; few different ones, so that keys meet.
fn literal(ty: Type, choice: u8) -> String {
    match ty {
        Type::Bool => (choice.is_multiple_of(2)).to_string(),
        Type::Int => (choice % 5).to_string(),
        Type::Decimal | Type::Rate => format!("{}.{}", choice % 3, ["5", "50", "0"][usize::from(choice % 3)]),
        Type::Date => format!("2026-11-{:02}", choice % 28 + 1),
        _ => ["", "A", "TRA", "x y", "1]=["][usize::from(choice % 5)].to_owned(),
    }
}
