//! The control of a simulator, under `/_sim`: what it plays, what it has seen, and what it is told. No counterpart has
//! such a thing.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

use dragoman_sim::Play;
use dragoman_sim::shop::{Act, Does};

use crate::inquiring::Ask;
use crate::log::{Count, Twice};
use crate::platform::Platform;
use crate::request::{Answer, Request, value};
use crate::serve::{Callback, SimulatorError};
use crate::simulator::{Simulator, later};
use crate::telling::Hook;

/// The path that all control begins with.
const PATH: &str = "/_sim";

/// So many requests are given at once, where nothing else is asked for.
const PAGE: usize = 1000;

/// What a simulator is told: a script, or a request to its control. What is not said stays as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Change {
    /// What numbers, tokens and chances follow from.
    pub seed: Option<u64>,
    /// How fast time goes.
    pub faster: Option<u32>,
    /// False to lift the limits.
    pub limits: Option<bool>,
    /// True to let chance play.
    pub chance: Option<bool>,
    /// Where notifications are pushed; no address for nowhere.
    pub callback: Option<Callback>,
    /// Where orders are told of; no address for nowhere.
    pub webhook: Option<Hook>,
    /// Messages that are put into the queue, as they are.
    pub messages: Vec<String>,
    /// Orders that are placed.
    pub orders: Option<NewOrders>,
    /// So many orders stand on a page of a list at most, whatever is asked for.
    pub page: Option<usize>,
    /// What people do to orders there.
    #[serde(rename = "act")]
    pub acts: Vec<Act>,
    /// Certificates that signatures of answers are judged by, as PEM, beside those that are known.
    pub trusts: Vec<String>,
    /// What it asks.
    #[serde(rename = "ask")]
    pub asks: Vec<Ask>,
    /// True to take back all orders to play something.
    pub clear: bool,
    /// True to end all access tokens.
    pub expire_tokens: bool,
    /// What is to be played.
    #[serde(rename = "play")]
    pub plays: Vec<Play>,
}

/// Orders that are placed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct NewOrders {
    /// So many that are made up.
    pub make: u32,
    /// These, in the platform's form or canonical.
    pub place: Vec<serde_json::Value>,
    /// True where they were placed when they say themselves; else they are placed now.
    pub as_stated: bool,
    /// So many seconds before now, where they do not say themselves when.
    pub seconds_ago: u32,
    /// True where nobody has paid for them yet.
    pub pending: bool,
}

/// What a simulator is and has seen.
#[derive(Serialize)]
struct Seen<'s> {
    title: &'s str,
    settings: Settings,
    behaviours: Vec<Known<'s>>,
    play: Vec<Play>,
    requests: Vec<Count>,
    taken: u64,
    twice: Vec<Twice>,
    notifications: Notifications,
    orders: usize,
}

/// What can be changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Settings {
    pub seed: u64,
    pub faster: u32,
    pub limits: bool,
    pub chance: bool,
    pub callback: Option<Callback>,
    pub webhook: Option<Hook>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub page: Option<usize>,
}

#[derive(Serialize)]
struct Known<'s> {
    name: &'s str,
    meaning: &'s str,
    source: &'s str,
    on: &'s [Box<str>],
}

#[derive(Serialize)]
struct Notifications {
    /// To be fetched.
    waiting: usize,
    /// In the queue.
    queued: usize,
    /// To be pushed.
    pushing: usize,
    pushed: u64,
    /// True where one that was not answered holds up the others.
    blocked: bool,
}

impl Simulator {
    /// The answer of the control; none for what is not its own.
    pub fn control(&self, request: &Request) -> Option<Answer> {
        let below = request.path.strip_prefix(PATH)?;
        Some(match (&*request.method, below) {
            ("GET", "" | "/") => said(200, &self.seen()),
            ("GET", "/requests") => {
                let parameters = request.parameters();
                let number = |name: &str| value(&parameters, name).and_then(|text| text.parse().ok());
                let (after, most) = (number("after").unwrap_or(0), number("limit"));
                let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(PAGE);
                said(200, &self.log().after(after, most))
            }
            ("POST", "" | "/") => match serde_json::from_slice(&request.body) {
                Ok(change) => self.told(change),
                Err(error) => said(400, &json!({ "error": error.to_string() })),
            },
            _ => said(404, &json!({ "error": "GET and POST /_sim, GET /_sim/requests?after=N&limit=M" })),
        })
    }

    fn told(&self, change: Change) -> Answer {
        match self.change(change) {
            Ok(()) => said(200, &self.seen()),
            Err(error) => said(400, &json!({ "error": error.to_string() })),
        }
    }

    /// Does what it is told.
    pub fn change(&self, change: Change) -> Result<(), SimulatorError> {
        let now = self.now();
        self.set(|settings| {
            settings.seed = change.seed.unwrap_or(settings.seed);
            settings.faster = change.faster.unwrap_or(settings.faster).max(1);
            settings.limits = change.limits.unwrap_or(settings.limits);
            settings.chance = change.chance.unwrap_or(settings.chance);
            settings.page = change.page.or(settings.page);
            if let Some(callback) = change.callback {
                settings.callback = Some(callback).filter(|callback| !callback.url.is_empty());
            }
            if let Some(webhook) = change.webhook {
                settings.webhook = Some(webhook).filter(|webhook| !webhook.url.is_empty());
            }
        });
        let settings = self.settings();
        self.plays().set_chance(settings.chance.then_some(settings.seed));
        if change.clear {
            self.plays().clear();
        }
        if change.expire_tokens {
            self.tokens().expire();
        }
        for play in change.plays {
            self.plays().add(play, now).map_err(SimulatorError::Behaviour)?;
        }
        for message in &change.messages {
            self.queue().put(message, now);
        }
        if let Some(orders) = change.orders {
            self.place(&orders, now)?;
        }
        self.inquiries().trust(change.trusts);
        for ask in &change.asks {
            self.ask(ask, now)?;
        }
        for act in &change.acts {
            let platform = self.platform().ok_or(SimulatorError::NoOrders)?;
            if !platform.act(act, now) {
                return Err(SimulatorError::Act(act.order.clone()));
            }
            self.tell(platform, &act.order, false, now);
        }
        Ok(())
    }

    /// Places orders, and tells of them.
    fn place(&self, orders: &NewOrders, now: Timestamp) -> Result<(), SimulatorError> {
        let platform = self.platform().ok_or(SimulatorError::NoOrders)?;
        let seed = self.settings().seed;
        let at = later(now, -SignedDuration::from_secs(orders.seconds_ago.into()));
        let mut ids = Vec::new();
        for order in &orders.place {
            let placed = platform.place(order.to_string().as_bytes(), (!orders.as_stated).then_some(at));
            if placed.is_empty() {
                return Err(SimulatorError::NoOrder);
            }
            ids.extend(placed);
        }
        for _ in 0..orders.make {
            ids.push(platform.make(seed, at).ok_or(SimulatorError::NoOrder)?);
        }
        for id in &ids {
            if orders.pending {
                let act = Act { order: id.clone(), does: Does::Pend, text: String::new(), quiet: true };
                platform.act(&act, now);
            }
            self.tell(platform, id, true, now);
        }
        Ok(())
    }

    fn seen(&self) -> Seen<'_> {
        let behaviours = self.plays().behaviours().iter();
        let pusher = self.pusher();
        let now = self.now();
        Seen {
            title: self.title(),
            settings: self.settings(),
            behaviours: behaviours
                .map(|one| Known { name: &one.name, meaning: &one.meaning, source: &one.source, on: &one.on })
                .collect(),
            play: self.plays().ordered(),
            requests: self.log().counts(),
            taken: self.log().taken(),
            twice: self.log().twice(),
            orders: self.platform().map_or(0, Platform::len),
            notifications: Notifications {
                waiting: self.mailbox().len(),
                queued: self.queue().len(),
                pushing: pusher.as_ref().map_or(0, |pusher| pusher.waiting()),
                pushed: pusher.as_ref().map_or(0, |pusher| pusher.pushed()),
                blocked: pusher.is_some_and(|pusher| pusher.is_blocked(now)),
            },
        }
    }
}

fn said(status: u16, what: &impl Serialize) -> Answer {
    let body = serde_json::to_vec_pretty(what).unwrap_or_default();
    let headers = vec![("Content-Type".to_owned(), "application/json".to_owned())];
    Answer { status, headers, body, ..Answer::default() }
}
