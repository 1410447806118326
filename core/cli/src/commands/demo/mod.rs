//! `dragoman demo`: the whole road in one go, on a gateway of its own. Simulated shops have orders, the gateway reads and
//! declares them, a simulated customs service answers, and what it rejects is shown at the order line that caused it.
//!
//! Nothing is scripted: the orders are data (`adapters/NAME/demo/`, or those that are named), and what customs makes of
//! them is decided by the simulator's checks.

mod cast;
mod journal;
mod places;
mod play;
mod stage;
mod story;

use std::time::Duration;

use dragoman_api::Options;
use dragoman_engine::Gateway;
use dragoman_tree::Finding;
use jiff::{SignedDuration, Timestamp};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use crate::Context;
use crate::arguments::Demo;
use crate::consignment::Files;
use crate::failure::{Failure, Outcome};
use crate::findings::text::Printer;
use crate::gateway::{bind, runtime, serve, signals};
use crate::source::Source;

use cast::{Cast, Setting};
use play::{Ended, Play};
use stage::Stage;
use story::Story;

/// How fast the simulators are where somebody watches, and where nobody does.
const WATCHED: u32 = 2;
const UNWATCHED: u32 = 10;

/// So many more orders come in while the pages are looked at, one at a time.
const MORE: usize = 30;
const EVERY: Duration = Duration::from_secs(8);

/// Where it listens where the address that is asked for is taken.
const ANY: &str = "127.0.0.1:0";

/// Plays, and stays until it is ended; with `--once` it ends by itself.
pub fn run(context: &Context, arguments: &Demo) -> Result<Outcome, Failure> {
    let stage = Stage::find(context, arguments.customs.as_deref(), &arguments.files)?;
    let mut printer = Printer::new(&context.terminal);
    let mut tell = |findings: &[Finding], source: &Source| printer.serious(findings, source);
    let mut files = Files::new(stage.given())?;
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
    runtime()?.block_on(perform(context, arguments, &stage, &files))
}

/// Plays on a gateway that is served meanwhile.
async fn perform(
    context: &Context,
    arguments: &Demo,
    stage: &Stage<'_>,
    files: &Files,
) -> Result<Outcome, Failure> {
    let listener = listen(arguments).await?;
    let address = listener.local_addr().map_err(|error| Failure::failed(&error))?;
    let now = Timestamp::now();
    let setting = Setting {
        data: arguments.data.clone(),
        ahead: arguments.at.map_or(SignedDuration::ZERO, |at| at.duration_since(now)),
        faster: if arguments.once { UNWATCHED } else { WATCHED },
        url: format!("http://{address}"),
    };
    let (cast, opened) = Cast::gather(context, stage, &setting).await?;
    let gateway = opened.gateway.clone();
    let is_new = cast.is_new(&gateway).await?;
    if is_new {
        if arguments.orders.is_empty() { cast.make(files)? } else { cast.place(files)? }
    } else if arguments.once {
        let message = "there has been a demonstration in this folder";
        return Err(Failure::new(message, "name another with --data, or leave --once out to go on with it"));
    }
    let options = Options { open: Some(cast.you.clone()), ..Options::default() };
    let (over, told) = oneshot::channel::<()>();
    let signal = signals()?;
    let until = async {
        tokio::select! {
            signal = signal => signal,
            _ = told => "the end",
        }
    };
    let mut serving = std::pin::pin!(serve(opened, listener, options, until));
    let stage = Told { gateway: &gateway, cast: &cast, files, url: &setting.url, is_new };
    let playing = stage.tell(context, arguments);
    let outcome = tokio::select! {
        served = &mut serving => return served.map(|()| Outcome::Clean),
        outcome = playing => outcome,
    };
    // It may have ended meanwhile.
    let _ = over.send(());
    serving.await?;
    outcome
}

/// The place to listen at.
async fn listen(arguments: &Demo) -> Result<TcpListener, Failure> {
    let asked = if arguments.once { ANY } else { &arguments.listen };
    match TcpListener::bind(asked).await {
        Err(error) if error.kind() == std::io::ErrorKind::AddrInUse => bind(ANY).await,
        Ok(listener) => Ok(listener),
        Err(_) => bind(asked).await,
    }
}

/// What there is to tell of.
struct Told<'t> {
    gateway: &'t Gateway,
    cast: &'t Cast,
    files: &'t Files,
    url: &'t str,
    /// False where it was played before, and only goes on.
    is_new: bool,
}

impl Told<'_> {
    /// Tells what happens: the play, and then what people and shops do, unless it is to end.
    async fn tell(&self, context: &Context, arguments: &Demo) -> Result<Outcome, Failure> {
        let mut story = Story::new(context, self.files, self.cast.office());
        let mut play = Play::new(self.gateway, self.cast);
        story.begin();
        let mut outcome = Outcome::Clean;
        if self.is_new {
            let ended = play.run(self.files.orders().len(), &mut story).await?;
            story.end(&ended, arguments.once);
            outcome = self::outcome(arguments, &ended);
        }
        if arguments.once {
            return Ok(outcome);
        }
        story.stay(self.url, play.first_rejected().await?.as_deref());
        tokio::select! {
            ended = play.go_on(&mut story) => ended?,
            ended = more(self.cast) => ended?,
        }
        Ok(outcome)
    }
}

/// Lets the shops have more orders.
async fn more(cast: &Cast) -> Result<(), Failure> {
    for number in 0..MORE {
        tokio::time::sleep(EVERY).await;
        cast.another(number)?;
    }
    std::future::pending().await
}

/// The demonstration's own orders are chosen so that both happen; with other orders either may.
fn outcome(arguments: &Demo, ended: &Ended) -> Outcome {
    let is_own = arguments.orders.is_empty() && arguments.files.are_none();
    let as_shown = ended.answered && (!is_own || (ended.cleared > 0 && ended.rejected > 0));
    if as_shown {
        return Outcome::Clean;
    }
    story::not_as_shown(ended);
    Outcome::Findings
}
