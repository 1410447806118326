//! What comes in: orders and declarations, once each, stored before they are answered.

mod answer;
mod declare;
mod order;
mod taken;

pub use taken::{News, Taken, TakenDeclaration, TakenOrder};

pub use declare::Goal;
pub use order::OrderIn;

pub(crate) use answer::{Keyed, was_used};
pub(crate) use declare::{About, BASIS, Consigned, Declaring, Facts, MEDIA, NewSubmission};
pub(crate) use order::{GAPS, Known, ORDERS, refused, waits};
