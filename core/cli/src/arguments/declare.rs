//! Declarations, and what they are made from.

use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;

#[derive(Debug, Args)]
pub struct Declare {
    /// The customs service to declare to: an adapter, such as gb-cds, or a message of one, such as asycuda/sad-al.
    #[arg(long, value_name = "ADAPTER")]
    pub to: String,
    #[command(flatten)]
    pub consignment: ConsignmentFiles,
    /// The declaration's own reference; one for each declaration, in order.
    #[arg(long = "lrn", value_name = "LRN")]
    pub lrns: Vec<String>,
    /// The day whose rules, rates and master rows count, as YYYY-MM-DD; today (UTC) where none is given.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// Write canonical JSON instead of the customs service's message.
    #[arg(long)]
    pub canonical: bool,
    /// Write one file a declaration into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write who supplied every value, as JSON.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// What customs answered to these declarations: what it rejects is shown at the order line that it comes from.
    #[arg(long = "answer", value_name = "FILE", conflicts_with = "canonical")]
    pub answers: Vec<PathBuf>,
    /// The orders: files of any order format that is known, and folders of them.
    #[arg(value_name = "ORDER", required = true)]
    pub orders: Vec<PathBuf>,
}

/// What a consignment is declared from beside its orders.
#[derive(Debug, Args)]
pub struct ConsignmentFiles {
    /// The customs master: what the goods are (CSV).
    #[arg(long, value_name = "FILE")]
    pub master: PathBuf,
    /// The seller's profile: who declares (TOML).
    #[arg(long, value_name = "FILE")]
    pub profile: PathBuf,
    /// The consignment: what no order knows (TOML).
    #[arg(long, value_name = "FILE")]
    pub consignment: PathBuf,
    /// Rates of exchange, for thresholds (CSV).
    #[arg(long, value_name = "FILE")]
    pub rates: Option<PathBuf>,
}
