//! One stream of the journal, told from its beginning: an order, a declaration with its submissions, or an answer that
//! nobody waits for.

mod answers;
mod inquiry;
mod kind;

use dragoman_model::{Flag, State as Standing, Status};
use jiff::Timestamp;

pub use answers::Answers;
pub use kind::Kind;

use crate::event::{Event, Lack, Purpose, Said};
use crate::submission::{Misplaced, State};

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
    /// What was answered to it.
    pub answers: Answers,
}

impl Submission {
    fn hear(&mut self, said: &Said) {
        self.answers.hear(said);
        if self.is_rejected() {
            let rejected = said.events.split_whitespace().any(|word| word == Standing::Rejected.word());
            self.said =
                self.said.take().max(rejected.then(|| format!("customs says {}: rejected", said.native)));
        }
    }

    /// Hears whether what it asks for was done.
    fn hear_decision(&mut self, said: &Said) {
        if let Some(closing) = self.decided_by(said) {
            self.answers.status = self.answers.status.join(Status::of_event(closing, None).0);
        }
    }

    /// The event that closes what it asks for, where that was decided.
    fn decided_by(&self, said: &Said) -> Option<&'static str> {
        let (done, closing): (&[&str], _) = match self.purpose {
            Purpose::Amendment => (&["-amend_pending"], "-amend_pending"),
            Purpose::Cancellation => (&["-cancel_pending", "invalidated"], "-cancel_pending"),
            _ => return None,
        };
        said.events.split_whitespace().any(|word| done.contains(&word)).then_some(closing)
    }

    /// What it asks of the authority, where that has not decided about it yet.
    fn pending(&self) -> Option<&'static str> {
        let (flag, word) = match self.purpose {
            Purpose::Amendment => (Flag::AmendPending, "+amend_pending"),
            Purpose::Cancellation => (Flag::CancelPending, "+cancel_pending"),
            _ => return None,
        };
        let is_decided = self.answers.status.state().is_end()
            || self.is_rejected()
            || self.answers.status.has_closed(flag);
        let is_gone = matches!(self.state, State::Refused | State::Dead);
        (!is_decided && !is_gone).then_some(word)
    }

    fn is_rejected(&self) -> bool {
        self.answers.status.state() == Standing::Rejected
    }
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
    /// Answers that belong to no submission.
    pub unclaimed: Answers,
    /// Until when somebody has to do something.
    pub limit: Option<Timestamp>,
    /// Conversations that answers may belong to.
    pub conversations: Vec<String>,
    /// How often the document was written: who corrects says which one was looked at.
    pub revision: u32,
    /// True where a person left it at that.
    pub closed: bool,
    /// True where its payloads were taken away, and nothing came since.
    pub erased: bool,
    /// Why a question cannot be answered as things stand.
    pub lacking: Vec<Lack>,
    /// True where the time to answer a question was over before the counterpart had the answer.
    pub overdue: bool,
    /// When it began.
    pub began: Option<Timestamp>,
    /// When something last happened.
    pub changed: Option<Timestamp>,
}

impl Exchange {
    /// What a person may have to do, the most pressing first.
    pub const NEEDS: [&str; 8] =
        ["decide", "approve", "correct", "answer", "documents", "master", "match", "replay"];

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
            Event::Inquired { .. }
            | Event::Unanswerable { .. }
            | Event::Answerable { .. }
            | Event::Overdue => {
                self.inquired(event);
            }
            Event::ShipmentReceived { from, number, .. } => {
                (self.kind, self.title, self.account) = (Kind::Shipment, number.clone(), from.clone());
                self.revision += 1;
            }
            Event::Drafted { .. } => self.drafted(event),
            Event::Corrected { .. } => self.revision += 1,
            Event::Accepted { .. } => self.accepted(at, by, submission, event),
            Event::Parked { account, said } => {
                self.kind = Kind::Parked;
                self.account.clone_from(account);
                self.title = said.lrn.clone().or_else(|| said.mrn.clone()).unwrap_or_default();
                self.unclaimed.hear(said);
            }
            Event::Matched { stream } => self.orders.push((stream.clone(), String::new())),
            Event::Responded { said } => self.heard(submission, event, said)?,
            Event::Closed { .. } => self.closed = true,
            Event::PaymentReceived { .. } | Event::Erased { .. } => {}
            _ => self.moved(submission, event)?,
        }
        if matches!(event, Event::Drafted { .. } | Event::Corrected { .. } | Event::Accepted { .. }) {
            self.closed = false;
        }
        // What comes later may have a payload again.
        self.erased = matches!(event, Event::Erased { .. });
        self.sum_up();
        self.began = Some(self.began.map_or(at, |began| began.min(at)));
        self.changed = Some(self.changed.map_or(at, |changed| changed.max(at)));
        Ok(())
    }

    fn drafted(&mut self, event: &Event) {
        let Event::Drafted { account, lrn, orders, data_set, corridor, value, errors } = event else {
            return;
        };
        self.kind = Kind::Declaration;
        self.account.clone_from(account);
        self.lrn = lrn.clone().or_else(|| self.lrn.take());
        self.title = self.lrn.clone().unwrap_or_default();
        (self.orders, self.data_set) = (orders.clone(), data_set.clone());
        (self.corridor, self.value, self.errors) = (corridor.clone(), value.clone(), *errors);
        self.revision += 1;
    }

    fn accepted(&mut self, at: Timestamp, by: &str, submission: Option<&str>, event: &Event) {
        let Event::Accepted { purpose, account, operation, lrn, held } = event else { return };
        if *purpose == Purpose::Webhook && self.submissions.is_empty() && self.title.is_empty() {
            (self.kind, self.title, self.account) = (Kind::Webhook, operation.clone(), account.clone());
        }
        if *purpose == Purpose::Declaration {
            self.lrn = lrn.clone().or_else(|| self.lrn.take());
            self.title = self.lrn.clone().unwrap_or_default();
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
            answers: Answers::default(),
        });
    }

    /// What happens to one submission.
    fn moved(&mut self, submission: Option<&str>, event: &Event) -> Result<(), Misplaced> {
        let found = self.submissions.iter_mut().find(|one| Some(one.id.as_str()) == submission);
        let found = found.ok_or(Misplaced { state: "not there", event: event.word() })?;
        found.state = found.state.after(event)?;
        match event {
            Event::Attempted { attempt } => found.attempts = *attempt,
            Event::Delivered { conversation } => {
                // The authority may have rejected it before the answer to the request is here.
                found.said = found.said.take().filter(|_| found.is_rejected());
                self.conversations.extend(conversation.clone());
            }
            Event::Deferred { said, .. } | Event::Refused { said, .. } => found.said = Some(said.clone()),
            Event::OutcomeUnknown { why } | Event::Dead { why } => found.said = Some(why.clone()),
            _ => {}
        }
        match found.state {
            State::Delivered => found.answers.know(Standing::Received),
            State::Unknown => found.answers.know(Standing::Sent),
            State::Refused => found.answers.know(Standing::Rejected),
            State::Dead if found.attempts > 0 => found.answers.know(Standing::Undeliverable),
            _ => {}
        }
        Ok(())
    }

    /// An answer proves that the submission arrived that it was found to answer. What it says belongs to the submission
    /// whose reference it names; where it names none of ours, to that one, or else to the declaration that went out last.
    fn heard(&mut self, submission: Option<&str>, event: &Event, said: &Said) -> Result<(), Misplaced> {
        let last = |is: &dyn Fn(&Submission) -> bool| self.submissions.iter().rposition(is);
        let answered = last(&|one| Some(one.id.as_str()) == submission);
        let named = last(&|one| said.lrn.is_some() && one.lrn == said.lrn);
        let about = named.or(answered).or_else(|| last(&|one| one.purpose == Purpose::Declaration));
        let about = about.and_then(|about| self.rejected_request(about, said)).or(about);
        if let Some(arrived) = answered.or(named).and_then(|index| self.submissions.get_mut(index)) {
            arrived.state = arrived.state.after(event)?;
        }
        match about.and_then(|index| self.submissions.get_mut(index)) {
            Some(about) => about.hear(said),
            None => self.unclaimed.hear(said),
        }
        // What comes in the conversation of a request and names the declaration may decide about the request as well. Where
        // all share the declaration's conversation, it is the last that is open.
        let is_request = |one: &Submission| one.purpose != Purpose::Declaration;
        let is_open = |one: &Submission| one.pending().is_some() && one.decided_by(said).is_some();
        let asked = answered.filter(|index| self.submissions.get(*index).is_some_and(is_request));
        let asked = asked.or_else(|| self.submissions.iter().rposition(is_open));
        if let Some(asked) = asked.and_then(|index| self.submissions.get_mut(index)) {
            asked.hear_decision(said);
        }
        Ok(())
    }

    /// What an authority accepted it does not reject any more: what it rejects then by the reference of the declaration is the
    /// request about it that went out and is open.
    fn rejected_request(&self, about: usize, said: &Said) -> Option<usize> {
        let is_rejection = said.events.split_whitespace().any(|word| word == Standing::Rejected.word());
        let declaration = self.submissions.get(about)?;
        let stands = Standing::Accepted.is_below(declaration.answers.status.state());
        if !is_rejection || !stands || declaration.purpose != Purpose::Declaration {
            return None;
        }
        self.submissions.iter().rposition(|one| one.attempts > 0 && one.pending().is_some())
    }

    /// What is known of the declaration as a whole: what was said to it since it went out last. What was rejected before
    /// is history.
    fn sum_up(&mut self) {
        let current = self.submissions.iter().rposition(|one| one.purpose == Purpose::Declaration);
        let mut all = self.unclaimed.clone();
        for (index, one) in self.submissions.iter().enumerate().skip(current.unwrap_or(0)) {
            all.join(if Some(index) == current { one.answers.clone() } else { one.answers.of_goods() });
        }
        // What nobody has decided yet is pending, whatever was said of it before.
        for pending in self.submissions.iter().filter_map(Submission::pending) {
            all.status = all.status.join(Status::of_event(pending, Some(Timestamp::MAX)).0);
        }
        (self.status, self.mrn, self.version) = (all.status, all.mrn, all.version);
        (self.causes, self.limit) = (all.causes, all.limit);
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
            (None, Kind::Inquiry) if self.lacking.is_empty() => "received",
            (None, Kind::Inquiry) => "unanswered",
            (None, _) if self.errors > 0 => "incomplete",
            (None, _) => "draft",
        }
    }

    /// What a person has to do, one of [`Self::NEEDS`]; none where nothing is asked of anybody.
    pub fn needs(&self) -> Option<&'static str> {
        let is = |state: &str| self.submissions.iter().any(|one| one.state.word() == state);
        let last = self.submissions.last();
        let is_rejected = last.is_some_and(Submission::is_rejected);
        let last = last.map(|one| one.state);
        let has = |flag| self.status.has(flag);
        match self.status.state() {
            _ if is("unknown") => Some("decide"),
            _ if is("held") => Some("approve"),
            _ if self.closed => None,
            _ if self.kind == Kind::Inquiry => self.wants_answer().then_some("answer"),
            _ if last == Some(State::Dead) => Some("replay"),
            _ if last == Some(State::Refused) => Some("correct"),
            Standing::Rejected => Some("correct"),
            // An amendment was, and the declaration stands as it did.
            _ if is_rejected => Some("correct"),
            Standing::Disputed => Some("decide"),
            state if state.is_end() => None,
            _ if has(Flag::AmendWanted) => Some("correct"),
            _ if has(Flag::Query) => Some("answer"),
            _ if has(Flag::DocumentsWanted) => Some("documents"),
            _ if self.submissions.is_empty() && !self.gaps.is_empty() => Some("master"),
            _ if self.submissions.is_empty() && self.errors > 0 => Some("correct"),
            _ if self.kind == Kind::Parked && self.orders.is_empty() => Some("match"),
            _ => None,
        }
    }

    /// True where nothing more becomes of any submission.
    pub fn is_settled(&self) -> bool {
        self.submissions.iter().all(|one| one.state.is_end())
    }
}

#[cfg(test)]
mod tests;
