//! The simulated counterparts, over HTTP on loopback: what an adapter's `sim.toml` says, played. An authority takes
//! messages and answers them, a platform shows its orders; both refuse, throttle and fail as the real ones do.
//!
//! What is accepted here is accepted by a simulator, no more.

mod answering;
mod clock;
mod control;
mod curve;
mod declaring;
mod documents;
mod envelope;
mod inquiring;
mod large;
mod limits;
mod line;
mod log;
mod mailbox;
mod movements;
mod multipart;
mod office;
mod platform;
mod pusher;
mod queue;
mod request;
mod selling;
mod serve;
mod simulator;
mod standing;
mod telling;
mod tokens;
mod words;

pub use clock::Clock;
pub use control::{Change, NewOrders};
pub use dragoman_sim::Play;
pub use dragoman_sim::shop::{Act, Does};
pub use inquiring::Ask;
pub use log::{Entry, Twice};
pub use platform::Sold;
pub use serve::{Callback, Options, Running, SimulatorError, serve};
pub use telling::{Hook, Told};
