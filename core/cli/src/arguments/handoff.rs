//! What is handed over to who declares parcels where we do not, and what comes back.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::{AssessFormat, ConsignmentFiles};

#[derive(Debug, Subcommand)]
pub enum Handoff {
    /// Make what a carrier, post or broker needs: invoices, customs declarations CN 23, a manifest, data sets.
    Pack(Pack),
    /// Take back what the filer reports: number, status and duty, order by order.
    Take(Take),
}

#[derive(Debug, Args)]
pub struct Pack {
    #[command(flatten)]
    pub consignment: ConsignmentFiles,
    /// What the references of the parcels begin with: they are TEXT-1, TEXT-2 …
    #[arg(long, value_name = "TEXT")]
    pub reference: String,
    /// The day whose rules, rates and master rows count, as YYYY-MM-DD; today (UTC) where none is given.
    #[arg(long, value_name = "DATE")]
    pub on: Option<Date>,
    /// The pack: a folder, or a file whose name ends in `.zip`.
    #[arg(long, value_name = "DIR|ZIP")]
    pub out: PathBuf,
    /// The orders: files of any order format that is known, and folders of them.
    #[arg(value_name = "ORDER", required = true)]
    pub orders: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Take {
    /// The manifest of the pack: its `manifest.json`.
    #[arg(long, value_name = "FILE")]
    pub manifest: PathBuf,
    /// How the result is printed.
    #[arg(long, value_enum, default_value = "text")]
    pub format: AssessFormat,
    /// Write the result into this file.
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// The reports: tables (CSV), JSON, or answers of customs in any format that is known; and folders of them.
    #[arg(value_name = "REPORT", required = true)]
    pub reports: Vec<PathBuf>,
}
