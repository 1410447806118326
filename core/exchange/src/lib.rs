//! What becomes of a message: submission, declaration, retry, breaker, approval; pure state machines.
