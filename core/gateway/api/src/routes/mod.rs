//! The resources, one module each.

pub mod accounts;
pub mod adapters;
pub mod answers;
pub mod assessments;
pub mod authorisations;
pub mod causes;
pub mod corrections;
pub mod decisions;
pub mod declarations;
pub mod document;
pub mod events;
pub mod exchanges;
pub mod goods;

pub mod health;
pub mod keys;
pub mod ledger;
pub mod oidc;
pub mod orders;
pub mod receivers;
pub mod requests;
pub mod session;
pub mod shipments;
pub mod sync;
pub mod translate;
pub mod users;
pub mod validate;
pub mod webhooks;
