//! The HTTP interface of the gateway.
//!
//! [`router`] gives all routes: the resources under `/v1`, the description (`/openapi.json`) and its page (`/docs`),
//! health and metrics. What is guarded goes through [`access`], every answer through [`layers`].

mod access;
mod back;
mod docs;
mod exchange;
mod input;
mod layers;
mod media;
pub mod metrics;
mod openapi;
mod page;
mod problem;
mod reading;
mod router;
mod routes;
mod schema;
mod state;
mod tail;

pub use router::router;
pub use state::{Api, Options};
