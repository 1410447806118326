//! Corrections: what a person changes in a declaration, and the difference that it makes, before it is sent again.

mod change;
mod duplicate;
mod lines;
mod record;
mod redraft;
mod send_off;

pub use change::{ChangeView, Correction};
pub use lines::{DiffLine, LineKind};
pub use record::Difference;

pub(crate) use record::between;
