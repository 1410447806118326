//! What people and programs see of the gateway: plain data, the same for the HTTP interface and the dashboard.

mod document;
mod exchange;
mod finding;
mod lists;
mod outcome;
pub(crate) mod panes;
mod timeline;

pub use document::DocumentText;
pub use exchange::{LineFindings, Named, SubmissionView, View};
pub use finding::{Bytes, Finding};
pub use lists::{AccountView, Listed, Today};
pub use outcome::{DutyView, OutcomeView};
pub use panes::{Pane, PaneLine, Panes, Supplied};
pub use timeline::Happened;

#[cfg(test)]
pub(crate) use panes::{OrderTree, canonical, order, wire};
