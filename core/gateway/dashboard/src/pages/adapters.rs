//! Adapters: who we are connected with, and how that goes.

use jiff::Timestamp;
use maud::{Markup, html};

use crate::address::segment;
use crate::frame::{Area, Frame, Page};
use crate::parts;
use crate::texts::{Texts, filled};

/// An account as the page shows it.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// Its name.
    pub name: String,
    /// Its adapter.
    pub adapter: String,
    /// What the adapter is called.
    pub title: String,
    /// Which of the counterpart's environments.
    pub environment: String,
    /// The counterpart's address.
    pub address: Option<String>,
    /// The flows from or to it.
    pub flows: Vec<String>,
}

/// A message of an adapter.
#[derive(Clone, Debug)]
pub struct Message {
    /// Its name.
    pub name: String,
    /// True where it is sent to the counterpart.
    pub is_out: bool,
    /// The canonical document that it holds.
    pub document: String,
}
