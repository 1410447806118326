//! `dragoman sim`: a simulated counterpart on loopback, until it is ended.

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;
use dragoman_adapters::{Catalogue, Party, Refused};
use dragoman_mapping::language::LoadError;
use dragoman_simulators::{Change, NewOrders, Options, Running, SimulatorError, serve};

use crate::Context;
use crate::customs::{fault, refused};
use crate::failure::{Failure, Outcome};
use crate::terminal::{flush, print};

/// So many orders a platform has, where its script does not say it.
const ORDERS: u32 = 10;

#[derive(Debug, Args)]
pub struct Sim {
    /// The adapter whose counterpart is played, as `dragoman adapter list` shows it.
    #[arg(value_name = "ADAPTER")]
    pub adapter: String,
    /// The port on loopback; any that is free where none is given.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub port: u16,
    /// What numbers follow from. With a seed chance plays as well: the same seed, the same mishaps.
    #[arg(long, value_name = "S")]
    pub seed: Option<u64>,
    /// What is played (TOML), as it can be told to `/_sim` in JSON.
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,
}

/// Plays until Ctrl-C.
pub fn run(context: &Context, arguments: &Sim) -> Result<Outcome, Failure> {
    let catalogue = Catalogue::new(context.catalogue.data().clone()).map_err(Failure::Data)?;
    let mut change = arguments.script.as_deref().map(script).transpose()?.unwrap_or_default();
    let adapter = catalogue.adapters().iter().find(|adapter| adapter.name == arguments.adapter);
    let is_platform = adapter.is_some_and(|adapter| matches!(adapter.party, Party::Platform(_)));
    if is_platform && change.orders.is_none() {
        change.orders = Some(NewOrders { make: ORDERS, ..NewOrders::default() });
    }
    change.chance = change.chance.or(arguments.seed.map(|_| true));
    let options = Options {
        port: arguments.port,
        seed: arguments.seed.unwrap_or_default(),
        change,
        ..Options::default()
    };
    let runtime = tokio::runtime::Runtime::new()
        .map_err(|error| Failure::new("threads cannot be started", error.to_string()))?;
    runtime.block_on(async {
        let running = serve(Arc::new(catalogue), &arguments.adapter, options);
        let running = running.await.map_err(|error| failed(context, error))?;
        say(&running);
        // Where the signal cannot be waited for, it ends the program by itself.
        let _ = tokio::signal::ctrl_c().await;
        running.stop().await;
        Ok(Outcome::Clean)
    })
}

fn script(path: &Path) -> Result<Change, Failure> {
    let text = std::fs::read_to_string(path).map_err(|error| Failure::file(path, "read", &error))?;
    toml::from_str(&text).map_err(|error| {
        let at = error.span().unwrap_or_default();
        let error = LoadError::new("script", &at, error.message());
        Failure::Content(Refused(vec![fault(&path.to_string_lossy(), &text, error)]))
    })
}

fn failed(context: &Context, error: SimulatorError) -> Failure {
    match error {
        SimulatorError::Script { path, errors } => refused(context, &path, errors),
        SimulatorError::Catalogue(error) => error.into(),
        error @ SimulatorError::None(_) => {
            Failure::new(error.to_string(), "`dragoman adapter list` shows all adapters")
        }
        error @ SimulatorError::Behaviour(_) => {
            Failure::new(error.to_string(), "`GET /_sim` shows all of them")
        }
        error => Failure::new(error.to_string(), "see the script"),
    }
}

/// What is played, and where.
fn say(running: &Running) {
    let url = running.url();
    let mut text = format!("{}, at {url}. What it accepts is accepted by a simulator.\n\n", running.title);
    for (method, path, name) in running.routes() {
        let _ = writeln!(text, "  {method:<4} {path}  {name}");
    }
    text.push_str("\nIt can be told to play, or does by chance (--seed):\n\n");
    for behaviour in running.behaviours() {
        let _ = writeln!(text, "  {:<14} {}", behaviour.name, behaviour.meaning);
    }
    let _ = writeln!(text, "\nIts state and its control are at {url}/_sim. Ctrl-C ends it.");
    print(text.as_bytes());
    flush();
}
