//! `dragoman rates`: the table of rates of exchange.

use std::path::PathBuf;

use clap::{Args, Subcommand};

#[derive(Debug, Subcommand)]
pub enum Rates {
    /// Take published rates into a table: the reference rates of the European Central Bank (XML), the monthly rates of HM
    /// Revenue & Customs (XML or CSV), or another table.
    Import(ImportRates),
}

#[derive(Debug, Args)]
pub struct ImportRates {
    /// What was published.
    #[arg(value_name = "FILE", required = true)]
    pub inputs: Vec<PathBuf>,
    /// The table that the rates are taken into; it is made where there is none.
    #[arg(long, value_name = "FILE")]
    pub into: PathBuf,
    /// What the rates are for, as rules name it; `central-bank-day` or `customs-month`, by who published them, or what a
    /// table says itself, where nothing is said.
    #[arg(long, value_name = "NAME")]
    pub purpose: Option<String>,
    /// Where they come from, such as the number of a contract; who published them, where nothing is said.
    #[arg(long, value_name = "TEXT")]
    pub source: Option<String>,
}
