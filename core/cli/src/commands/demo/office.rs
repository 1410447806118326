//! The simulated customs service, seen from the road: bytes in, bytes out.

use dragoman_adapters::{Customs, Layout, Message, Received, Sent, receive, send};
use dragoman_mapping::Base;
use dragoman_sim::{Answer, Counterpart, Reply, Submitted};
use dragoman_tree::Finding;
use jiff::Timestamp;

use crate::Context;
use crate::customs::simulator;
use crate::failure::Failure;

/// A customs service that is played.
pub struct Office<'c> {
    context: &'c Context,
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
        let (script, answers) = simulator(context, customs)?;
        let receives = context.catalogue.message(&format!("{}/{}", customs.adapter, script.receives))?;
        Ok(Self { context, counterpart: Counterpart::new(script, seed), receives, answers })
    }

    /// What it calls itself.
    pub fn title(&self) -> &str {
        &self.counterpart.script().title
    }

    /// The message that it answers with.
    pub fn answers(&self) -> &Message {
        &self.answers
    }

    /// Takes a message at a moment.
    pub fn submit(&mut self, bytes: &[u8], now: Timestamp) -> Result<Response, Failure> {
        let mut replies = Vec::new();
        let mut unread = Vec::new();
        let counterpart = &mut self.counterpart;
        let mapping = self.receives.mapping();
        receive(&self.context.catalogue, &self.receives, bytes, &mut |received| {
            let Received { tree, grammar, got, findings, .. } = received;
            let (Some(got), Some(grammar), Some(mapping)) = (&got, grammar, mapping) else {
                unread.extend(findings);
                return;
            };
            let base = Base { tree, grammar, document: &got.document, carriers: &got.carriers };
            replies.push(counterpart.receive(&Submitted { base, mapping, findings: &findings }, now));
        });
        let mut answers = Vec::new();
        for reply in replies {
            match reply.map_err(|error| Failure::Use { message: error.to_string(), hint: None })? {
                Reply::Malformed(findings) => return Ok(Response::Malformed(findings)),
                Reply::Taken(taken) => answers.extend(taken),
            }
        }
        if answers.is_empty() && !unread.is_empty() {
            return Ok(Response::Malformed(unread));
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
