//! The pages of the gateway: rendered here, complete without scripts, and with everything that they load in the binary.
//!
//! [`router`] serves them; it is merged with the HTTP interface. A page is a function of what the gateway says
//! (`pages`), made of parts that know the words (`parts`, `texts`); `routes` asks the gateway.

mod access;
mod address;
mod assets;
mod csv;
mod frame;
mod pages;
mod parts;
mod respond;
mod routes;
mod site;
mod texts;

pub use routes::router;
pub use site::{Options, Site};
