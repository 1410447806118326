//! The laws on generated documents. A failure prints the seed and the smallest document.

use std::collections::{BTreeMap, BTreeSet};

use dragoman_mapping::Put;
use dragoman_model::{Document, Draft, EntryId, Origin, Schema, Type};
use dragoman_tree::{NodeId, PlaceId, Span};
use proptest::prelude::*;
use proptest::test_runner::Config;

use super::support::{CUSDEC, CUSDEC_99B, CUSRES, CUSRES_99B, Format};
use crate::mapped::canonical;

/// A random number at each step, as the schema is walked.
struct Dice<'d> {
    numbers: std::iter::Cycle<std::slice::Iter<'d, u16>>,
}

impl Dice<'_> {
    fn roll(&mut self, below: u16) -> u16 {
        self.numbers.next().copied().unwrap_or(0) % below
    }
}

const TEXTS: [&str; 12] = [
    "A",
    "100",
    "IM",
    "a'b+c:d?e",
    "two\nlines",
    "Ünïcödé",
    "\u{1F45C}",
    " blank ",
    "ends with a line\n",
    "42",
    "a text that is rather longer than the thirty-five characters of most elements, and than seventy too, by far",
    "CUS",
];

fn literal(ty: Type, dice: &mut Dice<'_>) -> String {
    match ty {
        Type::Bool => ["true", "false"][usize::from(dice.roll(2))].into(),
        Type::Int => dice.roll(1000).to_string(),
        Type::Decimal | Type::Rate => format!("{}.{:02}", dice.roll(10_000), dice.roll(100)),
        Type::Date => format!("2026-11-{:02}", dice.roll(28) + 1),
        Type::DateTime => format!("2026-11-{:02}T10:{:02}:00Z", dice.roll(28) + 1, dice.roll(60)),
        Type::Country | Type::Currency | Type::Lang => {
            ["GB", "GBP", "XI", "en"][usize::from(dice.roll(4))].into()
        }
        Type::Enum(words) => words.iter().next().map(str::to_owned).unwrap_or_default(),
        _ => TEXTS[usize::from(dice.roll(TEXTS.len() as u16))].into(),
    }
}

/// Leaves that no message states by themselves: what the gateway notes, what only one direction knows, how a unit or
/// a moment is written.
fn is_noted(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or_default();
    let noted = ["assumed", "event", "spelling", "wire_path", "path", "index_known"];
    ["type", "id", "profile", "state", "order_kind", "docs[].state"].contains(&path)
        || noted.contains(&last)
        || last.ends_with("_format")
}

fn fill(draft: &mut Draft<'static>, entry: EntryId, at: PlaceId, depth: u8, dice: &mut Dice<'_>) {
    let schema = Schema::standard();
    let is_plain = |place: &PlaceId| {
        let field = schema.get(*place).unwrap();
        let path = schema.path(*place);
        field.ty != Type::Open && !is_noted(&path) && !path.contains("delta") && !path.contains("targets")
    };
    let mut is_empty = true;
    for place in schema.children(at).filter(is_plain) {
        let field = schema.get(place).unwrap();
        // Every entry says something: an empty one on an element that occurs once is none.
        let wanted = is_empty && !field.ty.is_branch() && schema.get(at).unwrap().list;
        if depth > 5 || (!wanted && dice.roll(if depth < 2 { 4 } else { 6 }) != 0) {
            continue;
        }
        match field.ty.is_branch() {
            true if field.list => {
                for _ in 0..=dice.roll(2) {
                    let inner = draft.entry(entry, place, Span::default(), Origin::None);
                    fill(draft, inner, place, depth + 1, dice);
                }
            }
            true => fill(draft, entry, place, depth + 1, dice),
            false => {
                is_empty = false;
                let is_kind = schema.path(place) == "kind";
                let text = if is_kind { "declaration".into() } else { literal(field.ty, dice) };
                let value = draft.owned(&text);
                draft.leaf(entry, place, value, Span::default(), Origin::None);
            }
        }
    }
}

/// A document of a kind, of random numbers.
pub fn made(kind: &str, numbers: &[u16]) -> Document<'static> {
    let root = Schema::standard().document(kind).unwrap();
    let mut draft = Draft::new(root, "", 0);
    let mut dice = Dice { numbers: numbers.iter().cycle() };
    let name = draft.owned(kind);
    let place = Schema::standard().child(root, "type").unwrap();
    draft.leaf(EntryId::ROOT, place, name, Span::default(), Origin::None);
    fill(&mut draft, EntryId::ROOT, root, 0, &mut dice);
    draft.finish()
}

/// The values of a document by canonical place, each with how often it stands there.
fn values(document: &Document<'_>, counts: impl Fn(NodeId) -> bool) -> BTreeMap<(String, String), i32> {
    let mut values = BTreeMap::new();
    for node in document.leaves().filter(|node| counts(*node)) {
        let path = document.schema().path(document.tree().place(node));
        if let Some(value) = document.tree().value(node).filter(|_| !is_noted(&path)) {
            *values.entry((path, value.to_owned())).or_default() += 1;
        }
    }
    values
}

/// What was written and not lost is read again, and writes the same message.
pub fn comes_back(format: &Format, document: &Document<'_>, put: &Put<'_>) {
    let got = format.get(&put.tree, &format.grammar);
    let lost: BTreeSet<NodeId> = put.lost.iter().map(|lost| lost.node).collect();
    let (had, has) = (values(document, |node| !lost.contains(&node)), values(&got.document, |_| true));
    let moments = |path: &str| {
        path.ends_with("_at") || path.ends_with("date") || path.ends_with("_on") || path.contains("_by.")
    };
    for ((path, value), times) in had {
        if moments(&path) {
            continue;
        }
        let again = has.get(&(path.clone(), value.clone())).copied().unwrap_or(0);
        assert!(again >= times, "{path} = {value:?}: {again} of {times}\n{}", canonical(document));
    }
    let again = format.put(&got.document);
    let lost: Vec<_> = again.lost.iter().map(|lost| (got.document.path(lost.node), &lost.why)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    let differs = format.difference(&put.tree, &again.tree);
    assert!(differs.is_none(), "{differs:?}\n{}", canonical(document));
}

/// How many documents are tried: `PROPTEST_CASES`, else few.
pub fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(32)
}

proptest! {
    #![proptest_config(Config { cases: cases(), ..Config::default() })]

    #[test]
    fn documents_become_valid_messages_and_come_back(numbers in proptest::collection::vec(any::<u16>(), 400)) {
        for (format, kind) in [
            (&*CUSDEC, "declaration"),
            (&*CUSDEC_99B, "declaration"),
            (&*CUSRES, "customs_response"),
            (&*CUSRES_99B, "customs_response"),
        ] {
            let document = made(kind, &numbers);
            let put = format.put(&document);
            comes_back(format, &document, &put);
        }
    }
}
