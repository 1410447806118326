//! JSON (RFC 8259) to tree and back, for messages and for canonical documents alike.
//!
//! Numbers keep their literal, strings are borrowed where they hold no escapes, and nothing goes through another
//! library's values.

mod ahead;
mod codes;
mod compare;
pub mod linked;
mod members;
mod nesting;
mod pointer;
mod read;
mod report;
mod scalar;
mod scan;
mod shape;
mod unescape;
mod write;

pub use codes::CODES;
pub use compare::{Difference, Numbers, difference};
pub use pointer::{find, pointer};
pub use read::read;
pub use write::{Style, write, write_node};
