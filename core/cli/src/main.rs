//! `dragoman`, the command line: arguments in, library calls, text and JSON out.
//!
//! Results go to the standard output, findings and progress to the standard error. The exit code is 0 where
//! everything is clean, 1 where there are findings of severity error, 2 for wrong use or a file that could not be
//! opened.

mod arguments;
mod commands;
mod config;
mod consignment;
mod customs;
mod data;
mod failure;
mod findings;
mod gateway;
mod inputs;
mod outputs;
mod reading;
mod source;
mod terminal;
#[cfg(test)]
mod tests;

use std::process::ExitCode;
use std::sync::Arc;

use clap::{CommandFactory, Parser};
use dragoman_adapters::{Catalogue, Data};
use dragoman_tree::Code;

use arguments::{Arguments, Command};
use failure::{Failure, Outcome};
use findings::text::render_faults;
use terminal::{Terminal, note, print};

/// Orders are taken in by thousands, each with hundreds of small allocations.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// What every command works with.
#[derive(Debug)]
pub(crate) struct Context {
    catalogue: Arc<Catalogue>,
    terminal: Terminal,
}

fn main() -> ExitCode {
    small_pages();
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let terminal = Terminal::new(arguments.color);
    let ended = run(arguments, terminal.clone());
    terminal::flush();
    match ended {
        Ok(outcome) => outcome.into(),
        Err(failure) => {
            tell(&failure, &terminal);
            failure.outcome().into()
        }
    }
}

/// Asks for no pages of 2 MB: they are filled in a few places only, and a gateway at rest had 87 MB in place of 52.
fn small_pages() {
    // Where the kernel cannot do that, it is not needed.
    #[cfg(target_os = "linux")]
    let _ = rustix::thread::disable_transparent_huge_pages(true);
}

fn run(arguments: Arguments, terminal: Terminal) -> Result<Outcome, Failure> {
    let data = data::load(&arguments.data)?;
    if arguments.version {
        print(version(&data).as_bytes());
        return Ok(Outcome::Clean);
    }
    let Some(command) = arguments.command else {
        print(Arguments::command().render_help().to_string().as_bytes());
        return Ok(Outcome::Unopened);
    };
    let context = Context { catalogue: Arc::new(Catalogue::new(data)?), terminal };
    match command {
        Command::Translate(arguments) => commands::translate::run(&context, &arguments),
        Command::Validate(arguments) => commands::validate::run(&context, &arguments),
        Command::Sample(arguments) => commands::sample::run(&context, &arguments),
        Command::Inspect(arguments) => commands::inspect::run(&context, &arguments),
        Command::Print(arguments) => commands::print::run(&context, &arguments),
        Command::Sign(arguments) => commands::sign::run(&context, &arguments),
        Command::Acknowledge(arguments) => commands::acknowledge::run(&context, &arguments),
        Command::Explain(arguments) => commands::explain::run(&context, &arguments),
        Command::Declare(arguments) => commands::declare::run(&context, &arguments),
        Command::Handoff(arguments) => commands::handoff::run(&context, &arguments),
        Command::Assess(arguments) => commands::assess::run(&context, &arguments),
        Command::Demo(arguments) => commands::demo::run(&context, &arguments),
        Command::Serve(arguments) => commands::serve::run(&context, &arguments),
        Command::Check(arguments) => commands::check::run(&context, &arguments),
        Command::Sim(arguments) => commands::sim::run(&context, &arguments),
        Command::Backup(arguments) => commands::store::backup(&arguments),
        Command::Restore(arguments) => commands::store::restore(&arguments),
        Command::Migrate(arguments) => commands::store::migrate(&arguments),
        Command::Verify(arguments) => commands::verify::run(&arguments),
        Command::Sync(arguments::Sync::Status(arguments)) => commands::sync::status(&context, &arguments),
        Command::Key(arguments::Key::Create(arguments)) => commands::key::create(&arguments),
        Command::Map(arguments) => commands::map::run(&context, &arguments),
        Command::Grammar(arguments) => commands::grammar::run(&context, &arguments),
        Command::Codes(arguments) => commands::codes::run(&context, &arguments),
        Command::Rates(arguments) => commands::rates::run(&arguments),
        Command::Model(arguments) => commands::model::run(&arguments),
        Command::Adapter(arguments::Adapter::List) => Ok(commands::adapter::list(&context)),
        Command::Adapter(arguments::Adapter::New(new)) => commands::adapter::new(&context, &new),
        Command::Adapter(arguments::Adapter::Test(test)) => commands::adapter::test(&context, &test),
        Command::Adapter(arguments::Adapter::Doctor(doctor)) => commands::adapter::doctor(&context, &doctor),
        Command::Adapter(arguments::Adapter::Sign(sign)) => commands::adapter::sign(&context, &sign),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Arguments::command(), "dragoman", &mut script);
            print(&script);
            Ok(Outcome::Clean)
        }
    }
}

/// Program and data: the same hash means the same mappings, grammars and adapters.
fn version(data: &Data) -> String {
    format!("dragoman {} (data sha256:{})\n", env!("CARGO_PKG_VERSION"), data.hash())
}

/// Says why a command ended early.
fn tell(failure: &Failure, terminal: &Terminal) {
    terminal.end_progress();
    match failure {
        Failure::Data(refused) | Failure::Content(refused) => note(&render_faults(refused, terminal)),
        Failure::Use { .. } | Failure::Failed { .. } => {}
    }
    note(&format!("error: {failure}\n"));
    if let Some(hint) = failure.hint() {
        note(&format!("  help: {hint}\n"));
    }
}

/// All kinds of findings that the program can raise.
pub(crate) fn codes() -> impl Iterator<Item = &'static Code> {
    let read = dragoman_syntax::codes().chain(dragoman_model::codes());
    let made = dragoman_rules::codes().chain(dragoman_declare::codes());
    read.chain(dragoman_mapping::codes())
        .chain(dragoman_adapters::codes())
        .chain(made)
        .chain([&dragoman_print::UNPRINTABLE])
}
