//! What is asked of an authority: messages taken, answers sent on their way or fetched.

use std::cell::OnceCell;

use dragoman_channel::Values;
use dragoman_sim::door::Plays;
use dragoman_sim::{Behaviour, Spoken, Trouble};

use crate::answering::filled;
use crate::envelope::{around, given, opened};
use crate::mailbox::Notification;
use crate::movements::{MOVEMENT, Movement};
use crate::office::{Incoming, Response, Written, Wrong};
use crate::request::Answer;
use crate::simulator::{Simulator, Visit, uuid};

impl Simulator {
    pub(crate) fn take(&self, visit: &mut Visit<'_>) -> Answer {
        let Some(office) = self.office() else {
            return self.refuse("unknown_path", Spoken::default());
        };
        if visit.has_step(MOVEMENT) && !self.movements().has(visit.step(MOVEMENT)) {
            return self.refuse("not_found", Spoken::default());
        }
        if let Some(large) = visit.route.large.as_ref().filter(|_| visit.request.body.is_empty()) {
            return self.announce(visit, large);
        }
        let played = OnceCell::new();
        let choose = |lrn: &str, triggers: &dyn Fn(&Behaviour) -> bool| {
            played.get_or_init(|| self.chosen(&visit.route.name, visit.now, lrn, triggers)).clone()
        };
        let Some(message) = opened(self.door().envelope.as_ref(), &visit.request.body) else {
            return self.malformed(vec![Wrong {
                line: 1,
                column: 1,
                message: "there is no message in it".to_owned(),
            }]);
        };
        let incoming = Incoming {
            bytes: &message,
            takes: &visit.route.takes,
            edition: self.door().edition(|name| visit.request.header(name)),
            at: (visit.now, self.pace()),
        };
        let taken = office.take(incoming, &choose);
        let answer = self.taken(visit, taken);
        let played = played.into_inner().flatten();
        self.met(visit, answer, played.as_deref())
    }

    fn taken(&self, visit: &mut Visit<'_>, taken: Result<Response, Trouble>) -> Answer {
        match taken {
            Ok(Response::Malformed(wrong)) => self.malformed(wrong),
            Ok(Response::Lost(lrn)) => {
                visit.entry.lrn = lrn;
                Answer::default()
            }
            Ok(Response::Taken { lrn, mrn, answers }) => {
                let conversation = if visit.has_step(MOVEMENT) {
                    visit.step(MOVEMENT).to_owned()
                } else {
                    self.conversation(&lrn, &mrn)
                };
                if self.lists_movements() {
                    let path = visit.route.path.clone();
                    let movement = Movement { lrn: lrn.clone(), mrn: mrn.clone(), at: visit.now, path };
                    self.movements().add(&conversation, movement);
                }
                visit.entry.lrn = lrn;
                visit.entry.mrn = mrn;
                visit.entry.taken = true;
                visit.entry.conversation.clone_from(&conversation);
                let answers = self.enveloped(&visit.request.body, &conversation, answers);
                self.send(&conversation, answers);
                self.say(visit.route, Spoken::default().text("conversation", conversation))
            }
            Err(error) => self.trouble(&error),
        }
    }

    fn malformed(&self, wrong: Vec<Wrong>) -> Answer {
        let mut spoken = Spoken::default();
        for one in wrong {
            let mut values = Values::new();
            values.set("line", one.line.to_string()).set("column", one.column.to_string());
            values.set("message", one.message);
            spoken.entries.push(values);
        }
        self.refuse("malformed", spoken)
    }

    /// Answers in the envelopes that they go in.
    fn enveloped(&self, body: &[u8], conversation: &str, answers: Vec<Written>) -> Vec<Written> {
        let Some(envelope) = &self.door().envelope else { return answers };
        let (given, before) = (given(envelope, body), self.log().taken());
        let id = |number: usize| uuid(&format!("{conversation} {before} {number} envelope"));
        let answers = answers.into_iter().enumerate();
        answers.map(|(number, one)| around(envelope, &given, &id(number), one)).collect()
    }

    /// Sends answers on their way.
    pub(crate) fn send(&self, conversation: &str, answers: Vec<Written>) {
        let before = self.log().taken();
        for (number, Written { at, name, bytes }) in answers.into_iter().enumerate() {
            let id = uuid(&format!("{conversation} {before} {number}"));
            let (conversation, headers) = (conversation.to_owned(), self.headers_of(conversation));
            let (word, is_failure) = (None, false);
            self.deliver(Notification { at, id, conversation, name, headers, bytes, word, is_failure });
        }
    }

    /// Pushes a notification, or lays it where it is fetched.
    pub(crate) fn deliver(&self, notification: Notification) {
        match (self.pusher(), self.settings().callback) {
            (Some(pusher), Some(callback)) => {
                let told = self.door().push.as_ref().and_then(|push| push.told.as_ref());
                let pushed = told.map(|told| self.in_words(told, &notification, &callback));
                if let Some(pushed) = pushed {
                    pusher.put(pushed, callback, self.pace());
                    self.lay(notification);
                } else {
                    pusher.put(notification, callback, self.pace());
                }
            }
            _ => self.lay(notification),
        }
    }

    /// Lays a notification where it is fetched: what is only said of a message that was taken is not there.
    fn lay(&self, notification: Notification) {
        if notification.word.is_none() || notification.is_failure {
            self.mailbox().put(notification);
        }
    }

    /// The headers of a notification: it names its conversation as the answer to the message did.
    pub(crate) fn headers_of(&self, conversation: &str) -> Vec<(String, String)> {
        let mut headers = vec![("Content-Type".to_owned(), "application/xml; charset=UTF-8".to_owned())];
        let takes = self.door().route.iter().find(|route| route.plays == Plays::Take);
        let spoken = Spoken::default().text("conversation", conversation);
        headers.extend(takes.into_iter().flat_map(|route| filled(&route.answer.headers, &spoken)));
        headers
    }

    pub(crate) fn status(&self, visit: &Visit<'_>) -> Answer {
        let declared = self.office().map(|office| office.counterpart().declared(visit.step("mrn")));
        let declared = match declared.transpose().map(Option::flatten) {
            Ok(Some(declared)) => declared,
            Ok(None) => return self.refuse("not_found", Spoken::default()),
            Err(error) => return self.trouble(&error),
        };
        let spoken = Spoken::default().text("mrn", declared.mrn).text("lrn", declared.lrn);
        self.say(visit.route, spoken.text("version", declared.version).text("state", declared.state))
    }

    fn trouble(&self, error: &Trouble) -> Answer {
        tracing::error!(%error, "the simulator cannot say what it should");
        self.refuse("trouble", Spoken::default())
    }

    pub(crate) fn list(&self, visit: &Visit<'_>) -> Answer {
        let ids = self.mailbox().ids(visit.route.plays == Plays::Fetched, visit.now);
        let entries = ids.into_iter().map(|id| Values::new().with("id", id)).collect();
        self.say(visit.route, Spoken { entries, ..Spoken::default() })
    }

    pub(crate) fn fetch(&self, visit: &mut Visit<'_>) -> Answer {
        let id = visit.step("id");
        let found = match visit.route.plays {
            Plays::Again => self.mailbox().again(id),
            _ => self.mailbox().fetch(id, visit.now),
        };
        let Some(found) = found else {
            return self.refuse("not_found", Spoken::default());
        };
        visit.entry.conversation.clone_from(&found.conversation);
        let mut answer = self.say(visit.route, Spoken::default());
        answer.headers.extend(found.headers);
        answer.body = found.bytes;
        answer
    }

    /// What a conversation is called that begins with a message.
    pub(crate) fn conversation(&self, lrn: &str, mrn: &str) -> String {
        uuid(&format!("{} {lrn} {mrn} {}", self.seed(), self.log().taken()))
    }
}
