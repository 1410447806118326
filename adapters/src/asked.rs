//! What is said where a counterpart asks for something and cannot be answered.

use dragoman_tree::Code;

/// Findings of this module.
pub const CODES: &[&Code] = &[&NO_ORDER, &NO_PAYMENT, &NO_ANSWER, &OVERDUE];

/// The order is not known.
pub const NO_ORDER: Code = Code {
    id: "DG-E0950",
    title: "a counterpart asks about an order that is not known",
    help: "No order of this number came in, from any platform, or several did. Take the order in, and the question is \
           answered by itself, as long as there is time; or leave it, where the number is nobody's.",
};

/// Nothing is known of its payment.
pub const NO_PAYMENT: Code = Code {
    id: "DG-E0951",
    title: "a counterpart asks for the payment of an order, and none is known",
    help: "The order states no payment, and none was handed in for it. Hand it in (`POST /v1/orders/{id}/payments`), and \
           the question is answered by itself, as long as there is time.",
};

/// What is known is not enough.
pub const NO_ANSWER: Code = Code {
    id: "DG-E0952",
    title: "what is known does not make the answer that a counterpart asks for",
    help: "The counterpart demands values that neither the order nor its payment nor the account states. Hand the payment \
           in with them, or set what the account lacks.",
};

/// The time is over.
pub const OVERDUE: Code = Code {
    id: "DG-E0953",
    title: "a counterpart was not answered in time",
    help: "The time that it gives is over, and it does not have the answer. What is answered late goes out all the same, \
           where a person asks for it (`POST /v1/exchanges/{id}/answer`).",
};
