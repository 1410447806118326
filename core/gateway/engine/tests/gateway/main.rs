//! The gateway on a store in a temporary folder, with the time in the test's hand.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod asking;
mod asycuda;
mod authorisation;
mod behaviour;
mod china;
mod china_asks;
mod doctor;
mod erasure;
mod evidence;
mod handoff;
mod intake;
mod news;
mod notify;
mod objects;
mod outbox;
mod partner;
mod queue;
mod refile;
mod requests;
mod retention;
mod setup;
mod signed;
mod sync;
mod transit;
