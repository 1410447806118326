//! `dragoman demo`: the whole road in one go. Orders are declared, a simulated customs service takes the declarations
//! as they are sent and answers, and what it rejects is shown at the order line that caused it.
//!
//! Nothing is scripted: the orders are data (`adapters/NAME/demo/`, or those that are named), and what customs makes of
//! them is decided by the simulator's checks.

mod office;
mod play;
mod story;

use std::path::Path;

use dragoman_adapters::Customs;
use dragoman_tree::Finding;
use jiff::Timestamp;

use crate::Context;
use crate::arguments::{Demo, DemoFiles};
use crate::consignment::{Files, Given};
use crate::failure::{Failure, Outcome};
use crate::findings::text::Printer;
use crate::source::Source;

/// Plays, and ends by itself: there is nothing yet to stay for.
pub fn run(context: &Context, arguments: &Demo) -> Result<Outcome, Failure> {
    let stage = Stage::find(context)?;
    let now = arguments.at.unwrap_or_else(Timestamp::now);
    let mut printer = Printer::new(&context.terminal);
    let mut tell = |findings: &[Finding], source: &Source| printer.serious(findings, source);
    let mut files = Files::new(stage.given(&arguments.files)?)?;
    if arguments.orders.is_empty() {
        for source in stage.orders() {
            files.add_order(context, source, &mut tell)?;
        }
    } else {
        files.add_orders(context, &arguments.orders, &mut tell)?;
    }
    if files.orders().is_empty() {
        printer.finish();
        return Ok(Outcome::Findings);
    }
    let ended = play::play(context, &stage.customs, &files, now)?;
    // The demonstration's own orders are chosen so that both happen; with other orders either may.
    let is_own = arguments.orders.is_empty() && arguments.files.are_none();
    let as_shown = ended.answered && (!is_own || (ended.cleared > 0 && ended.rejected > 0));
    if !as_shown {
        story::not_as_shown(&ended);
    }
    Ok(if as_shown { Outcome::Clean } else { Outcome::Findings })
}

/// The customs service that is played, and its files.
struct Stage<'c> {
    context: &'c Context,
    customs: Customs,
    /// `adapters/gb-cds/demo/`
    folder: String,
}

impl<'c> Stage<'c> {
    /// The first adapter that has a demonstration.
    fn find(context: &'c Context) -> Result<Self, Failure> {
        let data = context.catalogue.data();
        let folder = |name: &str| format!("adapters/{name}/demo/");
        let adapters = context.catalogue.adapters().iter();
        let found = adapters
            .into_iter()
            .find(|adapter| data.paths().any(|path| path.starts_with(&folder(&adapter.name))));
        let adapter = found.ok_or_else(|| {
            Failure::new("no adapter has a demonstration", "it is a folder `demo` beside `adapter.toml`")
        })?;
        Ok(Self {
            context,
            customs: Customs::of(&context.catalogue, &adapter.name)?,
            folder: folder(&adapter.name),
        })
    }

    fn given(&self, files: &DemoFiles) -> Result<Given, Failure> {
        let one = |path: Option<&Path>, name: &str| match path {
            Some(path) => Given::file(path),
            None => Ok(self.text(&format!("{}{name}", self.folder))),
        };
        Ok(Given {
            master: one(files.master.as_deref(), "master.csv")?,
            profile: one(files.profile.as_deref(), "seller.toml")?,
            consignment: one(files.consignment.as_deref(), "consignment.toml")?,
            rates: one(files.rates.as_deref(), "rates.csv")?,
        })
    }

    /// The orders of the demonstration.
    fn orders(&self) -> Vec<Source> {
        let folder = format!("{}orders/", self.folder);
        let paths = self.context.catalogue.data().paths();
        paths.filter(|path| path.starts_with(&folder)).map(|path| self.text(path)).collect()
    }

    fn text(&self, path: &str) -> Source {
        let data = self.context.catalogue.data();
        Source::of(data.shown(path), data.get(path).unwrap_or_default())
    }
}
