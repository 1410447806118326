//! Reading declarations: what rules and `declare` ask for (canonical model, sections 4 and 9).

use dragoman_tree::NodeId;

use super::At;
use super::item::GoodsItem;
use crate::{Document, Schema, Type};

/// Which way the goods go, as far as the declaration tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Movement {
    /// Into the territory.
    Import,
    /// Out of the territory.
    Export,
    /// Through it under a transit procedure.
    Transit,
    /// Towards it: a summary declared before entry.
    Entry,
}

/// A declaration, whole or sparse.
#[derive(Clone, Copy, Debug)]
pub struct DeclarationView<'d> {
    at: At<'d>,
}

impl<'d> DeclarationView<'d> {
    /// The view of a declaration; `None` for another document.
    pub fn new(document: &'d Document<'_>) -> Option<Self> {
        Self::of(At::root(document))
    }

    /// All declarations of a document: itself, or those of a batch.
    pub fn all(document: &'d Document<'_>) -> Vec<Self> {
        let root = At::root(document);
        match document.kind() {
            "declaration_batch" => root.entries("docs").filter_map(Self::of).collect(),
            _ => Self::of(root).into_iter().collect(),
        }
    }

    /// The view of a declaration inside another document: the `delta` of a customs response.
    pub fn of(at: At<'d>) -> Option<Self> {
        let schema = Schema::standard();
        let place = at.document().tree().place(at.node());
        let whole = schema.type_of(place) == Type::Document && schema.name_of(place) == "declaration";
        let inside = schema.type_of(place) == Type::Shape("declaration");
        (whole || inside).then_some(Self { at })
    }

    /// The declaration's node, for values that need no interpretation.
    pub fn at(&self) -> At<'d> {
        self.at
    }

    /// The own reference.
    pub fn lrn(&self) -> Option<&'d str> {
        self.at.text("lrn")
    }

    /// The number given by customs.
    pub fn mrn(&self) -> Option<&'d str> {
        self.at.text("mrn")
    }

    /// The goods items, in the order of the document.
    pub fn goods_items(&self) -> impl Iterator<Item = GoodsItem<'d>> + use<'d> {
        let declaration = *self;
        self.at.entries("goods_items").map(move |at| GoodsItem::new(declaration, at))
    }

    /// The goods item that an entry of `goods_items` is.
    pub fn goods_item(&self, node: NodeId) -> GoodsItem<'d> {
        GoodsItem::new(*self, At::node_of(self.at.document(), node))
    }

    /// The goods item of that sequence.
    pub fn item(&self, sequence: &str) -> Option<GoodsItem<'d>> {
        self.goods_items().find(|item| item.sequence() == Some(sequence))
    }

    /// Which way the goods go: by the kind, then by the direction as the wire states it; for CO (trade with
    /// special territories) by the procedure that the first item requests, whose first digit is 1, 2 or 3 for
    /// exports and any other for imports (Delegated Regulation (EU) 2015/2446, annex B, codes of 1/10).
    pub fn movement(&self) -> Option<Movement> {
        match self.at.text("kind") {
            Some("transit") => return Some(Movement::Transit),
            Some("entry_summary") => return Some(Movement::Entry),
            _ => {}
        }
        match self.at.text("direction")? {
            "IM" | "I" => Some(Movement::Import),
            "EX" | "E" => Some(Movement::Export),
            "CO" => {
                let requested = self.goods_items().find_map(|item| item.at().text("procedure.requested"))?;
                Some(if requested.starts_with(['1', '2', '3']) { Movement::Export } else { Movement::Import })
            }
            _ => None,
        }
    }

    /// What counts for an item at a path (`dispatch.country`, `consignor.name`): what the item states, else
    /// its house consignment, else the header. A party, place or amount counts as a whole: an item's
    /// consignor is never completed from the header's.
    pub fn effective(&self, item: &GoodsItem<'d>, path: &str) -> Option<At<'d>> {
        let levels = [Some(item.at()), item.house(), Some(self.at)];
        let stating = levels.into_iter().flatten().find(|level| states(level, path))?;
        stating.get(path)
    }

    /// The literal that counts for an item at a path.
    pub fn effective_text(&self, item: &GoodsItem<'d>, path: &str) -> Option<&'d str> {
        self.effective(item, path)?.value()
    }

    /// The parties of the header that are stated, each with its role's name in the model.
    pub fn parties(&self) -> impl Iterator<Item = (&'static str, At<'d>)> + use<'d> {
        let at = self.at;
        let schema = Schema::standard();
        let children = schema.children(at.document().tree().place(at.node()));
        let roles = children.filter(move |place| schema.type_of(*place) == Type::Shape("Party"));
        roles.filter_map(move |place| {
            let name = schema.name_of(place);
            Some((name, at.get(name)?))
        })
    }

    /// The statements about one of the amendments (by index from 0), those whose pointer names it, and those
    /// whose pointer names all of them.
    pub fn statements(&self, amendment: usize) -> impl Iterator<Item = At<'d>> + use<'d> {
        let entries = self.at.entries("additional_information");
        entries.filter(move |entry| {
            let raw = entry.text("pointer.raw");
            raw.is_some_and(|raw| names_amendment(raw, amendment + 1))
        })
    }
}

/// True where a level states the path, or the party, place or amount that the path is a part of.
fn states(level: &At<'_>, path: &str) -> bool {
    let schema = Schema::standard();
    let ends = path.match_indices('.').map(|(at, _)| at).chain([path.len()]);
    let mut prefixes = ends.filter_map(|end| path.get(..end));
    let whole = prefixes.find(|prefix| {
        let place = level.place(prefix);
        place.is_some_and(|place| matches!(schema.type_of(place), Type::Shape(_)))
    });
    level.get(whole.unwrap_or(path)).is_some()
}

/// True where a chain of WCO sections (`42A#1.06A#2`) names the amendment of that number, or all amendments.
fn names_amendment(raw: &str, number: usize) -> bool {
    let sections = raw.split(['.', '/']).map(|step| step.split_once('#').unwrap_or((step, "")));
    let mut amendments = sections.filter(|(section, _)| *section == "06A");
    amendments.next().is_some_and(|(_, stated)| stated.is_empty() || stated.parse() == Ok(number))
}
