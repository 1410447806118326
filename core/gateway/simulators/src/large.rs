//! Messages that are too large to be posted: nothing is, a form is given, and the message goes to the form's own address.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use dragoman_sim::Spoken;
use dragoman_sim::door::Large;

use crate::answering::answer;
use crate::movements::{MOVEMENT, Movement};
use crate::office::{Incoming, Response};
use crate::request::Answer;
use crate::simulator::{Simulator, Visit, uuid};

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
        let (lrn, mrn) = (String::new(), String::new());
        self.movements().add(&conversation, Movement { lrn, mrn, at: visit.now });
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
        let incoming = Incoming { bytes, takes: &route.takes, edition: edition.as_deref(), at };
        // What is wrong with it nobody is told: its status says that it failed.
        if let Ok(Response::Taken { lrn, mrn, answers }) = self.office()?.take(incoming, &|_, _| None) {
            let movement = Movement { lrn: lrn.clone(), mrn: mrn.clone(), at: visit.now };
            self.movements().add(&conversation, movement);
            (visit.entry.lrn, visit.entry.mrn, visit.entry.taken) = (lrn, mrn, true);
            visit.entry.conversation.clone_from(&conversation);
            self.send(&conversation, answers);
        }
        Some(self.say(visit.route, Spoken::default()))
    }
}
