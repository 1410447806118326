//! News to customers: what happens to their orders and declarations, sent to their own addresses as Standard Webhooks.

mod endpoint;
mod news;
mod send;

pub use endpoint::EndpointView;

pub(crate) use news::Listeners;
pub(crate) use send::RETRY;
