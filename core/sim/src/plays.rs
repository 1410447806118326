//! What is played next: by order, by what a message says, or by chance.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::behaviour::{Behaviour, Wrong};

/// An order to play a behaviour.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Play {
    /// The behaviour's name.
    pub behaviour: String,
    /// On this route, in the place of those that the behaviour names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
    /// For messages whose reference begins so only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lrn: Option<String>,
    /// So often; until it is taken back, where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub times: Option<u32>,
    /// From so many seconds after the order on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after_seconds: Option<u32>,
    /// For so many seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub for_seconds: Option<u32>,
    /// For a rejection: the code, in the place of the behaviour's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// For a rejection with a code: why, in the authority's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// For a rejection with a code: the pointer, as the authority writes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
}

impl Play {
    /// A behaviour, so many times, wherever it is played.
    pub fn times(behaviour: &str, times: u32) -> Self {
        Self { behaviour: behaviour.to_owned(), times: Some(times), ..Self::default() }
    }
}

/// What is asked, as far as choosing goes.
#[derive(Clone, Copy)]
pub struct Asked<'a> {
    /// The route.
    pub route: &'a str,
    /// The message's reference, where it is one.
    pub lrn: &'a str,
    /// Whether a message brings a behaviour about by what it says.
    pub triggers: &'a dyn Fn(&Behaviour) -> bool,
    /// The moment.
    pub now: Timestamp,
}

/// The behaviours that there are, and what is played of them.
#[derive(Debug, Default)]
pub struct Plays {
    behaviours: Vec<Arc<Behaviour>>,
    ordered: Mutex<Ordered>,
}

#[derive(Debug, Default)]
struct Ordered {
    plays: Vec<Playing>,
    /// The seed of chance, where chance plays.
    chance: Option<u64>,
    count: u64,
}

#[derive(Debug)]
struct Playing {
    play: Play,
    behaviour: Arc<Behaviour>,
    from: Timestamp,
    until: Option<Timestamp>,
}

impl Plays {
    /// Nothing but what is usual, until it is told.
    pub fn new(behaviours: Vec<Behaviour>) -> Self {
        Self { behaviours: behaviours.into_iter().map(Arc::new).collect(), ordered: Mutex::default() }
    }

    /// All behaviours.
    pub fn behaviours(&self) -> &[Arc<Behaviour>] {
        &self.behaviours
    }

    /// Adds an order. `Err` with the name where there is no such behaviour.
    pub fn add(&self, play: Play, now: Timestamp) -> Result<(), String> {
        let known = self.behaviours.iter().find(|behaviour| *behaviour.name == *play.behaviour);
        let mut behaviour = Arc::clone(known.ok_or_else(|| play.behaviour.clone())?);
        if let Some(code) = &play.code {
            let [text, pointer] = [&play.text, &play.pointer].map(|said| said.as_deref().map(Into::into));
            let errors = vec![Wrong::said(code, text, pointer)];
            behaviour = Arc::new(Behaviour { errors, ..(*behaviour).clone() });
        }
        let later =
            |seconds: u32| now.checked_add(jiff::SignedDuration::from_secs(seconds.into())).unwrap_or(now);
        let from = play.after_seconds.map_or(now, later);
        let until = play
            .for_seconds
            .map(|seconds| later(seconds.saturating_add(play.after_seconds.unwrap_or_default())));
        self.lock().plays.push(Playing { play, behaviour, from, until });
        Ok(())
    }

    /// Takes back all orders.
    pub fn clear(&self) {
        self.lock().plays.clear();
    }

    /// The orders that are still open.
    pub fn ordered(&self) -> Vec<Play> {
        self.lock().plays.iter().map(|playing| playing.play.clone()).collect()
    }

    /// Lets chance play, by a seed, or no longer.
    pub fn set_chance(&self, seed: Option<u64>) {
        self.lock().chance = seed;
    }

    /// What a request is met with; nothing, for what is usual.
    pub fn choose(&self, asked: Asked<'_>) -> Option<Arc<Behaviour>> {
        let fitting = || self.behaviours.iter().filter(|behaviour| behaviour.is_on(asked.route));
        let triggered = fitting().find(|behaviour| (asked.triggers)(behaviour));
        if let Some(triggered) = triggered {
            return Some(Arc::clone(triggered));
        }
        let mut ordered = self.lock();
        ordered.count += 1;
        ordered.plays.retain(|playing| playing.until.is_none_or(|until| asked.now < until));
        let found = ordered.plays.iter().position(|playing| playing.is_about(asked));
        if let Some(at) = found {
            return ordered.take(at);
        }
        let chance = ordered.chance?;
        let of = if asked.lrn.is_empty() { ordered.count.to_string() } else { asked.lrn.to_owned() };
        drop(ordered);
        let mut drawn = draw(&format!("{chance} {} {of}", asked.route));
        fitting()
            .find(|behaviour| {
                let is_drawn = drawn < behaviour.share;
                drawn = drawn.saturating_sub(behaviour.share);
                is_drawn
            })
            .cloned()
    }

    fn lock(&self) -> MutexGuard<'_, Ordered> {
        self.ordered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Ordered {
    /// The behaviour of an order, which is then open once less.
    fn take(&mut self, at: usize) -> Option<Arc<Behaviour>> {
        let playing = self.plays.get_mut(at)?;
        let behaviour = Arc::clone(&playing.behaviour);
        if let Some(times) = &mut playing.play.times {
            *times = times.saturating_sub(1);
            if *times == 0 {
                self.plays.remove(at);
            }
        }
        Some(behaviour)
    }
}

impl Playing {
    fn is_about(&self, asked: Asked<'_>) -> bool {
        let Play { on, lrn, .. } = &self.play;
        self.from <= asked.now
            && on.as_deref().map_or_else(|| self.behaviour.is_on(asked.route), |route| route == asked.route)
            && lrn.as_deref().is_none_or(|lrn| asked.lrn.starts_with(lrn))
    }
}

/// A number below 1000 that follows from a text.
fn draw(from: &str) -> u32 {
    let hash = Sha256::digest(from);
    let number = hash.iter().take(4).fold(0_u32, |number, byte| number << 8 | u32::from(*byte));
    number % 1000
}
