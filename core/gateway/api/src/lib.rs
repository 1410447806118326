//! The HTTP interface of the gateway.
//!
//! [`router`] gives all routes: the resources under `/v1`, the description (`/openapi.json`) and its page (`/docs`),
//! health and metrics. What is guarded goes through [`access`], every answer through [`layers`].

mod access;
mod docs;
#[allow(dead_code, reason = "lists and filings need the engine")]
mod input;
mod layers;
#[allow(dead_code, reason = "lists and filings need the engine")]
mod media;
pub mod metrics;
mod openapi;
#[allow(dead_code, reason = "lists and filings need the engine")]
mod page;
mod problem;
mod reading;
mod router;
mod routes;
mod schema;
mod state;

pub use router::router;
pub use state::{Api, Options};
