//! What becomes of a message: submission, declaration, retry, breaker, retention; pure state machines.

mod breaker;
mod error_class;
mod event;
mod exchange;
mod retention;
mod retry;
mod submission;

pub use breaker::Breaker;
pub use error_class::ErrorClass;
pub use event::{Change, Decision, Event, Lack, Purpose, Said};
pub use exchange::{Answers, Exchange, Kind, Submission};
pub use retention::{CountedFrom, Retention};
pub use retry::Retry;
pub use submission::{Misplaced, State};
