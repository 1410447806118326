//! One stream of the journal, told from its beginning: an order, a declaration with its submissions, or an answer that
//! nobody waits for.

use dragoman_model::{State as Standing, Status};
use jiff::Timestamp;

use crate::event::{Event, Purpose, Said};
use crate::submission::{Misplaced, State};

/// What a stream is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An order of a platform.
    Order,
    /// A declaration, with everything that is sent about it.
    #[default]
    Declaration,
    /// An answer that nobody waits for.
    Parked,
    /// News to a customer's own address.
    Webhook,
}

impl Kind {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Declaration => "declaration",
            Self::Parked => "parked",
            Self::Webhook => "webhook",
        }
    }
}

/// One message on its way out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// Its id.
    pub id: String,
    /// What it is for.
    pub purpose: Purpose,
    /// The account that sends it.
    pub account: String,
    /// The operation of the account's channel.
    pub operation: String,
    /// Our reference for it.
    pub lrn: Option<String>,
    /// Who gave it.
    pub by: String,
    /// Where it stands.
    pub state: State,
    /// How often it was sent.
    pub attempts: u32,
    /// The last thing that was said of it.
    pub said: Option<String>,
    /// When it was accepted.
    pub at: Timestamp,
}

/// A stream as it stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exchange {
    /// What it is about.
    pub kind: Kind,
    /// What people call it: the order's number, our reference.
    pub title: String,
    /// Where it came from, or goes to.
    pub account: String,
    /// Our reference.
    pub lrn: Option<String>,
    /// The authority's number.
    pub mrn: Option<String>,
    /// The version that the authority counts.
    pub version: Option<String>,
    /// From where to where.
    pub corridor: Option<String>,
    /// What it is worth.
    pub value: Option<String>,
    /// The data set.
    pub data_set: Option<String>,
    /// The orders of a declaration: streams and numbers.
    pub orders: Vec<(String, String)>,
    /// SKUs that the customs master lacks.
    pub gaps: Vec<String>,
    /// Errors of the draft.
    pub errors: usize,
    /// What the authority made of it.
    pub status: Status,
    /// What is at fault.
    pub causes: Vec<String>,
    /// Its submissions, in the order they were accepted.
    pub submissions: Vec<Submission>,
    /// Conversations that answers may belong to.
    pub conversations: Vec<String>,
    /// How often the document was written: who corrects says which one was looked at.
    pub revision: u32,
    /// When it began, and when something last happened.
    pub began: Option<Timestamp>,
    /// When something last happened.
    pub changed: Option<Timestamp>,
}

impl Exchange {
    /// Takes what happened next. Events of submissions that the stream does not know, or that cannot happen to them, are
    /// refused, and change nothing.
    pub fn apply(
        &mut self,
        at: Timestamp,
        by: &str,
        submission: Option<&str>,
        event: &Event,
    ) -> Result<(), Misplaced> {
        match event {
            Event::OrderReceived { from, number, value, gaps, .. } => {
                (self.kind, self.title, self.account) = (Kind::Order, number.clone(), from.clone());
                (self.value, self.gaps) = (value.clone(), gaps.clone());
                self.revision += 1;
            }
            Event::Drafted { account, lrn, orders, data_set, corridor, value, errors } => {
                self.kind = Kind::Declaration;
                self.account.clone_from(account);
                self.lrn = lrn.clone().or_else(|| self.lrn.take());
                self.title = self.lrn.clone().unwrap_or_default();
                (self.orders, self.data_set) = (orders.clone(), data_set.clone());
                (self.corridor, self.value, self.errors) = (corridor.clone(), value.clone(), *errors);
                self.revision += 1;
            }
            Event::Corrected { .. } => self.revision += 1,
            Event::Accepted { .. } => self.accepted(at, by, submission, event),
            Event::Parked { account, said } => {
                self.kind = Kind::Parked;
                self.account.clone_from(account);
                self.title = said.lrn.clone().or_else(|| said.mrn.clone()).unwrap_or_default();
            }
            Event::Matched { stream } => self.orders.push((stream.clone(), String::new())),
            _ => self.moved(submission, event)?,
        }
        if let Event::Responded { said } = event {
            self.heard(submission, said);
        }
        self.began = Some(self.began.map_or(at, |began| began.min(at)));
        self.changed = Some(self.changed.map_or(at, |changed| changed.max(at)));
        Ok(())
    }

    fn accepted(&mut self, at: Timestamp, by: &str, submission: Option<&str>, event: &Event) {
        let Event::Accepted { purpose, account, operation, lrn, held } = event else { return };
        if *purpose == Purpose::Webhook && self.submissions.is_empty() && self.title.is_empty() {
            (self.kind, self.title, self.account) = (Kind::Webhook, operation.clone(), account.clone());
        }
        if *purpose == Purpose::Declaration {
            // A declaration that goes out anew begins anew: what was rejected before is history.
            (self.status, self.causes) = (Status::default(), Vec::new());
            (self.mrn, self.version) = (None, None);
            self.lrn = lrn.clone().or_else(|| self.lrn.take());
            self.title = self.lrn.clone().unwrap_or_default();
        }
        let pending = match purpose {
            Purpose::Amendment => "+amend_pending",
            Purpose::Cancellation => "+cancel_pending",
            _ => "",
        };
        if !pending.is_empty() {
            self.status = self.status.join(Status::of_event(pending, Some(at)).0);
        }
        self.submissions.push(Submission {
            id: submission.unwrap_or_default().to_owned(),
            purpose: *purpose,
            account: account.clone(),
            operation: operation.clone(),
            lrn: lrn.clone(),
            by: by.to_owned(),
            state: State::accepted(held.is_some()),
            attempts: 0,
            said: held.clone(),
            at,
        });
    }

    /// What happens to one submission.
    fn moved(&mut self, submission: Option<&str>, event: &Event) -> Result<(), Misplaced> {
        let found = self.submissions.iter_mut().find(|one| Some(one.id.as_str()) == submission);
        let Some(found) = found else {
            // An answer may be about the declaration as a whole.
            let is_free = matches!(event, Event::Responded { .. });
            return if is_free { Ok(()) } else { Err(Misplaced { state: "not there", event: event.word() }) };
        };
        found.state = found.state.after(event)?;
        match event {
            Event::Attempted { attempt } => found.attempts = *attempt,
            Event::Delivered { conversation } => {
                found.said = None;
                self.conversations.extend(conversation.clone());
            }
            Event::Deferred { said, .. } | Event::Refused { said, .. } => found.said = Some(said.clone()),
            Event::OutcomeUnknown { why } | Event::Dead { why } => found.said = Some(why.clone()),
            _ => {}
        }
        Ok(())
    }

    /// What the authority said: whatever the order of arrival, the same comes out.
    fn heard(&mut self, submission: Option<&str>, said: &Said) {
        let of = self.submissions.iter().position(|one| Some(one.id.as_str()) == submission);
        let purpose =
            of.and_then(|at| self.submissions.get(at)).map_or(Purpose::Declaration, |one| one.purpose);
        if purpose != Purpose::Declaration {
            self.heard_of(of, purpose, said);
            return;
        }
        let last = self.submissions.iter().rposition(|one| one.purpose == Purpose::Declaration);
        if of.is_some() && of != last {
            // It answers what was sent before: that is history.
            return;
        }
        let (status, _) = Status::of_event(&said.events, said.at);
        self.status = self.status.join(status);
        self.mrn = self.mrn.take().or_else(|| said.mrn.clone());
        self.version = self.version.take().max(said.version.clone());
        for cause in &said.causes {
            if !self.causes.contains(cause) {
                self.causes.push(cause.clone());
            }
        }
        self.causes.sort_unstable();
    }

    /// What the authority said about an amendment, a cancellation, an arrival: its own fate is not the declaration's, but
    /// for what ends that, and for the flags.
    fn heard_of(&mut self, of: Option<usize>, purpose: Purpose, said: &Said) {
        let is_refused = said.events.split_whitespace().any(|word| word == "rejected");
        let done = match purpose {
            Purpose::Amendment => Some("-amend_pending"),
            Purpose::Cancellation => Some("-cancel_pending"),
            _ => None,
        };
        let is_own = |word: &&str| matches!(*word, "rejected" | "received" | "registered" | "accepted");
        let is_decided = is_refused || said.events.contains("invalidated");
        let words = said.events.split_whitespace().filter(|word| !is_own(word));
        let words: Vec<_> = words.chain(done.filter(|_| is_decided)).collect();
        let (status, _) = Status::of_event(&words.join(" "), said.at);
        self.status = self.status.join(status);
        if let Some(one) = of.and_then(|at| self.submissions.get_mut(at)).filter(|_| is_refused) {
            one.said = Some(format!("customs says {}: rejected", said.native));
        }
    }

    /// The last submission for a purpose.
    pub fn last(&self, purpose: Purpose) -> Option<&Submission> {
        self.submissions.iter().rfind(|one| one.purpose == purpose)
    }

    /// Where it stands, in one word: that of its last submission, or of the document.
    pub fn state(&self) -> &'static str {
        match (self.submissions.last(), self.kind) {
            (Some(submission), _) => submission.state.word(),
            (None, Kind::Order) if !self.gaps.is_empty() => "incomplete",
            (None, Kind::Order) => "received",
            (None, Kind::Parked) if self.orders.is_empty() => "parked",
            (None, Kind::Parked) => "matched",
            (None, _) if self.errors > 0 => "incomplete",
            (None, _) => "draft",
        }
    }

    /// What a person has to do; none where nothing is asked of anybody.
    pub fn needs(&self) -> Option<&'static str> {
        let is = |state: &str| self.submissions.iter().any(|one| one.state.word() == state);
        let last = self.submissions.last().map(|one| one.state);
        match self.status.state() {
            _ if is("unknown") => Some("decide"),
            _ if is("held") => Some("approve"),
            _ if last == Some(State::Dead) => Some("replay"),
            _ if last == Some(State::Refused) => Some("correct"),
            Standing::Rejected => Some("correct"),
            Standing::Disputed => Some("decide"),
            _ if self.submissions.is_empty() && !self.gaps.is_empty() => Some("master"),
            _ if self.submissions.is_empty() && self.errors > 0 => Some("correct"),
            _ if self.kind == Kind::Parked && self.orders.is_empty() => Some("match"),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
