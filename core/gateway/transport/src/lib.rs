//! HTTP to counterparts: authorisation, limits, breakers, time-outs, refusal of private addresses.
//!
//! [`Transport`] sends for an account; [`Http`] is one exchange, and what webhooks go out by. A [`Failure`] says whether
//! the counterpart can have seen the request: that decides whether it may be sent again. Nothing is sent twice here.

mod account;
mod address;
mod exchange;
mod failure;
mod http;
mod limits;
mod secret;
mod token;
mod transport;
pub mod webhook;

pub use account::Account;
pub use address::{Guard, Names, Refused, SystemNames, is_public};
pub use failure::{Cause, Failure};
pub use http::{Http, Settings, SettingsError};
pub use secret::Secret;
pub use token::{Authorised, Begun, Came, Kept, Outlook, Pending, TokenFailure, TokenKeeper, Unreadable};
pub use transport::{Reply, Transport};
