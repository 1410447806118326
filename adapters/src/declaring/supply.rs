//! Who supplied the values of a declaration.

use std::fmt;

use dragoman_model::{Document, Origin, Source};
use dragoman_tree::NodeId;

/// A kind of supplier.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Supplier {
    /// The order.
    Order,
    /// The customs master.
    Master,
    /// The consignment.
    Consignment,
    /// The profile.
    Profile,
    /// A rate of exchange.
    Rate,
    /// A rule.
    Rule,
    /// Other values of the declaration.
    Derived,
}

impl Supplier {
    const ALL: [Self; 7] =
        [Self::Order, Self::Master, Self::Consignment, Self::Profile, Self::Rate, Self::Rule, Self::Derived];

    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Master => "master",
            Self::Consignment => "consignment",
            Self::Profile => "profile",
            Self::Rate => "rate",
            Self::Rule => "rule",
            Self::Derived => "derived",
        }
    }
}

/// Who supplied the value of a node. Of several the first: the others only took part, as a quantity does in a mass.
pub fn supplier(document: &Document<'_>, node: NodeId) -> Supplier {
    let origin = document.origin(node);
    match document.sources(origin).first() {
        Some(Source::Order { .. }) => Supplier::Order,
        Some(Source::Master { .. }) => Supplier::Master,
        Some(Source::Consignment { .. }) => Supplier::Consignment,
        Some(Source::Profile { .. }) => Supplier::Profile,
        Some(Source::Rate { .. }) => Supplier::Rate,
        Some(Source::Rule { .. }) => Supplier::Rule,
        Some(Source::Wire(_)) | None => {
            debug_assert!(!matches!(origin, Origin::Wire(_)), "declarations are made, not read");
            Supplier::Derived
        }
    }
}

/// How many values of a declaration each supplied.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Supply([usize; Supplier::ALL.len()]);

impl Supply {
    /// Counts the nodes.
    pub fn of(document: &Document<'_>, nodes: impl Iterator<Item = NodeId>) -> Self {
        let mut counts = Self::default();
        for node in nodes {
            if let Some(count) = counts.0.get_mut(supplier(document, node) as usize) {
                *count += 1;
            }
        }
        counts
    }

    /// All of them.
    pub fn all(&self) -> usize {
        self.0.iter().sum()
    }
}

impl fmt::Display for Supply {
    /// `21 order, 5 master, 3 rule`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let stated = Supplier::ALL.iter().zip(self.0).filter(|(_, count)| *count > 0);
        for (at, (supplier, count)) in stated.enumerate() {
            write!(f, "{}{count} {}", if at == 0 { "" } else { ", " }, supplier.word())?;
        }
        Ok(())
    }
}
