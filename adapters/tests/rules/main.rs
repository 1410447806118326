//! The rules of authorities, judged by the cases that they publish.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod ens;
mod ncts;
