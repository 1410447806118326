//! The pages: each a function from what it shows to the whole text.

pub mod correction;
pub mod declaration;
pub mod evidence;
pub mod failure;
pub mod lists;
pub mod order;
pub mod sign_in;
pub mod today;
