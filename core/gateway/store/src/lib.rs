//! The journal, the outbox and what is derived from them, on `SQLite`.
