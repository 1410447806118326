//! The gateway: intake, outbox, correlation, order sync, webhooks, over store and transports.

mod clock;
pub mod config;
mod declaring;
mod hash;
pub mod people;

pub use clock::Clock;
pub use config::Config;
pub use declaring::FlowError;
