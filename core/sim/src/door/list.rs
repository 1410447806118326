//! Lists of orders, as they are asked for.

use std::collections::BTreeMap;

use dragoman_channel::Span;
use serde::Deserialize;

use super::Pattern;
use crate::shop::Times;

/// The parameters of a list of orders.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct List {
    /// By which times it can be asked.
    pub by: Vec<By>,
    /// The parameter with the size of a page.
    pub size: String,
    /// The largest and usual size.
    pub most: usize,
    /// The parameter that says where to go on.
    pub token: String,
    /// How long such a token is good.
    pub holds: Option<Span>,
    /// How long changes are not shown yet.
    pub hidden: Option<Span>,
    /// How far back it goes.
    pub oldest: Option<Span>,
    /// True where it can be asked for without any time.
    #[serde(default)]
    pub free: bool,
    /// How its times are written.
    #[serde(default)]
    pub times: Times,
    /// Where the token is a count: of what.
    pub counts: Option<Counts>,
    /// Parameters that hold several values: each named group of the pattern is a parameter as well.
    #[serde(default)]
    pub reads: Vec<Reads>,
    /// What it shows of an order; all, where nothing is named.
    #[serde(default)]
    pub shows: Vec<String>,
}

/// A parameter with several values in it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reads {
    /// The parameter.
    pub parameter: String,
    /// The whole of it.
    pub matches: Pattern,
}

/// What the place to go on from counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Counts {
    /// Pages, from 1 on.
    Pages,
    /// The orders before, from 0 on.
    Orders,
}

/// A time that orders are listed by.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct By {
    /// Which time of the order.
    pub time: Time,
    /// The parameter from when on; none, where it cannot be asked by time.
    #[serde(default)]
    pub since: String,
    /// The parameter up to when.
    #[serde(default)]
    pub until: String,
    /// What the answer calls the end that counted.
    pub echo: Option<String>,
    /// It is meant where these parameters say so.
    #[serde(default)]
    pub when: BTreeMap<String, String>,
}

/// A time of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Time {
    /// When it was created.
    Created,
    /// When it was changed last.
    Updated,
}
