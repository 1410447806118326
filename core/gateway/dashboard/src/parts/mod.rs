//! What pages are made of.

mod amount;
mod badge;
mod bars;
mod differences;
mod finding;
mod form;
mod inquiries;
mod moment;
mod panes;
mod table;
mod timeline;

pub use amount::amount;
pub use badge::{needs, state};
pub use bars::{Day, corridor, trend};
pub use differences::{changes, lines};
pub use finding::finding;
pub use form::{button, chosen, field, key, posted};
pub use inquiries::inquiries;
pub use moment::moment;
pub use panes::{Part, Shown, choice, item_of, number, panes};
pub use table::{Column, List, corridor_name, place, rows, title};
pub use timeline::timeline;
