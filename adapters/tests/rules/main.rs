//! The rules of authorities, judged by the cases that they publish.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test may fail")]

mod ens;
