//! What comes in: orders and declarations, once each, stored before they are answered.

mod about;
mod answer;
mod consign;
mod declare;
mod order;
mod submission;
mod submit;
mod taken;

pub use taken::{News, Taken, TakenDeclaration, TakenOrder, TakenShipment};

pub use declare::Goal;
pub use order::OrderIn;
pub use submit::DeclarationIn;

pub(crate) use about::{About, Entry, Held};
pub(crate) use answer::{Keyed, was_used};
pub(crate) use declare::{BASIS, Consigned, Facts, MEDIA};
pub(crate) use order::{BY_HAND, GAPS, Known, refused};
pub(crate) use submission::NewSubmission;
pub(crate) use submit::handed_message;
