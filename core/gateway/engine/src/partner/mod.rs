//! Partners: who exchanges messages with us as files. What lies in a partner's folder:
//!
//! | folder | what |
//! |---|---|
//! | `in` | what the partner drops |
//! | `work` | what is being taken in; after a crash it goes on from here |
//! | `done` | what was taken in, each with a report |
//! | `error` | what nothing could be read from, each with a report |
//! | `canonical` | what was said, as canonical JSON, a document a line |
//! | `out` | what is for the partner: acknowledgements and messages |
//! | `out/done` | what was brought to the partner's server, where there is one |
//! | `send` | documents that are to go to the partner; `send/done` and `send/error` hold them after that |
//!
//! A file is known by its content: the same content again is a duplicate, whatever its name.

mod acknowledge;
mod file;
mod known;
mod opened;
mod read;
mod report;
mod round;
mod send;
mod take;

#[cfg(feature = "sftp")]
mod server;

pub use round::Visited;

pub(crate) use opened::{Partner, partners};
