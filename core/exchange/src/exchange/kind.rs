//! What streams are about.

/// What a stream is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An order of a platform.
    Order,
    /// A declaration, with everything that is sent about it.
    #[default]
    Declaration,
    /// An answer that nobody waits for.
    Parked,
    /// News to a customer's own address.
    Webhook,
    /// What a counterpart asks of us, and what it was answered.
    Inquiry,
    /// What is kept of goods on their way.
    Shipment,
}

impl Kind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Declaration => "declaration",
            Self::Parked => "parked",
            Self::Webhook => "webhook",
            Self::Inquiry => "inquiry",
            Self::Shipment => "shipment",
        }
    }
}
