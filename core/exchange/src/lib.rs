//! What becomes of a message: submission, declaration, retry, breaker, approval; pure state machines.

mod error_class;

pub use error_class::ErrorClass;
