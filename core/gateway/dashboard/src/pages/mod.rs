//! The pages: each a function from what it shows to the whole text.

pub mod adapters;
pub mod cause;
pub mod correction;
pub mod declaration;
pub mod evidence;
pub mod failure;
pub mod goods;
pub mod lists;
pub mod order;
pub mod rules;
pub mod sign_in;
pub mod today;
