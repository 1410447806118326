//! The adapters: what Dragoman knows of countries, platforms and formats, as data, and the road from bytes to
//! documents and back that the command line and the gateway share. No I/O.

mod acknowledge;
mod adapter;
mod agreeing;
mod alone;
mod asked;
mod card;
mod catalogue;
mod data;
mod declaring;
mod edition;
mod fault;
mod kind;
mod members;
mod message;
mod over;
mod receive;
mod recognise;
mod ruled;
mod send;
mod signature;
mod words;

pub use acknowledge::{Acknowledgement, Acknowledging, Stamp, acknowledge};
pub use adapter::{Adapter, AdapterMessage, Direction, Party, schema};
pub use agreeing::Agreeing;
pub use alone::{alone, apart};
pub use asked::{NO_ANSWER, NO_ORDER, NO_PAYMENT, OVERDUE};
pub use card::card_number;
pub use catalogue::{Catalogue, CatalogueError, Refused};
pub use data::Data;
pub use declaring::{
    Beside, Customs, Declaration, Supplier, Supply, meanings, packs, sent_of, supplier, write, write_over,
};
pub use edition::{Edition, in_edition, parted};
pub use fault::Fault;
pub use kind::Kind;
pub use members::Members;
pub use message::Message;
pub use over::put_over;
pub use receive::{Grammars, Interchange, Messages, Received, Visit, receive, receive_each};
pub use recognise::{recognise, unknown};
pub use ruled::Ruled;
pub use send::{Envelope, Layout, Sent, ending, send, send_in};
pub use signature::{Signature, Unsealed};
pub use words::{Words, meant};

/// All kinds of findings that this crate raises.
pub fn codes() -> impl Iterator<Item = &'static dragoman_tree::Code> {
    let read = recognise::CODES.iter().chain(message::CODES).chain(card::CODES);
    read.chain(asked::CODES).copied()
}
