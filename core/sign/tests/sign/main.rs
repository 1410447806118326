//! Signing and checking: what holds for every message, and that independent tools agree.

mod laws;
mod peers;
mod setup;
