//! Orders of marketplaces: real examples and complete cases.

pub mod amazon;
mod markets;
mod road;
pub mod shopify;
