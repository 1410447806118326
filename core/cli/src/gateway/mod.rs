//! The gateway as the command line runs it: configured, opened, served until it is told to stop.

mod configured;
mod logging;
mod opened;
mod serving;

pub use configured::Configured;
pub use opened::{Opened, runtime};
pub use serving::{bind, serve, signals};

pub use logging::start as start_log;
