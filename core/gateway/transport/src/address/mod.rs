//! Which addresses strangers may have us connect to.
//!
//! Who registers a webhook names a host; that host must not be one of our own network. What counts is the address
//! that is connected to: it is judged when a name was resolved, and the connection goes to that very address. So a name
//! that resolves to something else a moment later gains nothing.

mod guard;
mod public;
mod resolver;

pub use guard::{Guard, Refused};
pub use public::is_public;
pub(crate) use resolver::Guarded;
pub use resolver::{Names, SystemNames};
