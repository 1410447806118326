//! The gateway: intake, outbox, correlation, order sync, webhooks, over store and transports.

pub mod people;
