//! Fuzz targets for everything that reads bytes from outside.
//!
//! They run as plain tests, a few seconds each. For longer see `README.md`.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "tests"
)]

mod channels;
mod documents;
mod edifact;
mod flat;
mod json;
mod languages;
mod recipe;
mod simulators;
mod spans;
mod tables;
mod x12;
mod xml;
