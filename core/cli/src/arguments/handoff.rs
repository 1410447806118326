//! What is handed over to who declares parcels where we do not, and what comes back.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

use super::ConsignmentFiles;

#[derive(Debug, Subcommand)]
pub enum Handoff {
    /// Make what a carrier, post or broker needs: invoices, customs declarations CN 23, a manifest, data sets.
    Pack(Pack),
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
