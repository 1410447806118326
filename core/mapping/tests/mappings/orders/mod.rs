//! Orders of marketplaces: real examples and complete cases.

pub mod amazon;
mod road;
pub mod shopify;
