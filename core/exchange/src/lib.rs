//! What becomes of a message: submission, declaration, retry, breaker, approval; pure state machines.

mod breaker;
mod error_class;
mod event;
mod exchange;
mod retry;
mod submission;

pub use breaker::Breaker;
pub use error_class::ErrorClass;
pub use event::{Change, Decision, Event, Purpose, Said};
pub use exchange::{Exchange, Kind, Submission};
pub use retry::Retry;
pub use submission::{Misplaced, State};
