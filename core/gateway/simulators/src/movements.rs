//! Movements: what an authority keeps together since a declaration or an arrival, and lists what it answered in.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dragoman_channel::Values;
use dragoman_sim::Spoken;
use dragoman_sim::door::Plays;
use jiff::Timestamp;

use crate::request::{Answer, value};
use crate::simulator::{Simulator, Visit};

/// The step of a path that names a movement.
pub(crate) const MOVEMENT: &str = "movement";

/// A movement.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub lrn: String,
    pub mrn: String,
    /// When a message was taken in it last.
    pub at: Timestamp,
    /// The path that it was begun at, where movements like it are listed.
    pub path: String,
}

/// The movements by the ids that they were given.
#[derive(Debug, Default)]
pub(crate) struct Movements(Mutex<BTreeMap<String, Movement>>);

impl Movements {
    /// Enters a movement, or what was taken in it last.
    pub fn add(&self, id: &str, movement: Movement) {
        let mut all = self.lock();
        let known = all.entry(id.to_owned()).or_insert_with(|| movement.clone());
        known.at = movement.at;
        // One that was announced has its numbers from what comes then.
        if known.mrn.is_empty() {
            let path = std::mem::take(&mut known.path);
            *known = Movement { path, ..movement };
        }
    }

    /// The path that a movement was begun at.
    pub fn path(&self, id: &str) -> String {
        self.lock().get(id).map(|movement| movement.path.clone()).unwrap_or_default()
    }

    /// True for one that is there.
    pub fn has(&self, id: &str) -> bool {
        self.lock().contains_key(id)
    }

    /// Those that were begun at a path.
    fn begun_at(&self, path: &str) -> Vec<(String, Movement)> {
        let all = self.lock();
        let begun = all.iter().filter(|(_, movement)| movement.path == path);
        begun.map(|(id, movement)| (id.clone(), movement.clone())).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Movement>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulator {
    /// True where somebody can ask for movements; else they need not be kept.
    pub(crate) fn lists_movements(&self) -> bool {
        self.door().route.iter().any(|route| route.plays == Plays::Movements)
    }

    /// Lists movements, those with news since a moment where it is asked so.
    pub(crate) fn list_movements(&self, visit: &Visit<'_>) -> Answer {
        let parameters = visit.request.parameters();
        let since = visit.route.since.as_deref().and_then(|name| value(&parameters, name));
        let of = visit.route.of.as_deref().and_then(|name| value(&parameters, name));
        let since: Option<Timestamp> = since.and_then(|text| text.parse().ok());
        let entry = |(id, movement): (String, Movement)| {
            let told = self.mailbox().last_of(&id, visit.now);
            let updated = told.map_or(movement.at, |at| at.max(movement.at));
            let Movement { lrn, mrn, .. } = movement;
            let is_meant = of.is_none_or(|of| of == lrn);
            let entry = Values::new().with("id", id).with("lrn", lrn).with("mrn", mrn);
            let is_listed = is_meant && since.is_none_or(|since| updated >= since);
            is_listed.then(|| entry.with("updated", updated.to_string()))
        };
        let entries: Vec<_> =
            self.movements().begun_at(&visit.route.path).into_iter().filter_map(entry).collect();
        self.say(visit.route, Spoken { entries, ..Spoken::default() })
    }

    /// Lists what was answered in a movement.
    pub(crate) fn list_messages(&self, visit: &Visit<'_>) -> Answer {
        let id = visit.step(MOVEMENT);
        if !self.movements().has(id) {
            return self.refuse("not_found", Spoken::default());
        }
        let answered = self.mailbox().of(id, visit.now).into_iter();
        let entry = |one: crate::mailbox::Notification| {
            let entry = Values::new().with("id", one.id).with("name", one.name);
            let status = if one.is_failure { "Failed" } else { "Success" };
            entry.with("received", one.at.to_string()).with("status", status)
        };
        self.say(visit.route, Spoken { entries: answered.map(entry).collect(), ..Spoken::default() })
    }

    /// Gives one of those answers; where the route says itself what is answered, the state of what it is about.
    pub(crate) fn message(&self, visit: &mut Visit<'_>) -> Answer {
        let (movement, id) = (visit.step(MOVEMENT), visit.step("id"));
        let Some(found) = self.mailbox().of(movement, visit.now).into_iter().find(|one| one.id == id) else {
            return self.refuse("not_found", Spoken::default());
        };
        visit.entry.conversation.clone_from(&found.conversation);
        let spoken = self
            .spoken_of(&found.conversation, &found.id)
            .text("name", found.name)
            .text("received", found.at.to_string());
        let spoken = spoken.text("status", if found.is_failure { "Failed" } else { "Success" });
        let mut answer = self.say(visit.route, spoken);
        if visit.route.answer.json.is_none() {
            answer.headers.extend(found.headers);
            answer.body = found.bytes;
        }
        answer
    }
}
