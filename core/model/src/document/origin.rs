//! Lineage: where each node of a document came from.

use std::sync::Arc;

use dragoman_tree::{NodeId, Span};

/// Where one node came from. Eight bytes, kept in parallel to the nodes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Origin {
    /// Nothing is known: an object that only holds others.
    #[default]
    None,
    /// A node of the message that the document was read from.
    Wire(NodeId),
    /// Computed from other values of the same document, such as a total.
    Derived,
    /// Something outside the message: one or several of the document's [`Source`]s, in a row.
    Sources {
        /// The first one.
        first: u32,
        /// How many; more than one where a value is a sum.
        count: u16,
    },
}

/// Something outside a message that a value came from. Copies share its texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A node of the message: one of several that make a value.
    Wire(NodeId),
    /// An order, or a line of it.
    Order {
        /// The platform's order number.
        order: Arc<str>,
        /// The line id; `None` for a value of the order's head.
        line: Option<Arc<str>>,
        /// The canonical path in the order document.
        field: Arc<str>,
        /// The bytes in the order's file.
        span: Span,
    },
    /// The customs master.
    Master {
        /// The article.
        sku: Arc<str>,
        /// The column.
        field: Arc<str>,
        /// The bytes in the master's file.
        span: Span,
    },
    /// The seller profile.
    Profile {
        /// The key.
        field: Arc<str>,
        /// The bytes in the profile's file.
        span: Span,
    },
    /// The consignment file.
    Consignment {
        /// The key.
        field: Arc<str>,
        /// The bytes in the file.
        span: Span,
    },
    /// A rate of exchange.
    Rate {
        /// From which currency.
        from: Arc<str>,
        /// To which.
        to: Arc<str>,
        /// The day of the rate.
        date: Arc<str>,
        /// The bytes in the table of rates.
        span: Span,
    },
    /// A rule.
    Rule {
        /// Its id.
        id: Arc<str>,
    },
}
