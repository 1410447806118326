//! A place to stand in a document and read typed values from, by the names of the model.

use dragoman_tree::{NodeId, PlaceId};
use rust_decimal::Decimal;

use crate::{DateTime, Document, decimal, integer};

/// A node of a document.
#[derive(Clone, Copy, Debug)]
pub struct At<'d> {
    document: &'d Document<'d>,
    node: NodeId,
}

/// An amount: the literal, its value, and its currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money<'d> {
    /// The amount as it came.
    pub amount: &'d str,
    /// Its value, where it is a number.
    pub value: Option<Decimal>,
    /// ISO 4217, where stated here.
    pub currency: Option<&'d str>,
}

/// A mass or another quantity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure<'d> {
    /// The number as it came.
    pub literal: &'d str,
    /// Its value, where it is a number.
    pub value: Option<Decimal>,
    /// The unit, stated or assumed.
    pub unit: Option<&'d str>,
    /// True where the format implies the unit and the message left it out.
    pub is_assumed: bool,
}

/// An identification number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartyId<'d> {
    /// Whose numbering (section 2 of the canonical model).
    pub scheme: Option<&'d str>,
    /// The number as it came.
    pub value: &'d str,
    /// The country that gave it.
    pub country: Option<&'d str>,
}

impl<'d> At<'d> {
    /// The root of a document.
    pub fn root(document: &'d Document<'_>) -> Self {
        Self { document, node: NodeId::ROOT }
    }

    /// The document itself; of a batch that holds one alone, that one.
    pub fn alone(document: &'d Document<'_>) -> Self {
        let root = Self::root(document);
        let mut docs = root.entries("docs");
        match (docs.next(), docs.next()) {
            (Some(only), None) => only,
            _ => root,
        }
    }

    /// A node of a document.
    pub fn node_of(document: &'d Document<'_>, node: NodeId) -> Self {
        Self { document, node }
    }

    /// The document.
    pub fn document(&self) -> &'d Document<'d> {
        self.document
    }

    /// The node.
    pub fn node(&self) -> NodeId {
        self.node
    }

    /// The stable path of the node.
    pub fn path(&self) -> String {
        self.document.path(self.node)
    }

    /// The place that a path of names means from here.
    pub fn place(&self, path: &str) -> Option<PlaceId> {
        self.document.schema().resolve(self.document.tree().place(self.node), path)
    }

    /// What stands at a path of names (`price.amount`), not inside another list.
    pub fn get(&self, path: &str) -> Option<Self> {
        let node = self.document.get(self.node, self.place(path)?)?;
        Some(Self { node, ..*self })
    }

    /// The node's own literal.
    pub fn value(&self) -> Option<&'d str> {
        self.document.tree().value(self.node)
    }

    /// The literal at a path.
    pub fn text(&self, path: &str) -> Option<&'d str> {
        self.get(path)?.value()
    }

    /// The entries of the list at a path.
    pub fn entries(&self, path: &str) -> impl Iterator<Item = Self> + use<'d> {
        let (document, node) = (self.document, self.node);
        let entries = self.place(path).into_iter().flat_map(move |place| document.entries(node, place));
        entries.map(move |node| Self { document, node })
    }

    /// The literals of the list of scalars at a path.
    pub fn texts(&self, path: &str) -> impl Iterator<Item = &'d str> + use<'d> {
        self.entries(path).filter_map(|entry| entry.value())
    }

    /// The number at a path, where it is one.
    pub fn decimal(&self, path: &str) -> Option<Decimal> {
        decimal(self.text(path)?).ok()
    }

    /// The whole number at a path, where it is one.
    pub fn integer(&self, path: &str) -> Option<i64> {
        integer(self.text(path)?).ok()
    }

    /// True or false at a path.
    pub fn flag(&self, path: &str) -> Option<bool> {
        self.text(path)?.parse().ok()
    }

    /// The date or time at a path, read by the format code beside it.
    pub fn time(&self, path: &str) -> Option<DateTime<'d>> {
        DateTime::parse(self.text(path)?, self.text(&format!("{path}_format")))
    }

    /// The amount at a path; `None` where no amount is stated.
    pub fn money(&self, path: &str) -> Option<Money<'d>> {
        let at = self.get(path)?;
        let amount = at.text("amount")?;
        Some(Money { amount, value: decimal(amount).ok(), currency: at.text("currency") })
    }

    /// The mass or quantity at a path.
    pub fn measure(&self, path: &str) -> Option<Measure<'d>> {
        self.get(path)?.as_measure()
    }

    /// The mass or quantity that stands here: an entry of a list of quantities.
    pub fn as_measure(&self) -> Option<Measure<'d>> {
        let literal = self.text("value")?;
        let stated = self.text("unit");
        let unit = stated.or_else(|| self.text("assumed"));
        let is_assumed = stated.is_none() && unit.is_some();
        Some(Measure { literal, value: decimal(literal).ok(), unit, is_assumed })
    }

    /// The identification number that stands here.
    pub fn as_party_id(&self) -> Option<PartyId<'d>> {
        let value = self.text("value")?;
        Some(PartyId { scheme: self.text("scheme"), value, country: self.text("country") })
    }

    /// The numbers of the party that stands here.
    pub fn ids(&self) -> impl Iterator<Item = PartyId<'d>> + use<'d> {
        self.entries("ids").filter_map(|entry| entry.as_party_id())
    }

    /// The party's number under a scheme.
    pub fn id(&self, scheme: &str) -> Option<&'d str> {
        self.ids().find(|id| id.scheme == Some(scheme)).map(|id| id.value)
    }
}

impl PartialEq for At<'_> {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.document, other.document) && self.node == other.node
    }
}
