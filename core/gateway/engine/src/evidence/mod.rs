//! Evidence: everything about one exchange in a file that can be verified without the gateway.

mod pack;
mod verify;

pub use verify::{Proven, verify_evidence};
