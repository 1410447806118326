//! The program as people use it, and the rules of the house.
//!
//! Every test runs the built binary or reads the repository. Real messages are found as `SAMPLES.md` says.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::expect_used,
    reason = "a test may fail"
)]

mod adapters;
mod architecture;
mod assess;
#[cfg(test)]
mod browser;
mod capabilities;
mod cases;
#[cfg(test)]
#[path = "../core/gateway/dashboard/tests/dashboard/chromium.rs"]
mod chromium;
mod corpus;
mod counterparts;
mod coverage;
mod crash;
mod declare;
mod demo;
mod doctor;
mod documentation;
mod explain;
mod findings;
mod gateway;
mod grammar;
mod handoff;
mod inspect;
mod lookup;
mod mappings;
mod misuse;
mod office;
mod operate;
mod origin;
mod packs;
mod partners;
mod print;
mod routes;
mod rules;
mod run;
mod sale;
mod sample;
mod serve;
mod sign;
mod sources;
mod story;
mod stream;
mod tidy;
mod together;
mod transit;
mod translate;
mod validate;
