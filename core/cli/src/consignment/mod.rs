//! A consignment on the command line: the files that it is declared from, its declarations, and the way back from what
//! customs says to the files.

mod declarations;
mod files;

pub use declarations::declarations;
pub use files::{Files, Given};
