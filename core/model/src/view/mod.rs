//! Typed, read-only views of documents. They interpret what formats spread over several places, and own
//! nothing.

mod at;
mod declaration;
mod item;
mod order;
mod response;
#[cfg(test)]
mod tests;

pub use at::{At, Measure, Money, PartyId};
pub use declaration::{DeclarationView, Movement};
pub use item::GoodsItem;
pub use order::{OrderLine, OrderView};
pub use response::{Complaint, CustomsResponseView};
