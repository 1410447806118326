//! The rules of authorities, judged by the cases that they publish.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod as_json;
mod ens;
mod ncts;
