//! The play: what is awaited, step by step, until every order is declared and every declaration answered.

use std::collections::BTreeSet;
use std::time::Duration;

use dragoman_engine::{Gateway, View};
use dragoman_exchange::Event;
use dragoman_store::StoredEvent;
use tokio::time::Instant;

use crate::commands::demo::cast::Cast;
use crate::commands::demo::journal::Journal;
use crate::commands::demo::story::Story;
use crate::failure::Failure;

/// So long nothing happens before it is given up.
const LONG: Duration = Duration::from_secs(30);

/// How it ended.
#[derive(Clone, Copy, Debug, Default)]
pub struct Ended {
    /// Every order was declared, every declaration answered, and every answer understood.
    pub answered: bool,
    /// Declarations that customs cleared.
    pub cleared: usize,
    /// Declarations that customs rejected.
    pub rejected: usize,
}

/// Follows what happens.
pub struct Play<'p> {
    gateway: &'p Gateway,
    cast: &'p Cast,
    journal: Journal,
    seen: Seen,
}

/// What happened so far.
#[derive(Default)]
struct Seen {
    /// Streams of orders, in the order in which they came, with what their articles lack.
    orders: Vec<(String, Vec<String>)>,
    /// Streams of declarations, in the order in which they were drafted, with those of their orders.
    declarations: Vec<(String, Vec<String>)>,
    /// How many answers came in.
    answers: u64,
}

impl Seen {
    fn see(&mut self, stored: &StoredEvent) {
        let stream = &stored.event.stream;
        match &stored.event.event {
            Event::OrderReceived { gaps, .. } => {
                self.orders.retain(|(known, _)| known != stream);
                self.orders.push((stream.clone(), gaps.clone()));
            }
            Event::Drafted { orders, .. } => {
                self.declarations.retain(|(known, _)| known != stream);
                let orders = orders.iter().map(|(order, _)| order.clone()).collect();
                self.declarations.push((stream.clone(), orders));
            }
            Event::Responded { .. } | Event::Parked { .. } => self.answers += 1,
            _ => {}
        }
    }

    /// True where every order is declared, or lacks something that a person has to say.
    fn is_declared(&self) -> bool {
        let declared: BTreeSet<_> = self.declarations.iter().flat_map(|(_, orders)| orders).collect();
        self.orders.iter().all(|(order, gaps)| !gaps.is_empty() || declared.contains(order))
    }
}

impl<'p> Play<'p> {
    /// Follows a gateway from its first event on.
    pub fn new(gateway: &'p Gateway, cast: &'p Cast) -> Self {
        Self { gateway, cast, journal: Journal::of(gateway), seen: Seen::default() }
    }

    /// Plays so many orders, and tells it.
    pub async fn run(&mut self, orders: usize, story: &mut Story<'_>) -> Result<Ended, Failure> {
        let mut ended = Ended::default();
        let arrived = self.until(story, |seen| seen.orders.len() >= orders).await?;
        story.orders(&self.views(&self.seen.orders).await?);
        let declared = arrived && self.until(story, Seen::is_declared).await?;
        story.declared(&self.views(&self.seen.declarations).await?);
        story.sending();
        let answered = declared && self.answers(story).await?;
        let views = self.views(&self.seen.declarations).await?;
        for view in &views {
            story.answered(view);
            ended.cleared += usize::from(view.row.status == "cleared");
            ended.rejected += usize::from(view.row.status == "rejected");
        }
        ended.answered = answered && !views.is_empty() && ended.cleared + ended.rejected == views.len();
        for view in views.iter().filter(|view| view.row.status == "rejected") {
            story.rejected(view);
        }
        Ok(ended)
    }

    /// The first declaration that was rejected.
    pub async fn first_rejected(&self) -> Result<Option<String>, Failure> {
        let views = self.views(&self.seen.declarations).await?;
        Ok(views.into_iter().find(|view| view.row.status == "rejected").map(|view| view.row.id))
    }

    /// Tells what happens, for ever.
    pub async fn go_on(&mut self, story: &mut Story<'_>) -> Result<(), Failure> {
        loop {
            self.look(story).await?;
        }
    }

    async fn look(&mut self, story: &mut Story<'_>) -> Result<bool, Failure> {
        let events = self.journal.look().await?;
        for event in &events {
            self.seen.see(event);
            story.happened(event);
        }
        if events.is_empty() {
            story.waits();
        }
        Ok(!events.is_empty())
    }

    /// Waits until something holds; false where nothing happens any more before it does.
    async fn until(&mut self, story: &mut Story<'_>, holds: impl Fn(&Seen) -> bool) -> Result<bool, Failure> {
        let mut last = Instant::now();
        while !holds(&self.seen) {
            if self.look(story).await? {
                last = Instant::now();
            }
            if last.elapsed() > LONG {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Waits until nothing is on its way any more: no declaration, and no answer.
    async fn answers(&mut self, story: &mut Story<'_>) -> Result<bool, Failure> {
        let mut last = Instant::now();
        loop {
            let pushed = self.cast.pushed();
            let views = self.views(&self.seen.declarations).await?;
            let is_open = |view: &View| {
                let is_sent = view.row.state == "delivered";
                let is_answered = view.row.status == "cleared" || view.row.status == "rejected";
                if is_sent {
                    !is_answered
                } else {
                    ["queued", "attempting", "deferred", "unknown"].contains(&view.row.state.as_str())
                }
            };
            if pushed.is_some_and(|pushed| pushed <= self.seen.answers) && !views.iter().any(is_open) {
                return Ok(true);
            }
            if self.look(story).await? {
                last = Instant::now();
            }
            if last.elapsed() > LONG {
                return Ok(false);
            }
        }
    }

    /// Streams as they stand, in the order of their numbers.
    async fn views(&self, streams: &[(String, Vec<String>)]) -> Result<Vec<View>, Failure> {
        let mut views = Vec::new();
        for (stream, _) in streams {
            let view = self.gateway.exchange(&self.cast.you, stream).await;
            views.extend(view.map_err(|error| Failure::failed(&error))?);
        }
        let orders = |view: &View| view.orders.iter().map(|order| order.title.clone()).collect::<Vec<_>>();
        views.sort_by_cached_key(|view| (orders(view), view.row.title.clone()));
        Ok(views)
    }
}
