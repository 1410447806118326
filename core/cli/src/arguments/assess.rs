//! What is asked of orders before anybody declares them.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use jiff::civil::Date;

#[derive(Debug, Args)]
pub struct Assess {
    /// The country that the parcels go to (two letters); that of each order's recipient where none is given.
    #[arg(long, value_name = "COUNTRY")]
    pub to: Option<String>,
    /// The country that they come from (two letters).
    #[arg(long, value_name = "COUNTRY")]
    pub from: Option<String>,
    /// How they travel.
    #[arg(long, value_enum)]
    pub by: Option<Channel>,
    /// The day whose rules, rates and master rows count, as YYYY-MM-DD; today (UTC) where none is given.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Show only what differs on this other day.
    #[arg(long, value_name = "DATE")]
    pub compare: Option<Date>,
    /// Write what differs as a workbook (XLSX).
    #[arg(long, value_name = "FILE", requires = "compare")]
    pub xlsx: Option<PathBuf>,
    /// The customs master: what the goods are (CSV).
    #[arg(long, value_name = "FILE")]
    pub master: Option<PathBuf>,
    /// Rates of exchange, for thresholds (CSV).
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: AssessFormat,
    /// A folder of orders.
    #[arg(long, value_name = "DIR")]
    pub orders: Vec<PathBuf>,
    /// The orders: files of any order format that is known, and folders of them.
    #[arg(value_name = "ORDER", required_unless_present = "orders")]
    pub files: Vec<PathBuf>,
}

/// How parcels travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Channel {
    /// By post.
    Post,
    /// By an express carrier.
    Express,
    /// As cargo.
    Cargo,
}

/// How an assessment is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AssessFormat {
    /// For people.
    Text,
    /// An array with one object an order, or a change.
    Json,
}

impl Channel {
    /// The word that rules know.
    pub fn word(self) -> &'static str {
        match self {
            Self::Post => "post",
            Self::Express => "express",
            Self::Cargo => "cargo",
        }
    }
}
