//! What is asked of one interchange: to be shown, to be answered.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

#[derive(Debug, Args)]
pub struct Inspect {
    /// The file to show; `-` is the standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    pub input: PathBuf,
    /// Write the tree as a page.
    #[arg(long)]
    pub html: bool,
}

#[derive(Debug, Args)]
pub struct Acknowledge {
    /// The interchange to answer; `-` is the standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    pub input: PathBuf,
    /// Which acknowledgement a group gets.
    #[arg(long, value_name = "FORM", default_value = "997")]
    pub form: AcknowledgementForm,
    /// The control number of the interchange that is made.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub number: u32,
}

/// The acknowledgements of X12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AcknowledgementForm {
    /// The functional acknowledgement.
    #[value(name = "997")]
    Functional,
    /// The implementation acknowledgement.
    #[value(name = "999")]
    Implementation,
}
