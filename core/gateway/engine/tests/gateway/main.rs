//! The gateway on a store in a temporary folder, with the time in the test's hand.

mod intake;
mod setup;
