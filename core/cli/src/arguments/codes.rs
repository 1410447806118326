//! `dragoman codes`: the code lists.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use jiff::civil::Date;

#[derive(Debug, Subcommand)]
pub enum Codes {
    /// Show the lists, a list, or one code with its name.
    Show(ShowCodes),
    /// Make the lists of countries, customs offices and places from an export of CS/RD2, a zip archive.
    Import(ImportCodes),
}

#[derive(Debug, Args)]
pub struct ShowCodes {
    /// The list: `customs-offices`.
    #[arg(value_name = "LIST")]
    pub list: Option<String>,
    /// The code: `GB000060`.
    #[arg(value_name = "CODE", requires = "list")]
    pub code: Option<String>,
}

#[derive(Debug, Args)]
pub struct ImportCodes {
    /// The archive, such as `COL-Generic-20241105.zip`.
    #[arg(value_name = "ARCHIVE")]
    pub archive: PathBuf,
    /// Where it was published, for the heads of the lists.
    #[arg(long, value_name = "TEXT")]
    pub source: String,
    /// The day on which it was compared with what is published.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub checked: Date,
    /// The folder of mappings that the lists are written into, below `lists`.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}
