//! The laws on documents that nobody wrote: of all that a mapping binds, with texts that mean something elsewhere.

use std::collections::{BTreeMap, BTreeSet};

use dragoman_model::{Document, Draft, EntryId, Origin, Schema, Type};
use dragoman_syntax::grammar::Syntax;
use dragoman_tree::{NodeId, PlaceId, Span, Tree};
use proptest::prelude::*;

use crate::laws::{accounted, less};
use crate::mapped::{Mapped, document, mapped};

/// Texts as people and attackers write them.
const TEXTS: [&str; 16] = [
    "plain",
    "]]>",
    "<!--",
    "<ID>x</ID>",
    "&amp;",
    "SHIRT'UNS+S'MOA+86:0?",
    "{\"a\":[null]}",
    "two\nlines",
    "\r\n",
    "\u{1}\u{7f}",
    "\u{202e}gnirts",
    "\u{1f600}\u{20000}",
    "  around  ",
    "",
    "42A.67A#2/103",
    "EX",
];

/// One thing to set: in which entry, which of its places, which value.
type Choice = (u16, u16, u16);

/// A document of a mapping with some of what it binds.
fn generated(mapped: &Mapped, choices: &[Choice]) -> Document<'static> {
    let schema = Schema::standard();
    // What is only read is not written, and a unit is assumed where the wire states none.
    let bindings = mapped.mapping.bindings(&mapped.grammar).into_iter();
    let bound = bindings.filter(|binding| !binding.wire.is_empty()).flat_map(|binding| binding.canonical);
    let bound: BTreeSet<PlaceId> = bound.filter(|place| schema.name_of(*place) != "assumed").collect();
    let mut draft = Draft::new(mapped.mapping.model(), "", 0);
    // A moment in another form than the wire's comes back in the wire's.
    let is_short = mapped.mapping.name().starts_with("wco/");
    let kind = draft.owned(schema.name_of(mapped.mapping.model()));
    let place = schema.child(mapped.mapping.model(), "type").unwrap();
    draft.leaf(EntryId::ROOT, place, kind, Span::default(), Origin::None);
    let mut entries = vec![EntryId::ROOT];
    for (which, place, value) in choices {
        let entry = entries[usize::from(*which) % entries.len()];
        let at = draft.place_of(entry);
        let is_list = |place: PlaceId| schema.get(place).is_some_and(|field| field.list);
        let direct = |place: &PlaceId| {
            let between = schema.ancestry(*place).skip(1).take_while(|above| *above != at);
            *place != at && schema.contains(at, *place) && !between.into_iter().any(is_list)
        };
        let is_leaf = |place: PlaceId| schema.children(place).next().is_none();
        let settable: Vec<PlaceId> =
            bound.iter().copied().filter(direct).filter(|place| is_leaf(*place) || is_list(*place)).collect();
        let Some(place) = settable.get(usize::from(*place) % settable.len().max(1)).copied() else {
            continue;
        };
        if is_leaf(place) {
            // Most pointers are of the wire's own spelling.
            let is_spelling = schema.name_of(place) == "spelling" && value % 4 > 0;
            let text =
                if is_spelling { "wco".to_owned() } else { literal(is_short, schema.type_of(place), *value) };
            let text = draft.owned(&text);
            draft.leaf(entry, place, text, Span::default(), Origin::None);
        } else {
            entries.push(draft.entry(entry, place, Span::default(), Origin::None));
        }
    }
    draft.finish()
}

/// A literal of a type, and now and then anything at all.
fn literal(is_short: bool, ty: Type, choice: u16) -> String {
    let number = usize::from(choice >> 2);
    match ty {
        Type::Bool => choice.is_multiple_of(2).to_string(),
        Type::Int if choice % 4 < 3 => (number % 7).to_string(),
        Type::Decimal | Type::Rate if choice % 4 < 3 => ["1.50", "0.00", "-3", "12"][number % 4].to_owned(),
        Type::Date | Type::DateTime if choice % 4 < 3 => {
            if is_short { "20261122093000Z" } else { "2026-11-22T09:30:00Z" }.to_owned()
        }
        Type::Enum(words) => words.iter().nth(number % words.iter().count()).unwrap_or_default().to_owned(),
        Type::Code("declaration-type-1") => ["IM", "EX", "CO"][number % 3].to_owned(),
        Type::Code(_) | Type::Country | Type::Currency if choice % 4 < 2 => {
            ["GB", "A", "N935"][number % 3].to_owned()
        }
        _ if choice.is_multiple_of(97) => "long \u{e9}".repeat(1_700),
        _ => TEXTS[number % TEXTS.len()].to_owned(),
    }
}

/// What was said on the way, and what needs no word.
struct Heard {
    /// Writing says that these, and what is below them, will not be read as what they are.
    misplaced: BTreeSet<PlaceId>,
    /// Somebody found something worth saying.
    something: bool,
    /// An empty text reads as no value here.
    empty_is_none: bool,
}

impl Heard {
    fn excuses_loss_of(&self, text: &str) -> bool {
        self.something && text.trim().is_empty() || self.empty_is_none && text.is_empty()
    }

    fn is_misplaced(&self, place: PlaceId) -> bool {
        Schema::standard().ancestry(place).any(|above| self.misplaced.contains(&above))
    }
}

/// What of a document is not in what was read of it: content comes back the same, or somebody said that it did not.
fn missing(own: &Document<'_>, again: &Document<'_>, at: (NodeId, NodeId), heard: &Heard) -> Option<String> {
    let (left, right) = (own.tree(), again.tree());
    let legal =
        |text: &str| text.replace(|c: char| c.is_control() && !"\t\n\r\u{7f}".contains(c), "\u{fffd}");
    let same = |one: &str, two: &str| one == two || heard.something && legal(one).trim() == legal(two).trim();
    match (left.value(at.0), right.value(at.1)) {
        (Some(one), Some(two)) if same(one, two) => {}
        (None, None) => {}
        (one, two) => return Some(format!("{}: {one:?} came back as {two:?}", own.path(at.0))),
    }
    let mut seen: BTreeSet<NodeId> = BTreeSet::new();
    let says = |node: &NodeId| left.subtree(*node).any(|node| left.value(node).is_some());
    let asked = |child: &NodeId| !heard.is_misplaced(left.place(*child));
    for child in
        left.children(at.0).filter(|child| left.name(*child) != "pointers" || says(child)).filter(asked)
    {
        // An entry of which everything is lost may have kept its position.
        let is_position =
            |other: &NodeId| says(&child) && !right.subtree(*other).any(|node| right.value(node).is_some());
        let is = |other: &NodeId| {
            let same = right.place(*other) == left.place(child) && right.name(*other) == left.name(child);
            same && !is_position(other)
        };
        let fits = |other: &NodeId| is(other) && !seen.contains(other);
        // An entry of which everything is lost may have been given its number: those that say the same come first.
        let says_it = |other: &NodeId| fits(other) && missing(own, again, (child, *other), heard).is_none();
        let same = right.children(at.1).find(says_it).or_else(|| right.children(at.1).find(fits));
        let Some(other) = same else {
            // An empty entry on an element that occurs once is none, and so is a pointer without rows.
            let mut texts = left.subtree(child).filter_map(|node| left.value(node)).peekable();
            let is_nothing = texts.peek().is_none() && left.occurrence(child) == 1;
            if is_nothing || texts.all(|text| heard.excuses_loss_of(text)) {
                continue;
            }
            let gone: Vec<_> = left.subtree(child).map(|node| (own.path(node), left.value(node))).collect();
            return Some(format!("gone: {gone:?}"));
        };
        seen.insert(other);
        if let Some(found) = missing(own, again, (child, other), heard) {
            return Some(found);
        }
    }
    None
}

/// The finding that values take one position in the message, and the first is missing.
const NO_FIRST: &str = "DG-E0652";

/// The place of a path of the schema.
fn place(document: &Document<'_>, path: &str) -> PlaceId {
    let schema = document.schema();
    let places = (0..schema.len() as u32).map(PlaceId);
    let mut own = places.filter(|place| schema.contains(document.document(), *place));
    own.find(|place| schema.path(*place) == path).unwrap()
}

/// True where linked objects have one address, so that they are one object: what is made up here is none that there is.
fn are_shared(tree: &Tree<'_>) -> bool {
    let mut known = BTreeMap::new();
    tree.ids().any(|object| {
        let Some(own) = tree.children(object).find(|node| tree.name(*node) == "@id") else { return false };
        let says_more = tree.children(object).count() > 1;
        let before = known.insert(tree.value(own).unwrap_or_default().to_owned(), says_more);
        before.is_some_and(|before| before || says_more)
    })
}

/// Everything that is asked of one document.
fn holds(mapped: &Mapped, own: &Document<'_>) -> Result<(), TestCaseError> {
    let put = accounted(mapped.put(own), own);
    if are_shared(&put.tree) {
        return Ok(());
    }
    let (text, findings) = mapped.write(&put.tree);
    let (tree, read) = mapped.read_with_findings(&text);
    if mapped.mapping.syntax() != Syntax::Edifact {
        prop_assert_eq!(tree.len(), put.tree.len(), "content became structure");
    }
    // The second of several positions without the first; what cannot be encoded is lost besides.
    let misplaced = put.findings.iter().filter(|finding| finding.code == NO_FIRST);
    let misplaced = misplaced.map(|finding| place(own, finding.path.as_deref().unwrap())).collect();
    let Some(again) = mapped.get(&tree).into_iter().next() else { return Ok(()) };
    let expected = less(own, &put.lost.iter().map(|lost| lost.node).collect());
    let something = !(findings.is_empty() && read.is_empty() && again.findings.is_empty());
    let heard = Heard { misplaced, something, empty_is_none: mapped.mapping.syntax() == Syntax::Json };
    let gone = missing(&document(&expected), &again.document, (NodeId::ROOT, NodeId::ROOT), &heard);
    prop_assert_eq!(gone, None);
    Ok(())
}

/// The mappings of the program.
const MAPPINGS: [&str; 13] = [
    "amazon/order",
    "shopify/order",
    "wco/declaration",
    "wco/notification",
    "ncts/CC015C",
    "ncts/CC029C",
    "ncts/CC056C",
    "emcs/IE801",
    "emcs/IE815",
    "asycuda/sad",
    "asycuda/v10/sad",
    "asycuda/awmds",
    "one-record/shipment",
];

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn laws_hold_for_any_document(
        which in 0..MAPPINGS.len(),
        choices in prop::collection::vec(any::<Choice>(), 0..80),
    ) {
        let mapped = mapped(MAPPINGS[which]);
        holds(mapped, &generated(mapped, &choices))?;
    }
}
