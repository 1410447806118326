//! What is asked of one interchange: to be shown, to be answered, to be signed, to be made up.

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
pub struct Print {
    /// The message, or the canonical document, to print; `-` is the standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    pub input: PathBuf,
    /// The form, by its name in `mappings/forms`, such as `eu-ncts/tad`.
    #[arg(long, value_name = "NAME")]
    pub form: String,
    /// The message to read: a name as `dragoman adapter list` shows it, `canonical`, or `auto`.
    #[arg(long, value_name = "NAME", default_value = "auto")]
    pub from: String,
    /// The PDF that is written.
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
}

#[derive(Debug, Args)]
pub struct Acknowledge {
    /// The interchange to answer; `-` is the standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    pub input: PathBuf,
    /// Which acknowledgement is made: 997 for X12 and CONTRL for EDIFACT, unless another is named.
    #[arg(long, value_name = "FORM")]
    pub form: Option<AcknowledgementForm>,
    /// The control number of the interchange that is made.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub number: u32,
}

/// The acknowledgements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum AcknowledgementForm {
    /// The functional acknowledgement of X12.
    #[value(name = "997")]
    Functional,
    /// The implementation acknowledgement of X12.
    #[value(name = "999")]
    Implementation,
    /// The syntax and service report of EDIFACT, in the syntax version of the interchange.
    #[value(name = "contrl")]
    Control,
    /// The application error and acknowledgement message of EDIFACT, one a message.
    #[value(name = "aperak")]
    Application,
}

#[derive(Debug, Args)]
pub struct Seal {
    /// The message; `-` is the standard input.
    #[arg(value_name = "FILE|-", default_value = "-")]
    pub input: PathBuf,
    /// What the message is: a name as `dragoman adapter list` shows it, or `auto`.
    #[arg(long = "as", value_name = "NAME", default_value = "auto")]
    pub message: String,
    /// The private key that signs, RSA or SM2, in PEM. Without one the signature of the message is checked.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// The certificate of the key; or, where a signature is checked, one that is trusted: as often as there are.
    #[arg(long = "certificate", value_name = "FILE", required = true)]
    pub certificates: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Sample {
    /// A message as `dragoman adapter list` shows it, or a grammar such as `edifact/d96b/cusdec`.
    #[arg(value_name = "MESSAGE")]
    pub name: String,
    /// What decides on all that is left open: the same seed gives the same bytes.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many messages: all of one interchange in EDIFACT and X12, one a line in JSON.
    #[arg(long, value_name = "K", default_value_t = 1)]
    pub size: u64,
    /// Write one file a message into this folder; XML of more than one message needs it.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
}
