//! The resources, one module each.

pub mod adapters;
pub mod health;
pub mod keys;
pub mod session;
pub mod translate;
pub mod users;
pub mod validate;
