//! `dragoman check`: what is configured, where each value came from, and whether a gateway can run on it.

use std::fmt::Write;
use std::sync::Arc;

use dragoman_engine::{Clock, Gateway};
use dragoman_store::{Sqlite, Store};

use crate::Context;
use crate::arguments::Place;
use crate::failure::{Failure, Outcome, reason};
use crate::gateway::{Configured, runtime};
use crate::terminal::print;

/// Checks. Nothing is sent, and the store is not touched.
pub fn run(context: &Context, at: &Place) -> Result<Outcome, Failure> {
    let configured = Configured::read(at, None)?;
    print(settings(&configured).as_bytes());
    runtime()?.block_on(rehearse(context, &configured))?;
    let config = configured.config();
    let mut counts = vec![(config.account.len(), "account"), (config.flow.len(), "flow")];
    counts.extend((!config.partner.is_empty()).then_some((config.partner.len(), "partner")));
    let counts: Vec<_> =
        counts.into_iter().map(|(count, what)| crate::findings::counted(count, what)).collect();
    let adapters = context.catalogue.adapters().len();
    print(format!("\nready: {}, of {adapters} adapters\n", counts.join(", ")).as_bytes());
    Ok(Outcome::Clean)
}

/// Every setting, a line each.
fn settings(configured: &Configured) -> String {
    let settings = configured.loaded.settings();
    let texts: Vec<_> = settings.iter().map(|one| format!("{} = {}", one.key, one.value)).collect();
    let width = texts.iter().map(String::len).max().unwrap_or_default().min(60);
    let mut lines = match configured.file() {
        Some(file) => format!("# {}\n", file.display()),
        None => "# no file: defaults, the environment and the command line\n".to_owned(),
    };
    for (text, setting) in texts.iter().zip(&settings) {
        // Writing to a string does not fail.
        let _ = writeln!(lines, "{text:width$}  # {}", setting.origin);
    }
    lines
}

/// Opens the gateway as `serve` would, on an empty store of its own.
async fn rehearse(context: &Context, configured: &Configured) -> Result<(), Failure> {
    let folder = tempfile::tempdir().map_err(|error| Failure::Failed {
        message: format!("no temporary folder can be made: {}", reason(&error)),
        hint: None,
    })?;
    let store: Arc<dyn Store> = Arc::new(Sqlite::open(folder.path())?);
    let files = |name: &str| configured.read_file(name);
    let config = configured.config().clone();
    let opened = Gateway::open(config, &files, Arc::clone(&context.catalogue), store, Clock::system()).await;
    opened.map(drop).map_err(|error| configured.refused(error))
}
