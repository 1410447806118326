//! The simulated customs service, seen from the road: bytes in, bytes out.

use dragoman_adapters::{Customs, Layout, Message, Received, Sent, receive, send};
use dragoman_mapping::Base;
use dragoman_sim::{Answer, Counterpart, Moment, Pace, Submitted, Taken};
use dragoman_tree::Finding;
use jiff::Timestamp;

use crate::Context;
use crate::customs::simulator;
use crate::failure::Failure;

/// A customs service that is played.
pub struct Office<'c> {
    context: &'c Context,
    title: Box<str>,
    counterpart: Counterpart,
    receives: Message,
    answers: Message,
}

/// An answer as it arrives.
pub struct Arrived {
    /// What the authority calls it.
    pub name: Box<str>,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What becomes of a message.
pub enum Response {
    /// Refused at the door: it is no such message.
    Malformed(Vec<Finding>),
    /// These answers arrive.
    Answers(Vec<Arrived>),
}

impl<'c> Office<'c> {
    /// Opens the office. The same seed gives the same numbers.
    pub fn open(context: &'c Context, customs: &Customs, seed: u64) -> Result<Self, Failure> {
        let (title, authority, answers) = simulator(context, customs)?;
        let receives = context.catalogue.message(&format!("{}/{}", customs.adapter, authority.receives))?;
        Ok(Self { context, title, counterpart: Counterpart::new(authority, seed), receives, answers })
    }

    /// What it calls itself.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The message that it answers with.
    pub fn answers(&self) -> &Message {
        &self.answers
    }

    /// Takes a message at a moment.
    pub fn submit(&self, bytes: &[u8], now: Timestamp) -> Result<Response, Failure> {
        let mut taken = Vec::new();
        let mut malformed = Vec::new();
        let moment = Moment { now, pace: Pace(1), plays: None };
        let mapping = self.receives.mapping();
        receive(&self.context.catalogue, &self.receives, bytes, &mut |received| {
            let Received { tree, grammar, got, findings, .. } = received;
            let (Some(got), Some(grammar), Some(mapping)) = (&got, grammar, mapping) else {
                malformed.extend(findings);
                return;
            };
            let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
            let submitted = Submitted { base, mapping, findings: &findings };
            let wrong = self.counterpart.malformed(&submitted);
            if wrong.is_empty() {
                taken.push(self.counterpart.take(&submitted, moment));
            }
            malformed.extend(wrong);
        });
        if !malformed.is_empty() {
            return Ok(Response::Malformed(malformed));
        }
        let mut answers = Vec::new();
        for taken in taken {
            let Taken { answers: given, .. } =
                taken.map_err(|error| Failure::Use { message: error.to_string(), hint: None })?;
            answers.extend(given);
        }
        Ok(Response::Answers(answers.iter().filter_map(|answer| self.written(answer)).collect()))
    }

    fn written(&self, answer: &Answer) -> Option<Arrived> {
        let put = self.answers.put(&answer.document)?;
        let grammar = self.answers.written().map(|grammar| &**grammar);
        let Sent { bytes, .. } = send(self.answers.syntax(), &[&put.tree], grammar, Layout::Pretty);
        Some(Arrived { name: answer.name.clone(), bytes })
    }
}
