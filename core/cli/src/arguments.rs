//! The command line: names and options as `interfaces.md` fixes them.

mod adapter;
mod always;
mod assess;
mod codes;
mod declare;
mod demo;
mod gateway;
mod handoff;
mod inspect;
mod rates;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub use adapter::{Adapter, Doctor, New, Sign, Test};
pub use always::{ALWAYS, DataFolders, When};
pub use assess::{Assess, AssessFormat, Channel};
pub use codes::{Codes, ImportCodes, ShowCodes};
pub use declare::{ConsignmentFiles, Declare};
pub use demo::{Demo, DemoFiles};
pub use gateway::{Backup, Key, KeyCreate, Place, Restore, Serve, Sync, SyncStatus, Verify};
pub use handoff::{Handoff, Pack, Take};
pub use inspect::{Acknowledge, AcknowledgementForm, Inspect, Print, Sample, Seal};
pub use rates::{ImportRates, Rates};

/// Trade data between marketplaces and customs: one document, many formats, both ways.
#[derive(Debug, Parser)]
#[command(
    name = "dragoman",
    disable_version_flag = true,
    arg_required_else_help = true,
    max_term_width = 100
)]
pub struct Arguments {
    /// Print the version, and the hash of the mappings, grammars and adapters that it works with.
    #[arg(short = 'V', long)]
    pub version: bool,
    #[command(flatten)]
    pub data: DataFolders,
    /// When to use colours: `auto` (on a terminal, unless `NO_COLOR` is set), `always` or `never`.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_possible_values = true,
        hide_default_value = true,
        help_heading = ALWAYS
    )]
    pub color: When,
    #[command(subcommand)]
    pub command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Translate messages: read one format, write another.
    Translate(Translate),
    /// Check messages against their format and the canonical model.
    Validate(Validate),
    /// Show an interchange or a document as a tree, with names, codes resolved and findings in place.
    Inspect(Inspect),
    /// Print a document on a form, as PDF: a transit accompanying document, a certificate of origin.
    Print(Print),
    /// Sign a message as its authority lays down, or check its signature.
    Sign(Seal),
    /// Acknowledge an interchange: 997 or 999 and TA1 of X12, CONTRL or APERAK of EDIFACT.
    Acknowledge(Acknowledge),
    /// Make synthetic messages that are valid by their grammar, the same for the same seed.
    Sample(Sample),
    /// Show for every value where it was read and where it goes, one line a leaf.
    Explain(Explain),
    /// Make customs declarations from orders.
    Declare(Declare),
    /// Hand parcels over to who declares them where we do not, and take back what came of it.
    #[command(subcommand)]
    Handoff(Handoff),
    /// Say which regimes are open to parcels, who collects what, what is missing, and what changes between two days.
    Assess(Assess),
    /// See it all happen: orders are declared, a simulated customs office answers, a rejection comes back to its line.
    Demo(Demo),
    /// Run the gateway: take orders in, declare them, follow what customs says.
    Serve(Serve),
    /// Show what is configured and where each value came from, and say whether a gateway can run on it.
    Check(Place),
    /// Play a counterpart on loopback: a customs service or a platform, as an adapter's simulator has it.
    Sim(crate::commands::sim::Sim),
    /// Copy the store into a file, whether or not a gateway is using it.
    Backup(Backup),
    /// Make a store of a backup.
    Restore(Restore),
    /// Bring the store of an older program up to date; a copy of it is kept.
    Migrate(Place),
    /// Recompute hashes: of a store with its chain of events, or of evidence.
    Verify(Verify),
    /// Follow the reading of orders.
    #[command(subcommand)]
    Sync(Sync),
    /// Let people and programs in.
    #[command(subcommand)]
    Key(Key),
    /// Work with mappings.
    #[command(subcommand)]
    Map(Map),
    /// Work with grammars.
    #[command(subcommand)]
    Grammar(Grammar),
    /// Work with code lists.
    #[command(subcommand)]
    Codes(Codes),
    /// Work with the table of rates of exchange.
    #[command(subcommand)]
    Rates(Rates),
    /// Look up the canonical model, by path or by a number such as 3207, 5/15 or 42A.67A.
    Model(Model),
    /// Work with adapters.
    #[command(subcommand)]
    Adapter(Adapter),
    /// Print the completions of a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
}

#[derive(Debug, Args)]
pub struct Translate {
    /// The message to read: a name as `dragoman adapter list` shows it, `canonical`, or `auto`.
    #[arg(long, value_name = "NAME")]
    pub from: String,
    /// The message to write.
    #[arg(long, value_name = "NAME")]
    pub to: String,
    /// Files and folders to read; `-` is the standard input.
    #[arg(value_name = "FILE|DIR|-", default_value = "-")]
    pub inputs: Vec<PathBuf>,
    /// Write one file a document into this folder.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Write what became of every leaf, as JSON.
    #[arg(long, value_name = "FILE")]
    pub report: Option<PathBuf>,
    /// Write over this message: what the document does not speak of stays as it is there.
    #[arg(long, value_name = "ORIGINAL")]
    pub over: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Validate {
    /// The message that the files should be.
    #[arg(long = "as", value_name = "NAME", default_value = "auto")]
    pub name: String,
    /// How findings are printed.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// The declaration that the files answer: what they reject is shown there.
    #[arg(long, value_name = "DECLARATION")]
    pub base: Option<PathBuf>,
    /// Also compare the documents with each other: those of one sale have to agree.
    #[arg(long)]
    pub together: bool,
    /// Files and folders to read; `-` is the standard input.
    #[arg(value_name = "FILE|DIR|-", default_value = "-")]
    pub inputs: Vec<PathBuf>,
}

/// How findings are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: verdicts on the standard output, findings on the standard error.
    Text,
    /// One object a file.
    Json,
    /// SARIF 2.1.0, which code hosts and editors show.
    Sarif,
    /// One page that needs nothing else.
    Html,
}

#[derive(Debug, Args)]
pub struct Explain {
    /// The message to read, or `auto`.
    #[arg(long, value_name = "NAME")]
    pub from: String,
    /// The message to write.
    #[arg(long, value_name = "NAME")]
    pub to: String,
    /// The file to read; `-` is the standard input.
    #[arg(value_name = "FILE|-")]
    pub input: PathBuf,
}

#[derive(Debug, Subcommand)]
pub enum Map {
    /// Load mappings and say what is wrong with them; all of them where none is named.
    Check {
        /// Mappings by name, or `.map` files.
        #[arg(value_name = "NAME|FILE")]
        names: Vec<String>,
    },
    /// Lay `.map` files out, and print the names of those that changed.
    Fmt {
        /// Change nothing; the exit code is 1 where a file is not laid out.
        #[arg(long)]
        check: bool,
        /// The files.
        #[arg(value_name = "FILE", required = true)]
        files: Vec<PathBuf>,
    },
    /// Print a mapping as it counts: overlays applied, and the file and line each rule came from.
    Show {
        /// The mapping or message.
        name: String,
    },
    /// Read and write all messages of a folder, and count what comes back equal.
    Cover {
        /// The message.
        name: String,
        /// The folder.
        dir: PathBuf,
        /// How the result is printed.
        #[arg(long, value_name = "FORMAT", default_value = "text")]
        format: CoverFormat,
    },
}

/// How coverage is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum CoverFormat {
    /// For people.
    Text,
    /// One object.
    Json,
}

#[derive(Debug, Subcommand)]
pub enum Grammar {
    /// Print a grammar.
    Show {
        /// The grammar, a mapping or a message.
        name: String,
    },
    /// Show what changed from one grammar to another: `diff D96B D21A cusdec`, or two grammars by name.
    Diff {
        /// The older directory of UN/EDIFACT, or a grammar.
        old: String,
        /// The newer one.
        new: String,
        /// The message, where directories are named.
        message: Option<String>,
    },
    /// Make a grammar from a published schema.
    #[command(subcommand)]
    Import(Import),
}

#[derive(Debug, Subcommand)]
pub enum Import {
    /// From an XML Schema with all that it includes and imports; printed.
    Xsd(ImportXsd),
    #[expect(clippy::doc_markdown, reason = "people read it as help")]
    /// From a document of OpenAPI 3 or Swagger 2 in JSON; printed.
    Openapi(ImportOpenapi),
    /// From a directory archive of UN/EDIFACT, as UNECE publishes it; written into a folder.
    Unece(ImportUnece),
}

#[derive(Debug, Args)]
pub struct ImportXsd {
    /// The schema file with the root element, relative to the folder.
    #[arg(value_name = "FILE")]
    pub entry: String,
    /// The folder that all schema files are in.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub folder: PathBuf,
    /// The grammar's name: its path under `mappings/` without the ending.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The root element.
    #[arg(long, value_name = "ELEMENT")]
    pub root: String,
    /// A namespace with the prefix that it is written with; the prefix `default` is none.
    #[arg(long = "namespace", value_name = "PREFIX=URI", value_parser = pair)]
    pub namespaces: Vec<(String, String)>,
    /// What stands where the schema takes any element of a namespace: a global element of a schema file, or nothing.
    #[arg(long = "any", value_name = "URI=[FILE#ELEMENT]", value_parser = pair)]
    pub wildcards: Vec<(String, String)>,
    /// The child that tells the occurrences of an element apart.
    #[arg(long = "key", value_name = "ELEMENT=CHILD", value_parser = pair)]
    pub keys: Vec<(String, String)>,
    /// An element of which nothing below is taken, such as a signature.
    #[arg(long, value_name = "ELEMENT")]
    pub opaque: Vec<String>,
}

#[derive(Debug, Args)]
pub struct ImportOpenapi {
    /// The document.
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The grammar's name: its path under `mappings/` without the ending.
    #[arg(long, value_name = "NAME")]
    pub name: String,
    /// The schema of the message.
    #[arg(long, value_name = "SCHEMA")]
    pub root: String,
    /// A schema of a response that holds the message.
    #[arg(long = "wrapper", value_name = "SCHEMA")]
    pub wrappers: Vec<String>,
    /// Where the document is published; the file's path where nothing is said.
    #[arg(long, value_name = "PATH")]
    pub source: Option<String>,
}

#[derive(Debug, Args)]
pub struct ImportUnece {
    /// The archive, such as d96b.zip.
    #[arg(value_name = "FILE")]
    pub archive: PathBuf,
    /// The messages, such as CUSDEC.
    #[arg(value_name = "MESSAGE", required = true)]
    pub messages: Vec<String>,
    /// The folder to write to: one that can be laid over the program's mappings.
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
}

/// `left=right`.
fn pair(text: &str) -> Result<(String, String), String> {
    let (left, right) = text.split_once('=').ok_or("it has no `=`")?;
    Ok((left.to_owned(), right.to_owned()))
}

#[derive(Debug, Args)]
pub struct Model {
    /// A path (`goods_items.origins.country`), its beginning or end, or a number; all documents where there is none.
    #[arg(value_name = "PATH-OR-NUMBER")]
    pub query: Option<String>,
    /// How it is printed.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: ModelFormat,
}

/// How the model is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ModelFormat {
    /// For people: what the path or number names.
    Text,
    /// The JSON Schema of the document that is named.
    JsonSchema,
    /// The whole dictionary of fields.
    Markdown,
}
