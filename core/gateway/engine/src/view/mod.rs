//! What people and programs see of the gateway: plain data, the same for the HTTP interface and the dashboard.

mod panes;

pub(crate) use panes::{OrderTree, canonical, order, wire};
pub use panes::{Pane, PaneLine, Panes, Supplied};
