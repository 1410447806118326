//! The customs service behind its door: what it received, and what it will say.

use std::collections::{HashSet, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use dragoman_adapters::{Adapter, Catalogue, Layout, Message, Sent, receive, send};
use dragoman_channel::Channel;
use dragoman_mapping::Base;
use dragoman_sim::{Answer, Counterpart, Reply, Submitted};
use dragoman_tree::Finding;
use jiff::Timestamp;
use serde::Serialize;

use crate::behaviour::{Behaviour, Next};
use crate::{Options, SimulatorError};

/// A message that was handed in.
#[derive(Clone, Debug, Serialize)]
pub struct Received {
    /// The operation.
    pub operation: String,
    /// Its own reference.
    pub lrn: String,
    /// Whether it was taken.
    pub taken: bool,
    /// The conversation that its answers belong to.
    pub conversation: String,
}

/// An answer that is on its way.
#[derive(Clone, Debug)]
pub struct Arriving {
    /// When it is given.
    pub at: Timestamp,
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The conversation.
    pub conversation: String,
}

/// What becomes of a message.
pub enum Heard {
    /// It is no such message.
    Malformed(Vec<Finding>),
    /// It is taken.
    Taken {
        /// The conversation.
        conversation: String,
        /// What will be said.
        answers: Vec<Arriving>,
    },
}

/// A customs service that is played.
pub struct Office {
    catalogue: Arc<Catalogue>,
    adapter: String,
    receives: Message,
    answers: Message,
    title: String,
    pub(crate) options: Options,
    state: Mutex<State>,
    pub(crate) client: reqwest::Client,
}

struct State {
    counterpart: Counterpart,
    next: VecDeque<Behaviour>,
    limits: bool,
    received: Vec<Received>,
    tokens: HashSet<String>,
    count: u64,
    /// Requests that may still come at once, and since when.
    allowance: (f64, Instant),
    /// Notifications that wait to be fetched, and those that were.
    unpulled: VecDeque<(String, Arriving)>,
    pulled: Vec<(String, Arriving)>,
}

impl Office {
    /// Opens the office of an adapter.
    pub fn open(catalogue: Arc<Catalogue>, adapter: &str, options: Options) -> Result<Self, SimulatorError> {
        let none = || SimulatorError::None(adapter.to_owned());
        let found = catalogue.adapters().iter().find(|one| one.name == adapter).ok_or_else(none)?;
        let submits = found.channel.as_ref().and_then(|channel| channel.operation("submit"));
        submits.ok_or_else(none)?;
        let script = catalogue.data().get(&format!("adapters/{adapter}/sim.toml")).ok_or_else(none)?;
        let refused = |first: String| SimulatorError::Script { adapter: adapter.to_owned(), first };
        let script = dragoman_sim::load(adapter, script).map_err(|errors| {
            refused(errors.first().map_or_else(String::new, |error| error.message.clone()))
        })?;
        let message = |name: &str| {
            catalogue.message(&format!("{adapter}/{name}")).map_err(|error| refused(error.to_string()))
        };
        let (receives, answers) = (message(&script.receives)?, message(&script.answers)?);
        let title = script.title.to_string();
        let next = options.next.iter().copied().flat_map(expand).collect();
        let state = State {
            counterpart: Counterpart::new(script, options.seed),
            next,
            limits: options.limits,
            received: Vec::new(),
            tokens: HashSet::new(),
            count: 0,
            allowance: (f64::INFINITY, Instant::now()),
            unpulled: VecDeque::new(),
            pulled: Vec::new(),
        };
        Ok(Self {
            adapter: adapter.to_owned(),
            receives,
            answers,
            title,
            options,
            state: Mutex::new(state),
            client: reqwest::Client::new(),
            catalogue,
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What it calls itself.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The adapter that it is the counterpart of.
    pub fn adapter(&self) -> Option<&Adapter> {
        self.catalogue.adapters().iter().find(|one| one.name == self.adapter)
    }

    /// How it is talked to.
    pub fn channel(&self) -> Option<&Channel> {
        self.adapter()?.channel.as_ref()
    }

    /// What it received so far.
    pub fn received(&self) -> Vec<Received> {
        self.state().received.clone()
    }

    /// Whether its limits hold.
    pub fn has_limits(&self) -> bool {
        self.state().limits
    }

    /// Lets its limits hold, or not.
    pub fn set_limits(&self, limits: bool) {
        self.state().limits = limits;
    }

    /// What happens to the next messages, after what was said before.
    pub fn add_next(&self, next: Next) {
        self.state().next.extend(expand(next));
    }

    /// What happens to this one.
    pub fn behaviour(&self) -> Behaviour {
        self.state().next.pop_front().unwrap_or_default()
    }

    /// Gives out an access token.
    pub fn token(&self) -> String {
        let mut state = self.state();
        state.count += 1;
        let token = format!("sim-{}-{}", self.options.seed, state.count);
        state.tokens.insert(token.clone());
        token
    }

    /// Whether an access token is good.
    pub fn knows(&self, token: &str) -> bool {
        self.state().tokens.contains(token)
    }

    /// Forgets all access tokens: they have expired.
    pub fn expire_tokens(&self) {
        self.state().tokens.clear();
    }

    /// Whether one more request is within so many a second.
    pub fn admits(&self, a_second: f64) -> bool {
        let mut state = self.state();
        let (left, since) = state.allowance;
        let left = (left + since.elapsed().as_secs_f64() * a_second).min(a_second);
        state.allowance = (if left >= 1.0 { left - 1.0 } else { left }, Instant::now());
        left >= 1.0
    }

    /// Reads a message, and decides what will be said of it.
    pub fn hear(&self, operation: &str, bytes: &[u8], behaviour: Behaviour) -> Heard {
        let now = Timestamp::now();
        let (mut replies, mut unread, mut lrn) = (Vec::new(), Vec::new(), String::new());
        receive(&self.catalogue, &self.receives, bytes, &mut |received| {
            let (Some(got), Some(grammar), Some(mapping)) =
                (&received.got, received.grammar, self.receives.mapping())
            else {
                unread.extend(received.findings);
                return;
            };
            let base =
                Base { tree: received.tree, grammar, document: &got.document, carriers: &got.carriers };
            let stated = dragoman_model::At::root(&got.document).text("lrn");
            lrn.push_str(stated.unwrap_or_default().trim());
            let submitted = Submitted { base, mapping, findings: &received.findings };
            replies.push(self.state().counterpart.receive(&submitted, now));
        });
        let mut answers = Vec::new();
        for reply in replies {
            match reply {
                Ok(Reply::Taken(taken)) => answers.extend(taken),
                Ok(Reply::Malformed(findings)) => unread.extend(findings),
                Err(error) => tracing::error!(%error, "the script says what no answer has a place for"),
            }
        }
        let is_malformed = answers.is_empty() && !unread.is_empty();
        let conversation = self.note(operation, &lrn, !is_malformed);
        if is_malformed {
            return Heard::Malformed(unread);
        }
        let answers = answers.iter().filter_map(|answer| self.written(answer, &conversation, now)).collect();
        Heard::Taken { answers: shaped(answers, behaviour, now), conversation }
    }

    fn note(&self, operation: &str, lrn: &str, taken: bool) -> String {
        let mut state = self.state();
        state.count += 1;
        let (seed, count) = (self.options.seed, state.count);
        let conversation = format!("{:08x}-0000-4000-8000-{count:012x}", seed & 0xffff_ffff);
        let one = Received {
            operation: operation.to_owned(),
            lrn: lrn.to_owned(),
            taken,
            conversation: conversation.clone(),
        };
        state.received.push(one);
        conversation
    }

    fn written(&self, answer: &Answer, conversation: &str, now: Timestamp) -> Option<Arriving> {
        let put = self.answers.put(&answer.document)?;
        let grammar = self.answers.written().map(|grammar| &**grammar);
        let Sent { bytes, .. } = send(self.answers.syntax(), &[&put.tree], grammar, Layout::Pretty);
        let after = now.duration_until(answer.at) / i32::try_from(self.options.faster.max(1)).unwrap_or(1);
        let at = now.checked_add(after).unwrap_or(answer.at);
        Some(Arriving { at, bytes, conversation: conversation.to_owned() })
    }

    /// Keeps an answer until it is fetched.
    pub fn keep(&self, arriving: Arriving) {
        let mut state = self.state();
        state.count += 1;
        let id = format!("n{}", state.count);
        state.unpulled.push_back((id, arriving));
    }

    /// The ids of what waits to be fetched, or was.
    pub fn waiting(&self, pulled: bool) -> Vec<String> {
        let (state, now) = (self.state(), Timestamp::now());
        let due = |(id, one): &(String, Arriving)| (one.at <= now).then(|| id.clone());
        if pulled {
            state.pulled.iter().filter_map(due).collect()
        } else {
            state.unpulled.iter().filter_map(due).collect()
        }
    }

    /// Gives out one of them.
    pub fn fetch(&self, id: &str) -> Option<Arriving> {
        let mut state = self.state();
        if let Some(at) = state.unpulled.iter().position(|(known, _)| known == id)
            && let Some(one) = state.unpulled.remove(at)
        {
            state.pulled.push(one);
        }
        state.pulled.iter().find(|(known, _)| known == id).map(|(_, one)| one.clone())
    }
}

fn expand(next: Next) -> impl Iterator<Item = Behaviour> + use<> {
    std::iter::repeat_n(next.behaviour, next.times as usize)
}

/// Answers as a behaviour gives them.
fn shaped(mut answers: Vec<Arriving>, behaviour: Behaviour, now: Timestamp) -> Vec<Arriving> {
    match behaviour {
        Behaviour::Silent => answers.clear(),
        Behaviour::Late => {
            for one in &mut answers {
                one.at = now.checked_add(now.duration_until(one.at) * 10).unwrap_or(one.at);
            }
        }
        Behaviour::Twice => answers = answers.iter().flat_map(|one| [one.clone(), one.clone()]).collect(),
        Behaviour::Reordered => {
            let moments: Vec<_> = answers.iter().map(|one| one.at).rev().collect();
            for (one, at) in answers.iter_mut().zip(moments) {
                one.at = at;
            }
        }
        _ => {}
    }
    answers
}

impl std::fmt::Debug for Office {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Office").field("adapter", &self.adapter).finish_non_exhaustive()
    }
}
