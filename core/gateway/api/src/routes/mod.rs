//! The resources, one module each.

pub mod accounts;
pub mod adapters;
pub mod corrections;
pub mod declarations;
pub mod events;
pub mod exchanges;
pub mod goods;
pub mod health;
pub mod keys;
pub mod ledger;
pub mod oidc;
pub mod orders;
pub mod session;
pub mod translate;
pub mod users;
pub mod validate;
