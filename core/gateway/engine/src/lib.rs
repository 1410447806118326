//! The gateway: intake, outbox, correlation, order sync, webhooks, over store and transports.

mod clock;
pub mod config;
mod correct;
mod declaring;
mod hash;
mod notify;
pub mod people;
mod view;

pub use clock::Clock;
pub use config::Config;
pub use correct::{ChangeView, Correction, DiffLine, LineKind};
pub use declaring::FlowError;
pub use view::{Pane, PaneLine, Panes, Supplied};
