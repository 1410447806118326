//! Messages that are too large to be posted: nothing is, a form is given, and the message goes to the form's own address.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dragoman_sim::Spoken;
use dragoman_sim::door::Large;
use dragoman_sim::shape::shaped;
use jiff::{SignedDuration, Timestamp};

use crate::answering::answer;
use crate::mailbox::Notification;
use crate::movements::{MOVEMENT, Movement};
use crate::office::{Incoming, Response, Wrong};
use crate::request::Answer;
use crate::simulator::{Simulator, Visit, later, uuid};

/// How long a file is looked through.
const LOOKED_THROUGH: SignedDuration = SignedDuration::from_secs(2);

/// A message that was announced.
#[derive(Clone, Debug)]
struct Announced {
    /// The route that it was announced on.
    route: String,
    edition: Option<String>,
    conversation: String,
}

/// Those that were announced and have not come, by the keys of their forms.
#[derive(Debug, Default)]
pub(crate) struct Expected(Mutex<HashMap<String, Announced>>);

impl Expected {
    fn lock(&self) -> MutexGuard<'_, HashMap<String, Announced>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Simulator {
    /// Gives a form for a message that is to come.
    pub(crate) fn announce(&self, visit: &mut Visit<'_>, large: &Large) -> Answer {
        let conversation = match visit.step(MOVEMENT) {
            "" => self.conversation("", ""),
            movement => movement.to_owned(),
        };
        let (lrn, mrn, path) = (String::new(), String::new(), visit.route.path.clone());
        self.movements().add(&conversation, Movement { lrn, mrn, at: visit.now, path });
        let key = uuid(&format!("{} {conversation} {}", self.seed(), self.log().len()));
        let host = visit.request.header("host").unwrap_or_default();
        let spoken = Spoken::default().text("conversation", &*conversation).text("reference", &*key);
        let spoken = spoken.text("href", format!("http://{host}{}", large.to));
        let edition = self.door().edition(|name| visit.request.header(name)).map(str::to_owned);
        let announced = Announced { route: visit.route.name.clone(), edition, conversation };
        self.expected().lock().insert(key, announced);
        answer(&large.answer, &spoken, &self.door().headers)
    }

    /// Takes a message that was announced under a key; none where nothing was.
    pub(crate) fn take_announced(&self, visit: &mut Visit<'_>, key: &str, bytes: &[u8]) -> Option<Answer> {
        let announced = self.expected().lock().remove(key)?;
        let Announced { route, edition, conversation } = announced;
        let route = self.door().route.iter().find(|known| known.name == route)?;
        let at = (visit.now, self.pace());
        let bytes = if visit.is_spoiled { b"" } else { bytes };
        let incoming = Incoming { bytes, takes: &route.takes, edition: edition.as_deref(), at };
        let large = route.large.as_ref()?;
        match self.office()?.take(incoming, &|_, _| None) {
            Ok(Response::Taken { lrn, mrn, answers }) => {
                let (at, path) = (visit.now, String::new());
                self.movements()
                    .add(&conversation, Movement { lrn: lrn.clone(), mrn: mrn.clone(), at, path });
                (visit.entry.lrn, visit.entry.mrn, visit.entry.taken) = (lrn, mrn, true);
                visit.entry.conversation.clone_from(&conversation);
                self.tell_outcome(large, (&conversation, key), visit.now, None);
                self.send(&conversation, answers);
            }
            Ok(Response::Malformed(wrong)) => {
                self.tell_outcome(large, (&conversation, key), visit.now, Some(wrong));
            }
            _ => self.tell_outcome(large, (&conversation, key), visit.now, Some(Vec::new())),
        }
        Some(self.say(visit.route, Spoken::default()))
    }

    /// Tells what became of a message that came as a file: what is wrong with it, where it was not taken.
    fn tell_outcome(
        &self,
        large: &Large,
        (conversation, key): (&str, &str),
        at: Timestamp,
        wrong: Option<Vec<Wrong>>,
    ) {
        let shape = if wrong.is_some() { &large.failed } else { &large.taken };
        let mut spoken = self.spoken_of(conversation, key);
        let is_failure = wrong.is_some();
        let entry = |one: Wrong| {
            let texts =
                Spoken::default().text("line", one.line.to_string()).text("column", one.column.to_string());
            shaped(large.entry.as_ref()?, &texts.text("message", one.message))
        };
        let entries: Vec<_> = wrong.unwrap_or_default().into_iter().filter_map(entry).collect();
        if !entries.is_empty() {
            spoken = spoken.value("entries", entries);
        }
        let Some(word) = shape.as_ref().and_then(|shape| shaped(shape, &spoken)) else { return };
        // A file is looked through before anything is said of it.
        let at = later(at, self.pace().of(LOOKED_THROUGH));
        let (id, conversation, name) = (key.to_owned(), conversation.to_owned(), large.name.clone());
        let (headers, bytes, word) = (Vec::new(), Vec::new(), Some(word));
        self.deliver(Notification { at, id, conversation, name, headers, bytes, word, is_failure });
    }
}
